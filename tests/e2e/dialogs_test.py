#!/usr/bin/python3
"""Who may act in a call, pick one up, and what calls for help need: attacked by strangers, by a person with an account, and from another site."""
import asyncio
import pathlib
import re
import socket
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from harness import LOCAL, Api, eventually, in_thread  # noqa: E402
from simphone.message import Message, authorization, tag_of, token  # noqa: E402
from story import both_hear, connect, hears_something, lamp_names, log_in, rings  # noqa: E402

SITES = (LOCAL, "branch-1")


class Wire:
    """A host at a site that has nothing but a socket."""

    def __init__(self, world, site):
        last = world.used[site] = world.used.get(site, 19) + 1
        self.ip = world.faces[site].rpartition(".")[0] + f".{last}"
        self.face = (world.faces[site], 5060)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((self.ip, 0))
        self.socket.setblocking(False)
        self.port = self.socket.getsockname()[1]

    def send(self, start, headers, body=""):
        via = f"SIP/2.0/UDP {self.ip}:{self.port};rport;branch=z9hG4bK{token()}"
        message = Message(start, [("Via", via), ("Max-Forwards", "70")] + headers, body.encode())
        self.socket.sendto(message.bytes(), self.face)

    async def answer(self, timeout=15, least=101):
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(timeout):
            while True:
                message = Message.parse(await loop.sock_recv(self.socket, 65535))
                if not message.is_request and message.status >= least:
                    return message

    async def hears(self, timeout=1):
        """Whether anything comes."""
        try:
            async with asyncio.timeout(timeout):
                await asyncio.get_running_loop().sock_recv(self.socket, 65535)
                return True
        except TimeoutError:
            return False


def sdp(ip, port=40000, line="RTP/AVP 0 8"):
    return f"v=0\r\no=- 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio {port} {line}\r\n"


def named(call, cseq, method, more=()):
    """The headers of a request in the phone's dialog, as its phone would write them."""
    return [("From", call.local), ("To", call.remote), ("Call-ID", call.call_id), ("CSeq", f"{cseq} {method}")] + list(more)


ATTACKS = (
    ("BYE", (), ""),
    ("INFO", (("Content-Type", "application/dtmf"),), "5"),
    ("OPTIONS", (), ""),
    ("REFER", (("Refer-To", "<sip:999@x>"), ("Contact", "<sip:mallory@127.0.0.1>")), ""),
    ("INVITE", (("Contact", "<sip:mallory@127.0.0.1>"), ("Content-Type", "application/sdp")), sdp("127.0.0.9")),
    ("UPDATE", (("Contact", "<sip:mallory@127.0.0.1>"), ("Content-Type", "application/sdp")), sdp("127.0.0.9")),
)


class Attacked(case.LoopbackCase):
    branches = ("branch-1",)

    def host(self, site):
        wire = Wire(self.world, site)
        self.addCleanup(wire.socket.close)
        return wire


class Dialogs(Attacked):

    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.alice, self.bob, self.mallory = await self.person("Alice"), await self.person("Bob"), await self.person("Mallory")
        self.a = await self.a_phone(self.alice, "yealink")
        self.b = await self.a_phone(self.bob, "snom", "branch-1")

    async def lamp_names(self, phone, number, state):
        """The names by which the lamp of `number` calls its dialog, once it is in that state."""
        phone.subscribe(number, "dialog", "application/dialog-info+xml")
        return await lamp_names(phone, number, state)

    async def test_nobody_else_acts_in_a_call(self):
        ours, theirs = await connect(self.a, self.b, self.bob)
        for call, site in ((ours, LOCAL), (theirs, "branch-1")):
            mallory = await self.a_phone(self.mallory, "fanvil", site)
            stranger, far = self.host(site), self.host(SITES[site == LOCAL])
            for method, more, body in ATTACKS:
                with self.subTest(f"{method} at {site}"):
                    uri = call.remote_target
                    stranger.send(f"{method} {uri} SIP/2.0", named(call, 2147483647, method, more), body)
                    challenge = await stranger.answer()
                    self.assertEqual(challenge.status, 401)
                    value = authorization(challenge["www-authenticate"], method, uri, mallory.setup.auth_user,
                                          mallory.setup.password)
                    stranger.send(f"{method} {uri} SIP/2.0",
                                  named(call, 2147483647, method, (*more, ("Authorization", value))), body)
                    self.assertEqual((await stranger.answer()).status, 403)
                    far.send(f"{method} {uri} SIP/2.0", named(call, 2147483647, method, more), body)
                    self.assertEqual((await far.answer()).status, 481)
        await both_hear(ours, theirs)
        self.assertEqual(await ours.hold(True, "INVITE"), 200)     # its CSeq is still the next one
        await ours.hang_up()
        await theirs.until("over")

    async def test_a_phone_that_has_moved_shows_who_it_is(self):
        for caller, callee, number in ((self.a, self.b, self.bob), (self.b, self.a, self.alice)):
            ours, theirs = await connect(caller, callee, number)
            moved = self.host(caller.site)
            uri = ours.remote_target
            moved.send(f"BYE {uri} SIP/2.0", named(ours, 50, "BYE"))
            challenge = await moved.answer()
            self.assertEqual(challenge.status, 401)
            value = authorization(challenge["www-authenticate"], "BYE", uri, caller.setup.auth_user, caller.setup.password)
            moved.send(f"BYE {uri} SIP/2.0", named(ours, 51, "BYE", [("Authorization", value)]))
            self.assertEqual((await moved.answer()).status, 200)
            await theirs.until("over")
            ours.enter("over")

    async def test_only_its_caller_gives_a_call_up(self):
        for caller, callee, number in ((self.a, self.b, self.bob), (self.b, self.a, self.alice)):
            ours = await caller.dial(number)
            theirs = await rings(callee)
            invite = ours.request_out
            cancel = [(n, v) for n, v in invite.headers if n.lower() in ("via", "from", "to", "call-id", "max-forwards")]
            stranger = self.host(caller.site)
            message = Message(f"CANCEL {ours.target} SIP/2.0", cancel + [("CSeq", f"{ours.local_cseq} CANCEL")])
            stranger.socket.sendto(message.bytes(), stranger.face)
            theirs.answer()
            await ours.until("up")
            await ours.hang_up()
            await theirs.until("over")

    async def test_a_lamp_tells_no_name_of_a_dialog_and_nobody_takes_a_call_by_it(self):
        mallory = await self.a_phone(self.mallory, "fanvil")
        ours, theirs = await connect(self.a, self.b, self.bob)
        for number, call in ((self.alice, ours), (self.bob, theirs)):
            names = await self.lamp_names(mallory, number, "confirmed")
            for secret in (call.call_id, call.local_tag, tag_of(call.remote)):
                self.assertNotIn(secret, names.values())
            for first, second in (("local-tag", "remote-tag"), ("remote-tag", "local-tag")):
                replaces = f"{names['call-id']};to-tag={names[first]};from-tag={names[second]}"
                taken = await mallory.dial(number, headers=[("Replaces", replaces)])
                await taken.until("over")
                self.assertEqual(taken.status, 481)
        await both_hear(ours, theirs)
        audit = await self.api("GET", "/audit")
        self.assertTrue([r for r in audit["records"] if r["action"] == "call.takeover_refused" and r["actor"] == self.mallory])
        await ours.hang_up()
        await theirs.until("over")

    async def test_a_ringing_call_is_picked_up_by_whoever_watches_at_any_site(self):
        for site in SITES:
            picker = await self.a_phone(self.mallory, "fanvil", site)
            ours = await self.a.dial(self.bob)
            theirs = await rings(self.b)
            names = await self.lamp_names(picker, self.bob, "early")
            replaces = f"{names['call-id']};to-tag={names['local-tag']};from-tag={names['remote-tag']}"
            picked = await picker.dial(self.bob, headers=[("Replaces", replaces)])
            await picked.until("up")
            await ours.until("up")
            await theirs.until("over", timeout=15)
            await both_hear(ours, picked)
            await picked.hang_up()
            await ours.until("over")

    async def test_a_person_carries_a_call_on_at_the_other_phone(self):
        desk = await self.a_desk()
        ours, theirs = await connect(self.a, self.b, self.bob)
        await log_in(self.world, desk, self.bob)
        names = await self.lamp_names(desk, self.bob, "confirmed")
        replaces = f"{names['call-id']};to-tag={names['local-tag']};from-tag={names['remote-tag']}"
        here = await desk.dial(self.bob, headers=[("Replaces", replaces)])
        await here.until("up")
        await theirs.until("over", timeout=15)
        await both_hear(ours, here)
        await here.hang_up()
        await ours.until("over")

    async def test_a_reader_sees_no_name_of_a_dialog(self):
        ours, theirs = await connect(self.a, self.b, self.bob)
        call = (await self.api("GET", "/calls"))[0]["id"]
        await self.api("POST", "/users", {"name": "reader1", "password": "a long pass phrase 7", "role": "reader"})
        reader = Api(self.world.api.host, self.world.api.port)
        await in_thread(reader.log_in, "reader1", "a long pass phrase 7")
        bearer = {"Authorization": f"Bearer {reader.token}"}
        for path in ("ladder", "pcap"):
            status, _, body = await in_thread(reader.request, "GET", f"/api/v1/calls/{call}/{path}", None, bearer)
            self.assertEqual(status, 200)
            for dialog in (ours, theirs):
                for secret in (dialog.call_id, dialog.local_tag, tag_of(dialog.remote)):
                    self.assertNotIn(secret.encode(), body)
        whole = await self.api("GET", f"/calls/{call}/ladder")
        self.assertIn(ours.call_id, str(whole))
        await ours.hang_up()
        await theirs.until("over")


class Emergencies(Attacked):
    def invite(self, wire, uri, body=None, more=(), contact=True):
        headers = [("From", f"<sip:nobody@x>;tag={token(4)}"), ("To", f"<{uri}>"), ("Call-ID", token()), ("CSeq", "1 INVITE")]
        if contact:
            headers.append(("Contact", f"<sip:nobody@{wire.ip}:{wire.port}>"))
        body = sdp(wire.ip) if body is None else body
        if body:
            headers.append(("Content-Type", "application/sdp"))
        wire.send(f"INVITE {uri} SIP/2.0", headers + list(more), body)

    async def test_every_form_of_a_call_for_help_is_answered(self):
        srtp = "RTP/SAVP 0 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"
        forms = [(uri, {}) for uri in (
            "sip:112@x", "sips:911@x", "tel:112", "tel:1-1-2", "tel:112;phone-context=+357", "sip:112;phone-context=+49@x",
            "sip:%31%31%32@x;user=phone", "urn:service:sos", "URN:Service:SOS.Police", "urn:service:sos.fire")]
        forms += [("sip:112@x", {"more": (h,)}) for h in (
            ("Require", "geolocation"), ("Require", "100rel, sec-agree"), ("Proxy-Require", "privacy"), ("Session-Expires", "20"),
            ("Replaces", "x;to-tag=y;from-tag=z"), ("Authorization", 'Digest username="x", realm="y", nonce="z", uri="u", response="0"'))]
        forms += [("sip:112@x", {"contact": False}), ("urn:service:sos", {"body": ""}), ("sip:112@x", {"body": ""})]
        silent = [("sip:112@x", {"body": lambda ip, line=line: sdp(ip, line=line)})
                  for line in ("RTP/AVP 9", "RTP/AVP 18", "RTP/AVP 96\r\na=rtpmap:96 opus/48000/2", srtp)]
        for site in SITES:
            for uri, form in forms + silent:
                with self.subTest(f"{uri} {form} at {site}"):
                    wire = self.host(site)
                    unheard = callable(form.get("body"))
                    self.invite(wire, uri, **({"body": form["body"](wire.ip)} if unheard else form))
                    self.assertIn((await wire.answer()).status, (183, 200))
                    if unheard:
                        self.assertEqual((await wire.answer(least=200)).status, 503)

    async def test_nobody_else_is_sent_the_announcement(self):
        for site in SITES:
            stranger, victim = self.host(site), self.host(site)
            self.invite(stranger, "sip:112@x", sdp(victim.ip, victim.port))
            self.assertEqual((await stranger.answer()).status, 183)
            self.assertFalse(await victim.hears())
            # Nor is an address that may be forged, before it was heard.
            forged = self.host(site)
            self.invite(forged, "sip:112@x", sdp(forged.ip, forged.port))
            self.assertEqual((await forged.answer()).status, 183)
            self.assertFalse(await forged.hears())

    async def test_a_stranger_hears_it_once_he_was_heard(self):
        for site in SITES:
            wire, media = self.host(site), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.addCleanup(media.close)
            media.bind((wire.ip, 0))
            media.setblocking(False)
            self.invite(wire, "sip:112@x", sdp(wire.ip, media.getsockname()[1]))
            answer = await wire.answer()
            port = int(re.search(rb"m=audio (\d+)", answer.body).group(1))
            received = asyncio.create_task(asyncio.get_running_loop().sock_recv(media, 2048))
            for n in range(750):        # as a phone does, packet after packet
                media.sendto(struct.pack("!BBHII", 0x80, 0, n, 160 * n, 0) + b"\xff" * 160, (wire.face[0], port))
                if (await asyncio.wait([received], timeout=0.02))[0]:
                    break
            self.assertTrue(received.done(), "nothing is heard in 15 s")
            self.assertEqual(len(received.result()), 172)

    async def test_strangers_leave_places_for_registered_phones(self):
        for site in SITES:
            desk = await self.a_desk(site=site)
            for _ in range(15):
                wire = self.host(site)
                for _ in range(5):
                    self.invite(wire, "sip:112@x")
            call = await desk.dial("112")
            await hears_something(desk, call)
            await call.until("over", timeout=30)
            self.assertEqual(call.status, 503)

    async def test_it_is_told_where_it_came_from(self):
        events = self.world.api.events()
        self.addCleanup(events.close)
        for site in SITES:
            number = await self.person("Dora")
            phone = await self.a_desk(site=site, options={"location": "Room 5"})
            await log_in(self.world, phone, number)
            call = await phone.dial("112")
            await call.until("ringing")

            def told(place):
                self.assertEqual((place["site"], place["hot_desk"], place["location"], place["mac"], place["extension"],
                                  place["name"], place["address"].partition(":")[0], place["number"]),
                                 (site, phone.desk_id, "Room 5", phone.mac, number, "Dora", phone.ip, "112"))

            def mine(items):
                return next((i for i in items if (i.get("emergency") or {}).get("mac") == phone.mac), None)
            told((await eventually(lambda: mine(events.named("call.started")), 15, "the event"))["emergency"])
            stats = await self.api("GET", "/stats")
            self.assertFalse(stats["emergency_route"])
            told(mine([a for a in stats["attention"] if a["kind"] == "emergency_call"])["emergency"])
            await call.hang_up()
            record = await eventually(lambda: mine(self.world.api.get("/call-records")["records"]), 15, "the record")
            told(record["emergency"])
            self.assertEqual((record["from"], record["from_name"], record["from_desk"], record["from_site"]),
                             (number, "Dora", phone.desk_id, site))
            audit = next(r for r in (await self.api("GET", "/audit"))["records"]
                         if r["action"] == "emergency_call" and phone.mac in r["detail"])
            for part in (site, phone.desk_id, "Room 5", number, "Dora", phone.ip):
                self.assertIn(part, audit["detail"])


if __name__ == "__main__":
    case.main()
