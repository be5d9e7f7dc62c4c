#!/usr/bin/python3
"""A branch's line is dead: who is told what, and that nothing of it is left when the line is back."""
import asyncio
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import in_thread  # noqa: E402
from story import both_hear, connect, desk_is, no_faults, refused, rings, talk  # noqa: E402
import case  # noqa: E402
import wan  # noqa: E402


class Line(wan.WanCase):
    async def test_the_line_goes_down_and_comes_up_again(self):
        phone = await self.a_person_at_a_desk(site="branch-1")
        bob = await self.person("Bob")
        caller = await self.a_phone(bob)
        self.world.sites.router.tell(down=True)
        began = time.monotonic()
        status = await refused(phone, bob, timeout=60)
        self.assertEqual(status, 503)
        await in_thread(self.world.wait_sbc, "branch-1", False, 60)
        self.say(f"the line is down: the core knew after {time.monotonic() - began:.1f} s")
        self.assertEqual(await refused(caller, phone.number), 480)
        registers = sum(d.startswith(b"REGISTER") for w, d, _ in phone.trace if w == "out")
        self.world.sites.router.tell(down=False)
        began = time.monotonic()
        await in_thread(self.world.wait_sbc, "branch-1", True, 60)
        call = await caller.dial(phone.number)
        there = await rings(phone, 10)
        self.say(f"the line is up again: the first call rang after {time.monotonic() - began:.1f} s")
        there.answer()
        await call.until("up")
        await both_hear(call, there)
        await call.hang_up()
        self.assertEqual(sum(d.startswith(b"REGISTER") for w, d, _ in phone.trace if w == "out"), registers)
        no_faults(phone)

    async def line_back_after(self, seconds, since):
        await asyncio.sleep(max(0, since + seconds - time.monotonic()))   # a line that is away for longer than a caller waits
        self.world.sites.router.tell(down=False)
        await in_thread(self.world.wait_sbc, "branch-1", True, 60)

    def rung(self, phone):
        """How often it was made to ring."""
        return sum(way == "in" and data.startswith(b"INVITE") for way, data, _ in phone.trace)

    async def test_nobody_rings_for_a_caller_who_left_while_the_line_was_away(self):
        """Into the branch and out of it, dialled a second after the line fell silent and before anybody has noticed."""
        phone = await self.a_person_at_a_desk(site="branch-1")
        bob = await self.person("Bob")
        caller = await self.a_phone(bob)
        before = [self.rung(p) for p in (phone, caller)]
        down = time.monotonic()
        self.world.sites.router.tell(down=True)
        await asyncio.sleep(1)
        began = time.monotonic()
        inward = asyncio.create_task(refused(caller, phone.number, timeout=40))
        outward = await refused(phone, bob, timeout=40)
        took = time.monotonic() - began
        self.assertEqual(outward, 503)
        self.say(f"a silent line: the caller at the branch had its answer after {took:.1f} s")
        self.assertLess(took, 8)
        self.assertEqual(await inward, 480)
        self.say(f"a silent line: the caller beside the core had its answer after {time.monotonic() - began:.1f} s")
        await self.line_back_after(40, down)
        await asyncio.sleep(8)
        self.assertEqual([self.rung(p) for p in (phone, caller)], before, "rings, and nobody is there")
        self.assertEqual(await self.api("GET", "/calls"), [])
        await talk(caller, phone, phone.number, timeout=10)

    async def test_a_phone_behind_a_dead_line_is_offline_and_its_call_across_it_ends(self):
        phone = await self.a_person_at_a_desk(site="branch-1")
        caller = await self.a_phone(await self.person("Bob"))
        ours, theirs = await connect(caller, phone, phone.number)
        self.world.sites.router.tell(down=True)
        await in_thread(self.world.wait_sbc, "branch-1", False, 60)
        began = time.monotonic()
        states = {p["mac"]: p["state"] for p in await self.api("GET", "/phones")}
        self.assertEqual(states[phone.mac], "offline")
        self.assertEqual(states[caller.mac], "online")
        await ours.until("over", timeout=70)
        self.say(f"a dead line: the call across it ended after {time.monotonic() - began:.0f} s")
        self.assertGreater(time.monotonic() - began, 55)
        self.world.sites.router.tell(down=False)
        await in_thread(self.world.wait_sbc, "branch-1", True, 60)
        await theirs.until("over", timeout=10)

    async def test_a_person_logged_out_behind_a_dead_line_finds_an_idle_desk_after_it(self):
        phone = await self.a_person_at_a_desk(site="branch-1")
        self.world.sites.router.tell(down=True)
        await in_thread(self.world.wait_sbc, "branch-1", False, 60)
        await self.api("DELETE", f"/hot-desks/{phone.mac}/session")
        await desk_is(self.world, phone, state="logged_out", extension=None)
        self.world.sites.router.tell(down=False)
        began = time.monotonic()
        await in_thread(self.world.wait_sbc, "branch-1", True, 60)
        connected = time.monotonic() - began
        await phone.until(lambda: phone.registered_as == phone.desk_id, 60, "an idle desk")
        took = time.monotonic() - began
        self.say(f"an idle desk {took:.1f} s after the line came back, and its SBC connected after {connected:.1f} s")
        self.assertLess(took - connected, 8, "it waits until its phone registers")
        await desk_is(self.world, phone, settled=True)

if __name__ == "__main__":
    case.main()
