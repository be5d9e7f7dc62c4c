#!/usr/bin/python3
"""Trunks, outbound rules and inbound numbers, as an administrator makes them; what a reader sees of them."""
import frame
from harness import PASSWORD, eventually

DIALOG = "[role=dialog],[role=alertdialog]"
SECRET = "a secret of the provider's"


class TheWayOut(frame.ConsoleCase):
    async def asyncSetUp(self):
        await super().asyncSetUp()
        for path, key in (("/upstream-accounts", "extension"), ("/outbound-rules", "name"), ("/trunks", "name"), ("/inbound-numbers", "first")):
            for record in await self.api("GET", path):
                await self.api("DELETE", f"{path}/{record[key].replace('+', '%2B').replace(' ', '%20')}")

    async def a_trunk(self, name="provider"):
        return await self.api("POST", "/trunks", {"name": name, "enabled": False, "domain": "sip.example.org", "user": "u", "password": SECRET,
                                                  "country": "DE", "area_code": "30"})

    async def test_a_trunk_begins_with_a_preset_and_its_password_is_never_shown(self):
        b = self.browser
        await b.log_in()
        await b.page("Trunks")
        await b.see("No trunks yet")
        await b.click("button", "Add a trunk", within=".empty")
        await b.do("select", label="Provider", value="sipgate trunking")
        await b.retype("Name", "line-1")
        await b.retype("Domain", "sip.example.org")
        await b.retype("User", "4930555")
        await b.retype("Password", SECRET)
        self.assertEqual(await b.do("axe"), [])
        await b.shot("trunk-form")
        await b.click("button", "Add a trunk", within=DIALOG)
        await b.see("line-1")
        made = await self.api("GET", "/trunks/line-1")
        self.assertEqual((made["preset"], made["shown"], made["from_is_account"], made["country"]), ("sipgate", "p_preferred", True, "DE"))
        self.assertTrue(made["has_password"])
        await b.click("button", "line-1", exact=True)
        await b.see("Empty: it stays as it is")
        self.assertNotIn(SECRET, await b.do("evaluate", code="document.documentElement.outerHTML"))
        await b.retype("Main number", "+4930555000")
        await b.click("button", "Save", within=DIALOG)
        await b.do("gone_role", role="dialog", name="Trunk line-1")
        changed = await self.api("GET", "/trunks/line-1")
        self.assertEqual((changed["main_number"], changed["has_password"]), ("+4930555000", True))
        await self.no_faults()

    async def test_rules_are_asked_in_the_order_in_which_they_stand(self):
        b = self.browser
        await self.a_trunk()
        await b.log_in()
        await b.page("Outbound rules")
        await b.click("button", "Add a rule", within=".empty")
        await b.retype("Name", "Everything")
        await b.retype("Pattern", ".")
        await b.click("checkbox", "provider")
        await b.click("button", "Add a rule", within=DIALOG)
        await b.see("Everything")
        await self.api("POST", "/outbound-rules", {"name": "Abroad", "pattern": "00.", "trunks": ["provider"]})
        await b.see("Abroad")
        self.assertEqual(await b.do("axe"), [])
        await b.shot("outbound-rules")
        await b.click("button", "More for Abroad", exact=True)
        await b.click("menuitem", "Move up")
        await eventually(lambda: [rule["name"] for rule in sorted(self.world.api.get("/outbound-rules"), key=lambda rule: rule["position"])]
                         == ["Abroad", "Everything"], what="the other order")
        await self.no_faults()

    async def test_what_happens_when_somebody_dials_is_shown_step_by_step(self):
        b = self.browser
        await self.a_trunk()
        await self.api("PATCH", "/trunks/provider", {"enabled": True, "server": "127.0.0.1:9"})
        await self.api("POST", "/outbound-rules", {"name": "Everything", "pattern": ".", "trunks": ["provider"]})
        number = await self.person("Erik Engel")
        await b.log_in()
        await b.page("Outbound rules")
        await b.type("Who dials", number)
        await b.do("press", key="Enter")
        await b.retype("What is dialled", "0033142685300")
        await b.click("button", "Show the steps")
        await b.see("This extension may not call numbers of the class international")
        await b.see("You may not call abroad")
        self.assertEqual(await b.do("axe"), [])
        await b.shot("explained")
        await b.retype("What is dialled", "030123456")
        await b.click("button", "Show the steps")
        await b.see("provider: +4930123456")
        await self.no_faults()

    async def test_an_inbound_number_leads_to_an_extension(self):
        b = self.browser
        number = await self.person("Fritz Falk")
        await b.log_in()
        await b.page("Inbound numbers")
        await b.click("button", "Add a number", within=".empty")
        await b.retype("Number", "+4930555101")
        await b.retype("Extension", number)
        await b.click("button", "Add a number", within=DIALOG)
        await b.see(f"{number} Fritz Falk")
        await self.no_faults()

    async def test_what_was_said_at_the_last_registration_is_shown_to_an_operator(self):
        b = self.browser
        await self.api("POST", "/users", {"name": "olga", "password": PASSWORD, "role": "operator"})
        await self.a_trunk()
        await b.log_in(name="olga")
        await b.page("Trunks")
        await b.click("button", "More for provider", exact=True)
        await b.click("menuitem", "Last registration")
        await b.see("It hasn't registered yet")
        await self.api("PATCH", "/trunks/provider", {"enabled": True, "server": "127.0.0.1:9"})
        await eventually(lambda: self.world.api.get("/trunks/provider/registration"), what="a REGISTER")
        await b.click("button", "Read again", within=DIALOG)
        await b.see("REGISTER sip:sip.example.org SIP/2.0")
        self.assertEqual(await b.do("axe"), [])
        await b.shot("registration")
        self.assertNotIn(SECRET, await b.do("evaluate", code="document.documentElement.outerHTML"))
        await b.do("press", key="Escape")
        await b.do("gone", text="Add a trunk")
        await self.no_faults()

    async def test_a_test_call_says_what_came_of_it(self):
        b = self.browser
        await self.a_trunk()
        await self.api("PATCH", "/trunks/provider", {"enabled": True, "kind": "address", "server": "127.0.0.1:9"})
        await eventually(lambda: (self.world.api.get("/trunks/provider")["state"] or {}).get("condition") in ("ready", "silent"), what="the trunk")
        await b.log_in()
        await b.page("Trunks")
        await b.click("button", "More for provider", exact=True)
        await b.click("menuitem", "Test call")
        await b.retype("Number", "112")
        await b.click("button", "Test call", within=DIALOG)
        await b.see("expected one with its country code")
        await b.retype("Number", "+49 (30) 123456")
        await b.click("button", "Test call", within=DIALOG)
        await b.see("Calling")
        self.assertEqual(await b.do("axe"), [])
        await b.shot("test-call")
        await b.see("No answer", nth=1, timeout=30_000)  # the trunk is silent, too
        await self.no_faults(allowed=("422",))

    async def test_what_a_person_may_cost_is_set(self):
        b = self.browser
        before = (await self.api("GET", "/settings"))["outside"]
        await b.log_in()
        await b.page("Settings")
        await b.retype("Minutes within an hour", "many")
        await b.see("A number from 0 to 100000 is expected")
        await b.retype("Minutes within an hour", "90")
        await b.retype("At once", "2")
        self.assertEqual(await b.do("axe"), [])
        await b.click("button", "Save")
        await b.see("The settings are saved")
        after = (await self.api("GET", "/settings"))["outside"]
        self.assertEqual((after["calls"], after["minutes_per_hour"], after["calls_per_hour"]), (2, 90, before["calls_per_hour"]))
        await self.api("PATCH", "/settings", {"outside": before})
        await self.no_faults()

    async def test_an_account_at_another_telephone_system_and_its_state(self):
        b = self.browser
        number = await self.person("Gerda Gross")
        await self.api("POST", "/trunks", {"name": "old-pbx", "kind": "accounts", "domain": "pbx.example.org"})
        await b.log_in()
        await b.page("Upstream accounts")
        await b.click("button", "Add an account", within=".empty")
        await b.retype("Extension", number)
        await b.retype("Password", "a secret")
        await b.click("button", "Add an account", within=DIALOG)
        await b.see(f"{number} Gerda Gross")
        await b.see("Nobody there")
        self.assertEqual(await b.do("axe"), [])
        await b.shot("upstream-accounts")
        self.assertEqual((await self.api("GET", f"/upstream-accounts/{number}"))["has_password"], True)
        await self.no_faults()

    async def test_a_reader_sees_them_and_changes_nothing(self):
        b = self.browser
        await self.api("POST", "/users", {"name": "wanda", "password": PASSWORD, "role": "reader"})
        await self.a_trunk()
        await b.log_in(name="wanda")
        await b.page("Trunks")
        await b.see("sip.example.org")
        await b.do("gone", text="Add a trunk")
        await b.page("Outbound rules")
        await b.see("the first rule that fits decides")
        await b.do("gone", text="Add a rule")
        await self.no_faults()


if __name__ == "__main__":
    frame.main()
