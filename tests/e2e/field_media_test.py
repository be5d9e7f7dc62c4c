#!/usr/bin/python3
"""Media of phones as they are in the field: descriptions, bodies, digits and ports that are off. Beside the core and at a
branch."""
import pathlib
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from harness import LOCAL  # noqa: E402
from story import both_hear, connect, hears_something, log_in, log_out  # noqa: E402

PIDF = b"--b 1\r\nContent-Type: application/pidf+xml\r\n\r\n<presence/>\r\n"


def replaced(old, new):
    return lambda sdp: ("application/sdp", sdp.replace(old, new))


def as_a_part(sdp):
    return ('multipart/mixed; boundary="b 1"',
            b"preamble\r\n" + PIDF + b"--b 1\r\ncontent-type: application/sdp\r\n\r\n" + sdp + b"\r\n--b 1--\r\nepilogue")


def as_a_part_of_a_part(sdp):
    _, inner = as_a_part(sdp)
    return ("Multipart/Alternative;boundary=o",
            b'--o\r\nContent-Type: multipart/related; boundary="b 1"\r\n\r\n' + inner + b"\r\n--o--")


def with_a_name(sdp):
    lines = [b"c=IN IP4 phone-1.example.test" if line.startswith(b"c=") else line for line in sdp.split(b"\r\n")]
    return "application/sdp", b"\r\n".join(lines)


def with_many_addresses(sdp):
    return "application/sdp", sdp + b"".join(b"a=candidate:%d 1 UDP 2130706431 10.0.0.1 4000 typ host\r\n" % n for n in range(100))


WORDS = {
    "a part beside a location": as_a_part,
    "a part of a part": as_a_part_of_a_part,
    "a name in c=": with_a_name,
    "a video line without formats": lambda sdp: ("application/sdp", sdp + b"m=video 0 RTP/AVP\r\n"),
    "blanks": lambda sdp: ("application/sdp", sdp.replace(b"IN IP4 ", b"IN  IP4\t").replace(b"\r\nt=", b" \r\nt=").replace(b" 101\r\n", b"  101 \r\n")),
    "no s= and t=": lambda sdp: ("application/sdp", sdp.replace(b"s=-\r\n", b"").replace(b"t=0 0\r\n", b"")),
    "line feeds alone": replaced(b"\r\n", b"\n"),
    "lines that nobody knows": replaced(b"t=0 0\r\n", b"t=0 0\r\nA=x\r\ny=1\r\nwhat\r\n"),
    "a hundred addresses": with_many_addresses,
}


class FieldMedia(case.LoopbackCase):
    branches = ("branch-1",)

    async def two_phones(self):
        self.bob = await self.person("Bob")
        self.a = await self.a_phone(await self.person("Alice"), "yealink")
        self.b = await self.a_phone(self.bob, "snom", "branch-1")
        return self.a, self.b

    def mouth(self, phone):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind((phone.ip, 0))
        self.addCleanup(sock.close)
        return sock

    async def test_descriptions_that_are_off_make_calls_that_are_heard(self):
        for phone in await self.two_phones():
            other, number = (self.b, self.bob) if phone is self.a else (self.a, self.a.registered_as)
            for what, words in WORDS.items():
                with self.subTest(what, site=phone.site):
                    phone.words = words
                    for caller, callee, to in ((phone, other, number), (other, phone, phone.registered_as)):
                        ours, theirs = await connect(caller, callee, to)
                        await both_hear(ours, theirs)
                        await ours.hang_up()
                        await theirs.until("over")
            phone.words = None

    async def test_an_answer_has_as_many_lines_as_its_offer(self):
        await self.two_phones()
        self.a.words = lambda sdp: ("application/sdp", sdp.replace(b"m=audio", b"m=video 0 RTP/AVP\r\nm=audio") + b"m=application 9 TCP/MRCPv2\r\n")
        ours, theirs = await connect(self.a, self.b, self.bob)
        lines = [line.split()[:2] for line in ours.peer_sdp.splitlines() if line.startswith("m=")]
        self.assertEqual([kind for kind, _ in lines], ["m=video", "m=audio", "m=application"])
        self.assertEqual((lines[0][1], lines[2][1]), ("0", "0"))
        ours.audio.remote = (ours.audio.remote[0], int(lines[1][1]))
        await both_hear(ours, theirs)
        await ours.hang_up()

    async def test_emergency_calls_are_answered_whatever_their_descriptions(self):
        for phone in await self.two_phones():
            for what, words in WORDS.items():
                with self.subTest(what, site=phone.site):
                    phone.words = words
                    call = await phone.dial("112")
                    await hears_something(phone, call)
                    await call.hang_up()

    async def test_digits_of_odd_phones_log_in(self):
        for site in (LOCAL, "branch-1"):
            desk = await self.a_desk("yealink", site)
            for habits in ({"event_clock": "stands"}, {"event_clock": "runs"}, {"event_clock": "ends"}, {"event_sent_as": 103}):
                with self.subTest(site=site, **habits):
                    number = await self.person("Dora", pin="7700")
                    desk.audio_habits = habits
                    await log_in(self.world, desk, number, pin="7700")
                    desk.audio_habits = {}
                    await log_out(self.world, desk)

    async def test_a_phone_that_talks_from_another_port_hears_at_the_one_it_named(self):
        for phone in await self.two_phones():
            with self.subTest(site=phone.site):
                ours, theirs = await connect(self.a, self.b, self.bob)
                call = ours if phone is self.a else theirs
                call.audio.mouth = self.mouth(phone)
                await both_hear(ours, theirs)
                with self.assertRaises(BlockingIOError):
                    call.audio.mouth.recv(2000, socket.MSG_DONTWAIT)
                await ours.hang_up()
                await theirs.until("over")

    async def test_a_stream_that_goes_on_from_another_port_is_heard_at_once_and_no_stranger(self):
        await self.two_phones()
        ours, theirs = await connect(self.a, self.b, self.bob)
        await both_hear(ours, theirs)
        for audio, at in ((ours.audio, theirs.audio), (theirs.audio, ours.audio)):
            audio.mouth = self.mouth(self.a if audio is ours.audio else self.b)
            moved = len(at.arrivals)
            await self.a.until(lambda: len(at.arrivals) > moved + 40, 15, "packets from the new port")
            gaps = [b - a for a, b in zip(at.arrivals[moved - 10:], at.arrivals[moved - 9:])]
            self.assertLess(max(gaps), 1.5)
            # The same IP, another stream.
            stranger = self.mouth(self.a if audio is ours.audio else self.b)
            for n in range(50):
                stranger.sendto(bytes([0x80, 8, 0, n, 0, 0, 0, n, 9, 9, 9, 9]) + b"\x11" * 160, audio.remote)
            at.heard.clear()
            await self.a.until(lambda: len(at.heard) > 8000 * 2, 15, "a second of audio")
            self.assertTrue(at.hears(audio.frequency, seconds=1, share=0.9))
        await ours.hang_up()


if __name__ == "__main__":
    case.main()
