#!/usr/bin/python3
"""Encrypted speech: phones by SRTP with keys in SIP over TLS, beside the core and at a branch, among each other and with phones
that talk in the clear; what somebody in the LAN sees and can do; where keys must not be found; baresip."""
import base64
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
import clients_test  # noqa: E402
import netns  # noqa: E402
import wan  # noqa: E402
from harness import LOCAL, in_thread  # noqa: E402
from simphone import g711, srtp  # noqa: E402
from simphone.audio import power, tone  # noqa: E402
from softphones import Baresip, Talking  # noqa: E402
from story import both_hear, connect, eventually, log_in, log_out, rings  # noqa: E402


def rtp_of(pcap, port):
    """The datagrams from or to a port in a capture of `lo` (Ethernet)."""
    at, found = 24, []
    while at < len(pcap):
        size = struct.unpack("<I", pcap[at + 8:at + 12])[0]
        ip = pcap[at + 16 + 14:at + 16 + size]
        if ip[9] == 17 and port in struct.unpack(">HH", ip[20:24]):
            found.append((struct.unpack(">HH", ip[20:24]), ip[28:]))
        at += 16 + size
    return found


def played(packets):
    """What one hears who plays the payloads as A-law."""
    return g711.decode(b"".join(p[12:172] for p in packets if len(p) > 12), alaw=True)


class Srtp(case.LoopbackCase):
    branches = ("branch-1",)
    sips = True

    async def sealed(self, site=LOCAL, vendor="yealink", how="required", suites=("AES_CM_128_HMAC_SHA1_80",)):
        """(a person's number, the phone where it is logged in: a desk with SRTP)."""
        phone = self.world.phone(vendor, site)
        phone.srtp_suites = list(suites)
        phone = await self.a_desk(vendor, site, phone=phone, options={"srtp": how})
        self.assertEqual((phone.setup.transport, phone.setup.srtp), ("tls", how))
        number = await self.person()
        await log_in(self.world, phone, number)      # by a call that is SRTP itself
        return number, phone

    async def plain(self, site=LOCAL):
        number = await self.person("Bob")
        return number, await self.a_phone(number, "snom", site)

    async def call(self, a, b, number):
        """Up, and heard both ways by what is said."""
        ours, theirs = await connect(a, b, number)
        await both_hear(ours, theirs)
        return ours, theirs

    def is_sealed(self, call, suite="AES_CM_128_HMAC_SHA1_80"):
        self.assertIsNotNone(call.sealing)
        self.assertEqual(call.sealing[0], suite)
        self.assertEqual(call.audio.refused, 0)

    async def with_a_plain_phone(self, site, other):
        number, phone = await self.sealed(site)
        bob, his = await self.plain(other)
        ours, theirs = await self.call(phone, his, bob)
        self.is_sealed(ours)
        self.assertIsNone(theirs.sealing)
        self.assertNotIn("crypto", theirs.peer_sdp)
        self.assertEqual(await ours.hold(), 200)
        self.assertEqual(await ours.hold(False), 200)
        await both_hear(ours, theirs, 520, 780)
        await theirs.hang_up()
        await ours.until("over")
        theirs, ours = await self.call(his, phone, number)
        self.is_sealed(ours)
        await ours.hang_up()
        await log_out(self.world, phone)

    async def test_srtp_and_rtp_beside_the_core(self):
        await self.with_a_plain_phone(LOCAL, LOCAL)

    async def test_srtp_and_rtp_at_a_branch(self):
        await self.with_a_plain_phone("branch-1", "branch-1")

    async def test_srtp_at_a_branch_and_rtp_beside_the_core(self):
        await self.with_a_plain_phone("branch-1", LOCAL)

    async def test_srtp_on_both_sides_with_other_suites(self):
        suites = list(srtp.SUITES)
        for i, site in enumerate((LOCAL, "branch-1")):
            number, one = await self.sealed(site, suites=suites[2 * i:2 * i + 1])
            bob, two = await self.sealed("branch-1", suites=suites[2 * i + 1:2 * i + 2])
            ours, theirs = await self.call(one, two, bob)
            self.is_sealed(ours, suites[2 * i])
            self.is_sealed(theirs, suites[2 * i + 1])
            await ours.hang_up()
            await theirs.until("over")

    async def test_it_is_in_the_files_of_the_four_vendors(self):
        for vendor in ("yealink", "snom", "fanvil", "grandstream"):
            for how in ("optional", "required"):
                desk = await self.a_desk(vendor, options={"srtp": how})
                self.assertEqual((desk.setup.transport, desk.setup.srtp), ("tls", how), vendor)

    async def test_a_site_and_the_settings_give_it_to_their_phones(self):
        number = await self.person()
        phone = await self.a_phone(number, site="branch-1")
        self.assertEqual(phone.setup.srtp, "off")

        async def becomes(how):
            await phone.until(lambda: (phone.setup.srtp, phone.registered_as) == (how, number), 20, f"to be told {how}")
        for change, undo, path in (({"srtp": "required"}, {"srtp": None}, "/sbcs/branch-1"),
                                   ({"media": {"srtp": "optional"}}, {"media": {"srtp": "off"}}, "/settings"),
                                   ({"srtp": "optional"}, {"srtp": None}, f"/phones/{phone.mac}")):
            await self.api("PATCH", path, change)
            await becomes(change.get("srtp") or change["media"]["srtp"])
            await self.api("PATCH", path, undo)
            await becomes("off")

    # ---- attacks
    async def test_a_capture_of_the_lan_says_nothing_without_the_keys_and_all_with_them(self):
        if not shutil.which("tcpdump"):
            raise unittest.SkipTest("tcpdump isn't installed")
        _, phone = await self.sealed()
        bob, his = await self.plain("branch-1")
        file = self.world.dir / "lan.pcap"
        dump = subprocess.Popen(["tcpdump", "-i", "lo", "--immediate-mode", "-U", "-w", str(file), "net", phone.ip], stderr=subprocess.PIPE)
        self.addCleanup(dump.wait)
        self.addCleanup(dump.terminate)
        await in_thread(dump.stderr.readline)
        ours, theirs = await self.call(phone, his, bob)
        await eventually(lambda: ours.audio.hears(theirs.audio.frequency) and min(ours.audio.packets, len(ours.audio.departures)) > 60, 10,
                         "a second of speech both ways")
        suite, theirs_key = ours.sealing
        port = ours.audio.port
        own_key = ours.keys[suite]
        await ours.hang_up()
        dump.terminate()
        await in_thread(dump.wait)
        self.addCleanup(dump.stderr.close)
        packets = rtp_of(file.read_bytes(), port)
        for direction, key, frequency in (("said", own_key, ours.audio.frequency), ("heard", theirs_key, theirs.audio.frequency)):
            wire = [p for ports, p in packets if ports[0 if direction == "said" else 1] == port]
            self.assertGreater(len(wire), 40, direction)
            self.assertLess(power(played(wire), frequency), 0.05, f"{direction}, played as it is")
            context = srtp.Context(suite, key, False)
            opened = [p for p in map(context.open, wire) if p]
            self.assertEqual(len(opened), len(wire), direction)
            self.assertGreater(power(played(opened)[-16000:], frequency), 0.5, f"{direction}, with its key")
        self.assertNotIn(own_key.encode(), file.read_bytes(), "SIP is TLS")

    async def test_what_is_forged_replayed_or_in_the_clear_is_not_heard(self):
        for site in (LOCAL, "branch-1"):
            _, phone = await self.sealed(site)
            bob, his = await self.plain(site)
            ours, theirs = await self.call(phone, his, bob)
            before, begun = theirs.audio.packets, time.monotonic()
            sent = ours.audio.said
            face = ours.audio.remote
            shout = g711.encode(tone(2500, samples=160), alaw=True)
            for i in range(200):                    # from the phone's own address and port
                header = struct.pack("!BBHII", 0x80, 8, (ours.audio.sequence + 1 + i) & 0xFFFF, i * 160, ours.audio.ssrc)
                ours.audio.sock.sendto(header + shout, face)
                ours.audio.sock.sendto(header + shout + b"\0" * 10, face)
                ours.audio.sock.sendto(sent[:-1] + bytes([sent[-1] ^ 1]), face)
                ours.audio.sock.sendto(sent, face)
            theirs.audio.heard.clear()
            await both_hear(ours, theirs, 520, 780)
            self.assertFalse(theirs.audio.hears(2500))
            passed = time.monotonic() - begun
            self.assertLess(theirs.audio.packets - before, passed * 50 + 30, "what was sent once is heard once")
            await ours.hang_up()
            await theirs.until("over")
        self.assertLess(len(re.findall(r"srtp|unprotect", self.world.core.text(), re.I)), 20, "no line for each packet")

    async def test_an_sbc_that_dies_in_a_call_uses_no_keystream_a_second_time(self):
        _, phone = await self.sealed("branch-1", suites=("AES_CM_128_HMAC_SHA1_80",))
        bob, his = await self.plain()
        ours, theirs = await self.call(phone, his, bob)
        wire = ours.audio.wire = []
        keys = [ours.sealing]
        await eventually(lambda: len(wire) > 50, 10, "a second of speech")
        sbc = self.world.sbcs["branch-1"]
        for _ in range(2):
            await in_thread(sbc.kill)
            await in_thread(self.world.wait_sbc, "branch-1", False)
            sbc.start()
            await in_thread(self.world.wait_sbc, "branch-1")
            await phone.until(lambda: phone.stream is None, 15, "its connection's end")
            await phone.connect()
            self.assertTrue(await phone.register())
            await eventually(lambda: ours.sealing != keys[-1], 15, "other keys")
            keys.append(ours.sealing)
            ours.audio.heard.clear()
            theirs.audio.heard.clear()
            await both_hear(ours, theirs, 520, 780)
        await ours.hang_up()
        await theirs.until("over")
        self.assertEqual(len({key for _, key in keys}), 3)
        contexts = [srtp.Context(suite, key, False) for suite, key in keys]
        indices = []
        for packet in wire:      # a context opens each index once
            under = [i for i, context in enumerate(contexts) if context.open(packet)]
            self.assertEqual(len(under), 1, "sealed by a key that the phone was told, under an index that wasn't used")
            indices.append((under[0], packet[8:12], packet[2:4]))
        self.assertEqual(len(indices), len(set(indices)))
        self.assertEqual({i for i, _, _ in indices}, {0, 1, 2})

    async def test_keys_taken_out_on_the_way_are_a_488(self):
        number, phone = await self.sealed()
        bob, his = await self.plain()

        def stripped(body):
            text = re.sub(rb"a=crypto:[^\r]*\r\n", b"", body)
            return "application/sdp", text.replace(b"RTP/SAVP", b"RTP/AVP")
        phone.words = stripped                       # as somebody between would make of what it says
        call = await phone.dial(bob)
        await call.until("over")
        self.assertEqual(call.status, 488)
        self.assertEqual(his.calls, [])
        his_call = await his.dial(number)
        answering = await rings(phone)
        answering.answer()
        await his_call.until("over")
        self.assertEqual(his_call.status, 488)
        self.assertEqual(his_call.audio.packets, 0)

    async def test_keys_are_nowhere_but_in_the_call(self):
        _, phone = await self.sealed("branch-1")
        bob, his = await self.sealed()
        ours, theirs = await self.call(phone, his, bob)
        keys = [key for call in (ours, theirs) for key in (call.sealing[1], call.keys[call.sealing[0]])]
        self.assertEqual(len(set(keys)), 4)
        shown = {}

        async def look(path):
            api = self.world.api
            shown[path] = (await in_thread(api.request, "GET", "/api/v1" + path, None,
                                           {"Authorization": f"Bearer {api.token}"}))[2]
        call = (await self.api("GET", "/calls"))[0]["id"]
        for path in ("/calls", f"/calls/{call}/ladder", f"/calls/{call}/pcap"):
            await look(path)
        await ours.hang_up()
        await theirs.until("over")
        for path in (f"/calls/{call}/ladder", f"/calls/{call}/pcap", "/call-records", "/audit", "/phones", "/hot-desks", "/settings"):
            await look(path)
        self.assertIn(b"crypto", b"".join(str(v).encode() if not isinstance(v, bytes) else v for v in shown.values()),
                      "the ladder shows that there were keys")
        await self.person("Carol")                   # what is written behind is stored with it
        places = {**shown, **{str(p): p.read_bytes() for p in self.world.dir.rglob("*") if p.is_file()}}
        for key in keys:
            raw = base64.b64decode(key + "=" * (-len(key) % 4))
            for form in (key.rstrip("=").encode(), raw, raw.hex().encode()):
                for place, content in places.items():
                    content = content if isinstance(content, bytes) else str(content).encode()
                    self.assertNotIn(form, content, place)


class BaresipSrtp(Talking, clients_test.OtherClients):
    """Debian's baresip with its module srtp, in a network namespace."""
    branches = wan.BRANCHES
    test_sipp_beside_the_core_over_udp = test_sipp_at_a_branch_over_tcp = None
    program_of = clients_test.SoftPhones.program_of

    @classmethod
    def setUpClass(cls):
        netns.needed()
        super().setUpClass()

    @classmethod
    def build_world(cls):
        return wan.WanCase.build_world(sips=True)

    async def credentials(self, number, site):
        ip, setup = await super().credentials(number, site)
        mac = self.world.phones[-1].mac
        await in_thread(self.world.api.patch, f"/phones/{mac}", {"srtp": "required"})
        setup.transport, setup.srtp, setup.proxy = "tls", "required", (setup.proxy[0], 5061)
        return ip, setup

    async def talks(self, site):
        number, program, other = await self.program_of(Baresip, site)
        try:
            call = await other.dial(number)
            await call.until("up", timeout=10)
            await self.both_hear(call, program, "called")
            self.assertIn("SRTP", program.text())
            await call.hang_up()
            # It tells a call's duration from a second on.
            await eventually(lambda: program.said("session closed", *program.over), 10, "baresip knows that it is over")
            program.dial(other.setup.user)
            call = await rings(other, 10)
            call.answer()
            await self.both_hear(call, program, "calling")
            program.hang_up()
            await call.until("over", timeout=10)
        except BaseException:
            print(program.text()[-4000:], file=sys.stderr)
            raise

    async def test_baresip_beside_the_core(self):
        await self.talks(LOCAL)

    async def test_baresip_at_a_branch(self):
        await self.talks("branch-1")


if __name__ == "__main__":
    case.main()
