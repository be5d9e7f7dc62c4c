#!/usr/bin/python3
"""People at the console: roles, second factor, log-ins, certificates, and what a browser is told about the page."""
import base64
import dataclasses
import hmac
import json
import pathlib
import signal
import socket
import ssl
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from harness import Api, ApiError, PASSWORD, eventually, in_thread, wait_for  # noqa: E402


def code(secret, at):
    """RFC 6238, by hand."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, int(at // 30).to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start:start + 4], 'big') & 0x7fffffff) % 1_000_000:06d}"


def fields(headers):
    return {name.lower(): value for name, value in headers.items()}


class TheConsolesPeople(case.LoopbackCase):
    async def user(self, name, role):
        await self.api("POST", "/users", {"name": name, "password": "a good password", "role": role})
        return await in_thread(Api(self.world.core_ip).log_in, name, "a good password")

    async def refused(self, status, api, method, path, body=None):
        with self.assertRaises(ApiError) as problem:
            await in_thread(api.call, method, path, body)
        self.assertEqual(problem.exception.status, status, f"{method} {path}")
        return problem.exception.problem

    async def test_an_operator_runs_the_desks_and_no_more(self):
        otto = await self.user("otto", "operator")
        number = await self.person("Alice")
        phone = await self.a_desk()
        await in_thread(otto.call, "POST", f"/hot-desks/{phone.mac}/session", {"extension": number})
        await in_thread(otto.call, "DELETE", f"/hot-desks/{phone.mac}/session")
        await in_thread(otto.call, "POST", f"/extensions/{number}/unlock", {})
        await in_thread(otto.call, "GET", "/audit")
        await self.refused(403, otto, "PATCH", f"/extensions/{number}", {"voicemail_pin": "8265"})
        await self.refused(403, otto, "POST", "/sbcs", {"name": "branch-7", "time_zone": "Europe/Berlin"})
        await self.refused(403, otto, "PATCH", "/users/admin", {"password": "a good password"})
        rita = await self.user("rita", "reader")
        await in_thread(rita.call, "GET", "/hot-desks")
        await self.refused(403, rita, "DELETE", f"/hot-desks/{phone.mac}/session")
        await self.refused(403, rita, "GET", "/audit")

    async def test_a_second_factor_outlives_a_restart_and_so_do_used_codes(self):
        tess = await self.user("tess", "reader")
        secret = (await in_thread(tess.call, "POST", "/me/totp", {}))["secret"]
        now = time.time()
        recovery = (await in_thread(tess.call, "POST", "/me/totp/confirm", {"code": code(secret, now)}))["recovery_codes"]
        self.assertEqual(len(set(recovery)), 10)
        door = Api(self.world.core_ip)
        credentials = {"username": "tess", "password": "a good password"}
        problem = json.loads(await self.refused(401, door, "POST", "/login", credentials))
        self.assertIs(problem["second_factor"], True)
        following = code(secret, now + 30)     # ahead by a step is near enough
        await in_thread(door.call, "POST", "/login", {**credentials, "code": following})
        await in_thread(door.call, "POST", "/login", {**credentials, "code": recovery[0]})
        await in_thread(self.world.restart_core)
        await self.refused(401, door, "POST", "/login", {**credentials, "code": following})
        await self.refused(401, door, "POST", "/login", {**credentials, "code": recovery[0]})
        await in_thread(door.call, "POST", "/login", {**credentials, "code": recovery[1]})
        for file in (self.world.dir / "core").glob("store*"):
            self.assertNotIn(base64.b32decode(secret + "=" * (-len(secret) % 8)), file.read_bytes(), file)
        self.assertNotIn(secret, self.world.core.text())
        await self.api("DELETE", "/users/tess/totp")
        await in_thread(door.call, "POST", "/login", credentials)

    async def test_log_ins_are_listed_and_ended(self):
        lena = await self.user("lena", "reader")
        second = await in_thread(Api(self.world.core_ip).log_in, "lena", "a good password")
        listed = await in_thread(lena.call, "GET", "/sessions")
        self.assertEqual([s["current"] for s in listed], [True, False])
        self.assertEqual({s["user"] for s in listed}, {"lena"})
        await in_thread(lena.call, "DELETE", f"/sessions/{listed[1]['id']}")
        await self.refused(401, second, "GET", "/me")
        await in_thread(lena.call, "GET", "/me")

    async def test_the_consoles_cookie_and_where_changes_may_come_from(self):
        api, origin = self.world.api, {"Origin": f"http://{self.world.core_ip}:5000"}
        credentials = json.dumps({"username": "admin", "password": PASSWORD, "cookie": True})
        status, headers, body = await in_thread(api.request, "POST", "/api/v1/login", credentials, origin)
        self.assertEqual(status, 200)
        self.assertNotIn("token", json.loads(body))
        cookie = {"Cookie": fields(headers)["set-cookie"].partition(";")[0]}

        async def change(more):
            body = json.dumps({"number": "881", "name": "From a page"})
            return (await in_thread(api.request, "POST", "/api/v1/extensions", body, {**cookie, **more}))[0]
        self.assertEqual(await change({}), 403)
        self.assertEqual(await change({"Origin": "http://evil.example"}), 403)
        self.assertEqual(await change({"Sec-Fetch-Site": "cross-site"}), 403)
        self.assertEqual(await change(origin), 201)
        status, headers, _ = await in_thread(api.request, "POST", "/api/v1/logout", None, {**cookie, **origin})
        self.assertEqual(status, 204)
        self.assertIn("Max-Age=0", fields(headers)["set-cookie"])
        self.assertEqual((await in_thread(api.request, "GET", "/api/v1/me", None, cookie))[0], 401)

    async def test_the_page_is_served_and_trusts_nobody(self):
        status, headers, body = await in_thread(self.world.api.request, "GET", "/")
        headers = fields(headers)
        self.assertEqual(status, 200)
        self.assertIn("text/html", headers["content-type"])
        self.assertIn("<!doctype html>", body.decode().lower())
        policy = headers["content-security-policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn("unsafe", policy)
        for name, value in (("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"), ("cache-control", "no-cache"),
                            ("cross-origin-opener-policy", "same-origin")):
            self.assertEqual(headers[name], value)
        again = {"If-None-Match": headers["etag"]}
        self.assertEqual((await in_thread(self.world.api.request, "GET", "/", None, again))[0], 304)
        route, _, page = await in_thread(self.world.api.request, "GET", "/hot-desks/HD0001")
        self.assertEqual((route, page), (200, body))
        for missing in ("/assets/none.js", "/robots.txt", "/api/v2/me"):
            self.assertEqual((await in_thread(self.world.api.request, "GET", missing))[0], 404, missing)

    async def test_a_phone_that_calls_itself_a_script(self):
        phone = self.world.phone()
        phone.vendor = dataclasses.replace(phone.vendor, model="<script>alert(1)</script>",
                                           sip_agent="<script>alert(1)</script>")
        await phone.boot(wait_for_url=False)

        def shown():
            status, headers, body = self.world.api.request("GET", "/api/v1/phones", None,
                                                           {"Authorization": f"Bearer {self.world.api.token}"})
            mine = [p for p in json.loads(body) if p["mac"] == phone.mac]
            return status == 200 and mine and (fields(headers), mine[0])
        headers, seen = await eventually(lambda: shown(), 10, "the phone")
        # It comes out as what it called itself, in JSON that no browser takes for a page.
        self.assertIn("<script>", seen["model"])
        self.assertEqual(headers["content-type"], "application/json")
        self.assertEqual(headers["x-content-type-options"], "nosniff")
        self.assertIn("default-src 'none'", headers["content-security-policy"])


class TheConsolesCertificate(case.LoopbackCase):
    https = True

    def presented(self, authority, name=None):
        """The certificate that the core presents, verified by `authority` for `name` (its address, where none is said)."""
        context = ssl.create_default_context(cafile=str(authority))
        plain = socket.create_connection((self.world.core_ip, 5001), timeout=10)
        with context.wrap_socket(plain, server_hostname=name or self.world.core_ip) as secure:
            certificate = secure.getpeercert()
            secure.sendall(b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert secure.recv(15) == b"HTTP/1.1 200 OK"
        return certificate

    def make_own(self, name, key=("-newkey", "rsa:2048")):
        """A self-signed pair made by openssl."""
        certificate, secret = self.world.dir / f"{name}.crt", self.world.dir / f"{name}.key"
        subprocess.run(["openssl", "req", "-x509", *key, "-nodes", "-keyout", secret, "-out", certificate, "-days", "30",
                        "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name},IP:{self.world.core_ip}"],
                       check=True, capture_output=True, timeout=60)
        return certificate, secret

    def common_name(self, authority):
        return dict(part[0] for part in self.presented(authority)["subject"])["commonName"]

    async def test_1_by_default_it_is_the_cores_own_for_its_names_and_addresses(self):
        authority = self.world.dir / "core" / "authority.pem"
        first = await in_thread(self.presented, authority)
        names = {value for _, value in first["subjectAltName"]}
        self.assertIn(self.world.core_ip, names)
        self.assertIn("localhost", names)
        await in_thread(self.presented, authority, self.world.domain)
        await in_thread(self.world.restart_core)
        self.assertEqual((await in_thread(self.presented, authority))["serialNumber"], first["serialNumber"], "a new one without need")

    async def test_2_the_administrators_own_is_reloaded_without_a_restart(self):
        good = await in_thread(self.make_own, "first.example")
        live = (self.world.dir / "live.crt", self.world.dir / "live.key")

        def install(pair):
            for source, target in zip(pair, live):
                draft = target.with_suffix(".draft")
                draft.write_bytes(source.read_bytes())
                draft.rename(target)
        install(good)
        self.world.certificate = live
        await in_thread(lambda: (self.world.core.stop(), self.world.start_core()))
        self.assertEqual(await in_thread(self.common_name, good[0]), "first.example")
        pid = self.world.core.process.pid

        # SIGHUP: at once.
        second = await in_thread(self.make_own, "second.example", ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"))
        install(second)
        self.world.core.process.send_signal(signal.SIGHUP)
        await eventually(lambda: "https.certificate_changed" in self.world.core.text(), 10, "the reload")
        self.assertEqual(await in_thread(self.common_name, second[0]), "second.example")

        # A key of another certificate is refused, and the old pair goes on.
        install((good[0], second[1]))
        self.world.core.process.send_signal(signal.SIGHUP)
        await eventually(lambda: "config.kept" in self.world.core.text(), 10, "the refusal")
        self.assertIn("http.key", self.world.core.text())
        self.assertEqual(await in_thread(self.common_name, second[0]), "second.example")

        # Nobody says anything: it is seen.
        install(good)
        wait = time.monotonic()
        await in_thread(lambda: wait_for(lambda: self.world.core.text().count("https.certificate_changed") >= 2, 40, "the change", 0.2))
        self.say(f"new files were in force {time.monotonic() - wait:.1f} s after they were written")
        self.assertEqual(await in_thread(self.common_name, good[0]), "first.example")
        self.assertEqual(self.world.core.process.pid, pid)

        # check names the line of what can't be used.
        install((good[0], second[1]))
        checked = subprocess.run([str(self.world.core.command[0]), "check", "--config", str(self.world.core.config)],
                                 capture_output=True, text=True, timeout=30)
        self.assertNotEqual(checked.returncode, 0)
        self.assertRegex(checked.stderr + checked.stdout, r"pbx-core\.yaml:\d+:\d+: http\.key: .*private key of the certificate")
        install(good)


if __name__ == "__main__":
    case.main()
