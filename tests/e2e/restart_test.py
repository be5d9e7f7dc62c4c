#!/usr/bin/python3
"""After a restart of the SBC or of the core, however it ended, calls ring at once: nobody has to register first."""
import pathlib
import re
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from harness import eventually, in_thread, wait_for  # noqa: E402
from story import both_hear, connect, desk_is, lamp, log_in, refused, rings, talk  # noqa: E402


class People(case.LoopbackCase):
    """Bob beside the core, Alice at a desk of the branch."""
    branches = ("branch-1",)

    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.bob = await self.person("Bob")
        self.caller = await self.a_phone(self.bob)
        self.alice = await self.person("Alice", keys=[{"type": "blf", "value": self.bob, "label": "Bob"}])
        self.phone = await self.a_desk("yealink", "branch-1")
        await log_in(self.world, self.phone, self.alice)
        await lamp(self.phone, self.bob, "idle")


class Restarts(People):
    def registers(self):
        return sum(data.startswith(b"REGISTER") for p in (self.phone, self.caller) for way, data, _ in p.trace if way == "out")

    async def rings_again(self, began, what, goal=5.0):
        """Calls until the desk rings; everything before was refused. Gives the seconds since `began`."""
        while True:
            call = await self.caller.dial(self.alice)
            while call.state == "new" and time.monotonic() - began < 30:
                await call.until("ringing", "up", "over", timeout=30)
            if call.state != "over":
                break
            self.assertIn(call.status, (480, 503), "refused in a way that a phone doesn't try again after")
            self.assertLess(time.monotonic() - began, 30, "it never rang")
        took = time.monotonic() - began
        self.say(f"{what}: the first call rang after {took * 1000:.0f} ms")
        theirs = await rings(self.phone)
        theirs.answer()
        await call.until("up")
        await both_hear(call, theirs)
        await call.hang_up()
        await theirs.until("over")
        self.assertLess(took, goal)

    async def after(self, restart, what):
        before = self.registers()
        began = time.monotonic()
        await in_thread(restart)
        await self.rings_again(began, what)
        self.assertEqual(self.registers(), before, "somebody registered first")
        await desk_is(self.world, self.phone, state="logged_in", extension=self.alice, settled=True)
        await talk(self.phone, self.caller, self.bob)

    async def test_the_sbc(self):
        sbc = self.world.sbcs["branch-1"]
        for how in (signal.SIGTERM, signal.SIGKILL):
            with self.subTest(how):
                def restart(how=how):
                    sbc.stop(how)
                    sbc.start()
                await self.after(restart, f"SBC restarted ({how.name})")

    async def test_the_core(self):
        for how in (signal.SIGTERM, signal.SIGKILL):
            with self.subTest(how):
                await self.after(lambda how=how: self.world.restart_core(how), f"core restarted ({how.name})")

    async def test_a_hangup_signal_is_no_restart_of_the_sbc(self):
        sbc = self.world.sbcs["branch-1"]
        before = sbc.config.read_text()

        def reload(text, event):
            seen = len(sbc.text())
            sbc.config.write_text(text)
            sbc.process.send_signal(signal.SIGHUP)
            wait_for(lambda: event in sbc.text()[seen:], what=f"{event} in the log")
            return sbc.text()[seen:]

        try:
            as_json = re.sub(r"(?m)^log: .*", "log: { level: info, format: json }", before)
            self.assertIn('"config.reloaded"', await in_thread(reload, as_json, "config.reloaded"))
            kept = await in_thread(reload, before + "\nno_such_key: 1\n", "config.kept")
            self.assertIn("no_such_key", kept)
        finally:
            await in_thread(reload, before, "config.reloaded")
        self.assertTrue(sbc.alive)
        await talk(self.caller, self.phone, self.alice)

    async def test_while_the_core_is_away_the_sbc_answers_503(self):
        await in_thread(self.world.core.stop)
        began = time.monotonic()
        status = await refused(self.phone, self.bob, timeout=15)
        self.assertEqual(status, 503)
        answer = next(d for way, d, _ in reversed(self.phone.trace) if way == "in" and d.startswith(b"SIP/2.0 503"))
        self.assertIn(b"retry-after:", answer.lower())
        self.assertLess(time.monotonic() - began, 12)
        before = self.registers()
        self.world.core.start()
        await in_thread(self.world.wait_core)
        await in_thread(self.world.api.log_in)
        await in_thread(self.world.wait_sbc, "branch-1")
        await talk(self.caller, self.phone, self.alice)
        self.assertEqual(self.registers(), before)

    async def test_what_was_acknowledged_survives_a_kill(self):
        number = await self.person("Kim")
        await self.api("PATCH", f"/extensions/{number}", {"name": "Kim II"})
        await in_thread(self.world.restart_core, signal.SIGKILL)
        self.assertEqual((await self.api("GET", f"/extensions/{number}"))["name"], "Kim II")
        await in_thread(self.world.wait_sbc, "branch-1")


class RestartsDuringCalls(People):
    """In a world of their own: an SBC whose core goes again and again waits longer each time before it comes back."""

    async def restart_sbc(self, how):
        sbc = self.world.sbcs["branch-1"]
        await in_thread(sbc.stop, how)
        await in_thread(sbc.start)
        await in_thread(self.world.wait_sbc, "branch-1")

    async def test_a_call_that_rings_at_the_branch_survives_a_restart_of_the_sbc(self):
        for how in (signal.SIGTERM, signal.SIGKILL):
            with self.subTest(how):
                call = await self.caller.dial(self.alice)
                theirs = await rings(self.phone)
                await self.restart_sbc(how)
                theirs.answer()
                await call.until("up", timeout=10)
                await both_hear(call, theirs)
                await call.hang_up()
                await theirs.until("over")

    async def test_a_call_from_the_branch_that_rings_survives_a_restart_of_the_sbc(self):
        call = await self.phone.dial(self.bob)
        theirs = await rings(self.caller)
        await self.restart_sbc(signal.SIGKILL)
        theirs.answer()
        await call.until("up", timeout=10)
        await both_hear(call, theirs)
        await theirs.hang_up()
        await call.until("over")

    async def test_a_caller_at_the_branch_can_give_up_after_a_restart_of_the_sbc(self):
        call = await self.phone.dial(self.bob)
        theirs = await rings(self.caller)
        await self.restart_sbc(signal.SIGKILL)
        await self.phone.cancel(call)
        await call.until("over", timeout=10)
        self.assertEqual(call.status, 487)
        await theirs.until("over", timeout=5)

    async def test_nobody_is_left_in_a_dead_call_after_a_crash_of_the_core(self):
        call, theirs = await connect(self.caller, self.phone, self.alice)
        await both_hear(call, theirs)
        began = time.monotonic()
        await in_thread(self.world.restart_core, signal.SIGKILL)
        await call.until("over", timeout=10)
        await theirs.until("over", timeout=10)
        took = time.monotonic() - began
        self.say(f"core restarted in a call (SIGKILL): both phones had a BYE after {took * 1000:.0f} ms")
        self.assertLess(took, 5)
        await in_thread(self.world.wait_sbc, "branch-1")

    async def test_nobody_rings_on_when_the_core_is_stopped(self):
        for caller, callee, number in ((self.caller, self.phone, self.alice), (self.phone, self.caller, self.bob)):
            with self.subTest(number):
                call = await caller.dial(number)
                theirs = await rings(callee)
                await in_thread(self.world.core.stop)
                await call.until("over", timeout=5)
                self.assertEqual(call.status, 503)
                await theirs.until("over", timeout=5)
                self.world.core.start()
                await in_thread(self.world.wait_core)
                await in_thread(self.world.api.log_in)
                await in_thread(self.world.wait_sbc, "branch-1")


def silence(call, since):
    """The longest time without a packet since then, in seconds."""
    times = [t for t in call.audio.arrivals if t > since] + [time.monotonic()]
    return max(b - a for a, b in zip(times, times[1:]))


class Upgrades(People):
    """The core is asked to end, and the next one goes on with its calls."""

    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.people = {}
        for name, site in (("Carol", "local"), ("Dave", "local"), ("Erin", "branch-1"), ("Frank", "branch-1")):
            number = await self.person(name)
            self.people[name] = (await self.a_phone(number, site=site), number)

    async def calls(self):
        """A call at the core, one between it and the branch, and one at home: each as (what, caller's, callee's)."""
        def of(name):
            return self.people[name]
        return [("at the core", *await connect(of("Carol")[0], *of("Dave"))),
                ("to the branch", *await connect(self.caller, self.phone, self.alice)),
                ("at home", *await connect(of("Erin")[0], *of("Frank")))]

    async def test_a_restart_cuts_no_call(self):
        calls = await self.calls()
        for _, ours, theirs in calls:
            await both_hear(ours, theirs)
        before = {c["id"] for c in await self.api("GET", "/calls")}
        began = time.monotonic() - 0.2
        await in_thread(self.world.restart_core)
        await in_thread(self.world.wait_sbc, "branch-1")
        for what, ours, theirs in calls:
            await both_hear(ours, theirs, 880, 1100)
            gap = max(silence(call, began) for call in (ours, theirs))
            self.say(f"restart in a call {what}: audio away for {gap * 1000:.0f} ms")
            if what == "at the core":
                self.assertLess(gap, 1.0)
            if what == "at home":
                self.assertLess(gap, 0.5, "its packets never were the core's")
        self.assertEqual({c["id"] for c in await self.api("GET", "/calls")}, before)
        self.assertFalse((self.world.dir / "core" / "handover").exists(), "keys stand in it")
        # They can still do what calls do: a key, hold, an end by either side.
        _, ours, theirs = calls[0]
        await ours.press("5")
        await theirs.phone.until(lambda: theirs.audio.digits == ["5"], 10, "the digit")
        self.assertEqual(await ours.hold(), 200)
        self.assertEqual(await ours.hold(False), 200)
        await both_hear(ours, theirs)
        for index, (_, ours, theirs) in enumerate(calls):
            await (ours if index % 2 else theirs).hang_up()
            await ours.until("over", timeout=5)
            await theirs.until("over", timeout=5)
        self.assertEqual(await self.api("GET", "/calls"), [])
        pairs = [(self.people["Carol"][1], self.people["Dave"][1]), (self.bob, self.alice), (self.people["Erin"][1], self.people["Frank"][1])]

        def records():
            found = self.world.api.get("/call-records?outcome=answered")["records"]
            return sorted((r["from"], r["to"]) for r in found if (r["from"], r["to"]) in pairs) == sorted(pairs)
        await eventually(records, what="a record of each call, and no second one")


class SealedUpgrades(case.LoopbackCase):
    """Phones over TLS, with SRTP: beside the core their connections end with the process."""
    branches = ("branch-1",)
    sips = True

    async def sealed(self, site):
        phone = await self.a_desk("yealink", site, options={"srtp": "required"})
        await log_in(self.world, phone, await self.person())
        other = await self.person("Bob")
        return phone, await self.a_phone(other, "snom", site), other

    async def test_a_restart_cuts_no_call_with_srtp(self):
        calls = []
        for site in ("local", "branch-1"):
            phone, other, number = await self.sealed(site)
            ours, theirs = await connect(phone, other, number)
            await both_hear(ours, theirs)
            self.assertIsNotNone(ours.sealing)
            calls.append((phone, ours, theirs, ours.sealing))
        began = time.monotonic() - 0.2
        lost = calls[0][0].stream
        await in_thread(self.world.restart_core)
        phone = calls[0][0]
        await phone.until(lambda: phone.stream is None, 15, "the end of the connection")
        number, phone.registered_as = phone.registered_as, None
        phone.register_task.cancel()
        phone.register_task = phone.spawn(phone.stay_registered())     # it connects and registers again, as phones do
        await phone.until(lambda: phone.stream not in (None, lost) and phone.registered_as == number, 10, "a new connection")
        await in_thread(self.world.wait_sbc, "branch-1")
        for site, (phone, ours, theirs, before) in zip(("at the core", "at home"), calls):
            await phone.until(lambda: ours.sealing != before, 10, f"other keys {site}")
            await both_hear(ours, theirs, 880, 1100)
            gap = max(silence(call, began) for call in (ours, theirs))
            self.say(f"restart in a call with SRTP {site}: audio away for {gap * 1000:.0f} ms")
            if site == "at home":
                self.assertLess(gap, 0.5)
                self.assertLess(ours.audio.refused, 5, "what was on its way as the keys changed, and no more")
            await theirs.hang_up()
            await ours.until("over", timeout=5)


if __name__ == "__main__":
    case.main()
