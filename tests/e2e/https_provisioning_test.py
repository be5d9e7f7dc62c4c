#!/usr/bin/python3
"""Provisioning over HTTPS, beside the core and behind the SBC: phones move one after the other, those that can't stay on HTTP,
and who asks in the clear for a file of a phone that has moved gets nothing."""
import http.client
import pathlib
import ssl
import subprocess
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
import story  # noqa: E402
from harness import LOCAL, eventually, in_thread  # noqa: E402

SITES = (LOCAL, "branch-1")


class HttpsProvisioning(case.LoopbackCase):
    branches = ("branch-1",)
    https = sips = True

    async def asyncSetUp(self):
        await super().asyncSetUp()
        await self.scheme("https")
        await eventually(lambda: "sbc.lan_certificate_stored" in self.world.sbcs["branch-1"].text(), 20, "the SBC's certificate")

    async def scheme(self, word):
        await self.api("PATCH", "/settings", {"provisioning": {"scheme": word}})

    def authority(self):
        return self.world.dir / "core" / "authority.pem"

    def get(self, ip, site, path, tls, agent="Yealink SIP-T46S 66.86.0.15"):
        """(status, body) of a GET from the address `ip`; over TLS the certificate must be the authority's, for the address asked."""
        host = self.world.faces[site]
        kind = http.client.HTTPSConnection if tls else http.client.HTTPConnection
        more = {"context": ssl.create_default_context(cafile=self.authority())} if tls else {}
        connection = kind(host, 5001 if tls else 5000, timeout=20, source_address=(ip, 0), **more)
        try:
            connection.request("GET", path, headers={"User-Agent": agent})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def file_of(self, phone):
        name = phone.vendor.files(phone.mac)[-1]
        return urllib.parse.urlsplit(phone.url).path.rpartition("/")[0] + "/" + name

    async def state(self, phone):
        return (await story.appears(self.world, phone))["https"]

    async def is_state(self, phone, word):
        def so():
            return next(p for p in self.world.api.get("/phones") if p["mac"] == phone.mac)["https"] == word
        try:
            await eventually(so, 15)
        except AssertionError:
            raise AssertionError(f"{await self.state(phone)}, not {word}; the phone saw {phone.seen[-12:]}") from None

    async def settle(self, phone):
        """Three more fetches: to check certificates, upon which it shows that it trusts; the new URL; over TLS."""
        await self.is_state(phone, "trying")       # it had its first file while HTTPS was set
        for word in ("ready", "ready", "settled"):
            before = phone.fetches
            await phone.fetch(boot=True)
            self.assertEqual(phone.fetches, before + 1, phone.seen[-6:])
            await phone.until(lambda: phone.registered_as, 20, "registration")
            await self.is_state(phone, word)
        self.assertTrue(phone.url.startswith(f"https://{self.world.faces[phone.site]}:5001/provision/"), phone.url)

    async def test_the_authority_is_there_for_everybody_and_proves_both_faces(self):
        for site in SITES:
            with self.subTest(site):
                ip, face = self.world.phone("yealink", site).ip, self.world.faces[site]
                status, body = await in_thread(self.get, ip, site, "/provision/ca.pem", False)
                self.assertEqual((status, body), (200, self.authority().read_bytes()))
                url = f"https://{face}:5001/provision/ca.pem"
                curl = ["curl", "--silent", "--show-error", "--max-time", "20", "--interface", ip, url]
                good = await in_thread(lambda: subprocess.run(curl + ["--cacert", self.authority()], capture_output=True))
                self.assertEqual((good.returncode, good.stdout), (0, body), good.stderr)
                stranger = await in_thread(lambda: subprocess.run(curl, capture_output=True))
                self.assertEqual(stranger.returncode, 60, "curl trusts it without having been told to")
        # Nothing else is at the branch.
        for path in ("/", "/api/v1/phones", "/metrics", "/provision/../api/v1/phones"):
            self.assertEqual((await in_thread(self.get, ip, "branch-1", path, True))[0], 404, path)

    async def test_phones_move_by_themselves_and_go_on_working(self):
        for site in SITES:
            for vendor in ("yealink", "snom"):
                with self.subTest(site=site, vendor=vendor):
                    phone = await self.a_desk(vendor, site)
                    self.assertTrue(phone.url.startswith("http://"), "it can't know our authority yet")
                    await self.settle(phone)
                    number = await self.person()
                    await story.log_in(self.world, phone, number)
                    await story.log_out(self.world, phone)
                    self.assertEqual(await self.state(phone), "settled")
                    self.assertEqual(phone.reboots, 0)

    async def test_a_phone_that_has_moved_is_given_to_nobody_in_the_clear(self):
        for site in SITES:
            with self.subTest(site):
                phone = await self.a_desk("yealink", site)
                paths = [self.file_of(phone)]
                await self.settle(phone)
                number = await self.person()
                await story.log_in(self.world, phone, number)
                paths += [self.file_of(phone), f"/provision/{phone.mac}.cfg"]
                stranger = self.world.phone("yealink", site).ip
                for off in (False, True):
                    if off:
                        await story.off(phone)
                    for ip in (phone.ip, stranger):
                        for path in paths:
                            self.assertEqual(await in_thread(self.get, ip, site, path, False), (404, b""), (ip, path, off))
                        self.assertEqual((await in_thread(self.get, stranger, site, paths[1], True))[0], 404, "TLS shows nobody's name")
                    status, body = await in_thread(self.get, phone.ip, site, paths[1], True)
                    self.assertEqual(status, 200)
                    self.assertIn(phone.setup.password.encode(), body)
                records = (await self.api("GET", f"/audit?action=provisioning.suspicious&subject={phone.desk_id}"))["records"]
                self.assertIn("in_the_clear", {r["detail"] for r in records})
                await in_thread(self.world.restart_core)
                await in_thread(self.world.wait_sbc, "branch-1")
                self.assertEqual((await in_thread(self.get, phone.ip, site, paths[1], False))[0], 404, "after a restart")

    async def test_a_phone_that_signals_over_tls_checks_our_certificate_there_as_well(self):
        for site in SITES:
            with self.subTest(site):
                phone = await self.a_desk("yealink", site, options={"transport": "tls"})
                await self.settle(phone)
                self.assertTrue(phone.setup.checks_certificates)
                self.assertEqual(phone.setup.transport, "tls")
                number = await self.person()
                await story.log_in(self.world, phone, number)
                # The control: it is a check.
                phone.authority = None
                phone.stream.transport.abort()
                await phone.until(lambda: phone.stream is None, 15, "the end of the connection")
                with self.assertRaises(ssl.SSLCertVerificationError):
                    await phone.connect()

    async def test_a_phone_that_cant_check_certificates_stays_reachable(self):
        for site in SITES:
            with self.subTest(site):
                phone = self.world.phone("yealink", site)
                phone.trusts = False
                await self.a_desk(phone=phone, site=site)
                await self.is_state(phone, "trying")
                for _ in range(5):
                    await phone.fetch(boot=True)
                    await phone.until(lambda: phone.registered_as == phone.desk_id, 20, "registration")
                self.assertEqual(await self.state(phone), "trying")
                self.assertTrue(phone.url.startswith("http://"))
                number = await self.person()
                await story.log_in(self.world, phone, number)

    async def test_vendors_that_cant_be_told_of_our_authority_stay_on_http(self):
        for vendor in ("fanvil", "grandstream"):
            with self.subTest(vendor):
                phone = await self.a_desk(vendor)
                for _ in range(3):
                    await phone.fetch(boot=True)
                self.assertEqual(await self.state(phone), "unable")
                self.assertTrue(phone.url.startswith("http://"))
                models = [m for m in await self.api("GET", "/models") if m["vendor"] == vendor]
                self.assertTrue(all(any("over HTTP" in limit for limit in m["limits"]) for m in models))

    async def test_a_branch_may_differ_and_the_way_back_is_open(self):
        phone, other = await self.a_desk("yealink", "branch-1"), await self.a_desk("yealink")
        await self.settle(phone)
        await self.api("PATCH", "/sbcs/branch-1", {"provisioning": "http"})
        try:
            self.assertEqual(await self.state(phone), "off")
            await self.is_state(other, "trying")
            await phone.fetch(boot=True)
            self.assertTrue(phone.url.startswith("http://"), phone.url)
            await phone.fetch(boot=True)
            await phone.until(lambda: phone.registered_as, 20, "registration")
        finally:
            await self.api("PATCH", "/sbcs/branch-1", {"provisioning": None})
        self.assertEqual(await self.state(phone), "waiting")


class WithACertificateOfTheAdministratorsOwn(case.LoopbackCase):
    """Phones can't be told to trust it: they stay where they are, and it is said."""
    https = own_world = True

    @classmethod
    def build_world(cls):
        world = case.World(cls.__name__.lower())
        world.https = True
        files = world.dir / "own.pem", world.dir / "own.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", "/CN=pbx.example.com", "-out", files[0], "-keyout", files[1]], check=True, capture_output=True)
        world.certificate = files
        world.start_core()
        return world

    async def test_phones_stay_on_http(self):
        await self.api("PATCH", "/settings", {"provisioning": {"scheme": "https"}})
        phone = await self.a_desk("yealink")
        await phone.fetch(boot=True)
        self.assertEqual((await story.appears(self.world, phone))["https"], "unavailable")
        self.assertTrue(phone.url.startswith("http://"))
        self.assertNotIn(b"ca.pem", phone.files[-1][2])


if __name__ == "__main__":
    case.main()
