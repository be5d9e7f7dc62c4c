#!/usr/bin/python3
"""What was typed isn't lost by a slip, and what another administrator has saved isn't overwritten unseen; a log-in that ends, and a line that breaks,
are said in words for people."""
import frame
from harness import PASSWORD, in_thread

NAME, SRTP = "Name", "Encrypted speech (SRTP)"
ASKED = "Discard what you entered?"


class WhatWasTyped(frame.ConsoleCase):
    async def keeps_it(self, do, label, value):
        b = self.browser
        await do()
        await b.see(ASKED)
        await b.click("button", "Cancel", within="[role=alertdialog]")
        await b.do("gone", text=ASKED)
        self.assertEqual(await b.do("value", label=label), value)

    async def test_is_asked_about_before_a_dialog_or_a_page_is_left(self):
        b = self.browser
        number = await self.person("Rosa Roth")
        await b.log_in()
        await b.page("Extensions")
        await b.click("button", "New extension")
        await b.type("Number", "8801")
        for do in (lambda: b.do("press", key="Escape"), lambda: b.do("click_at", x=5, y=5), lambda: b.click("button", "Close"), lambda: b.do("back")):
            await self.keeps_it(do, "Number", "8801")
        self.assertTrue(await b.do("asks_before_reload"))
        await b.do("press", key="Escape")
        self.assertEqual(await b.do("axe"), [])
        await b.click("button", "Discard")
        await b.do("gone_role", role="dialog")
        await b.click("button", "New extension")
        await b.do("press", key="Escape")    # nothing was typed: nothing is asked
        await b.do("gone_role", role="dialog")

        await b.do("open", path=f"/extensions/{number}")
        await b.type(NAME, " the Third")
        for do in (lambda: b.click("link", "Phones", within="#navigation"), lambda: b.click("button", "Extensions", exact=True)):
            await self.keeps_it(do, NAME, "Rosa Roth the Third")
        await b.click("button", "Save", exact=True)
        await b.see(f"{number} is saved")
        self.assertFalse(await b.do("asks_before_reload"))
        await self.no_faults()

    async def test_of_two_administrators_neither_overwrites_the_other_unseen(self):
        b = self.browser
        number = await self.person("Sami Silva")
        await b.log_in()
        await b.do("open", path=f"/extensions/{number}")
        await b.type(NAME, "!")
        # What is changed elsewhere and isn't edited here is simply there.
        await self.api("PATCH", f"/extensions/{number}", {"hide_number": True})
        await b.do("see_role", role="switch", name="Hide the number", checked=True)
        self.assertEqual(await b.do("value", label=NAME), "Sami Silva!")
        await self.api("PATCH", f"/extensions/{number}", {"name": "Sami Stone"})
        await b.see("admin has changed this meanwhile")
        await b.see("Name is now: Sami Stone")
        self.assertEqual(await b.do("axe"), [])
        self.assertFalse(await b.do("enabled", role="button", name="Save", exact=True))
        await b.click("button", "Take theirs")
        self.assertEqual(await b.do("value", label=NAME), "Sami Stone")
        await b.type(NAME, "y")
        await self.api("PATCH", f"/extensions/{number}", {"name": "Sami Storm"})
        await b.click("button", "Keep mine")
        await b.click("button", "Save", exact=True)
        await b.see(f"{number} is saved")
        self.assertEqual((await self.api("GET", f"/extensions/{number}"))["name"], "Sami Stoney")
        await self.no_faults()

    async def test_in_a_dialog_as_well_and_each_field_is_decided_by_itself(self):
        b = self.browser
        mac = "001565a0b0f1"
        await self.api("POST", "/hot-desks", {"mac": mac, "vendor": "yealink", "model": "T46U", "options": {"name": "Window", "location": "Floor 1"}})
        await b.log_in()
        await b.do("open", path=f"/hot-desks/{mac}")
        await b.click("button", "More for HD", within="[role=dialog]")
        await b.click("menuitem", "Edit")
        await b.type("Name", "!")
        await b.type("Location", "!")
        # What isn't edited here is taken over; what is, is asked about, one by one.
        await self.api("PATCH", f"/hot-desks/{mac}", {"options": {"ring_tone": "3", "name": "Door", "location": "Floor 2"}})
        await b.see("admin has changed this meanwhile")
        await b.see("Location is now: Floor 2")
        self.assertEqual(await b.do("axe"), [])
        await b.shot("conflict")
        self.assertFalse(await b.do("enabled", role="button", name="Save", exact=True))
        await b.click("button", "Take theirs", nth=0)
        await b.click("button", "Keep mine")
        await b.do("gone", text="has changed this meanwhile")
        await b.click("button", "Save", exact=True)
        await b.see("is saved")
        options = (await self.api("GET", f"/hot-desks/{mac}"))["options"]
        self.assertEqual(options, {"ring_tone": "3", "name": "Door", "location": "Floor 1!"})
        await self.no_faults()

    async def test_neither_is_one_word_of_a_record_nor_a_password(self):
        b = self.browser
        await self.api("POST", "/sbcs", {"name": "kiel", "time_zone": "Europe/Berlin"})
        await self.api("POST", "/users", {"name": "olaf", "password": "chosen by admin", "role": "reader"})
        await b.log_in()
        await b.page("SBCs")
        await b.click("button", "More for kiel")
        await b.click("menuitem", SRTP)
        await b.do("select", label=SRTP, value="required")
        await self.api("PATCH", "/sbcs/kiel", {"srtp": "optional"})
        await b.see("admin has changed this meanwhile")
        self.assertFalse(await b.do("enabled", role="button", name="Save", exact=True))
        await b.click("button", "Keep mine")
        await b.click("button", "Save", exact=True)
        await b.do("gone_role", role="dialog")
        self.assertEqual((await self.api("GET", "/sbcs/kiel"))["srtp"], "required")
        await b.page("Users")
        await b.click("button", "More for olaf")
        await b.click("menuitem", "Set a password")
        await b.type("Password", "chosen by me now")
        await self.api("PATCH", "/users/olaf", {"password": "chosen meanwhile"})
        await b.click("button", "Set a password", within="[role=dialog]")
        await b.see("olaf has been changed meanwhile")
        await b.click("button", "Set a password", within="[role=dialog]")
        await b.do("gone_role", role="dialog")
        await self.no_faults(allowed=("412",))

    async def test_another_ones_save_of_the_settings_leaves_ones_own_form(self):
        b = self.browser
        await b.log_in()
        await b.page("Settings")
        await b.type("Numbers", " 115")
        await self.api("PATCH", "/settings", {"hot_desk": {"max_session": "9h"}})
        await b.see("At most")
        self.assertTrue((await b.do("value", label="Numbers")).endswith(" 115"))
        await b.click("button", "Save", exact=True)
        await b.see("The settings are saved")
        now = await self.api("GET", "/settings")
        self.assertEqual(now["hot_desk"]["max_session"], "9h")
        self.assertIn("115", now["emergency"]["numbers"])
        await self.no_faults()

    async def test_is_still_there_after_the_log_in_has_ended(self):
        b = self.browser
        number = await self.person("Tilda Thoma")
        await b.log_in()
        await b.do("open", path=f"/extensions/{number}")
        await b.type(NAME, "!")
        await b.do("forget_cookies")
        await b.click("button", "Save", exact=True)
        await b.see("What you entered is still there")
        self.assertEqual(await b.do("axe"), [])
        self.assertEqual(await b.do("count", text="Bearer"), 0)
        await b.type("User name", "admin")
        await b.type("Password", PASSWORD)
        await b.do("press", key="Enter")
        await b.do("gone", text="What you entered is still there")
        self.assertEqual(await b.do("value", label=NAME), "Tilda Thoma!")
        await b.click("button", "Save", exact=True)
        await b.see(f"{number} is saved")
        await self.no_faults(allowed=("401",))


class AFirstPassword(frame.ConsoleCase):
    async def test_is_asked_for_where_somebody_else_has_chosen_it_and_can_be_looked_at(self):
        b = self.browser
        await self.api("POST", "/users", {"name": "nora", "password": "chosen by admin", "role": "administrator", "must_change_password": True})
        await b.do("fresh")
        await b.do("open", path="/phones")
        await b.type("User name", "nora")
        await b.type("Password", "chosen by admin")
        await b.do("press", key="Enter")
        await b.do("see_role", role="heading", name="Choose a password")
        self.assertEqual(await b.do("axe"), [])
        await b.shot("first-password")
        await b.type("Current password", "chosen by admin")
        await b.type("New password", "chosen by admin")
        await b.see("That is the one that you have")
        self.assertFalse(await b.do("enabled", role="button", name="Change the password"))
        await b.type("New password", ", then by me")
        await b.click("button", "Show what is typed")
        self.assertEqual(await b.do("evaluate", code="document.querySelector('.secret input').type"), "text")
        await b.click("button", "Change the password")
        await b.do("see_role", role="heading", name="Phones")
        self.assertFalse((await self.api("GET", "/users/nora"))["must_change_password"])
        await b.do("reload")
        await b.do("see_role", role="heading", name="Phones")


class ALineThatBreaks(frame.ConsoleCase):
    own_world = True

    async def breaks(self, another_version=False, proxy_answers=False):
        """The core goes, a page that wasn't open yet is asked for, and the core is back, which has ended the log-in."""
        b = self.browser
        await b.log_in()
        if another_version:
            await b.do("miss_once", path="**/Backup-*.js")
        if proxy_answers:
            await b.do("miss_once", path="**/", status=502)
        await b.page("Extensions")
        await in_thread(self.world.core.stop)
        await b.see("The connection to the PBX is lost")
        await b.click("link", "Backup", within="#navigation")
        await b.see("This page opens by itself as soon as the PBX is back")
        self.assertEqual(await b.do("count", text="comes from another version"), 0)
        await in_thread(self.world.core.start)
        await in_thread(self.world.wait_core)
        await b.do("see_role", role="heading", name="Log in to Roamdesk", timeout=40_000)
        await b.see("Your log-in has ended: the PBX was started again")
        await b.type("User name", "admin")
        await b.type("Password", PASSWORD)
        await b.do("press", key="Enter")

    async def test_is_said_in_words_and_a_page_that_was_not_open_yet_opens_when_it_is_back(self):
        await self.breaks()
        await self.browser.do("see_role", role="heading", name="Backup")

    async def test_opens_it_as_well_where_the_pbx_has_become_another_version(self):
        await self.breaks(another_version=True)
        await self.browser.do("see_role", role="heading", name="Backup")
        self.assertEqual(await self.browser.do("count", text="comes from another version"), 0)

    async def test_leaves_the_console_open_where_a_proxy_answers_for_the_pbx(self):
        await self.breaks(another_version=True, proxy_answers=True)
        b = self.browser
        await b.see("comes from another version")
        await b.click("button", "Reload")
        await b.do("see_role", role="heading", name="Backup")


if __name__ == "__main__":
    frame.main()
