#!/usr/bin/python3
"""Two branches with the same network behind NATs, a WAN with delay and loss, each site in network namespaces of its own."""
import asyncio
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
import netns  # noqa: E402
from harness import LOCAL, Seeded, World, eventually, in_thread  # noqa: E402
from simphone.audio import FRAME, RATE, power  # noqa: E402
from story import (both_hear, connect, desk_is, log_in, log_out, no_faults, refused, rings, talk, the_story)  # noqa: E402

BRANCHES = ("branch-1", "branch-2")
DELAY, LOSS = 0.025, 0.01


class WanWorld(World):
    """The core in a namespace; each branch's SBC and phones in theirs."""

    def __init__(self, name, outsiders=(), **options):
        super().__init__(name, **options)
        self.sites = netns.Sites(BRANCHES, delay=DELAY, loss=LOSS, outsiders=outsiders)
        self.core_ip = self.sites.CORE
        self.faces = {LOCAL: self.core_ip}
        self.api.host, self.api.network = "127.0.0.1", self.sites.core
        self.core_phones = 0

    def core_settings(self):
        return {"listen": "0.0.0.0", "tunnel": self.core_ip, "interface": self.core_ip, "metrics": "127.0.0.1"}

    def metrics_of_core(self):
        other = super().metrics_of_core()
        other.host = "127.0.0.1"
        return other

    def start_core(self, **options):
        return super().start_core(pnp=False, prefix=self.sites.core.prefix, **options)

    def make_sbc(self, name, **options):
        return super().make_sbc(name, prefix=self.sites.sbc[name].prefix, lan=self.sites.SBC_LAN, **options)

    def phone(self, vendor="yealink", site=LOCAL, place=0, **options):
        if site == LOCAL:
            # Beside the core: in its namespace, with an address of its own on its loopback.
            self.core_phones += 1
            ip = f"10.9.0.{self.core_phones}"
            self.sites.core.ip("addr", "add", f"{ip}/32", "dev", "lo")
            return super().phone(vendor, site, ip=ip, port=0, network=self.sites.core, **options)
        return super().phone(vendor, site, ip=f"192.168.1.{20 + place}", network=self.sites.phone[site][place], **options)

    def close(self, failed=False):
        try:
            super().close(failed)
        finally:
            self.sites.close()


class Wan(case.LoopbackCase):
    own_world = True

    @classmethod
    def setUpClass(cls):
        netns.needed()
        super().setUpClass()

    @classmethod
    def build_world(cls, **options):
        world = WanWorld("wan", **options)
        try:
            world.start_core()
            for name in BRANCHES:
                world.start_sbc(name)
        except BaseException:
            world.close(failed=True)
            raise
        return world

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
        for site in BRANCHES:
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
        await phone.until(lambda: phone.registered_as == phone.desk_id, 60, "an idle desk")
        self.say(f"an idle desk {time.monotonic() - began:.1f} s after the line came back")
        await desk_is(self.world, phone, settled=True)


if __name__ == "__main__":
    case.main()
