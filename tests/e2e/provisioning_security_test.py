#!/usr/bin/python3
"""Who gets a configuration, and who doesn't: a token is unguessable, one phone's, one site's, and handed out only in the window."""
import asyncio
import hashlib
import http.client
import pathlib
import re
import socket
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
import story  # noqa: E402
from harness import LOCAL, Api, eventually, in_thread  # noqa: E402
from simphone.phone import MULTICAST  # noqa: E402
from story import appears  # noqa: E402

YEALINK = "Yealink SIP-T46S 66.86.0.15"


def get_from(ip, host, path, agent=YEALINK):
    """(status, body) of a GET to `host` from the address `ip`."""
    connection = http.client.HTTPConnection(host, 5000, timeout=20, source_address=(ip, 0))
    try:
        connection.request("GET", path, headers={"User-Agent": agent})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def plug_and_play(ip, mac, to=MULTICAST, seconds=1.5):
    """What a SUBSCRIBE for ua-profile in the name of `mac` brings to the address `ip`: the first lines."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((ip, 0))
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(ip))
        port, uri = sock.getsockname()[1], f"sip:MAC%3a{mac}@224.0.1.75"
        sock.sendto("\r\n".join((
            f"SUBSCRIBE {uri} SIP/2.0", f"Via: SIP/2.0/UDP {ip}:{port};branch=z9hG4bK{time.monotonic_ns()}",
            "Max-Forwards: 70", f"From: <{uri}>;tag=x", f"To: <{uri}>", f"Call-ID: {time.monotonic_ns()}", "CSeq: 1 SUBSCRIBE",
            f"Contact: <sip:{ip}:{port}>", "Expires: 0", 'Event: ua-profile;profile-type="device";vendor="Yealink";model="T46S"',
            "Content-Length: 0", "", "")).encode(), to)
        lines, end = [], time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            sock.settimeout(left)
            try:
                lines.append(sock.recv(65536).split(b"\r\n")[0].decode())
            except TimeoutError:
                break
        return lines


class ProvisioningSecurity(case.LoopbackCase):
    branches = ("branch-1", "branch-2")

    async def get(self, site, path, agent=YEALINK):
        status, _, body = await in_thread(lambda: Api(self.world.faces[site]).request("GET", path, None, {"User-Agent": agent}))
        return status, body

    async def own(self, phone, path):
        """As the phone itself asks."""
        return await in_thread(get_from, phone.ip, self.world.faces[phone.site], path)

    async def reported(self, subject, why):
        records = (await self.api("GET", f"/audit?action=provisioning.suspicious&subject={subject}"))["records"]
        return any(r["detail"] == why for r in records)

    def path_of(self, phone):
        """/provision/TOKEN/ of a phone that has its configuration."""
        return re.match(r"/provision/[^/]+/", urllib.parse.urlsplit(phone.url).path).group(0)

    async def test_the_right_phone_gets_its_file(self):
        phone = await self.a_desk(site="branch-1")
        status, body = await self.own(phone, self.path_of(phone) + f"{phone.mac}.cfg")
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

    async def test_a_phone_of_another_system_comes_by_that_systems_path_and_a_stranger_by_it_gets_nothing(self):
        for site, elsewhere in ((LOCAL, "branch-1"), ("branch-1", LOCAL)):
            with self.subTest(site):
                phone = self.world.phone("yealink", site)
                face, agent = self.world.faces[site], f"{YEALINK} {phone.mac}"
                folder = "/provisioning/k2j4h5g6/"
                paths = [folder + f"{phone.mac}.cfg", folder + f"cfg{phone.mac}.xml", f"/{phone.mac}.cfg", f"/tftpboot/x/{phone.mac}.cfg?a=b"]
                await phone.power_on()
                phone.url = f"http://{face}:5000{folder}"
                await phone.fetch(boot=True)
                self.assertIsNone(phone.setup, "nobody has assigned it")
                self.assertEqual((await appears(self.world, phone, "new"))["ip"], phone.ip)
                made = await in_thread(self.world.api.post, "/hot-desks", self.world.desk_body(phone))
                await in_thread(self.world.api.post, f"/phones/{phone.mac}/assign")
                for path in paths:
                    self.assertEqual((await self.get(elsewhere, path, agent))[0], 404, "another site")
                    self.assertNotIn(b"auto_provision", (await self.get(site, path, "curl/8.0"))[1], "no phone")
                await phone.fetch(boot=True)
                await phone.until(lambda: phone.registered_as == made["id"], 20, f"registration as {made['id']}")
                self.assertIn(f"{face}:5000/provision/", phone.url)
                stranger = self.world.phone("yealink", site).ip
                for path in paths:
                    status, body = await in_thread(get_from, phone.ip, face, path, agent)
                    self.assertEqual((status, b"HD0" in body, b"/provision/" in body), (200, False, True), path)
                    self.assertEqual(await in_thread(get_from, stranger, face, path, agent), (404, b""), path)
                self.assertTrue(await self.reported(made["id"], "foreign_address"))

    async def test_a_forgotten_phone_keeps_nothing(self):
        phone = await self.a_desk(site="branch-1")
        path = self.path_of(phone) + f"{phone.mac}.cfg"
        self.assertEqual((await self.own(phone, path))[0], 200)
        await self.api("DELETE", f"/phones/{phone.mac}")
        self.assertEqual((await self.own(phone, path))[0], 404)
        self.assertEqual((await self.own(phone, f"/provision/{phone.mac}.cfg"))[0], 404)

    async def test_the_url_serves_nobody_but_the_phone(self):
        for site in (LOCAL, "branch-1"):
            with self.subTest(site):
                phone = await self.a_desk(site=site)
                stranger = self.world.phone("yealink", site).ip
                face, file = self.world.faces[site], f"{phone.mac}.cfg"
                paths = [self.path_of(phone) + file]
                for _ in range(2):
                    number = await self.person()
                    await story.log_in(self.world, phone, number)
                    paths.append(self.path_of(phone) + file)
                self.assertEqual(len(set(paths)), 3, "each log-in draws another one")
                for path in paths:
                    status, body = await in_thread(get_from, stranger, face, path, f"{YEALINK} {phone.mac}")
                    self.assertEqual((status, body), (404, b""))
                self.assertTrue(await self.reported(phone.desk_id, "foreign_address"))
                log = self.world.core.text()
                self.assertIn("provisioning.suspicious", log)
                self.assertNotIn(paths[-1].split("/")[2], log, "a token in the log")
                shown = await appears(self.world, phone, "online")
                self.assertEqual((shown["ip"], shown["address"]), (phone.ip, f"{phone.ip}:{phone.port}"))
                # The phone itself may go on with whatever URL it has kept.
                self.assertEqual((await self.own(phone, paths[-1]))[0], 200)
                await story.off(phone)
                self.assertEqual((await in_thread(get_from, stranger, face, paths[-1]))[0], 404, "while it is off")

    async def test_a_phone_that_comes_back_at_another_address_registers_and_fetches_then(self):
        for site in (LOCAL, "branch-1"):
            with self.subTest(site):
                phone = await self.a_desk(site=site)
                number = await self.person()
                await story.log_in(self.world, phone, number)
                await story.off(phone)
                await self.api("DELETE", f"/hot-desks/{phone.mac}/session")
                phone.ip = phone.interface = self.world.phone("yealink", site).ip
                phone.port = 0
                await phone.power_on()
                await phone.fetch(boot=True)
                await story.desk_is(self.world, phone, timeout=100, registered_as=phone.desk_id, settled=True)
                self.assertEqual((await appears(self.world, phone))["ip"], phone.ip)

    async def test_of_two_that_announce_one_mac_the_administrator_names_the_right_one(self):
        for site in (LOCAL, "branch-1"):
            with self.subTest(site):
                phone = self.world.phone("yealink", site)
                await phone.boot(wait_for_url=False)
                await appears(self.world, phone, "new")
                other = self.world.phone("yealink", site).ip
                self.assertIn("SIP/2.0 200 OK", await in_thread(plug_and_play, other, phone.mac))
                entry = await appears(self.world, phone, "new")
                self.assertTrue(entry["conflict"])
                self.assertEqual(entry["ip"], phone.ip, "the first stays")
                self.assertEqual([a["address"].split(":")[0] for a in entry["announced_by"]], [phone.ip, other])
                number = await self.person()
                problem = await self.refuses(409, "POST", f"/phones/{phone.mac}/assign", {"extension": number})
                self.assertIn(phone.ip, problem)
                self.assertIn(other, problem)
                watch = asyncio.create_task(in_thread(plug_and_play, other, phone.mac, MULTICAST, 4))
                await asyncio.sleep(0.5)
                entry = await self.api("POST", f"/phones/{phone.mac}/assign", {"extension": number, "address": phone.ip})
                self.assertFalse(entry["conflict"])
                await phone.until(lambda: phone.url, 10, "the URL by NOTIFY")
                self.assertFalse([line for line in await watch if line.startswith("NOTIFY")])
                self.assertEqual((await in_thread(get_from, other, self.world.faces[site], f"/provision/{phone.mac}.cfg"))[0], 404)
                await phone.fetch(boot=True)
                await phone.until(lambda: phone.registered_as == number, 20, "registration")

    async def test_a_flood_of_macs_leaves_room_and_is_cleared_by_one_call(self):
        for site, other_site in ((LOCAL, "branch-1"), ("branch-1", LOCAL)):
            with self.subTest(site):
                source = self.world.phone("yealink", site).ip

                def flood():
                    connection = http.client.HTTPConnection(self.world.faces[site], 5000, timeout=20, source_address=(source, 0))
                    for i in range(1500):
                        connection.request("GET", f"/provision/805ec0f{i:05x}.cfg", headers={"User-Agent": YEALINK})
                        answer = connection.getresponse()
                        answer.read()
                        self.assertEqual(answer.status, 404)
                    connection.close()
                await in_thread(flood)
                self.assertLessEqual(len([p for p in await self.api("GET", "/phones") if p["state"] == "new"]), 100)
                for at in (site, other_site):
                    phone = self.world.phone("yealink", at)
                    await phone.boot(wait_for_url=False)
                    await appears(self.world, phone, "new")
                await self.refuses(422, "DELETE", "/phones")
                self.assertGreater((await self.api("DELETE", f"/phones?state=new&site={site}"))["forgotten"], 10)
                self.assertEqual({p["site"] for p in await self.api("GET", "/phones") if p["state"] == "new"}, {other_site})
                await self.api("DELETE", "/phones?state=new")

    async def test_each_phone_has_a_web_password_of_its_own_which_administrators_are_shown(self):
        passwords = set()
        for vendor in ("yealink", "snom", "fanvil", "grandstream"):
            with self.subTest(vendor):
                phone = await self.a_desk(vendor)
                shown = await self.api("GET", f"/phones/{phone.mac}/web-password")
                self.assertEqual(shown["user"], "admin")
                passwords.add(shown["password"])
                self.assertIn(shown["password"].encode(), phone.files[-1][2])
        self.assertEqual(len(passwords), 4)

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


class Firmware(case.LoopbackCase):
    """Of a world of its own: the first wave is one phone of all that there are of its model."""
    branches = ("branch-1",)
    own, path_of = ProvisioningSecurity.own, ProvisioningSecurity.path_of

    async def test_firmware_is_the_phones_in_its_turn_and_crosses_the_line_once(self):
        phone, other = await self.a_desk(site="branch-1"), await self.a_desk(vendor="snom", site="branch-1")
        content = bytes(i * 7 % 251 for i in range(1_500_000))
        made = await self.api("POST", "/firmware-uploads", {"vendor": "yealink", "name": "T46S-66.86.0.99.rom", "version": "66.86.0.99", "models": ["T46S"],
                                                            "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()})
        upload, headers = f"/api/v1/firmware-uploads/{made['id']}", {"Authorization": f"Bearer {self.world.api.token}"}
        for offset in range(0, len(content), made["piece"]):
            piece = content[offset:offset + made["piece"]]
            status, _, answer = await in_thread(self.world.api.request, "PUT", f"{upload}?offset={offset}", piece, headers)
            self.assertIn(status, (200, 201), answer)
        firmware = self.path_of(phone) + "T46S-66.86.0.99.rom"
        self.assertEqual((await self.own(phone, firmware))[0], 404)
        await self.api("POST", "/firmware-pins", {"model": "yealink:T46S", "version": "66.86.0.99", "from": "00:00", "until": "00:00"})
        try:
            await eventually(lambda: phone.memory.get("static.firmware.url", "").endswith("/T46S-66.86.0.99.rom"), what="the phone's turn")
            answers = await asyncio.gather(*(self.own(phone, self.path_of(phone) + "T46S-66.86.0.99.rom") for _ in range(3)))
            for status, body in answers:
                self.assertEqual((status, hashlib.sha256(body).digest()), (200, hashlib.sha256(content).digest()))
            for path in (self.path_of(other) + "T46S-66.86.0.99.rom", "/provision/T46S-66.86.0.99.rom", "/content/" + hashlib.sha256(content).hexdigest()):
                self.assertEqual((await self.own(other, path))[0], 404, path)
            self.assertEqual((await self.own(other, self.path_of(phone) + "T46S-66.86.0.99.rom"))[0], 404)
            state = (await self.api("GET", "/firmware-pins/yealink:T46S"))["state"]
            self.assertEqual((state["wave"], state["running"]), ("one", 1))
        finally:
            await self.api("DELETE", "/firmware-pins/yealink:T46S")
        self.assertEqual((await self.own(phone, self.path_of(phone) + "T46S-66.86.0.99.rom"))[0], 404)


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

    def put_forward(self, seconds):
        """The clock, at once: libfaketime ends a program that reads a file with nothing in it yet."""
        draft = self.clock.with_suffix(".draft")
        draft.write_text(f"+{seconds}")
        draft.rename(self.clock)

    async def test_a_persons_own_phone_is_given_to_nobody_who_knows_its_mac(self):
        number = await self.person()
        phone = await self.a_phone(number)
        stranger, face = self.world.phone("yealink").ip, self.world.core_ip
        for seconds in (0, 60, 720, 36000):
            with self.subTest(f"after {seconds} s"):
                self.put_forward(seconds)
                for to in (MULTICAST, (face, 5060)):
                    lines = await in_thread(plug_and_play, stranger, phone.mac, to, 1)
                    self.assertFalse([line for line in lines if line.startswith("NOTIFY")], to)
                for path in (f"/provision/{phone.mac}.cfg", urllib.parse.urlsplit(phone.url).path + f"{phone.mac}.cfg"):
                    self.assertEqual((await in_thread(get_from, stranger, face, path))[0], 404)
        records = (await self.api("GET", f"/audit?action=provisioning.suspicious&subject={phone.mac}"))["records"]
        self.assertLessEqual({"plug_and_play", "foreign_address"}, {r["detail"] for r in records})
        self.assertTrue(all(r["origin"].startswith(stranger) for r in records), records)
        self.assertEqual((await appears(self.world, phone))["ip"], phone.ip)

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
                self.put_forward(seconds)
                self.assertEqual(await self.status(phone), expected)
                self.assertLess(time.monotonic() - began, 30, "too slow for what it compares with")
        await in_thread(self.world.restart_core)
        self.assertEqual(await self.status(phone), 404, "a restart opened it")
        await in_thread(self.world.api.post, f"/phones/{phone.mac}/assign")
        self.assertEqual(await self.status(phone), 200)


if __name__ == "__main__":
    case.main()
