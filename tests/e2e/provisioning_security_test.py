#!/usr/bin/python3
"""Who gets a configuration, and who doesn't: a token is unguessable, one phone's, one site's, and handed out only in the window."""
import pathlib
import re
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from harness import Api, in_thread  # noqa: E402
from story import appears  # noqa: E402


class ProvisioningSecurity(case.LoopbackCase):
    branches = ("branch-1", "branch-2")

    async def get(self, site, path, agent="Yealink SIP-T46S 66.86.0.15"):
        status, _, body = await in_thread(lambda: Api(self.world.faces[site]).request("GET", path, None, {"User-Agent": agent}))
        return status, body

    def path_of(self, phone):
        """/provision/TOKEN/ of a phone that has its configuration."""
        return re.match(r"/provision/[^/]+/", urllib.parse.urlsplit(phone.url).path).group(0)

    async def test_the_right_phone_gets_its_file(self):
        phone = await self.a_desk(site="branch-1")
        status, body = await self.get("branch-1", self.path_of(phone) + f"{phone.mac}.cfg")
        self.assertEqual(status, 200)
        self.assertIn(phone.desk_id.encode(), body)

    async def test_a_wrong_token_another_phones_file_another_site_are_404(self):
        phone, other, local = await self.a_desk(site="branch-1"), await self.a_desk(site="branch-1"), await self.a_desk()
        own, file = self.path_of(phone), f"{phone.mac}.cfg"
        token = own.split("/")[2]
        self.assertGreaterEqual(len(token), 22, "a token of less than 128 bits")
        for what, site, path in (
                ("a wrong token", "branch-1", f"/provision/{'A' * len(token)}/{file}"),
                ("a token cut short", "branch-1", f"/provision/{token[:-1]}/{file}"),
                ("another phone's token", "branch-1", self.path_of(other) + file),
                ("another phone's file", "branch-1", own + f"{other.mac}.cfg"),
                ("at the core", "local", own + file),
                ("at another branch", "branch-2", own + file),
                ("a local phone's at a branch", "branch-1", self.path_of(local) + f"{local.mac}.cfg"),
                ("a climb", "branch-1", own + "../" + self.path_of(other).split("/")[2] + f"/{other.mac}.cfg"),
                ("no file at all", "branch-1", "/provision/"),
        ):
            status, body = await self.get(site, path)
            self.assertEqual(status, 404, what)
            self.assertNotIn(b"password", body, what)

    async def test_a_device_that_is_not_assigned_gets_nothing(self):
        phone = self.world.phone("yealink", "branch-1")
        await phone.boot(wait_for_url=False)
        await appears(self.world, phone, "new")
        self.assertEqual((await self.get("branch-1", f"/provision/{phone.mac}.cfg"))[0], 404)
        await in_thread(self.world.api.post, "/hot-desks", self.world.desk_body(phone))
        self.assertEqual((await self.get("branch-1", f"/provision/{phone.mac}.cfg"))[0], 404, "defined, not assigned")

    async def test_the_window_hands_out_an_address_and_nothing_else(self):
        phone = self.world.phone("yealink", "branch-1")
        await phone.boot(wait_for_url=False)
        await appears(self.world, phone, "new")
        await in_thread(self.world.api.post, "/hot-desks", self.world.desk_body(phone))
        await in_thread(self.world.api.post, f"/phones/{phone.mac}/assign")
        status, body = await self.get("branch-1", f"/provision/{phone.mac}.cfg")
        self.assertEqual(status, 200)
        self.assertIn(b"/provision/", body)
        for secret in (b"account.1.password", b"auth_name", b"HD0"):
            self.assertNotIn(secret, body)
        self.assertEqual((await self.get("branch-2", f"/provision/{phone.mac}.cfg"))[0], 404, "the window of another site")
        self.assertEqual((await self.get("local", f"/provision/{phone.mac}.cfg"))[0], 404, "the window of another site")

    async def test_a_forgotten_phone_keeps_nothing(self):
        phone = await self.a_desk(site="branch-1")
        path = self.path_of(phone) + f"{phone.mac}.cfg"
        self.assertEqual((await self.get("branch-1", path))[0], 200)
        await self.api("DELETE", f"/phones/{phone.mac}")
        self.assertEqual((await self.get("branch-1", path))[0], 404)
        self.assertEqual((await self.get("branch-1", f"/provision/{phone.mac}.cfg"))[0], 404)

    async def test_passwords_are_new_for_each_person_and_not_in_the_log(self):
        phone = await self.a_desk(site="branch-1")
        first = phone.setup.password
        self.assertGreaterEqual(len(first), 22)
        number = await self.person()
        await self.api("POST", f"/hot-desks/{phone.mac}/session", {"extension": number})
        await phone.until(lambda: phone.registered_as == number, 20, "login")
        self.assertNotEqual(phone.setup.password, first)
        log = self.world.core.text() + self.world.sbcs["branch-1"].text()
        for secret in (first, phone.setup.password):
            self.assertNotIn(secret, log)


class Window(case.LoopbackCase):
    """Ten minutes on the core's clock, which libfaketime (a package of Debian) puts forward; timers are left alone."""
    own_world = True

    @classmethod
    def build_world(cls):
        library = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
        assert library, "the package libfaketime is needed"
        with tempfile.NamedTemporaryFile("w", prefix="roamdesk-clock-", delete=False) as file:
            file.write("+0")
        cls.clock = pathlib.Path(file.name)
        cls.addClassCleanup(cls.clock.unlink)
        cls.core_env = {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(cls.clock), "FAKETIME_NO_CACHE": "1",
                        "DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        return super().build_world()

    async def status(self, phone):
        path = f"/provision/{phone.mac}.cfg"
        return (await in_thread(lambda: Api(self.world.core_ip).request("GET", path, None, {"User-Agent": "Yealink SIP-T46S 66.86.0.15"})))[0]

    async def test_it_closes_after_ten_minutes_and_only_the_administrator_opens_it_again(self):
        phone = self.world.phone("yealink")
        await phone.boot(wait_for_url=False)
        await appears(self.world, phone, "new")
        await in_thread(self.world.api.post, "/hot-desks", self.world.desk_body(phone))
        await in_thread(self.world.api.post, f"/phones/{phone.mac}/assign")
        began = time.monotonic()
        self.assertEqual(await self.status(phone), 200)
        for seconds, expected in ((540, 200), (599 - 30, 200), (601, 404), (86400, 404)):
            with self.subTest(seconds):
                self.clock.write_text(f"+{seconds}")
                self.assertEqual(await self.status(phone), expected)
                self.assertLess(time.monotonic() - began, 30, "too slow for what it compares with")
        await in_thread(self.world.restart_core)
        self.assertEqual(await self.status(phone), 404, "a restart opened it")
        await in_thread(self.world.api.post, f"/phones/{phone.mac}/assign")
        self.assertEqual(await self.status(phone), 200)


if __name__ == "__main__":
    case.main()
