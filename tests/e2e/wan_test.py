#!/usr/bin/python3
"""Two branches with the same network behind NATs, a WAN with delay and loss: what a change on the way costs a call."""
import asyncio
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import Seeded, eventually, in_thread  # noqa: E402
from simphone.audio import FRAME, RATE, power  # noqa: E402
from story import both_hear, connect, desk_is, log_in, log_out, talk, the_story  # noqa: E402
import case  # noqa: E402
import wan  # noqa: E402


class Wan(wan.WanCase):
    def gap(self, audio, since, until=None):
        """The longest silence between two packets, in seconds."""
        return self.longest(audio.arrivals, since, until)

    def held_up(self, ear, mouth, since):
        """The longest silence that one hears, less what the other was late with its packets by itself: on a busy machine it is."""
        return self.longest(ear.arrivals, since) - (self.longest(mouth.departures, since) - FRAME / RATE)

    @staticmethod
    def longest(times, since, until=None):
        times = [since] + [t for t in times if t > since and (until is None or t < until)]
        return max((b - a for a, b in zip(times, times[1:])), default=float("inf"))

    def connections(self, branch):
        return self.world.core.text().count(f"sbc.connected sbc={branch} ")

    async def test_the_story_over_a_wan_with_delay_and_loss(self):
        await the_story(self.world, "branch-1")

    async def test_two_branches_with_the_same_network_addresses_ports_and_call_ids(self):
        phones, numbers = [], []
        for site in wan.BRANCHES:
            phone = self.world.phone("yealink", site, place=0, token_source=Seeded(7))
            phones.append(await self.a_desk(site=site, phone=phone))
        self.assertEqual(*[(p.ip, p.port) for p in phones])
        for phone, name in zip(phones, ("Alice", "Bob")):
            numbers.append(await self.person(name))
            await log_in(self.world, phone, numbers[-1])
        self.assertEqual(*[p.calls[0].call_id for p in phones])
        others = [await self.a_phone(await self.person(name)) for name in ("Cleo", "Dan")]
        first, second = [await connect(p, o, o.setup.user) for p, o in zip(phones, others)]
        self.assertEqual(first[0].call_id, second[0].call_id)
        await both_hear(*first, 440, 660)
        await both_hear(*second, 520, 780)
        await first[0].hang_up()
        await first[1].until("over")
        await both_hear(*second, 580, 900)
        await second[0].hang_up()
        await second[1].until("over")
        # To each other: through two tunnels, with the same address at both ends.
        await talk(phones[0], phones[1], numbers[1])
        await log_out(self.world, phones[0])
        await desk_is(self.world, phones[1], state="logged_in", extension=numbers[1])

    async def test_the_public_address_changes_during_a_call(self):
        phone = await self.a_person_at_a_desk(site="branch-1")
        caller = await self.a_phone(await self.person("Bob"))
        ours, theirs = await connect(caller, phone, phone.number)
        await both_hear(ours, theirs)
        loop = asyncio.get_running_loop()
        began = loop.time()
        await in_thread(self.world.sites.move, "branch-1", "198.51.100.77")
        await asyncio.sleep(4)
        gaps = self.gap(ours.audio, began), self.gap(theirs.audio, began)
        self.say(f"the SBC's public address changed: gap in the audio {gaps[0] * 1000:.0f} ms from, {gaps[1] * 1000:.0f} ms to the branch")
        await both_hear(ours, theirs, 520, 780)
        self.assertLess(max(gaps), 1.0)
        await ours.hang_up()
        await theirs.until("over", timeout=30)
        await talk(caller, phone, phone.number, timeout=10)

    async def test_the_tcp_connection_is_reset_during_a_call(self):
        """The control stream goes and comes anew; media is UDP's and doesn't notice."""
        phone = await self.a_person_at_a_desk(site="branch-1")
        caller = await self.a_phone(await self.person("Bob"))
        ours, theirs = await connect(caller, phone, phone.number)
        await both_hear(ours, theirs)
        connections = self.connections("branch-1")
        loop, worst = asyncio.get_running_loop(), [0.0, 0.0]
        for _ in range(3):
            began = loop.time()
            resets = await in_thread(self.world.sites.reset, "branch-1")
            self.assertEqual(resets, 2, "one for each end")
            await eventually(lambda seen=connections: self.connections("branch-1") > seen, 20, "a new connection")
            connections = self.connections("branch-1")
            self.say(f"the control connection is back after {loop.time() - began:.1f} s")
            await asyncio.sleep(1)
            # Not packets only: each has the tone.
            for audio, frequency in ((ours.audio, 660), (theirs.audio, 440)):
                heard = bytes(audio.heard[-2 * RATE:])
                frames = [heard[i:i + 2 * FRAME] for i in range(0, len(heard), 2 * FRAME)]
                self.assertTrue(all(power(frame, frequency) > 0.8 for frame in frames), f"{frequency} Hz in every packet")
            ways = (ours.audio, theirs.audio), (theirs.audio, ours.audio)
            worst = [max(w, self.held_up(ear, mouth, began)) for w, (ear, mouth) in zip(worst, ways)]
        self.say(f"the TCP connection changed: gap in the audio {worst[0] * 1000:.0f} ms from, {worst[1] * 1000:.0f} ms to the branch")
        self.assertLess(max(worst), 0.2)
        # The call is a call still: what it signals goes over the new connection.
        await both_hear(ours, theirs, 520, 780)
        self.assertEqual(await theirs.hold(), 200)
        self.assertEqual(await theirs.hold(False), 200)
        await both_hear(ours, theirs)
        await ours.hang_up()
        await theirs.until("over", timeout=10)
        await talk(caller, phone, phone.number, timeout=10)

if __name__ == "__main__":
    case.main()
