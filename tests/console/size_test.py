#!/usr/bin/python3
"""1,000 desks, 2,000 extensions and 100 SBCs: how long a page takes to open, and its frames while it is scrolled. The aim is 300 ms, and
1 s for the console's first load; the tests fail at three times that, for machines that have other work."""
import statistics

import frame
from seed import seed

AIM, LIMIT = 300, 900
FIRST_AIM, FIRST_LIMIT, FIRST_BYTES = 1000, 3000, 150_000
PAGES = {"Dashboard": ".tile", "Calls": ".empty, tbody tr", "Alarms": ".empty, tbody tr", "Phones": ".empty, tbody tr", "Firmware": ".empty, tbody tr", "Hot desking": "tbody tr", "Extensions": "tbody tr", "SBCs": "tbody tr", "Trunks": "tbody tr", "Outbound rules": "tbody tr", "Inbound numbers": "tbody tr", "Locations": "tbody tr", "Upstream accounts": ".empty, tbody tr",
         "Call records": ".empty, tbody tr", "Log": "tbody tr", "Users": "tbody tr", "My account": ".card", "Settings": ".card", "Backup": ".card", "System": ".card"}


class ALargeInstallation(frame.ConsoleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        seed(cls.world.api, desks=1000, extensions=2000, sbcs=100, first=1001)

    async def test_its_console_is_there_at_once_in_a_browser_that_has_never_seen_it(self):
        b = self.browser
        await b.log_in()
        for what, selector, logged_in in (("log-in", "input[type=password]", False), ("dashboard", ".tile", True)):
            took = [await b.do("loading", path="/", selector=selector, logged_in=logged_in) for _ in range(5)]
            ms, size = statistics.median(t["ms"] for t in took), max(t["bytes"] for t in took)
            self.say(f"first load, {what:9} {ms:4.0f} ms until one can click, {size / 1000:.0f} kB")
            self.assertLess(ms, FIRST_LIMIT, f"the aim is {FIRST_AIM} ms")
            self.assertLess(size, FIRST_BYTES)

    async def test_a_row_shows_what_happens_to_it_also_where_one_has_scrolled_to(self):
        b = self.browser
        await b.log_in()
        await b.page("Extensions")
        await b.do("see_role", role="row", nth=5)
        await b.do("scrolling", pixels=200)
        number = await b.do("evaluate", code="[...document.querySelectorAll('tbody tr[data-index]')].find((r) => r.getBoundingClientRect().top > 300).querySelector('.number').textContent")
        await b.do("scrolling", pixels=1)     # it stays in the window; the table is drawn again around it
        await self.api("PATCH", f"/extensions/{number}", {"name": "Renamed Meanwhile"})
        await b.see("Renamed Meanwhile")
        row = f"[...document.querySelectorAll('tbody tr')].find((r) => r.textContent.includes('{number}'))"
        await b.do("evaluate", code=f"{row}.querySelector('input').click()")
        self.assertIn("selected", await b.do("evaluate", code=f"{row}.className"))
        await b.do("scrolling", pixels=1)
        self.assertTrue(await b.do("evaluate", code=f"{row}.querySelector('input').checked"))
        await b.see("1 selected")
        await self.no_faults()

    async def test_its_pages_open_at_once(self):
        b = self.browser
        await b.log_in()
        slow = []
        for name, selector in PAGES.items():
            if name == "Dashboard":
                await b.page("Backup")
            took = [await b.do("opening", name=name, selector=selector)]      # its script and its lists are fetched, too
            wheel = await b.do("scrolling", pixels=100)     # a fast wheel: 6,000 pixels a second at 60 frames
            bar = await b.do("scrolling", pixels=400)        # the bar dragged: every frame shows ten rows that weren't there
            for _ in range(3):
                await b.page("Users" if name == "Backup" else "Backup")
                took.append(await b.do("opening", name=name, selector=selector))
            again = statistics.median(took[1:])
            self.say(f"{name:13} first {took[0]:4.0f} ms, again {again:4.0f} ms, "
                     f"a frame by the wheel {wheel['middle']:3.0f} ms (slowest {wheel['slowest']:3.0f}), by the bar {bar['middle']:3.0f} ms ({bar['slowest']:3.0f})")
            if took[0] > LIMIT or again > LIMIT:
                slow.append(name)
        self.assertEqual(slow, [], f"slower than {LIMIT} ms; the aim is {AIM} ms")
        await self.no_faults()


if __name__ == "__main__":
    frame.main()
