#!/usr/bin/python3
"""A day that doesn't go as planned: two phones with one MAC, strangers in the list, a password that somebody needs at a phone, an emergency call, a
look into the log. Everything is typed key by key."""
import frame
from harness import LOCAL, PASSWORD, eventually
import story

READER, OPERATOR = "rita", "otto"
DIALOG = "[role=dialog],[role=alertdialog]"


class ADayThatIsntAsPlanned(frame.ConsoleCase):
    branches = ("berlin",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, role in ((READER, "reader"), (OPERATOR, "operator")):
            cls.world.api.post("/users", {"name": name, "password": PASSWORD, "role": role})

    async def asyncSetUp(self):
        await super().asyncSetUp()
        await self.api("DELETE", "/phones?state=new")

    async def two_with_one_mac(self, site):
        """The phone that is meant, and another that says that it is it, which was there first."""
        right = self.world.phone("yealink", site)
        wrong = self.world.phone("yealink", site, mac=right.mac)
        await wrong.boot(wait_for_url=False)
        await self.browser.see(right.mac)
        await self.browser.do("gone", text="conflict")
        await right.boot(wait_for_url=False)
        await self.browser.see("conflict")
        return right, wrong

    async def test_two_phones_with_one_mac_are_shown_and_assign_asks_which(self):
        b = self.browser
        number = await self.person("Clara Conrad")
        await b.log_in()
        await b.page("Phones")
        right, wrong = await self.two_with_one_mac(LOCAL)
        await b.shot("conflict")
        self.assertEqual(await b.do("axe"), [])

        await b.click("button", right.mac, exact=True)
        await b.see("Several devices say that they are this phone")
        for phone in (right, wrong):
            await b.see(f"{phone.ip}:")
        await b.click("button", "Assign Ext…", within=DIALOG)
        await b.do("see_role", role="dialog", name=f"Assign {right.mac}")
        submit = {"role": "button", "name": "Assign", "exact": True}
        self.assertFalse(await b.do("enabled", **submit), "neither the person nor the phone is chosen")
        await b.type("Person", number)
        self.assertEqual(await b.do("value", label="Person"), number, "what was typed")
        await b.do("press", key="Enter")
        self.assertEqual(await b.do("value", label="Person"), f"{number} Clara Conrad")
        self.assertFalse(await b.do("enabled", **submit), "the phone isn't chosen")
        await b.do("select", label="Which one is it", value=f"{right.ip} (Local)")
        await b.shot("conflict-which")
        self.assertEqual(await b.do("axe"), [])
        await b.click(**submit)
        await b.see(f"{right.mac} is assigned to {number}")
        await right.until(lambda: right.url, 10, "the URL by NOTIFY")
        self.assertIsNone(wrong.url)
        await b.do("gone", text="Several devices say")
        await b.do("press", key="Escape")
        await b.do("gone", text="conflict")
        await self.no_faults()

    async def test_a_hot_desk_of_which_there_are_two_phones_asks_which_too(self):
        b = self.browser
        await b.log_in(name=OPERATOR)
        await b.page("Phones")
        right, wrong = await self.two_with_one_mac("berlin")
        desk = await self.api("POST", "/hot-desks", self.world.desk_body(right))
        await b.click("button", "Assign Ext…", within="main")
        await b.see("Several devices say that they are this phone")
        await b.do("gone_role", role="combobox", name="Person")    # a desk needs none
        await b.do("select", label="Which one is it", value=f"{right.ip} (berlin)")
        await b.click("button", "Assign", exact=True)
        await b.see(f"{right.mac} is assigned to {desk['id']}")
        await right.until(lambda: right.url, 10, "the URL by NOTIFY")
        self.assertIsNone(wrong.url)
        await self.no_faults()

    async def test_phones_that_nobody_assigned_are_cleared_by_one_button_that_asks(self):
        b = self.browser
        kept = await self.a_desk()
        strangers = [self.world.phone("snom"), self.world.phone("fanvil", "berlin")]
        await b.log_in(name=OPERATOR)
        await b.page("Phones")
        await b.see(kept.mac)
        for stranger in strangers:
            await stranger.boot(wait_for_url=False)
            await b.see(stranger.mac)
        await b.click("button", "Forget new ones")
        await b.see("Forget 2 new phones?")
        self.assertEqual(await b.do("axe"), [])
        await b.do("press", key="Escape")
        await b.do("gone", text="Forget 2 new phones?")
        await b.see(strangers[0].mac)
        await b.click("button", "Forget new ones")
        await b.click("button", "Forget new ones", within=DIALOG)
        for stranger in strangers:
            await b.do("gone", text=stranger.mac)
        await b.see(kept.mac)
        await b.do("gone", text="Forget new ones")
        await strangers[0].plug_and_play()
        await b.see(strangers[0].mac)
        await self.no_faults()

        await b.log_in(name=READER)
        await b.page("Phones")
        await b.see(strangers[0].mac)
        self.assertEqual(await b.do("count", text="Forget new ones"), 0)
        self.assertEqual(await b.do("count", text="Assign Ext…"), 0)

    async def test_a_phones_web_password_is_shown_to_administrators_when_they_ask_and_gone_with_the_drawer(self):
        b = self.browser
        phone = await self.a_desk("snom", "berlin")
        password = (await self.api("GET", f"/phones/{phone.mac}/web-password"))["password"]
        await b.log_in()
        await b.page("Phones")
        await b.type("Search by MAC, model, person", phone.mac)
        self.assertEqual(await b.do("value", label="Search by MAC, model, person"), phone.mac)

        async def opens():
            await b.click("button", phone.mac, exact=True)
            await b.see("Password of its web page")
            self.assertNotIn(password, await b.do("evaluate", code="document.documentElement.outerHTML"))
        await opens()
        await b.click("button", "Show the password")
        await b.see(f"admin / {password}")
        self.assertEqual(await b.do("axe"), [])
        await b.do("press", key="Escape")
        await b.do("gone", text="Password of its web page")
        await opens()
        await self.no_faults()

        for name in (OPERATOR, READER):
            await b.log_in(name=name)
            await b.do("open", path=f"/phones/{phone.mac}")
            await b.see(phone.ip)
            self.assertEqual(await b.do("count", text="Password of its web page"), 0, name)

    async def test_an_emergency_call_stands_on_every_page_until_somebody_acknowledges_it(self):
        b = self.browser
        caller = await self.a_desk(site="berlin", options={"location": "Room 5"})
        number = await self.person("Dora Demir")
        await story.log_in(self.world, caller, number)
        await b.log_in(name=READER)
        await b.page("Calls")

        async def calls_for_help():
            call = await caller.dial("112")
            await call.until("ringing", "up", "over", timeout=10)
            await call.hang_up()

        async def told():
            await b.see(f"somebody dialled 112 ({number} Dora Demir, {caller.desk_id} (Room 5), berlin, {caller.ip}:")
        await calls_for_help()
        await told()
        await b.see("Nobody can call for help from: site Local (no location), site berlin (no location).")
        await b.see("No trunk carries emergency calls from there: the caller heard an announcement.")
        await b.shot("emergency")
        self.assertEqual(await b.do("axe"), [])
        self.assertEqual(await b.do("count", text="Acknowledge"), 0, "a reader only sees it")
        await b.page("SBCs")
        await told()
        await self.no_faults()

        await b.log_in(name=OPERATOR)
        await told()
        await b.click("button", "Acknowledge")
        await b.do("gone", text="somebody dialled 112")
        await b.do("reload")
        await b.page("Dashboard")
        await b.see("Emergency call")    # in the list of what needs attention
        await b.see(f"acknowledged by {OPERATOR}")
        self.assertEqual(await b.do("count", text="somebody dialled 112"), 0)
        await calls_for_help()
        await told()
        self.assertEqual(await b.do("count", text="somebody dialled 112"), 1, "the one before stays acknowledged")
        # What another one acknowledges is gone here as well.
        waiting = [e for e in await self.api("GET", "/emergencies") if not e["acknowledged"]]
        await self.api("POST", f"/emergencies/{waiting[0]['id']}/acknowledge", {})
        await b.do("gone", text="somebody dialled 112")
        await self.no_faults()

    async def test_the_log_and_the_records_of_calls_go_on_while_they_are_filtered(self):
        b = self.browser
        number, other = await self.person("Emil Ernst"), await self.person("Frida Falk")
        await b.log_in(name=OPERATOR)
        await b.page("Log")
        await b.type("About", number)
        await b.see("Extension created")
        await b.do("gone", text=other)
        await self.api("PATCH", f"/extensions/{number}", {"name": "Emil Ernst the Younger"})
        await b.see("Extension changed")
        self.assertEqual(await b.do("evaluate", code="document.querySelector('tbody tr .badge').textContent"), "Extension changed", "the latest is on top")

        phone = await self.a_desk()
        await story.log_in(self.world, phone, number)
        await b.page("Call records")
        await b.type("Extension", number)
        await b.see("Hot-desk log-in")    # by whom it was, also where the number stands behind the code alone
        self.assertEqual(await story.refused(phone, "99999"), 404)
        await eventually(lambda: len(self.world.api.get(f"/call-records?extension={number}")["records"]) == 2, 10)
        await b.see("99999")
        await self.no_faults()


if __name__ == "__main__":
    frame.main()
