#!/usr/bin/python3
"""A phone sees the same beside the core and behind an SBC, message by message and header by header; only addresses differ.
What isn't compared is in ignored.py, with a reason each. PARITY_KEEP=DIR writes both days there."""
import asyncio
import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import World, in_thread  # noqa: E402
from compare import conversations, differences, files, trying  # noqa: E402
from day import begin, day  # noqa: E402
from steps import Cast  # noqa: E402
import doors  # noqa: E402
import ignored  # noqa: E402

SITE = "branch-1"


async def live(vendors, site):
    """A day in a world of its own, of a phone of each vendor at the same time; of each its conversations and files, comparable."""
    with World(f"parity-{vendors[0]}-{site}") as world:
        def start():
            world.start_core()
            sbc = world.make_sbc(SITE)
            # The same clock everywhere, so that time zones don't differ.
            world.api.patch(f"/sbcs/{SITE}", {"time_zone": "Europe/Nicosia"})
            sbc.start()
            world.wait_sbc(SITE)
        await in_thread(start)
        face = world.faces[site]
        phones, days = [], []
        async with asyncio.timeout(380), asyncio.TaskGroup() as together:
            # Desks are made one after the other: they are numbered.
            for number, vendor in enumerate(vendors, 1):
                cast = Cast(vendor, number)
                phone, bob, cleo = await begin(world, cast, site)
                phones.append(phone)
                days.append(together.create_task(day(world, cast, phone, bob, cleo)))
        for phone in phones:
            peers = {peer[0] for _, _, peer in phone.trace} - {"224.0.1.75"}
            assert peers == {face}, f"the phone spoke with {peers}, its face is {face}"
        asked = await in_thread(doors.answers, face)
        return [(conversations(phone.trace, face, phone.ip), files(phone.files + asked, face, phone.ip)) for phone in phones]


async def both_days(vendors):
    """Side by side: a day is mostly waiting."""
    return await asyncio.gather(live(vendors, "local"), live(vendors, SITE))


class Parity(unittest.TestCase):
    maxDiff = None

    def compare(self, *vendors):
        for vendor, local, branch in zip(vendors, *asyncio.run(both_days(vendors)), strict=True):
            with self.subTest(vendor):
                self.are_the_same(vendor, local, branch)

    def are_the_same(self, vendor, of_local, of_branch):
        (local, local_files), (branch, branch_files) = of_local, of_branch
        if keep := os.environ.get("PARITY_KEEP"):
            for name, talks, fetched in (("local", local, local_files), ("branch", branch, branch_files)):
                pathlib.Path(keep, f"{vendor}-{name}.txt").write_text("\n\n".join(
                    "\n".join("\n".join(m) for m in c) for c in talks + [[f] for f in fetched]))
        messages = sum(map(len, local))
        self.assertGreater(messages, 300, "too little was compared")
        out = differences(local, branch) + differences(local_files, branch_files)
        self.assertFalse(out, f"{vendor}: the phone sees a difference:\n" + "\n".join(out[:400]))
        print(f"    {vendor}: {len(local)} conversations, {messages} messages, {len(local_files)} files are the same", flush=True)
        self.finds_what_is_planted(local)

    def finds_what_is_planted(self, talks):
        """A comparison that finds nothing proves nothing: each message with one header more, less or other is a difference."""
        for c, talk in enumerate(talks):
            for m, message in enumerate(talk):
                # Another line of each message, the body's too; not a 100's CSeq, by which it is found.
                lines = [n for n in range(1, len(message)) if message[n] and message[n] != trying(message)]
                at = lines[(c + m) % len(lines)]
                for changed in (message[:at] + ("X-Planted: 1",) + message[at:], message[:at] + message[at + 1:],
                                message[:at] + (message[at] + "x",) + message[at + 1:]):
                    other = talk[:m] + [changed] + talk[m + 1:]
                    self.assertTrue(differences([talk], [other]), f"not found: {changed[:3]}")

    def test_yealink_and_snom(self):
        self.compare("yealink", "snom")

    def test_fanvil_and_grandstream(self):
        self.compare("fanvil", "grandstream")

    def test_htek_cisco_and_poly(self):
        self.compare("htek", "cisco", "poly")


class TheComparison(unittest.TestCase):
    """The comparator itself, on messages written by hand."""

    MESSAGE = ("NOTIFY sip:HD0001@{phone}:5060 SIP/2.0\r\nVia: SIP/2.0/UDP {face}:5060;branch=z9hG4bK{random};rport\r\n"
               "From: <sip:a@pbx>;tag={random}\r\nTo: <sip:b@pbx>\r\nCall-ID: {random}@x\r\nCSeq: 1 NOTIFY\r\n"
               "Contact: <sip:{face}:5060>\r\nEvent: check-sync\r\nContent-Length: 0\r\n\r\n")

    def day(self, face, phone, random, change=lambda text: text):
        data = change(self.MESSAGE.format(face=face, phone=phone, random=random)).encode()
        return conversations([("in", data, (face, 5060)), ("in", data, (face, 5060))], face, phone)

    def test_addresses_and_random_values_are_no_difference(self):
        self.assertFalse(differences(self.day("127.0.0.1", "127.0.0.20", "aa"), self.day("127.0.1.5", "127.0.1.20", "bb")))

    def test_a_header_too_many_too_few_or_elsewhere_is_one(self):
        plain = self.day("127.0.0.1", "127.0.0.20", "aa")
        for change in (lambda t: t.replace("Event:", "X-Planted: 1\r\nEvent:"), lambda t: t.replace("Event: check-sync\r\n", ""),
                       lambda t: t.replace("CSeq: 1", "CSeq: 2"), lambda t: t.replace(";rport", ""),
                       lambda t: t.replace("Contact: <sip:{0}:5060>\r\nEvent: check-sync".format("127.0.1.5"),
                                           "Event: check-sync\r\nContact: <sip:127.0.1.5:5060>"),
                       lambda t: t.replace("From: ", "f: "), lambda t: t.replace("127.0.1.5:5060>", "127.0.1.6:5060>"),
                       lambda t: t.replace("HD0001@127.0.1.20:5060", "HD0001@127.0.1.20:5061")):
            self.assertTrue(differences(plain, self.day("127.0.1.5", "127.0.1.20", "bb", change)))

    def test_a_challenge_repeated_because_its_request_was_is_one(self):
        challenge = self.MESSAGE.replace("Event: check-sync", 'WWW-Authenticate: Digest realm="x", nonce="{nonce}"')
        challenge = challenge.replace("NOTIFY sip:HD0001@{phone}:5060 SIP/2.0", "SIP/2.0 401 Unauthorized").replace("check-sync", "x")

        def day(*answers):
            return conversations([("in", challenge.format(face="127.0.0.1", phone="127.0.0.20", random=branch, nonce=nonce)
                                   .replace("Call-ID: " + branch, "Call-ID: c").encode(), None) for branch, nonce in answers],
                                 "127.0.0.1", "127.0.0.20")
        once = day(("b1", "n1"))
        self.assertFalse(differences(once, day(("b1", "n1"), ("b1", "n2"))))
        self.assertTrue(differences(once, day(("b1", "n1"), ("b2", "n2"))), "of another transaction it is another one")

    def test_a_100_may_be_missing_but_not_different(self):
        trying = ("<- SIP/2.0 100 Trying", "CSeq: 2 INVITE", "To: <sip:102@pbx>")
        ringing = ("<- SIP/2.0 180 Ringing", "CSeq: 2 INVITE")
        self.assertFalse(differences([[trying, ringing]], [[ringing]]))
        self.assertFalse(differences([[ringing]], [[trying, ringing]]))
        self.assertTrue(differences([[trying, ringing]], [[trying + ("X-Planted: 1",), ringing]]))
        self.assertTrue(differences([[trying, ringing]], [[trying[:2], ringing]]))
        self.assertTrue(differences([[trying, ringing]], [[trying]]), "any other answer has to be there")

    def test_a_line_in_a_body_or_a_file_is_one(self):
        text = self.MESSAGE.replace("Content-Length: 0", "Content-Length: 9") + "state=on\n"
        talks = [conversations([("in", t.format(face="127.0.0.1", phone="127.0.0.20", random="aa").encode(), None)],
                               "127.0.0.1", "127.0.0.20") for t in (text, text.replace("state=on", "state=off"))]
        self.assertTrue(differences(*talks))
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain"
        fetched = [files([("/provision/0123/x.cfg", head + more, body)], "127.0.0.1", "127.0.0.20")
                   for more, body in ((b"", b"a = 1"), (b"\r\nServer: x", b"a = 1"), (b"", b"a = 2"), (b"", b"a = 1\nb = 1"))]
        for other in fetched[1:]:
            self.assertTrue(differences(fetched[0], other))

    def test_a_conversation_too_many_is_one(self):
        plain = self.day("127.0.0.1", "127.0.0.20", "aa")
        self.assertTrue(differences(plain, plain + plain))

    def test_every_omission_has_its_reason(self):
        for *_, reason in ignored.REPLACED + ignored.HEADERS:
            self.assertGreater(len(reason), 4)


if __name__ == "__main__":
    unittest.main(verbosity=2)
