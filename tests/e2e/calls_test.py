#!/usr/bin/python3
"""Calls between extensions, one phone beside the core, one behind the SBC, with what is heard checked."""
import asyncio
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from simphone.message import Message  # noqa: E402
from story import both_hear, connect, log_in, refused, rings, talk  # noqa: E402


class Calls(case.LoopbackCase):
    branches = ("branch-1",)

    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.alice, self.bob, self.cleo = await self.person("Alice"), await self.person("Bob"), await self.person("Cleo")
        self.a = await self.a_phone(self.alice, "yealink")
        self.b = await self.a_phone(self.bob, "snom", "branch-1")
        self.c = await self.a_phone(self.cleo, "fanvil", "branch-1")

    async def no_calls_left(self):
        for _ in range(40):
            if not await self.api("GET", "/calls"):
                return
            await asyncio.sleep(0.1)
        self.fail(f"calls stayed: {await self.api('GET', '/calls')}")

    async def test_everybody_reaches_everybody(self):
        await talk(self.a, self.b, self.bob)
        await talk(self.b, self.a, self.alice)
        await talk(self.b, self.c, self.cleo)
        await self.no_calls_left()

    async def test_hold_and_resume_by_invite_and_update(self):
        ours, theirs = await connect(self.a, self.b, self.bob)
        for method in ("INVITE", "UPDATE"):
            with self.subTest(method):
                await both_hear(ours, theirs)
                self.assertEqual(await ours.hold(True, method), 200)
                await self.b.until(lambda: theirs.peer_direction in ("sendonly", "inactive"), 15, "hold")
                self.assertEqual(await ours.hold(False, method), 200)
                await self.b.until(lambda: theirs.peer_direction == "sendrecv", 15, "resume")
                ours.audio.heard.clear()
                theirs.audio.heard.clear()
                await both_hear(ours, theirs)
        await ours.hang_up()
        await theirs.until("over")
        await self.no_calls_left()

    async def test_an_invite_without_an_offer(self):
        ours = await self.a.dial(self.bob, body=False)
        theirs = await rings(self.b)
        theirs.answer()
        await ours.until("up")
        await both_hear(ours, theirs)
        await theirs.hang_up()
        await ours.until("over")

    async def test_busy_and_nobody_there(self):
        ours = await self.a.dial(self.bob)
        theirs = await rings(self.b)
        await theirs.hang_up()
        await ours.until("over")
        self.assertEqual(ours.status, 486)
        self.assertEqual(await refused(self.a, await self.person("Dan")), 480)
        self.assertEqual(await refused(self.a, "98765"), 404)
        await self.no_calls_left()

    async def test_a_phone_that_is_gone_is_given_up(self):
        await self.c.power_off()  # without a word: it is registered still
        began = time.monotonic()
        self.assertEqual(await refused(self.a, self.cleo), 480)
        self.assertLess(time.monotonic() - began, 8.5)
        await self.no_calls_left()

    async def test_a_caller_who_gives_up_stops_the_ringing(self):
        ours = await self.a.dial(self.bob)
        theirs = await rings(self.b)
        await ours.until("ringing")
        await ours.hang_up()
        await theirs.until("over", timeout=15)
        await self.a.until(lambda: ours.status == 487, 15, "487")
        await self.no_calls_left()

    async def test_a_blind_transfer(self):
        ours, theirs = await connect(self.a, self.b, self.bob)
        self.assertEqual(await theirs.refer(self.cleo), 202)
        third = await rings(self.c)
        third.answer()
        await third.until("up")
        await self.b.until(lambda: any(w == "refer" and " 200" in d for w, d in self.b.seen), 15, "the transfer's result")
        if theirs.state == "up":
            await theirs.hang_up()
        await both_hear(ours, third)
        await ours.hang_up()
        await third.until("over")
        await self.no_calls_left()

    async def test_an_attended_transfer(self):
        ours, theirs = await connect(self.a, self.b, self.bob)
        self.assertEqual(await theirs.hold(), 200)
        asking, third = await connect(self.b, self.c, self.cleo)
        await both_hear(asking, third)
        self.assertEqual(await theirs.refer(self.cleo, replaces=asking), 202)
        await self.b.until(lambda: any(w == "refer" and " 200" in d for w, d in self.b.seen), 15, "the transfer's result")
        for call in (theirs, asking):
            if call.state == "up":
                await call.hang_up()
        for call in (ours, third):
            call.audio.heard.clear()
        await both_hear(ours, third)
        await third.hang_up()
        await ours.until("over")
        await self.no_calls_left()

    async def hears_ringing(self, call):
        call.audio.heard.clear()
        await call.phone.until(lambda: call.audio.hears(425), 6, "ringing tone")

    async def shown(self, phone, name):
        """Whoever talks to `phone` is called so from now on."""
        await phone.until(lambda: any(way == "in" and data.startswith((b"INVITE", b"UPDATE")) and
                                      f'P-Asserted-Identity: "{name}"'.encode() in data for way, data, _ in phone.trace), 3,
                          f"P-Asserted-Identity of {name}")

    async def test_a_blind_transfer_that_nobody_takes_comes_back(self):
        a, b, c = (self.a, self.alice, "Alice"), (self.b, self.bob, "Bob"), (self.c, self.cleo, "Cleo")
        # Between the sites, and within the branch, where the packets of the two don't come to the core.
        for (staying, number, name), (by, by_number, by_name), (target, target_number, _) in ((a, b, c), (b, c, a)):
            with self.subTest(name):
                ours, theirs = await connect(staying, by, by_number)
                await both_hear(ours, theirs)
                self.assertEqual(await theirs.hold(), 200)
                self.assertEqual(await theirs.refer(target_number), 202)
                await theirs.hang_up()
                third = await rings(target)
                self.assertEqual(third.caller, (name, number))
                await self.hears_ringing(ours)
                await third.hang_up()  # 486
                back = await rings(by)
                self.assertEqual(back.caller, (name, number))
                await self.hears_ringing(ours)
                back.answer()
                await back.until("up")
                await self.shown(staying, by_name)
                for call in (ours, back):
                    call.audio.heard.clear()
                await both_hear(ours, back)
                await ours.hang_up()
                await back.until("over")
                await self.no_calls_left()

    async def test_a_consultation_that_rings_is_handed_over(self):
        ours, theirs = await connect(self.a, self.b, self.bob)
        self.assertEqual(await theirs.hold(), 200)
        asking = await self.b.dial(self.cleo)
        third = await rings(self.c)
        await asking.until("ringing")
        self.assertEqual(await theirs.refer(self.cleo, replaces=asking), 202)
        await asking.until("over")
        await self.hears_ringing(ours)
        self.assertEqual(third.state, "ringing")
        third.answer()
        await third.until("up")
        await self.shown(self.a, "Cleo")
        await self.shown(self.c, "Alice")
        self.assertEqual(len(self.c.calls), 1)  # no missed call
        for call in (ours, third):
            call.audio.heard.clear()
        await both_hear(ours, third)
        await third.hang_up()
        await ours.until("over")

    async def test_a_caller_who_wants_privacy(self):
        for headers in ([("Privacy", "id"), ("Proxy-Require", "privacy")],
                        [("Remote-Party-ID", f"<sip:{self.alice}@pbx.example.test>;party=calling;privacy=full")]):
            with self.subTest(headers):
                ours = await self.a.dial(self.bob, headers=headers)
                theirs = await rings(self.b)
                self.assertEqual(theirs.caller, ("Anonymous", "anonymous"))
                self.assertNotIn(f"{self.alice}@".encode(), theirs.invite.bytes())
                self.assertNotIn(b"Alice", theirs.invite.bytes())
                self.assertIn(self.alice, [call["from"] for call in await self.api("GET", "/calls")])
                await ours.hang_up()
                await theirs.until("over", timeout=15)

    async def test_what_a_caller_says_of_its_call(self):
        for headers, status in (([("Max-Forwards", "0")], 483), ([("Expires", "2")], 487)):
            with self.subTest(headers):
                ours = await self.a.dial(self.bob, headers=headers)
                await ours.until("over", timeout=6)
                self.assertEqual(ours.status, status)
        await self.no_calls_left()
        phone, domain = self.a, self.a.setup.registrar
        for uri, status in ((f"sip:{self.bob}@{domain}", 483), (f"sip:{domain}", 200)):
            answer = await phone.transact(Message(f"OPTIONS {uri} SIP/2.0", [
                ("From", f"<sip:{self.alice}@{domain}>;tag={phone.token(4)}"), ("To", f"<{uri}>"), ("Max-Forwards", "0"),
                ("Call-ID", phone.token()), ("CSeq", "1 OPTIONS")]))
            self.assertEqual(answer.status, status)

    async def test_codecs_differ_at_both_ends(self):
        first = await self.a_phone(self.alice, payload_types=(0,))
        second = await self.a_phone(await self.person("Dan"), site="branch-1", payload_types=(0, 8))
        await talk(first, second, str(self.next_number))

    async def test_a_desk_over_tcp(self):
        phone = await self.a_desk("yealink", "branch-1", options={"transport": "tcp"})
        self.assertEqual(phone.setup.transport, "tcp")
        number = await self.person("Eve")
        await log_in(self.world, phone, number)
        await talk(self.a, phone, number)
        await talk(phone, self.a, self.alice)


if __name__ == "__main__":
    case.main()
