#!/usr/bin/python3
"""Two branches at one core. That they may have the same network and the same addresses is shown in wan_test.py, in namespaces."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from harness import Seeded, in_thread  # noqa: E402
from story import both_hear, connect, desk_is, idle_again, log_in, talk  # noqa: E402


class TwoBranches(case.LoopbackCase):
    branches = ("branch-1", "branch-2")

    async def test_people_of_two_branches_talk(self):
        a = await self.a_person_at_a_desk("Alice", site="branch-1")
        b = await self.a_person_at_a_desk("Bob", site="branch-2")
        await talk(a, b, b.number)
        await talk(b, a, a.number)

    async def test_a_person_goes_from_one_branch_to_the_other(self):
        a = await self.a_person_at_a_desk("Alice", site="branch-1")
        there = await self.a_desk(site="branch-2")
        caller = await self.a_phone(await self.person("Bob"))
        await log_in(self.world, there, a.number)
        await idle_again(self.world, a)
        before = len(a.calls)
        await talk(caller, there, a.number)
        self.assertEqual(len(a.calls), before)

    async def test_equal_call_ids_tags_and_branches_do_not_mix(self):
        desks = []
        for site in self.branches:
            phone = self.world.phone("yealink", site, token_source=Seeded(7))
            desks.append(await self.a_desk(site=site, phone=phone))
        numbers = [await self.person("Alice"), await self.person("Bob")]
        for phone, number in zip(desks, numbers):
            await log_in(self.world, phone, number)
        others = [await self.a_phone(await self.person("Cleo")), await self.a_phone(await self.person("Dan"))]
        calls = []
        for phone, other, tones in zip(desks, others, ((440, 660), (520, 780))):
            ours, theirs = await connect(phone, other, other.setup.user)
            await both_hear(ours, theirs, *tones)
            calls += [ours, theirs]
        for ours, theirs, tones in ((calls[0], calls[1], (440, 660)), (calls[2], calls[3], (520, 780))):
            await both_hear(ours, theirs, *tones)
        await calls[0].hang_up()
        await calls[1].until("over")
        await both_hear(calls[2], calls[3], 520, 780)
        await calls[2].hang_up()

    async def test_a_branch_that_dies_takes_nobody_else_along(self):
        a = await self.a_person_at_a_desk("Alice", site="branch-1")
        b = await self.a_person_at_a_desk("Bob", site="branch-2")
        await in_thread(self.world.sbcs["branch-2"].kill)
        await in_thread(self.world.wait_sbc, "branch-2", False)
        caller = await self.a_phone(await self.person("Cleo"))
        await talk(caller, a, a.number)
        call = await caller.dial(b.number)
        await call.until("over", timeout=10)
        self.assertEqual(call.status, 480)
        self.world.sbcs["branch-2"].start()
        await in_thread(self.world.wait_sbc, "branch-2")
        await talk(caller, b, b.number)
        await desk_is(self.world, b, state="logged_in", settled=True)


if __name__ == "__main__":
    case.main()
