#!/usr/bin/python3
"""What an office does each day: a new phone becomes a hot desk in one step, everybody is logged out at a site, a call is hung up, a phone taken from
its desk; where people can be reached, and what waits to be done."""
import frame
from harness import eventually
import story

FINDER = "Name, number, MAC, address, page"
DIALOG = "[role=dialog],[role=alertdialog]"


class TheOffice(frame.ConsoleCase):
    branches = ("berlin",)

    async def test_a_new_phone_becomes_a_hot_desk_in_one_step(self):
        b = self.browser
        await b.log_in()
        await b.page("Dashboard")
        phone = self.world.phone("yealink", "berlin")
        await phone.boot(wait_for_url=False)
        await b.see("1 phone waits to be assigned")
        await b.see("Make a first backup")
        await b.shot("dashboard-to-do")
        self.assertEqual(await b.do("axe"), [])
        await b.click("link", "1 phone waits to be assigned")
        await b.click("button", "Make it a hot desk")
        await b.click("button", "Define and assign")
        await b.see(f"is defined and {phone.mac} assigned to it")
        await phone.until(lambda: phone.url, 30, "the URL by NOTIFY")
        await phone.fetch(boot=True)
        await phone.until(lambda: (phone.registered_as or "").startswith("HD"), 30, "registration as the desk")
        await b.page("Dashboard")
        await b.do("gone", text="waits to be assigned")
        await self.no_faults()

    async def test_anything_is_found_by_typing_from_anywhere(self):
        """By keys alone, over a field that is being typed in as well; Escape goes nowhere."""
        b = self.browser
        await b.log_in()
        self.world.api.post("/extensions", {"number": "3040", "name": "Zoë Abel", "voicemail_pin": story.PIN})
        await b.page("Phones")
        await b.click("searchbox", "Search by MAC, model, person")
        await b.do("press", key="Control+k")
        await b.type(FINDER, "zoe ab")
        await b.do("see_role", role="option", name="3040 Zoë Abel")
        self.assertEqual(await b.do("axe"), [])
        await b.shot("finder")
        await b.do("press", key="Enter")
        await b.do("see_role", role="heading", name="3040 Zoë Abel")
        self.assertEqual(await b.path(), "/extensions/3040")
        await b.do("press", key="Control+k")
        await b.type(FINDER, "berlin")
        await b.do("press", key="Escape")
        await b.do("gone_role", role="dialog")
        self.assertEqual(await b.path(), "/extensions/3040", "Escape goes nowhere")
        await b.do("press", key="/")       # this page has no search of its own
        await b.type(FINDER, "nobody at all")
        await b.see("No matches")
        await b.do("press", key="Enter")
        await b.do("press", key="Control+a")
        await b.do("press", key="Backspace")
        await b.type(FINDER, "berlin")
        await b.do("press", key="Enter")
        await b.see("Round trip")
        self.assertEqual(await b.path(), "/sbcs/berlin")
        await self.no_faults()

    async def test_a_branch_is_run_from_here(self):
        """Settings that the SBC takes at once, its diagnosis as a file, a restart that is asked about, and how its line was."""
        b = self.browser
        await b.log_in()
        await b.page("SBCs")
        await b.click("button", "More for berlin")
        await b.click("menuitem", "Settings of the SBC")
        await b.do("select", label="Log level", value="debug")
        await b.type("DSCP of speech", "99")
        await b.see("Use a number from 0 to 63")
        self.assertFalse(await b.do("enabled", role="button", name="Save", exact=True))
        await b.do("press", key="Backspace")
        await b.do("press", key="Backspace")
        await b.type("DSCP of signalling", "24")
        self.assertEqual(await b.do("axe"), [])
        await b.shot("sbc-settings")
        await b.click("button", "Save", exact=True)
        await b.do("gone_role", role="dialog")
        await eventually(lambda: self.world.api.get("/sbcs/berlin")["uses"]["sip_dscp"] == 24, 10, "the SBC's word")
        # A page that is opened ahead of the first measurement follows it.
        await b.click("button", "berlin", exact=True)
        await b.see("How the line was")
        await eventually(lambda: any(p["rtt_ms"] is not None for p in self.world.api.get("/sbcs/berlin/line")["points"]), 90, "a first measurement")
        await b.see("on average")
        await b.see("Everything (debug)")
        await b.do("gone", text="Everything (debug); it uses")
        await b.see("As its own file says; it uses 46")
        self.assertEqual(await b.do("axe"), [])
        await b.do("evaluate", code="document.querySelector('.line-past').scrollIntoView()")
        await b.shot("sbc-line")
        await b.click("radio", "A month")
        await b.see("from a month ago")
        await b.do("size", width=375, height=812)
        await b.do("evaluate", code="document.querySelector('.line-past').scrollIntoView()")
        await b.shot("sbc-line-375")
        await b.do("size", width=1440, height=900)
        await b.click("button", "More for berlin", within="[role=dialog]")
        await b.click("menuitem", "Download a diagnosis")
        await b.see("Downloaded")
        await b.click("button", "More for berlin", within="[role=dialog]")
        await b.click("menuitem", "Restart")
        await b.see("The SBC's program")
        await b.shot("sbc-restart")
        self.assertEqual(await b.do("axe"), [])
        await b.click("button", "Restart", exact=True)
        await b.see("The SBC refuses")  # here nothing would start it again
        actions = [r["action"] for r in self.world.api.get("/audit?subject=berlin")["records"]]
        for action in ("sbc.changed", "sbc.diagnosis_taken", "sbc.restarted"):
            self.assertIn(action, actions)
        await self.no_faults(allowed=("409",))

    async def test_a_drawer_leaves_no_step_behind_and_a_dialog_does_not_begin_at_its_way_out(self):
        b = self.browser
        focused = "document.activeElement.getAttribute('role') ?? document.activeElement.closest('label, .field')?.innerText ?? document.activeElement.tagName"
        await b.log_in()
        await b.page("Extensions")
        await b.page("SBCs")
        await b.click("button", "berlin", exact=True)
        await b.do("see_role", role="dialog")
        self.assertEqual(await b.path(), "/sbcs/berlin")
        self.assertEqual(await b.do("evaluate", code=focused), "dialog")
        await b.do("press", key="Escape")
        await b.do("gone_role", role="dialog")
        self.assertEqual(await b.path(), "/sbcs")
        await b.do("back")
        await b.do("see_role", role="heading", name="Extensions")
        self.assertEqual(await b.do("count", text="Round trip"), 0, "the drawer isn't there again")
        await b.page("Log")
        await b.click("link", "berlin")
        await b.do("see_role", role="dialog")
        await self.no_faults()

    async def test_desks_come_from_a_sheet_that_is_looked_at_first_and_the_log_says_so(self):
        b = self.browser
        sheet = "mac,model,site,name\n00:15:65:a0:c0:01,T46U,berlin,Window\n001565a0c002,T999,local,Door\n"
        await b.log_in()
        await b.page("Hot desking")
        await b.click("button", "Import CSV")
        await b.do("file", label="Choose a CSV file", name="desks.csv", content=sheet)
        await b.see("1 row is wrong")
        await b.see("unknown model of this vendor")
        self.assertEqual(await b.do("axe"), [])
        await b.shot("desk-import")
        await b.do("file", label="Choose a CSV file", name="desks.csv", content=sheet.replace("T999", "T46U"))
        await b.click("button", "Import 2 hot desks")
        await b.click("button", "Done", exact=True, within=DIALOG)
        await b.see("Window")
        made = await self.api("GET", "/hot-desks/001565a0c001")
        self.assertEqual(made["provisioning"]["sbc"], "berlin")
        await self.api("PATCH", "/hot-desks/001565a0c002", {"options": {"name": "Gate"}})
        await b.page("Log")
        await b.see("Name: Door → Gate")
        await b.type("About", "berlin")
        await b.see("SBC connected")
        await b.shot("log-changes")
        await b.page("System")
        await b.see("Where it listens")
        await b.see("There is none, or its file can't be read.")
        self.assertEqual(await b.do("axe"), [])
        await b.shot("system")
        await self.no_faults()

    async def test_everybody_is_logged_out_at_a_site_and_nobody_elsewhere(self):
        b = self.browser
        here = await self.a_person_at_a_desk("Uwe Urban")
        there = [await self.a_person_at_a_desk(name, vendor="snom", site="berlin") for name in ("Vera Vogel", "Wim Weber")]
        await b.log_in()
        await b.page("Hot desking")
        await b.do("select", label="Site", value="berlin")
        await b.do("gone", text="Uwe Urban")
        await b.click("button", "Log everybody out at berlin…")
        await b.see("Log 2 people out?")
        await b.see(f"{there[0].number} Vera Vogel at {there[0].desk_id}")
        self.assertEqual(await b.do("axe"), [])
        await b.do("press", key="Escape")
        await b.do("gone", text="Log 2 people out?")
        await b.click("button", "Log everybody out at berlin…")
        await b.click("button", "Log out", exact=True, within=DIALOG)
        await b.see("2 people are logged out")
        for phone in there:
            await story.idle_again(self.world, phone)
        self.assertEqual(here.registered_as, here.number)
        # Some that are chosen.
        await b.do("select", label="Site", value="")
        await b.click("checkbox", f"Select {here.desk_id}")
        await b.click("button", "Log out", exact=True, within=".selection")
        await b.see("Log 1 person out?")
        await b.click("button", "Log out", exact=True, within=DIALOG)
        await story.idle_again(self.world, here)
        await self.no_faults()

    async def test_an_extension_shows_where_it_is_reachable_and_a_call_is_hung_up(self):
        b = self.browser
        first = await self.a_person_at_a_desk("Yara Young")
        # A Cisco 8851 has ten keys, two of which are the desk's own, and two modules of 36.
        number = await self.person("Zoe Zeller", keys=[{"type": "none"}] * 8 + [{"type": "blf", "value": first.number}])
        own = await self.a_phone(number, "snom")
        await b.log_in()
        await b.do("open", path=f"/extensions/{number}")
        await b.see("Reachable")
        await b.do("see_role", role="link", name="Snom")
        ours, theirs = await story.connect(first, own, number)
        await b.see("In a call")
        await b.page("Phones")
        await b.click("button", f"More for {first.mac}")
        await b.click("menuitem", "Restart")
        await b.see(f"Restart {first.mac}?")
        self.assertEqual(await b.do("axe"), [])
        await b.click("button", "Restart", within=DIALOG)
        await b.see("The phone restarts as soon as it has no call")
        await b.do("open", path=f"/calls/{self.world.api.get('/calls')[0]['id']}")
        await b.see(f"From {first.number}")
        await b.see("packets")
        self.assertEqual(await b.do("axe"), [])
        await b.shot("call-voice")
        await b.do("size", width=375, height=812)
        await b.shot("call-voice-375")
        await b.do("size", width=1440, height=900)
        await b.page("Calls")
        await b.click("button", f"More for {first.number} {number}")
        await b.click("menuitem", "Hang up")
        await b.see("Hang up this call?")
        self.assertEqual(await b.do("axe"), [])
        self.assertEqual(ours.state, "up", "not before the answer")
        self.assertEqual(first.reboots, 0, "not while it talks")
        await b.click("button", "Hang up", within=DIALOG)
        for call in (ours, theirs):
            await call.until("over", timeout=10)
        await b.see("Nobody is talking")
        await first.until(lambda: first.reboots == 1, 10, "to restart after its call")
        await story.desk_is(self.world, first, state="logged_in", extension=first.number)
        restarted = (await self.api("GET", "/audit?action=phone.restarted"))["records"][0]
        self.assertEqual((restarted["actor"], restarted["subject"]), ("admin", first.mac))
        newest = (await self.api("GET", "/audit?action=call.hung_up"))["records"][0]
        self.assertEqual((newest["actor"], newest["subject"]), ("admin", first.number))

        await b.page("Phones")
        await b.click("button", f"More for {own.mac}")
        await b.click("menuitem", "Unassign")
        await b.click("button", "Unassign", within=DIALOG)
        await eventually(lambda: not next(p for p in self.world.api.get("/phones") if p["mac"] == own.mac)["assigned_to"], 10)
        await b.do("open", path=f"/extensions/{number}")
        await b.see("Nowhere")
        await self.her_keys_go_on_on_the_drawn_phones_modules(f"{first.number} Yara Young")
        await self.no_faults()

    async def her_keys_go_on_on_the_drawn_phones_modules(self, key):
        b = self.browser
        await b.do("select", label="Drawn for", value="cisco/8851")
        await b.do("see_role", role="button", name="Place 10, empty")
        tabs = "[...document.querySelectorAll('.drawn-pages button')].map((e) => e.textContent.trim()).join(' ')"
        self.assertEqual(await b.do("evaluate", code=tabs), "1 M1", "as far as her keys go")
        await b.click("button", "M1: Expansion module 1", exact=True)
        await b.do("see_role", role="button", name=f"Place 11: {key}")
        await b.do("see_role", role="button", name="Place 38, empty")  # 28 keys of each module, whichever kind it is
        await b.do("gone_role", role="button", name="Place 10, empty")
        self.assertEqual(await b.do("axe"), [])
        await b.do("size", width=375, height=812)
        self.assertTrue(await b.do("evaluate", code="document.documentElement.scrollWidth <= innerWidth"))
        await b.do("size", width=1280)
        # It is moved to the phone's last key, and the drawing turns to it.
        await b.click("button", f"Place 11: {key}")
        await b.click("button", "Move up")
        await b.do("see_role", role="button", name=f"Place 10: {key}")
        await b.do("gone_role", role="button", name="Place 11, empty")
        await self.what_a_key_does_is_typed()

    async def what_a_key_does_is_typed(self):
        b = self.browser
        await b.click("button", "M1: Expansion module 1", exact=True)
        await b.click("button", "Place 11, empty")
        await b.type("What it does", "park")
        await b.do("press", key="Enter")
        await b.type("Number", "*8501")
        await b.type("Label", "Park 1")
        await b.do("see_role", role="button", name="Place 11: Park 1, Park place")
        # With the arrow keys; what this model's keys can't be is said where it is chosen, and at the drawing.
        await b.click("button", "Place 12, empty")
        await b.type("What it does", "transfer")
        await b.do("press", key="ArrowDown")
        await b.do("press", key="ArrowUp")
        await b.do("press", key="Enter")
        await b.see("The 8851 has no such key")
        await b.see("The 8851 has no such keys; there their places stay empty")
        self.assertEqual(await b.do("axe"), [])
        await b.do("size", width=375, height=812)
        self.assertTrue(await b.do("evaluate", code="document.documentElement.scrollWidth <= innerWidth"))
        await b.do("size", width=1440, height=900)
        await b.shot("key-types")
        await b.click("button", "Remove the key")
        await b.click("button", "Save", exact=True, within=".keys-card")
        await b.see("The keys are saved")
        keys = (await self.api("GET", "/extensions/" + (await b.path()).rpartition("/")[2]))["keys"]
        self.assertEqual(keys[-1], {"type": "park", "value": "*8501", "label": "Park 1"})


if __name__ == "__main__":
    frame.main()
