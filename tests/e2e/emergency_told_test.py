#!/usr/bin/python3
"""Who is told that somebody calls for help: the extensions that ring and what they hear, the web hook and the mailboxes with servers
that hang, fail and lead elsewhere, and the console's API; local and at a branch."""
import asyncio
import math
import pathlib
import struct
import sys
import time
import wave

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
import outside  # noqa: E402
import story  # noqa: E402
from harness import LOCAL, eventually, in_thread  # noqa: E402
from receivers import MailServer, WebHook  # noqa: E402

SECRET = "s3cret of the mail"


class ToldCase(case.LoopbackCase):
    branches = ("berlin",)

    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.servers = []

    async def asyncTearDown(self):
        await self.api("PATCH", "/settings", {"emergency": {"location": ""}})
        for location in await self.api("GET", "/locations"):
            await self.api("DELETE", f"/locations/{location['name']}")
        for server in self.servers:
            server.close()
        await super().asyncTearDown()

    def hook(self, *answers):
        self.servers.append(WebHook(*answers))
        return self.servers[-1]

    async def location(self, **fields):
        body = {"name": "house", "address": {"country": "DE", "rd": "Domplatz", "hno": "1", "flr": "Floor 2"}, "note": "gate B",
                "test_numbers": ["933"], **fields}
        await self.api("POST", "/locations", body)
        await self.api("PATCH", "/settings", {"emergency": {"location": "house"}})

    async def calls_for_help(self, phone, number="112"):
        call = await phone.dial(number)
        await call.until("ringing", "up", "over", timeout=10)
        return call

    async def emergencies(self):
        return [e for e in await self.api("GET", "/emergencies") if not e["acknowledged"]]


def tone(file, frequency, seconds=0.8):
    """A prompt that a test can tell from others."""
    samples = [int(9000 * math.sin(2 * math.pi * frequency * n / 8000)) for n in range(int(8000 * seconds))]
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(struct.pack(f"<{len(samples)}h", *samples))


class IsTold(ToldCase):
    ALARM, ONE, TWO = 500, 800, 1100     # Hz, in place of "emergency call", "one", "two"

    @classmethod
    def core_extra(cls, world):
        prompts = world.dir / "core" / "prompts"
        prompts.mkdir(parents=True)
        for name, frequency in (("emergency_called", cls.ALARM), ("digit_1", cls.ONE), ("digit_2", cls.TWO)):
            tone(prompts / f"{name}.wav", frequency)
        contexts, authority = outside.make_certificates(world.dir / "mail-tls", "127.0.0.1", kind="IP")
        (world.dir / "mail-ca.pem").write_text(authority)
        (world.dir / "mail-password").write_text(SECRET + "\n")
        cls.mail = MailServer(contexts["127.0.0.1"], ("pbx", SECRET))
        return (f'mail: {{ server: "127.0.0.1:{cls.mail.port}", from: pbx@example.com, user: pbx, password_file: {world.dir}/mail-password, '
                f'authority: {world.dir}/mail-ca.pem }}\n')

    async def test_by_web_hook_and_e_mail_at_once_with_where_it_is(self):
        hook = self.hook()
        await self.location(web_hook=hook.url("/alarm?key=hooks-secret"), mails=["guard@example.com", "aid@example.com"])
        for site in (LOCAL, "berlin"):
            with self.subTest(site=site):
                hook.heard.clear()
                self.mail.mails.clear()
                desk = await self.a_desk(site=site, options={"location": "Büro, \"Süd\""})
                await self.calls_for_help(desk)
                told = (await eventually(hook.told, 5))[0]
                self.assertEqual((told["number"], told["hot_desk"], told["site"], told["desk_location"], told["routed"], told["test"]),
                                 ("112", desk.desk_id, site, "Büro, \"Süd\"", False, False))
                await eventually(lambda: len(self.mail.mails) == 2, 5)
                self.assertEqual(sorted(r for _, receivers, _ in self.mail.mails for r in receivers), ["aid@example.com", "guard@example.com"])
                sender, _, message = self.mail.mails[0]
                self.assertEqual(sender, "pbx@example.com")
                self.assertEqual(message["subject"], f"Emergency call: 112 from {desk.desk_id} (Büro, \"Süd\"), site {site}")
                self.assertEqual(message["auto-submitted"], "auto-generated")
                for words in (desk.desk_id, "1 Domplatz", "gate B", "NOT be put through"):
                    self.assertIn(words, message.get_content())
        text = await in_thread(self.world.core.text)
        for secret in (SECRET, "hooks-secret"):
            self.assertNotIn(secret, text)

    async def test_a_test_number_is_told_as_a_test(self):
        hook = self.hook()
        await self.location(web_hook=hook.url(), mails=["guard@example.com"])
        self.mail.mails.clear()
        desk = await self.a_desk()
        await self.calls_for_help(desk, "933")
        self.assertTrue((await eventually(lambda: hook.told("emergency.test"), 5))[0]["test"])
        await eventually(lambda: self.mail.mails, 5)
        self.assertTrue(self.mail.mails[0][2]["subject"].startswith("TEST of an emergency call: 933"))
        self.assertTrue((await self.emergencies())[0]["test"])

    async def test_an_administrator_tries_the_way(self):
        self.assertEqual(await self.api("GET", "/notices"), {"mail": {"server": f"127.0.0.1:{self.mail.port}", "from": "pbx@example.com",
                                                                      "tls": "starttls", "logs_in": True}})
        self.mail.mails.clear()
        self.assertEqual(await self.api("POST", "/notices/test", {"mail": "me@example.com"}), {"delivered": True, "reason": None})
        self.assertEqual(self.mail.mails[0][1], ["me@example.com"])
        hook = self.hook(418)
        answer = await self.api("POST", "/notices/test", {"web_hook": hook.url()})
        self.assertEqual(answer, {"delivered": False, "reason": "it answered 418"})
        self.mail.user = ("pbx", "another")
        try:
            answer = await self.api("POST", "/notices/test", {"mail": "me@example.com"})
        finally:
            self.mail.user = ("pbx", SECRET)
        self.assertEqual(answer, {"delivered": False, "reason": "the mail server doesn't take user and password"})

    async def test_whoever_is_to_be_told_rings_and_hears_it_and_the_first_who_answers_ends_the_others(self):
        for site, other in ((LOCAL, "berlin"), ("berlin", LOCAL)):
            with self.subTest(caller=site):
                first, second = await self.person("Rita Reception"), await self.person("Gus Guard")
                reception, guard = await self.a_desk(site=site), await self.a_desk(site=other)
                await story.log_in(self.world, reception, first)
                await story.log_in(self.world, guard, second)
                await self.location(told=[first, second])
                caller = await self.a_desk(site=site, options={"location": "Room 5"})
                began = time.monotonic()
                help_call = await self.calls_for_help(caller)
                rings = []
                for phone in (reception, guard):
                    await phone.until(lambda phone=phone: phone.calls and phone.calls[-1].state == "ringing", 5, "it rings")
                    rings.append(phone.calls[-1])
                self.assertLess(time.monotonic() - began, 3)
                for call in rings:
                    self.assertEqual(call.caller, (f"112 {caller.desk_id} Room 5", caller.desk_id))
                    self.assertEqual(call.invite["priority"], "emergency")
                rings[1].answer()
                await rings[0].until("over", timeout=5)
                for tone in (self.ALARM, self.ONE, self.TWO):
                    await guard.until(lambda tone=tone: rings[1].audio.hears(tone), 5, f"{tone} Hz")
                await rings[1].hang_up()
                await help_call.hang_up()
                await eventually(lambda: [r for r in self.world.api.get("/audit?action=emergency.heard")["records"] if r["actor"] == second], 5)
                await self.api("PATCH", "/settings", {"emergency": {"location": ""}})
                await self.api("DELETE", "/locations/house")

    async def test_stands_there_until_somebody_acknowledges_it_by_name(self):
        desk = await self.a_desk(site="berlin", options={"location": "Room 5"})
        events = await in_thread(self.world.api.events)
        await self.calls_for_help(desk)
        told = (await eventually(lambda: [e for e in events.named("emergency.called") if e["place"]["hot_desk"] == desk.desk_id], 5))[0]
        await eventually(lambda: told["id"] in [e["id"] for e in self.world.api.get("/emergencies")], 5, "it is stored")
        await self.api("POST", "/users", {"name": "rita", "password": "Correct-horse-7", "role": "reader"})
        token, self.world.api.token = self.world.api.token, None
        try:
            await in_thread(self.world.api.log_in, "rita")
            await self.refuses(403, "POST", f"/emergencies/{told['id']}/acknowledge", {})
        finally:
            self.world.api.token = token
        seen = await self.api("POST", f"/emergencies/{told['id']}/acknowledge", {})
        self.assertEqual(seen["acknowledged_by"], "admin")
        await self.refuses(409, "POST", f"/emergencies/{told['id']}/acknowledge", {})
        await eventually(lambda: [c for c in events.named("changed") if c["action"] == "emergency.acknowledged"], 5)
        await in_thread(events.close)


class ToldByBadServers(ToldCase):
    @classmethod
    def core_extra(cls, world):
        cls.mail = MailServer(refuse={"RCPT": "550 nobody"})
        return f'mail: {{ server: "127.0.0.1:{cls.mail.port}", from: pbx@example.com, tls: none }}\n'

    async def test_a_hook_that_hangs_keeps_no_call_and_no_other_receiver_waiting(self):
        hook = self.hook("hang")
        await self.location(web_hook=hook.url(), mails=["guard@example.com"])
        desks = [await self.a_desk() for _ in range(4)]
        for desk in desks:
            began = time.monotonic()
            call = await self.calls_for_help(desk)
            self.assertLess(time.monotonic() - began, 2)
            await call.hang_up()
        await eventually(lambda: hook.connections >= 2, 5)
        self.assertLessEqual(hook.connections, 2, "two at once at most")
        await eventually(lambda: "the mail server answered 550" in self.world.core.text(), 5, "the mails were tried beside it")
        number = await self.person("Paul")
        await story.log_in(self.world, desks[0], number)

    async def test_a_hook_that_fails_is_tried_again(self):
        hook = self.hook(500, 503, 200)
        await self.location(web_hook=hook.url())
        await self.calls_for_help(await self.a_desk())
        await eventually(lambda: len(hook.told()) == 3, 15, "after 2 and 5 s")
        self.assertEqual(len({told["id"] for told in hook.told()}), 1)
        await eventually(lambda: "notice.delivered" in self.world.core.text(), 5)
        await asyncio.sleep(1)
        self.assertEqual(len(hook.told()), 3)

    async def test_a_redirect_leads_nowhere(self):
        other = self.hook()
        hook = self.hook(f"HTTP/1.1 302 Found\r\nLocation: {other.url('/elsewhere')}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await self.location(web_hook=hook.url())
        await self.calls_for_help(await self.a_desk())
        await eventually(lambda: "redirects aren't followed" in self.world.core.text(), 5)
        self.assertEqual((len(hook.told()), other.connections), (1, 0))

    async def test_one_who_redials_is_told_once_a_minute(self):
        hook = self.hook()
        await self.location(web_hook=hook.url())
        desk = await self.a_desk()
        for _ in range(4):
            call = await self.calls_for_help(desk)
            await call.hang_up()
        await eventually(hook.told, 5)
        await asyncio.sleep(1)
        self.assertEqual(len(hook.told()), 1)


if __name__ == "__main__":
    case.main()
