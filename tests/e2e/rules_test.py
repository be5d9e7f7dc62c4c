#!/usr/bin/python3
"""The contract's rules of login, logout and the idle desk, with real phones on loopback."""
import asyncio
import copy
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from harness import eventually, in_thread  # noqa: E402
from story import (CODE, LOGOUT, PIN, both_hear, connect, desk, desk_is, dial_code, hears_something, idle_again, log_in,  # noqa: E402
                   log_out, refused, rings, talk)


class Case(case.LoopbackCase):
    async def try_pins(self, phone, number, *pins, how="rfc4733"):
        """One call, one PIN after the other, each as soon as the prompt before it was heard; waits for its end."""
        call = await dial_code(phone, f"{CODE}{number}*")
        self.assertEqual(call.state, "up")
        for pin in pins:
            call.audio.heard.clear()
            await hears_something(phone, call)
            if call.state != "up":
                break
            await call.press(pin + "#", how=how)
        if len(pins) < 3 and PIN not in pins:
            call.audio.heard.clear()
            await hears_something(phone, call)     # that it was wrong
            await call.hang_up()
        await call.until("over", timeout=20)
        return call

    async def stays_idle(self, phone):
        now = await desk(self.world, phone)
        self.assertEqual((now["state"], now["extension"]), ("logged_out", None))
        self.assertEqual(phone.registered_as, phone.desk_id)


class FailedLogins(Case):
    async def test_three_wrong_pins_end_the_call_and_the_desk_stays_idle(self):
        number, phone = await self.person(), await self.a_desk()
        await self.try_pins(phone, number, "0001", "0002", "0003")
        await self.stays_idle(phone)
        await log_in(self.world, phone, number)

    async def test_the_right_pin_after_two_wrong_ones_logs_in(self):
        number, phone = await self.person(), await self.a_desk()
        await self.try_pins(phone, number, "0001", "0002", PIN)
        await phone.until(lambda: phone.registered_as == number, 20, "login")

    async def test_five_failures_lock_the_extension_at_that_desk_only(self):
        number, phone, other = await self.person(), await self.a_desk(), await self.a_desk()
        await self.try_pins(phone, number, "0001", "0002", "0003")
        await self.try_pins(phone, number, "0004", "0005")
        await self.try_pins(phone, number, PIN, PIN, PIN)
        await self.stays_idle(phone)
        await log_in(self.world, other, number)
        await log_out(self.world, other)
        await self.api("POST", f"/extensions/{number}/unlock")
        await log_in(self.world, phone, number)

    async def test_unauthorised_and_unknown_extensions_fail_like_a_wrong_pin(self):
        phone = await self.a_desk()
        number = await self.person(hot_desking=False)
        known = await self.person()
        lengths = []
        for target in (known, number, "9876"):
            call = await self.try_pins(phone, target, "0001", "0002", "0003")
            lengths.append(len(call.audio.arrivals))
            await self.stays_idle(phone)
        # The same words: calls of the same length (50 packets a second), give or take how fast the digits were typed.
        self.assertLess(max(lengths) - min(lengths), 60, lengths)

    async def test_a_phone_that_is_no_hot_desk_hears_so(self):
        number, target = await self.person("Bob", hot_desking=False), await self.person()
        phone = await self.a_phone(number)
        call = await phone.dial(f"{CODE}{target}*")
        await call.until("up", "ringing")
        await hears_something(phone, call)
        await call.until("over", timeout=15)
        self.assertEqual(phone.registered_as, number)

    async def test_a_failure_is_told_in_the_events_without_the_digits(self):
        number, phone = await self.person(), await self.a_desk()
        events = self.world.api.events()
        self.addCleanup(events.close)
        await self.try_pins(phone, number, "4242", "4242", "4242")
        await eventually(lambda: events.named("login.failed"), 15, "login.failed")
        self.assertNotIn("4242", str(events.seen))
        self.assertNotIn("4242#", self.world.core.text())


class WaysToLogIn(Case):
    async def test_the_code_alone_asks_for_the_extension_first(self):
        number, phone = await self.person(), await self.a_desk()
        call = await dial_code(phone, CODE)
        await hears_something(phone, call)
        await call.press(number + "#")
        await asyncio.sleep(0.3)
        call.audio.heard.clear()
        await hears_something(phone, call)
        await call.press(PIN + "#")
        await phone.until(lambda: phone.registered_as == number, 20, "login")

    async def test_how_the_code_is_written_does_not_matter(self):
        number, phone = await self.person(), await self.a_desk()
        for code in (f"*77*{number}", f"*77*{number}*#", f"%2A77%2a{number}*", f"*77*{number}%23"):
            with self.subTest(code):
                await log_in(self.world, phone, number, code=code)
                await log_out(self.world, phone)

    async def test_a_pause_ends_the_pin(self):
        number, phone = await self.person(), await self.a_desk()
        await log_in(self.world, phone, number, terminator="")

    async def test_digits_come_as_info_and_in_band_too(self):
        number, phone = await self.person(), await self.a_desk()
        for how in ("info", "inband"):
            with self.subTest(how):
                await log_in(self.world, phone, number, how=how)
                await log_out(self.world, phone)

    async def test_an_administrator_logs_someone_in_and_out(self):
        number, phone = await self.person(), await self.a_desk()
        await self.api("POST", f"/hot-desks/{phone.mac}/session", {"extension": number})
        await phone.until(lambda: phone.registered_as == number, 20, "login")
        await desk_is(self.world, phone, state="logged_in", extension=number, settled=True)
        await self.api("DELETE", f"/hot-desks/{phone.mac}/session")
        await idle_again(self.world, phone)
        self.assertEqual(phone.reboots, 0)

    async def test_extension_5_is_refused_beside_the_logout_code(self):
        await self.refuses(409, "POST", "/extensions", {"number": "5", "name": "Five"})


class IdleDesks(Case):
    async def test_an_idle_desk_calls_nobody(self):
        number = await self.person("Bob")
        await self.a_phone(number)
        phone = await self.a_desk()
        for target in (number, "555", "0035722000000"):
            self.assertEqual(await refused(phone, target), 403, target)

    async def test_an_emergency_call_is_answered_with_an_announcement_and_503(self):
        idle = await self.a_desk()
        taken = await self.a_person_at_a_desk()
        events = self.world.api.events()
        self.addCleanup(events.close)
        for phone in (idle, taken):
            call = await phone.dial("112")
            await hears_something(phone, call)
            # Nobody was asked who he is: it is no person's call, and lights nobody's lamp.
            await eventually(lambda: [e["from"] for e in events.named("call.started")][-1:] == [phone.ip], 15, "its call")
            await call.until("over", timeout=30)
            self.assertEqual(call.status, 503)

    async def test_a_desk_cannot_be_called(self):
        number, desk_phone = await self.person("Bob"), await self.a_desk()
        phone = await self.a_phone(number)
        self.assertIn(await refused(phone, desk_phone.desk_id), (403, 404, 480))


class HandOver(Case):
    async def test_a_login_elsewhere_moves_the_session(self):
        first = await self.a_person_at_a_desk()
        second, bob = await self.a_desk(), await self.person("Bob")
        other = await self.a_phone(bob)
        events = self.world.api.events()
        self.addCleanup(events.close)
        await log_in(self.world, second, first.number)
        await idle_again(self.world, first)
        self.assertEqual([e["reason"] for e in events.named("session.ended")], ["moved"])
        calls = len(first.calls)
        await talk(other, second, first.number)
        self.assertEqual(len(first.calls), calls, "the old desk rang")

    async def test_the_next_person_takes_the_desk_over(self):
        phone = await self.a_person_at_a_desk()
        bob = await self.person("Bob", pin="8264")
        events = self.world.api.events()
        self.addCleanup(events.close)
        await log_in(self.world, phone, bob, pin="8264")
        await eventually(lambda: events.named("session.started"), 15, "session.started")
        self.assertEqual([e["reason"] for e in events.named("session.ended")], ["other_login"])
        self.assertEqual((await self.api("GET", f"/extensions/{phone.number}"))["logged_in_at"], [])
        self.assertEqual((await self.api("GET", f"/extensions/{bob}"))["logged_in_at"], [phone.desk_id])

    async def test_a_persons_own_phone_rings_as_well(self):
        phone = await self.a_person_at_a_desk()
        own, bob = await self.a_phone(phone.number), await self.person("Bob")
        caller = await self.a_phone(bob)
        call = await caller.dial(phone.number)
        there, here = await rings(phone), await rings(own)
        there.answer()
        await call.until("up")
        await here.until("over")
        await both_hear(call, there)
        await call.hang_up()

    async def test_a_forced_logout_lets_the_call_go_on(self):
        phone = await self.a_person_at_a_desk()
        bob, cleo = await self.person("Bob"), await self.person("Cleo")
        caller, third = await self.a_phone(bob), await self.a_phone(cleo)
        ours, theirs = await connect(caller, phone, phone.number)
        await both_hear(ours, theirs)
        await self.api("DELETE", f"/hot-desks/{phone.mac}/session")
        await desk_is(self.world, phone, state="logged_out", extension=None)
        self.assertEqual(await refused(third, phone.number), 480, "it still rings there")
        self.assertEqual(await refused(phone, bob), 403, "it still has its person's rights")
        await both_hear(ours, theirs, one=520, other=780)
        self.assertEqual(phone.registered_as, phone.number, "it fetched in the middle of a call")
        await theirs.hang_up()
        await ours.until("over")
        await idle_again(self.world, phone)

    async def test_a_phone_that_was_off_when_its_person_was_logged_out_comes_back_as_an_idle_desk(self):
        for fetches_at_boot in (True, False):
            with self.subTest(fetches_at_boot=fetches_at_boot):
                phone = await self.a_person_at_a_desk()
                await phone.power_off()
                await self.api("DELETE", f"/hot-desks/{phone.mac}/session")
                await desk_is(self.world, phone, state="logged_out", extension=None)
                await phone.power_on()
                began = time.monotonic()
                if fetches_at_boot:
                    await phone.fetch(boot=True)
                else:
                    await phone.apply(phone.setup)      # with what it had; 112 works from its first second
                    call = await phone.dial("112")
                    await hears_something(phone, call)
                    self.assertLess(call.audio.arrivals[0] - call.dialled, 2, "seconds until the announcement began")
                    self.assertEqual(await refused(phone, "202"), 403)
                    await call.until("over", timeout=30)
                    self.assertEqual(call.status, 503)
                await phone.until(lambda: phone.registered_as == phone.desk_id, 60, "an idle desk")
                self.say(f"an idle desk {time.monotonic() - began:.1f} s after it was switched on")
                await idle_again(self.world, phone)

    async def test_the_logout_key_and_the_code_both_log_out(self):
        phone = await self.a_person_at_a_desk()
        await log_out(self.world, phone, code=phone.key(1))
        await log_in(self.world, phone, phone.number)
        await log_out(self.world, phone, code=LOGOUT.rstrip("*"))


class NobodyIsMoved(Case):
    """hot_desk.when_already_logged_in: refuse."""
    core_extra = "hot_desk: { when_already_logged_in: refuse }\n"

    async def test_a_login_elsewhere_is_refused_and_the_session_stays(self):
        first = await self.a_person_at_a_desk()
        second, caller = await self.a_desk(), await self.a_phone(await self.person("Bob"))
        events = self.world.api.events()
        self.addCleanup(events.close)
        # The PIN is right: the call ends after one prompt, without another question.
        call = await dial_code(second, f"{CODE}{first.number}*")
        await hears_something(second, call)
        await call.press(PIN + "#")
        await call.until("over", timeout=15)
        await self.stays_idle(second)
        await desk_is(self.world, first, state="logged_in", extension=first.number, settled=True)
        self.assertEqual((await self.api("GET", f"/extensions/{first.number}"))["logged_in_at"], [first.desk_id])
        self.assertEqual(events.named("session.ended") + events.named("session.started"), [])
        calls = len(second.calls)
        await talk(caller, first, first.number)
        self.assertEqual(len(second.calls), calls, "the desk that was refused rang")
        # Whoever logs out there first can log in here; and once more at one's own desk is no login elsewhere.
        await log_out(self.world, first)
        await log_in(self.world, second, first.number)
        await log_in(self.world, second, first.number, settled=False)
        await desk_is(self.world, second, state="logged_in", extension=first.number, settled=True)

    async def test_the_administrator_is_refused_too(self):
        first, second = await self.a_person_at_a_desk(), await self.a_desk()
        await self.refuses(409, "POST", f"/hot-desks/{second.mac}/session", {"extension": first.number})
        await self.stays_idle(second)

    async def test_the_policy_can_be_changed_while_the_core_runs(self):
        first, second = await self.a_person_at_a_desk(), await self.a_desk()
        await self.api("PATCH", "/settings", {"hot_desk": {"when_already_logged_in": "move"}})
        try:
            await log_in(self.world, second, first.number)
            await idle_again(self.world, first)
        finally:
            await self.api("PATCH", "/settings", {"hot_desk": {"when_already_logged_in": "refuse"}})


class Sites(Case):
    branches = ("branch-1",)

    async def test_credentials_are_good_at_their_own_site_only(self):
        desk_phone = await self.a_desk()
        stranger = self.world.phone("yealink", "branch-1")
        await stranger.power_on()
        setup = copy.copy(desk_phone.setup)
        setup.proxy = (self.world.faces["branch-1"], 5060)
        stranger.file_digest = "x"
        await stranger.apply(setup)
        await stranger.until(lambda: any(w == "register" for w, _ in stranger.seen), 10, "an answer")
        self.assertIn([d for w, d in stranger.seen if w == "register"][0][2], (401, 403))
        self.assertIsNone(stranger.registered_as)
        await in_thread(lambda: None)


if __name__ == "__main__":
    case.main()
