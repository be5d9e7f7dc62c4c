#!/usr/bin/python3
"""Strangers at the doors that aren't SIP: the tunnel's port, HTTP, the console's log-in, the time service. They cost nobody anything."""
import asyncio
import collections
import http.client
import json
import pathlib
import re
import socket
import struct
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
import netns  # noqa: E402
from harness import LOCAL, PASSWORD, Api, ApiError, World, free_share, in_thread  # noqa: E402
from simphone.wire import HostNetwork  # noqa: E402
from story import log_in  # noqa: E402
from wan import WanWorld  # noqa: E402

HALF_A_HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
AGENT = {"User-Agent": "Yealink SIP-T46S 66.86.0.15"}


class Flood:
    """Connects from `addresses`, a thousand times a second, `says` something, and keeps the newest `keep` of its connections."""

    def __init__(self, to, addresses, says=b"", keep=600, per_second=1000, network=HostNetwork):
        self.to, self.addresses, self.says, self.per_second, self.network = to, addresses, says, per_second, network
        self.kept, self.keep, self.made, self.going = collections.deque(), keep, 0, True
        self.thread = threading.Thread(target=self.run, daemon=True)

    def connect(self, address):
        s = self.network.socket(socket.SOCK_STREAM)
        s.setblocking(False)
        s.bind((address, 0))
        s.connect_ex(self.to)
        try:
            s.send(self.says)
        except OSError:
            pass
        self.kept.append(s)
        self.made += 1
        if len(self.kept) > self.keep:
            self.kept.popleft().close()

    def run(self):
        began = time.monotonic()
        while self.going and time.monotonic() - began < 30:
            due = int((time.monotonic() - began) * self.per_second)
            while self.made < due and self.going:
                self.connect(self.addresses[self.made % len(self.addresses)])
            time.sleep(0.002)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.going = False
        self.thread.join()
        for s in self.kept:
            s.close()


def get(host, path, source, network=HostNetwork):
    connection = http.client.HTTPConnection(host, 5000, timeout=5)
    try:
        connection.sock = network.socket(socket.SOCK_STREAM)
        connection.sock.settimeout(5)
        connection.sock.bind((source, 0))
        connection.sock.connect((host, 5000))
        connection.request("GET", path, None, AGENT)
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def raw(host, text, port=5000):
    """The first answer's status line and header, as text, and whether the connection was closed after it."""
    with socket.create_connection((host, port), 5) as s:
        s.sendall(text)
        got = b""
        while b"\r\n\r\n" not in got and (piece := s.recv(65536)):
            got += piece
        s.settimeout(0.5)
        try:
            while piece := s.recv(65536):
                got += piece
            closed = True
        except (TimeoutError, OSError):
            closed = False
        return got.partition(b"\r\n\r\n")[0].decode("latin-1"), closed


class Doors(case.LoopbackCase):
    branches = ("branch-1",)

    def strangers(self, count, site=LOCAL):
        net = self.world.faces[site].rpartition(".")[0]
        return [f"{net}.{100 + n}" for n in range(count)]

    async def test_drips_keep_neither_a_phone_nor_the_console_out(self):
        for site in (LOCAL, "branch-1"):
            phone = await self.a_desk(site=site)
            path = urllib.parse.urlsplit(phone.url).path
            if not path.endswith(".cfg"):
                path = path.rstrip("/") + f"/{phone.mac}.cfg"
            face = self.world.faces[site]
            with Flood((face, 5000), self.strangers(16, site), b"GET /provision/x HTTP/1.1\r\nX: ", keep=16 * 64) as flood:
                await asyncio.sleep(1.5)
                for _ in range(10):
                    began = time.monotonic()
                    status, _, body = await in_thread(get, face, path, phone.ip)
                    self.assertEqual(status, 200, site)
                    self.assertIn(phone.desk_id.encode(), body)
                    self.assertLess(time.monotonic() - began, 2)
                    if site == LOCAL:
                        self.assertEqual((await in_thread(get, face, "/", "127.0.0.1"))[0], 200)
                        self.assertTrue(await in_thread(self.world.api.get, "/extensions") is not None)
                    await asyncio.sleep(0.05)
            self.say(f"{site}: {flood.made} dripping connections, 10 of 10 fetches")

    async def test_an_sbc_is_back_within_five_seconds_whoever_connects(self):
        for addresses, says in ((1, b""), (100, b""), (1, HALF_A_HELLO), (100, HALF_A_HELLO)):
            with Flood((self.world.core_ip, 5090), self.strangers(addresses), says):
                await asyncio.sleep(0.7)
                sbc = self.world.sbcs["branch-1"]
                await in_thread(sbc.stop)
                await in_thread(self.world.wait_sbc, "branch-1", False)
                began = time.monotonic()
                await in_thread(sbc.start)
                await in_thread(self.world.wait_sbc, "branch-1")
                took = time.monotonic() - began
            self.say(f"{addresses} addresses, {'half a ClientHello' if says else 'silent'}: back after {took:.2f} s")
            self.assertLess(took, 5)

    async def test_a_desks_pin_does_not_wait_for_the_consoles_log_ins(self):
        phone, number = await self.a_desk(), await self.person()
        body = json.dumps({"username": "nobody", "password": "guess"}).encode()
        head = b"POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body)
        share = await in_thread(free_share)
        with Flood((self.world.core_ip, 5000), self.strangers(42), head + body, keep=420, per_second=420):
            await asyncio.sleep(1)
            await log_in(self.world, phone, number)
        share = min(share, await in_thread(free_share))     # others may have begun meanwhile
        answered = [float(ms) for desk, ms in re.findall(r"login\.answered desk=(\S+) ok=true ms=([\d.]+)", self.world.core.text())
                    if desk == phone.desk_id]
        self.assertEqual(len(answered), 1)
        # Behind the console's log-ins that wait (420, of some 12 ms each), it would take five seconds of a whole core.
        self.say(f"the PIN was answered after {answered[0]:.0f} ms, with {share:.0%} of a core free before and after the flood")
        self.assertLess(answered[0], 1000 / share)

    async def test_a_stolen_token_becomes_no_more_than_it_is(self):
        for scope in ("reader", "operator", "administrator"):
            made = await self.api("POST", "/tokens", {"name": "stolen", "scope": scope})
            thief = Api(self.world.core_ip)
            thief.token = made["token"]
            for method, path, body in (
                    ("POST", "/users", {"name": "mallory", "password": "a good password", "role": "administrator"}),
                    ("PATCH", "/users/admin", {"password": "a good password"}),
                    ("PATCH", "/users/admin", {"role": "reader"}),
                    ("DELETE", "/users/admin", None),
                    ("DELETE", "/users/admin/totp", None),
                    ("POST", "/me/totp", None),
                    ("POST", "/tokens", {"name": "for ever", "scope": scope}),
                    ("POST", "/backup", None),
                    ("PATCH", "/settings", {"audit_days": 1})):
                with self.assertRaises(ApiError) as refused:
                    await in_thread(thief.call, method, path, body)
                self.assertEqual(refused.exception.status, 403, (scope, method, path))
            await self.api("DELETE", f"/tokens/{made['id']}")
            with self.assertRaises(ApiError) as refused:
                await in_thread(thief.call, "GET", "/extensions")
            self.assertEqual(refused.exception.status, 401)
        self.assertEqual([user["name"] for user in await self.api("GET", "/users")], ["admin"])

    async def test_requests_that_somebody_else_may_read_otherwise_end_the_connection(self):
        smuggled = b"GET /provision/smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
        for site in (LOCAL, "branch-1"):
            for fields, statuses in ((b"Host: x\r\nTransfer-Encoding: xchunked", "501"), (b"Host: x\r\nTransfer-Encoding: identity", "501"),
                                     (b"Host: x\r\nTransfer-Encoding: chunked, identity", "501"),
                                     (b"Host: x\r\nTransfer-Encoding: gzip, chunked", "501"),
                                     (b"Host: x\r\nTransfer-Encoding: chunked, chunked", "400"),
                                     (b"Host: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4", "400"),
                                     (b"Host: x\r\nHost: y", "400"), (b"Host: x\r\nHost: x", "400"), (b"X: y", "400"),
                                     (b"Host: a b", "400"), (b"Host: x\r\nX: a\x01b", "400"), (b"Host: x\r\nX: a\x7f", "400"),
                                     (b"Host: x\r\nX: a\rY: b", "400")):
                head, closed = await in_thread(raw, self.world.faces[site], b"GET /provision/x HTTP/1.1\r\n" + fields + b"\r\n\r\n" + smuggled)
                self.assertEqual(head.split()[1], statuses, (site, fields))
                self.assertTrue(closed, (site, fields))

    async def test_both_sides_answer_methods_forms_and_empty_lines_alike(self):
        answers = {}
        for site in (LOCAL, "branch-1"):
            face, told = self.world.faces[site], []
            for method in ("POST", "DELETE", "OPTIONS", "TRACE", "PATCH", "PROPFIND"):
                for path in ("/provision/", "/provision/aaaaaaaaaaaaaaaaaaaaaa/x.cfg", "/provision"):
                    for body in (b"", b"Content-Length: 3\r\n", b"Content-Length: 50000\r\n", b"Transfer-Encoding: chunked\r\n"):
                        text = f"{method} {path} HTTP/1.1\r\nHost: x\r\n".encode() + body + b"\r\n"
                        if body == b"Content-Length: 3\r\n":
                            text += b"abc"
                        head, _ = await in_thread(raw, face, text)
                        self.assertEqual(head.split()[1], "405", (site, method, path, body))
                        self.assertIn("Allow: GET, HEAD", head)
                        told.append(sorted(head.splitlines()))
            # A phone's log, taken and thrown away; where a client asks first, it isn't asked for.
            for body, status in ((b"", "204"), (b"Content-Length: 3\r\n\r\nabc", "204"), (b"Content-Length: 900000\r\n\r\n" + b"l" * 900000, "204"),
                                 (b"Content-Length: 900000\r\nExpect: 100-continue\r\n", "204"), (b"Content-Length: 2000000\r\n", "413"),
                                 (b"Transfer-Encoding: chunked\r\n", "411")):
                head, _ = await in_thread(raw, face, b"PUT /provision/aaaaaaaaaaaaaaaaaaaaaa/482567b5313f-app.log HTTP/1.1\r\nHost: x\r\n" + body
                                          + (b"" if b"\r\n\r\n" in body else b"\r\n"))
                self.assertEqual(head.split()[1], status, (site, body[:60]))
                told.append(sorted(head.splitlines()))
            for request in (b"GET http://%s:5000/provision/x.cfg HTTP/1.1\r\nHost: other\r\n\r\n" % face.encode(),
                            b"\r\nGET /provision/x.cfg HTTP/1.1\r\nHost: x\r\n\r\n",
                            b"\r\n\r\nHEAD /provision/x.cfg HTTP/1.0\r\n\r\n"):
                head, _ = await in_thread(raw, face, request)
                self.assertEqual(head.split()[1], "404", (site, request))
                told.append(sorted(head.splitlines()))
            answers[site] = told
        self.assertEqual(answers[LOCAL], answers["branch-1"])

    async def test_the_absolute_form_fetches_a_file(self):
        for site in (LOCAL, "branch-1"):
            phone = await self.a_desk(site=site)
            url = phone.url if phone.url.endswith(".cfg") else phone.url.rstrip("/") + f"/{phone.mac}.cfg"
            status, _, body = await in_thread(get, self.world.faces[site], url, phone.ip)
            self.assertEqual(status, 200, site)
            self.assertIn(phone.desk_id.encode(), body)
            self.assertIn(f"ntp_server1 = {self.world.faces[site]}".encode(), body)

    async def test_both_sides_tell_the_time_in_every_mode_that_asks_for_it(self):
        for site in (LOCAL, "branch-1"):
            for version, mode, answered in ((4, 3, 4), (3, 3, 4), (1, 3, 4), (1, 0, 4), (4, 1, 2), (3, 1, 2)):
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
                    s.settimeout(5)
                    s.sendto(bytes([version << 3 | mode]) + bytes(39) + b"12345678", (self.world.faces[site], 1123))
                    answer = s.recv(1024)
                self.assertEqual(answer[0], version << 3 | answered, (site, version, mode))
                self.assertEqual(answer[24:32], b"12345678")
                self.assertLess(abs(struct.unpack(">I", answer[40:44])[0] - 2208988800 - time.time()), 5)


class OffLoopback(case.LoopbackCase):
    """Strangers that aren't on the core's own machine: nothing is theirs but what all others leave."""
    own_world = True

    @classmethod
    def setUpClass(cls):
        netns.needed()
        super().setUpClass()

    @classmethod
    def build_world(cls):
        world = WanWorld("doors")
        try:
            world.start_core()
        except BaseException:
            world.close(failed=True)
            raise
        return world

    async def test_a_thousand_drips_keep_neither_a_phone_nor_the_console_out(self):
        core, face = self.world.sites.core, self.world.core_ip
        strangers = [f"10.9.1.{n}" for n in range(1, 65)]
        for address in strangers:
            core.ip("addr", "add", f"{address}/32", "dev", "lo")
        phone = await self.a_phone(await self.person())
        path = urllib.parse.urlsplit(phone.url).path
        path = path if path.endswith(".cfg") else path.rstrip("/") + f"/{phone.mac}.cfg"
        self.assertEqual((await in_thread(get, face, "/", strangers[0], core))[0], 404, "the console, in the clear")
        self.assertEqual((await in_thread(get, face, "/api/v1/openapi.json", strangers[0], core))[0], 404)
        with Flood((face, 5000), strangers, b"GET /provision/x HTTP/1.1\r\nX: ", keep=64 * 64, network=core) as flood:
            await asyncio.sleep(2)
            for _ in range(10):
                self.assertEqual((await in_thread(get, face, path, phone.ip, core))[0], 200)
                self.assertEqual((await in_thread(get, "127.0.0.1", "/", "127.0.0.1", core))[0], 200)
                await self.api("GET", "/extensions")
                await asyncio.sleep(0.05)
        self.say(f"{flood.made} dripping connections from 64 addresses, 10 of 10 fetches")


class BehindAProxy(case.LoopbackCase):
    """A reverse proxy on the core's machine: who is behind it is told apart, and nobody else is believed."""
    own_world = True

    @classmethod
    def build_world(cls):
        world = World("behindaproxy")
        world.proxies = "[127.0.0.1]"
        world.start_core()
        return world

    def try_log_in(self, client, user, password, source="127.0.0.1"):
        body = json.dumps({"username": user, "password": password})
        connection = http.client.HTTPConnection(self.world.core_ip, 5000, timeout=10, source_address=(source, 0))
        try:
            connection.request("POST", "/api/v1/login", body, {"X-Forwarded-For": client, "Content-Type": "application/json"})
            return connection.getresponse().status
        finally:
            connection.close()

    async def test_wrong_ones_from_one_client_lock_out_nobody_else(self):
        def attack():
            statuses = [self.try_log_in("1.2.3.4, 198.51.100.66", f"user{n}", "guess") for n in range(21)]
            self.assertEqual(statuses[:20], [401] * 20)
            self.assertEqual(statuses[20], 429)
            self.assertEqual(self.try_log_in("198.51.100.66", "admin", PASSWORD), 429)
            self.assertEqual(self.try_log_in("198.51.100.7", "admin", PASSWORD), 200)
            self.assertEqual(self.try_log_in("", "admin", PASSWORD), 200)
            # Somebody who isn't the proxy speaks for himself only.
            for n in range(5):
                self.assertEqual(self.try_log_in(f"203.0.113.{n}", "admin", "guess", "127.0.0.77"), 401)
            self.assertEqual(self.try_log_in("203.0.113.99", "admin", PASSWORD, "127.0.0.77"), 429)
        await in_thread(attack)


if __name__ == "__main__":
    case.main()
