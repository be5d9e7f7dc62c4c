#!/usr/bin/python3
"""The whole story from an empty system, at the console: set-up, a branch's SBC, a phone that is plugged in, its desk, a
log-in that is seen as it happens, and a log-out from the page. Nothing is reloaded."""
import frame
from harness import eventually, in_thread
from story import CODE, dial_code, hears_something, idle_again


class TheConsolesStory(frame.ConsoleCase):
    own_world = True

    async def test_from_nothing_to_somebody_at_a_desk_and_off_it_again(self):
        b = self.browser
        await b.log_in()
        # An empty system begins with its set-up.
        await b.do("see_role", role="heading", name="The PBX")
        await b.see(self.world.domain)
        await b.do("evaluate", code="window.still = 'the same page'")
        await b.shot("story-1-set-up")
        await b.click("button", "Next")

        await b.retype("Number of person 1", "101")
        await b.retype("Name of person 1", "Anna Berg")
        await b.retype("Number of person 2", "102")
        await b.retype("Name of person 2", "Ben Cole")
        await b.click("button", "Create 2 extensions")
        await b.see("Anna Berg")
        pin = (await b.do("text", selector=".pin-sheet tbody tr td:last-child")).strip()
        self.assertRegex(pin, r"^\d{4,}$")
        await b.click("button", "I have noted them")
        await b.click("button", "Next")

        await b.do("click", role="radio", name="At a branch")
        await b.retype("Name", "branch-1")
        await b.click("button", "Add an SBC")
        await b.see("Waiting for branch-1")
        sites = lambda: {k: v for k, v in self.world.api.get("/stats")["now"].items() if k.startswith("sites")}
        self.assertEqual(await in_thread(sites), {"sites": 1, "sites_up": 1}, "a branch that isn't there yet isn't down")
        # Over loopback the page doesn't know how a branch gets here: it asks.
        await b.see("which leads a branch to itself")
        await b.type("Address of this PBX, as branches reach it", "pbx.example.com")
        await b.see('core: ["pbx.example.com:5090"]')
        key = await b.do("text", selector=".enrolment-key .copy-block pre")
        sbc = await in_thread(lambda: self.world.make_sbc("branch-1", key=key.strip()))
        await in_thread(sbc.start)
        await b.see("branch-1 is up")
        self.assertEqual(await in_thread(sites), {"sites": 2, "sites_up": 2})
        await b.shot("story-2-sbc-up")
        await b.click("button", "Next")

        # A phone is plugged in at the branch, and is there.
        phone = self.world.phone("yealink", "branch-1")
        await phone.boot(wait_for_url=False)
        await b.see(phone.mac)
        await b.click("button", "Make it a hot desk")
        await b.click("button", "Define and assign")
        await phone.until(lambda: phone.url, 30, "the URL by NOTIFY")
        await phone.fetch(boot=True)
        await phone.until(lambda: (phone.registered_as or "").startswith("HD"), 30, "registration as the desk")
        await b.see("Free")
        await b.shot("story-3-desk")
        await b.click("button", "Next")

        # Somebody dials there; the page says so by itself.
        await b.see("Waiting for the first log-in")
        call = await dial_code(phone, f"{CODE}101*")
        await hears_something(phone, call)
        await call.press(pin + "#")
        await call.until("over", timeout=15)
        await b.see("is logged in at")
        await phone.until(lambda: phone.registered_as == "101", 20, "registration as 101")
        await b.shot("story-4-logged-in")
        await b.click("button", "To the dashboard")

        # Authorised or not is a click; then the desk is freed from here.
        await b.page("Extensions")
        await b.click("checkbox", "Select 102 Ben Cole")
        await b.click("button", "Withdraw", exact=True)
        await eventually(lambda: not self.world.api.get("/extensions/102")["hot_desking"], 10)
        await b.click("checkbox", "Select 102 Ben Cole")
        await b.click("button", "Authorise", exact=True)
        await eventually(lambda: self.world.api.get("/extensions/102")["hot_desking"], 10)

        await b.page("Hot desking")
        await b.see("Anna Berg")
        await b.click("button", "Log out", exact=True, within="main")
        await b.see("There is no call up.")
        await b.click("button", "Log out", exact=True, within="[role=dialog],[role=alertdialog]")
        await idle_again(self.world, phone)
        await b.see("Nobody")
        await b.shot("story-5-logged-out")
        self.assertEqual(await b.do("evaluate", code="window.still"), "the same page", "the page was reloaded")
        await self.no_faults()


if __name__ == "__main__":
    frame.main()
