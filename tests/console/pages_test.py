#!/usr/bin/python3
"""Each page: what axe finds in both themes, what the browser complains about, how it looks (build/…/screenshots); what a
phone may call itself; what happens when the core or the log-in goes away."""
import re

import frame
from harness import PASSWORD, in_thread
from seed import seed
import story

PAGES = {"Dashboard": "dashboard", "Calls": "calls", "Alarms": "alarms", "Phones": "phones", "Firmware": "firmware", "Own lines": "snippets", "Hot desking": "hot-desks", "Extensions": "extensions", "SBCs": "sbcs", "Trunks": "trunks", "Outbound rules": "outbound-rules", "Inbound numbers": "inbound-numbers", "Locations": "locations", "Upstream accounts": "upstream-accounts",
         "Call records": "call-records", "Log": "log", "Users": "users", "My account": "profile", "Settings": "settings", "Backup": "backup", "System": "system"}
EVIL = "<script>alert(1)</script>"


class ThePages(frame.ConsoleCase):
    branches = ("berlin",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.macs = seed(cls.world.api)
        api = cls.world.api
        made = api.post("/firmware-uploads", {"vendor": "yealink", "name": "T46S-66.86.0.99.rom", "version": "66.86.0.99", "models": ["T46S"], "bytes": 4})
        api.request("PUT", f"/api/v1/firmware-uploads/{made['id']}?offset=0", b"\0rom", {"Authorization": f"Bearer {api.token}"})
        api.post("/firmware-pins", {"model": "yealink:T46S", "version": "66.86.0.99", "paused": True})
        api.post("/snippets", {"model": "yealink:T46S", "text": "# dim\nphone_setting.backlight_time = 60\n"})

    async def a_busy_office(self):
        """Two people at desks, talking; a phone that nobody knows."""
        first = await self.a_person_at_a_desk("Alice Arnold")
        second = await self.a_person_at_a_desk("Bob Baker", vendor="snom", site="berlin")
        stranger = self.world.phone("fanvil")
        await stranger.boot(wait_for_url=False)
        await story.appears(self.world, stranger, "new")
        ours, theirs = await story.connect(first, second, second.number)
        return first, second, ours, theirs

    async def test_every_page_in_both_themes_wide_and_narrow(self):
        b = self.browser
        first, second, ours, theirs = await self.a_busy_office()
        violations, too_wide = [], []
        try:
            await b.log_in()
            for theme in ("light", "dark"):
                await b.do("theme", theme=theme)
                for name, file in PAGES.items():
                    await b.do("size", width=1280)
                    await b.page(name)
                    await b.do("gone", text="Loading…")
                    violations += [f"{name}, {theme}: {v}" for v in await b.do("axe")]
                    await b.shot(f"{file}-{theme}-1280")
                    await b.do("size", width=375, height=812)
                    too_wide += await self.too_wide(f"{name}, {theme}")
                    await b.shot(f"{file}-{theme}-375")
                await b.do("size", width=1280)
                # What opens from the pages.
                for path, shows, file in ((f"/extensions/{first.number}", "Alice Arnold", "extension"), (f"/hot-desks/{first.mac}", "Login code", "hot-desk"),
                                          ("/hot-desks?new=", "Define a hot desk", "hot-desk-new"), ("/set-up", "First hot desk", "set-up"), ("/calls", "Bob Baker", "call"), ("/snippets", "yealink:T46S", "snippet")):
                    await b.do("open", path=path)
                    await b.see(shows)
                    if file == "call":
                        await b.click("button", first.number)
                        await b.see("Voice goes")
                    if file == "snippet":
                        await b.click("button", "yealink:T46S")
                        await b.click("button", "Show the finished file")
                        await b.see("phone_setting.backlight_time = 60")
                    violations += [f"{file}, {theme}: {v}" for v in await b.do("axe")]
                    await b.shot(f"{file}-{theme}-1280")
                    await b.do("size", width=375, height=812)
                    too_wide += await self.too_wide(f"{file}, {theme}")
                    await b.shot(f"{file}-{theme}-375")
                    await b.do("size", width=1280)
                    if file == "snippet":
                        await b.click("button", "Close")
        finally:
            await theirs.hang_up()
            await ours.until("over")
        found = violations + [f"wider than 375 px: {w}" for w in too_wide]
        self.assertFalse(found, "\n".join(found))
        await self.no_faults()

    async def too_wide(self, where):
        """What sticks out of a window of 375 px once it has laid itself out, innermost first."""
        out = await self.browser.do("evaluate", code="""new Promise((done) => {
            const began = performance.now();
            const look = () => {
                if (document.documentElement.scrollWidth <= innerWidth) return done([]);
                if (performance.now() - began < 2000) return requestAnimationFrame(look);
                done([...document.querySelectorAll("main *")].filter((e) => e.getBoundingClientRect().right > innerWidth).map((e) => `${e.tagName} ${e.className}`).reverse().slice(0, 3));
            };
            look();
        })""")
        return [f"{where}: {out}"] if out else []

    async def test_the_log_in_page_in_both_languages(self):
        b = self.browser
        for language in ("en", "de"):
            for theme in ("light", "dark"):
                await b.do("fresh", language=language, theme=theme)
                await b.do("open", path="/")
                await b.do("see_role", role="heading", name="Roamdesk")
                self.assertEqual(await b.do("axe"), [])
                await b.shot(f"login-{language}-{theme}")
        await b.log_in(language="de")
        await b.do("see_role", role="heading", name="Übersicht")
        await b.shot("dashboard-de")

    async def test_whatever_a_phone_calls_itself_is_text(self):
        phone = self.world.phone("yealink")
        status, _, _ = await in_thread(self.world.api.request, "GET", f"/provision/{phone.mac}.cfg", None, {"User-Agent": f"Yealink {EVIL} 66.86.0.15 {phone.mac}"})
        self.assertIn(status, (200, 401, 403, 404))
        await story.appears(self.world, phone)
        b = self.browser
        await b.log_in()
        await b.page("Phones")
        await b.see(phone.mac)
        if any(EVIL in p["model"] for p in self.world.api.get("/phones")):
            await b.see(EVIL)
        # The core's parser may refuse such a model; then names that people give must be as harmless.
        number = await self.person(EVIL)
        await b.page("Extensions")
        await b.retype("Search by number, name, desk", number)
        await b.see(EVIL)
        self.assertEqual(await b.do("evaluate", code="[...document.scripts].every((s) => s.src)"), True)
        await self.no_faults()

    async def test_who_is_bound_to_a_site_sees_that_site(self):
        b = self.browser
        await b.log_in()
        await b.page("Users")
        await b.click("button", "New user")
        await b.type("User", "bea")
        await b.type("Password", "a good password")
        await b.do("click", role="radio", name="Administrator")
        await b.do("click", role="radio", name="Certain sites")
        await b.do("click", role="checkbox", name="branch-1")
        await b.shot("user-of-a-site-1280")
        await b.do("size", width=375, height=812)
        wide = await self.too_wide("new user")
        await b.shot("user-of-a-site-375")
        await b.do("size", width=1280)
        await b.click("button", "Create")
        await b.see("bea is created")
        await b.shot("users-with-sites-1280")
        await in_thread(self.world.api.call, "PATCH", "/users/bea", {"must_change_password": False})
        await b.log_in("bea", "a good password")
        shown = {}
        for name in ("Dashboard", "Hot desking", "SBCs", "Extensions", "Trunks", "Log"):
            await b.page(name)
            await b.do("gone", text="Loading…")
            await b.shot(f"bound-{name.replace(' ', '-').lower()}-1280")
            shown[name] = await b.do("text", selector="body")
        for name in ("Dashboard", "Hot desking", "SBCs", "Log"):
            self.assertNotIn("branch-2", shown[name], name)
        self.assertIn("Administrator · branch-1", shown["SBCs"])
        self.assertNotIn("Users", shown["SBCs"].split("\n"))
        self.assertNotIn("Add an SBC", shown["SBCs"])
        self.assertIn("Define a hot desk", shown["Hot desking"])
        self.assertEqual(wide, [])
        await self.no_faults()

    async def test_scripts_come_from_the_core_only(self):
        status, headers, _ = await in_thread(self.world.api.request, "GET", "/phones")
        policy = {k.lower(): v for k, v in headers.items()}["content-security-policy"]
        self.assertEqual(status, 200)
        self.assertIn("script-src 'self'", policy)
        self.assertNotIn("unsafe", policy)
        b = self.browser
        await b.log_in()
        await b.do("evaluate", code="const s = document.createElement('script'); s.textContent = 'window.evil = 1'; document.head.append(s)")
        self.assertIsNone(await b.do("evaluate", code="window.evil"))
        self.assertTrue(any(re.search("Content.Security.Policy", f) for f in await b.do("faults")))

    async def test_an_ended_log_in_leads_to_the_log_in_page(self):
        b = self.browser
        await b.log_in()
        await b.page("Phones")
        await b.do("forget_cookies")
        # The page may ask for something by itself first, and be at the log-in page already.
        await b.do("evaluate", code="[...document.querySelectorAll('#navigation a')].find((a) => a.textContent.trim() === 'Log')?.click()")
        await b.do("see_role", role="heading", name="Log in to Roamdesk")
        self.assertNotIn(self.macs[0], await b.do("text", selector="body"))

    async def test_a_rows_menu_by_mouse_and_by_keyboard(self):
        b = self.browser
        await b.log_in()
        await b.page("Extensions")
        await b.retype("Search by number, name, desk", "301")
        more = "More for 301"

        async def focused(what):
            found = await b.do("evaluate", code="""new Promise((done) => {
                const began = performance.now();
                const name = () => document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent;
                const look = () => (name() === %r || performance.now() - began > 5000 ? done(name()) : requestAnimationFrame(look));
                look();
            })""" % what)
            self.assertEqual(found, what)

        async def closed():
            await b.do("evaluate", code="""new Promise((done) => {
                const look = () => (document.querySelector("[role=menu]") ? requestAnimationFrame(look) : done(null));
                look();
            })""")

        await b.click("button", more)
        await b.do("see_role", role="menuitem", name="Reset the PIN")
        self.assertEqual(await b.do("evaluate", code="document.querySelector('[aria-haspopup=menu][aria-expanded=true]').ariaLabel"), more)
        self.assertEqual(await b.do("axe"), [])
        await b.shot("menu-open")
        await b.click("button", more)
        await closed()
        await b.click("button", more)
        await b.do("press", key="Escape")
        await closed()
        await focused(more)
        await b.do("press", key="Enter")
        await focused("Edit")
        await b.do("press", key="ArrowDown")
        await b.do("press", key="ArrowDown")
        await focused("Reset the PIN")
        await b.do("press", key="Escape")
        await closed()
        await focused(more)
        await b.do("press", key="ArrowUp")
        await focused("Delete")
        await b.do("press", key="ArrowUp")
        await focused("Reset the PIN")
        await b.do("press", key="Enter")
        await b.do("see_role", role="dialog")
        await b.see("of 301")
        await b.do("press", key="Escape")
        await b.click("button", more)
        await b.do("see_role", role="menu", name=more)
        await b.do("click", role="heading", name="Extensions")    # outside
        await closed()
        await self.no_faults()

    async def test_what_an_import_would_do_is_shown_before_it_is_done(self):
        if "/extensions/import" not in (await self.api("GET", "/openapi.json"))["paths"]:
            self.skipTest("this core imports nothing")
        b = self.browser
        await b.log_in()
        await b.page("Extensions")
        await b.click("button", "Import CSV")
        await b.do("file", label="Choose a CSV file", name="people.csv", content="number,name,hot_desking\n7001,Nora Neu,true\nnonsense,Bad Row,true\n")
        await b.see("1 row is wrong")
        await b.shot("import-bad")
        self.assertEqual(await b.do("axe"), [])
        await b.do("file", label="Choose a CSV file", name="people.csv", content="number,name,hot_desking\n7001,Nora Neu,true\n7002,Max Meer,true\n")
        await b.click("button", "Import 2 extensions")
        await b.see("2 of 2")
        await b.click("button", "I have noted them")
        await b.retype("Search by number, name, desk", "7002")
        await b.see("Max Meer")


class TheConnection(frame.ConsoleCase):
    own_world = True

    async def test_a_core_that_went_away_is_said_and_comes_back(self):
        b = self.browser
        await in_thread(self.world.extension, "150", "Before")
        await b.log_in()
        await b.page("Extensions")
        await b.see("Before")
        await in_thread(self.world.core.stop)
        await b.see("The connection to the PBX is lost")
        await b.shot("connection-lost")
        await in_thread(self.world.core.start)
        await in_thread(self.world.wait_core)
        await in_thread(self.world.api.log_in)
        await in_thread(self.world.extension, "151", "Afterwards")
        # Log-ins end with the core: the page comes back by itself to where one logs in, and from there to where it was.
        await b.do("see_role", role="heading", name="Log in to Roamdesk", timeout=40_000)
        await b.retype("User name", "admin")
        await b.retype("Password", PASSWORD)
        await b.do("press", key="Enter")
        await b.see("Afterwards")
        await b.do("gone", text="The connection to the PBX is lost")
        await in_thread(self.world.extension, "152", "Live again")
        await b.see("Live again")
        await self.no_faults(allowed=("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET", "401", "502", "503",
                                      "establish a connection", "was interrupted while"))


if __name__ == "__main__":
    frame.main()
