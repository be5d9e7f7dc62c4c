#!/usr/bin/python3
"""Several people at once: who is logged out by *Withdraw* is said before it happens; PINs of many are shown once, and nothing but a decision loses
them; a spreadsheet as Excel writes it. What another administrator has changed meanwhile is named, and not overwritten."""
import frame
import story

DIALOG = "[role=dialog],[role=alertdialog]"
SEARCH = "Search by number, name, desk"


class SeveralPeopleAtOnce(frame.ConsoleCase):
    async def hot_desking(self, number):
        return (await self.api("GET", f"/extensions/{number}"))["hot_desking"]

    async def pins(self):
        """What the list of new PINs shows: {number: PIN}."""
        rows = await self.browser.do("evaluate", code="[...document.querySelectorAll('.pin-sheet tbody tr')].map((r) => [r.cells[0].textContent.trim(), r.cells[2].textContent.trim()])")
        return dict(rows)

    async def works(self, number, pin):
        await story.log_in(self.world, await self.a_desk(), number, pin=pin)

    async def nothing_but_a_decision_closes_it(self, title):
        b = self.browser
        await b.do("press", key="Escape")
        await b.do("see_role", role="dialog", name=title)
        self.assertTrue(await b.do("asks_before_reload"))
        await b.do("back")
        await b.see("Leave without having noted it?")
        await b.click("button", "Cancel", within="[role=alertdialog]")
        await b.do("gone", text="Leave without having noted it?")
        await b.do("see_role", role="dialog", name=title)

    async def test_withdraw_asks_before_people_are_logged_out_and_says_who(self):
        b = self.browser
        seated = await self.a_person_at_a_desk("Gina Gold")
        away, third = await self.person("Hans Huber"), await self.person("Karl Kern")
        await b.log_in()
        await b.page("Extensions")

        async def choose():
            await b.click("checkbox", f"Select {seated.number} Gina Gold")
            await b.click("checkbox", f"Select {away} Hans Huber")
            await b.click("button", "Withdraw", exact=True)

        await choose()
        await b.see("Withdraw and log 1 person out?")
        await b.see(f"{seated.number} Gina Gold at {seated.desk_id}")
        self.assertEqual(await b.do("axe"), [])
        await b.do("press", key="Escape")
        await b.do("gone", text="Withdraw and log 1 person out?")
        self.assertTrue(await self.hot_desking(seated.number))
        self.assertTrue(await self.hot_desking(away))

        # By the row's menu and by the switch on the person's page it asks as well.
        await b.click("button", f"More for {seated.number}")
        await b.click("menuitem", "Withdraw")
        await b.see("Withdraw and log 1 person out?")
        await b.do("press", key="Escape")
        await b.do("open", path=f"/extensions/{seated.number}")
        await b.click("switch", "Authorised for hot desking")
        await b.see("Withdraw and log 1 person out?")
        await b.do("press", key="Escape")
        self.assertEqual(seated.registered_as, seated.number, "still logged in")

        await b.page("Extensions")
        await b.click("checkbox", f"Select {third} Karl Kern")
        await choose()
        await b.see("Withdraw and log 1 person out?")
        await self.api("PATCH", f"/extensions/{third}", {"hot_desking": False})
        await b.click("button", "Withdraw", within=DIALOG)
        await b.see(f"Somebody else has changed meanwhile: {third} Karl Kern.")
        self.assertTrue(await self.hot_desking(seated.number))
        self.assertTrue(await self.hot_desking(away))
        await b.click("checkbox", f"Select {third} Karl Kern")
        await b.click("button", "Withdraw", exact=True)
        await b.click("button", "Withdraw", within=DIALOG)
        await b.see(f"{seated.number}, {away} may not log in any more")
        await story.idle_again(self.world, seated)
        for number in (seated.number, away):
            newest = (await self.api("GET", f"/audit?subject={number}&action=extension.changed"))["records"][0]
            self.assertEqual((newest["actor"], newest["detail"]), ("admin", "hot_desking off"))
        # Nobody is logged out by this one: no question.
        other = await self.person("Ines Ito")
        await b.click("button", f"More for {other}")
        await b.click("menuitem", "Withdraw")
        await b.see(f"{other} may not log in any more")
        await self.no_faults(allowed=("412",))

    async def test_the_random_pins_of_an_import_are_shown_once_and_are_right(self):
        b = self.browser
        await b.log_in()
        await b.page("Extensions")
        await b.click("button", "Import CSV")
        await b.do("file", label="Choose a CSV file", name="people.csv", content="number,name,voicemail_pin\n7101,Jana,\n7102,Kai,4826\n7103,Lea,\n")
        await b.click("button", "Import 3 extensions")
        await b.see("2 new PINs")
        shown = await self.pins()
        self.assertEqual(sorted(shown), ["7101", "7103"])
        self.assertEqual(await b.do("axe"), [])
        await b.shot("import-pins")
        await self.nothing_but_a_decision_closes_it("2 new PINs")
        self.assertEqual(await self.pins(), shown)
        await b.see("3 of 3")
        await b.click("button", "I have noted them")
        await b.do("gone_role", role="dialog")
        self.assertNotIn(shown["7101"], await b.do("evaluate", code="document.documentElement.outerHTML"))
        await self.api("PATCH", "/extensions/7101", {"hot_desking": True})
        await self.works("7101", shown["7101"])
        self.assertFalse(await b.do("asks_before_reload"))
        await self.no_faults()

    async def test_many_get_new_pins_at_once(self):
        b = self.browser
        people = [await self.person(name) for name in ("Mona", "Nils", "Olga")]
        await b.log_in()
        await b.page("Extensions")
        for number, name in zip(people[:2], ("Mona", "Nils")):
            await b.click("checkbox", f"Select {number} {name}")
        await b.click("button", "Reset PINs")
        await b.see("Give 2 people new PINs?")
        await b.click("button", "Reset PINs", within=DIALOG)
        await b.see("2 new PINs")
        shown = await self.pins()
        self.assertEqual(sorted(shown), sorted(people[:2]))
        await self.nothing_but_a_decision_closes_it("2 new PINs")
        await b.click("button", "I have noted them")
        await self.works(people[1], shown[people[1]])
        await self.works(people[2], story.PIN)    # was not chosen
        await b.click("button", "Reset PINs")
        await b.see("Give 2 people new PINs?")
        await self.api("PATCH", f"/extensions/{people[0]}", {"voicemail_pin": "739146"})    # which is told already
        await b.click("button", "Reset PINs", within=DIALOG)
        await b.see(f"Somebody else has changed meanwhile: {people[0]} Mona.")
        self.assertEqual(await b.do("axe"), [])
        await self.works(people[0], "739146")
        await self.no_faults(allowed=("412",))

    async def test_a_spreadsheet_from_excel_keeps_its_umlauts_and_a_broken_one_is_refused(self):
        b = self.browser
        await b.log_in()
        await b.page("Extensions")
        await b.click("button", "Import CSV")
        await b.do("file", label="Choose a CSV file", name="broken.csv", content="number;name\n7201;M\ufffdller\n")
        await b.see("Some characters in this file are lost already")
        self.assertEqual(await b.do("count", text="7201"), 0)
        await b.do("file", label="Choose a CSV file", name="excel.csv", content="number;name;voicemail_pin\n7201;Jörg Müßig;4826\n7202;Zoë Élan;4826\n", encoding="latin1")
        await b.see("read as Windows-1252")
        await b.see("Jörg Müßig")
        self.assertEqual(await b.do("axe"), [])
        await b.click("button", "Import 2 extensions")
        await b.click("button", "Done", exact=True, within=DIALOG)
        await b.type(SEARCH, "7202")
        await b.see("Zoë Élan")
        self.assertEqual((await self.api("GET", "/extensions/7201"))["name"], "Jörg Müßig")
        await self.no_faults()

    async def test_what_somebody_else_changes_between_the_look_and_the_import_is_shown_first(self):
        b = self.browser
        for number, name in (("7301", "Paul"), ("7302", "Rita")):
            await self.api("POST", "/extensions", {"number": number, "name": name})
        await b.log_in()
        await b.page("Extensions")
        await b.click("button", "Import CSV")
        await b.do("file", label="Choose a CSV file", name="people.csv", content="number,name\n7301,Paula\n7302,Ria\n")
        await b.see("Name: Rita → Ria")
        await self.api("PATCH", "/extensions/7302", {"name": "Rita Renner"})
        await b.click("button", "Import 2 extensions")
        await b.see("Somebody else has changed meanwhile: 7302.")
        await b.see("Name: Rita Renner → Ria")
        marked = "[...document.querySelectorAll('.import-rows tr')].filter((r) => r.textContent.includes('Changed meanwhile')).map((r) => r.cells[1].textContent)"
        self.assertEqual(await b.do("evaluate", code=marked), ["7302"])
        self.assertEqual(await b.do("axe"), [])
        await b.shot("import-meanwhile")
        self.assertEqual((await self.api("GET", "/extensions/7301"))["name"], "Paul")
        await b.click("button", "Import 2 extensions")
        await b.click("button", "Done", exact=True, within=DIALOG)
        self.assertEqual((await self.api("GET", "/extensions/7302"))["name"], "Ria")
        await self.no_faults(allowed=("412",))


class TheSetUp(frame.ConsoleCase):
    own_world = True

    async def test_keeps_what_is_shown_once_from_step_to_step_and_asks_before_it_is_left(self):
        b = self.browser
        await b.log_in()
        await b.do("see_role", role="heading", name="The PBX")
        await b.click("button", "Next")
        self.assertEqual(await b.path(), "/set-up/extensions")
        await b.type("Number of person 1", "101")
        await b.type("Name of person 1", "Anna Berg")
        await b.click("button", "Back")
        await b.click("button", "Next")
        self.assertEqual(await b.do("value", label="Name of person 1"), "Anna Berg")
        self.assertTrue(await b.do("asks_before_reload"))
        await b.click("button", "Create 1 extension")
        await b.see("1 new PIN")
        await b.do("press", key="Escape")
        self.assertTrue(await b.do("asks_before_reload"))
        await b.see("1 new PIN")
        await b.shot("set-up-pins")
        await b.click("button", "I have noted them")
        await b.click("button", "Next")

        await b.do("click", role="radio", name="At a branch")
        await b.type("Name", "branch-1")
        await b.click("button", "Add an SBC")
        key = ".enrolment-key .copy-block pre"
        shown = await b.do("text", selector=key)
        await b.click("button", "Skip this step")
        await b.see("Choose a phone that has appeared")
        await b.do("back")
        self.assertEqual(await b.do("text", selector=key), shown)
        self.assertEqual(await b.path(), "/set-up/place")
        self.assertTrue(await b.do("asks_before_reload"))
        await b.click("button", "Skip the set-up")
        await b.see("Leave without having noted it?")
        await b.click("button", "Cancel", within="[role=alertdialog]")
        self.assertEqual(await b.do("text", selector=key), shown)
        await b.click("link", "Phones", within="#navigation")
        await b.click("button", "Leave", exact=True)
        await b.do("see_role", role="heading", name="Phones")
        # A step is an address.
        await b.do("open", path="/set-up/desk")
        await b.do("see_role", role="heading", name="First hot desk")
        self.assertFalse(await b.do("asks_before_reload"))
        await self.no_faults()


if __name__ == "__main__":
    frame.main()
