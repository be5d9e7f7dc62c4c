#!/usr/bin/python3
"""The HTTP API as a script uses it, with what phones do seen through it."""
import asyncio
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from harness import Api, ApiError, PASSWORD, eventually, in_thread  # noqa: E402
from story import both_hear, connect, desk_is, idle_again, log_in, log_out  # noqa: E402


class TheApi(case.LoopbackCase):
    branches = ("branch-1",)

    async def test_it_describes_itself_and_refuses_strangers(self):
        stranger = Api(self.world.core_ip)
        status, _, body = await in_thread(stranger.request, "GET", "/api/v1/openapi.json")
        self.assertEqual(status, 200)
        paths = json.loads(body)["paths"]
        for path in ("/extensions", "/phones", "/hot-desks", "/sbcs", "/calls", "/events"):
            self.assertTrue(any(p.endswith(path) for p in paths), path)
        status, headers, body = await in_thread(stranger.request, "GET", "/api/v1/extensions")
        self.assertEqual(status, 401)
        self.assertEqual({k.lower(): v for k, v in headers.items()}["content-type"].split(";")[0], "application/problem+json")
        with self.assertRaises(ApiError) as wrong:
            await in_thread(stranger.log_in, "admin", PASSWORD + "x")
        self.assertEqual(wrong.exception.status, 401)

    async def test_errors_say_what_would_be_right(self):
        number = await self.person()
        self.assertIn(number, await self.refuses(409, "POST", "/extensions", {"number": number, "name": "Again"}))
        await self.refuses(422, "POST", "/extensions", {"number": "333", "name": "C", "voicemail_pin": "333"})
        await self.refuses(422, "POST", "/extensions", {"number": "333", "name": "C", "voicemail_pin": "1234"})
        await self.refuses(400, "POST", "/extensions", ["no object"])
        await self.refuses(404, "GET", "/extensions/999")
        problem = await self.refuses(422, "POST", "/hot-desks", {"mac": "00:15:65:aa:bb:cc", "vendor": "yealink", "model": "T46S",
                                                                 "provisioning": {"method": "local"}})
        self.assertIn("001565aabbcc", problem)
        await self.refuses(409, "POST", "/phones/001565ffffff/assign")

    async def test_many_extensions_at_once_and_a_random_pin(self):
        numbers = [await self.person(hot_desking=False) for _ in range(3)]
        await self.api("PATCH", "/extensions", {"numbers": numbers, "hot_desking": True})
        for number in numbers:
            shown = await self.api("GET", f"/extensions/{number}")
            self.assertTrue(shown["hot_desking"])
            self.assertNotIn("voicemail_pin", shown)
        made = await self.api("POST", "/extensions", {"number": "770", "name": "Random"})
        self.assertRegex(made["voicemail_pin"], r"^\d{6}$")
        self.assertFalse(made["hot_desking"])
        await self.api("DELETE", "/extensions/770")
        await self.refuses(404, "GET", "/extensions/770")

    async def test_a_day_seen_through_the_events(self):
        events = self.world.api.events()
        self.addCleanup(events.close)
        bob = await self.person("Bob")
        caller = await self.a_phone(bob)
        phone = await self.a_desk(site="branch-1")
        number = await self.person("Alice")
        await log_in(self.world, phone, number)
        ours, theirs = await connect(caller, phone, number)
        calls = await self.api("GET", "/calls")
        self.assertEqual([(c["from"], c["to"], c["media"]) for c in calls], [(bob, number, "core")], calls)
        await both_hear(ours, theirs)
        voice = await self.api("GET", f"/calls/{calls[0]['id']}/media")
        self.assertEqual([(p["number"], p["site"]) for p in voice["parties"]], [(bob, "local"), (number, "branch-1")])
        for party in voice["parties"]:
            self.assertIn(party["codec"], ("PCMA", "PCMU", "G722"))
            self.assertGreater(party["heard"]["packets"], 0)
            self.assertLess(party["heard"]["lost"], 5)
        await ours.hang_up()
        await theirs.until("over")
        await log_out(self.world, phone)
        await eventually(lambda: len(events.named("call.ended")) >= 1 and events.named("session.ended"), 15, "events")
        self.assertIn(phone.mac, str(events.named("phone.discovered")))
        self.assertEqual(len(events.named("session.started")), 1)
        self.assertIn(number, str(events.named("session.started")))
        self.assertEqual([e["reason"] for e in events.named("session.ended")], ["code"])
        self.assertTrue(events.named("hot_desk.changed"))
        order = [n for n, _ in events.seen if n in ("session.started", "session.ended")]
        self.assertEqual(order, ["session.started", "session.ended"])
        audit = json.dumps(await self.api("GET", "/audit?limit=100"))
        self.assertIn(phone.desk_id, audit)
        self.assertIn(number, audit)

    async def test_an_sbc_is_shown_as_it_is(self):
        phone = await self.a_desk(site="branch-1")
        shown = await self.api("GET", "/sbcs/branch-1")
        self.assertTrue(shown["connected"])
        self.assertIn(self.world.faces["branch-1"], str(shown["lan"]))
        self.assertGreaterEqual(shown["phones"], 1, phone.mac)
        self.assertTrue(shown["version"])

    async def test_a_deleted_sbc_is_cut_off_at_once(self):
        await in_thread(self.world.start_sbc, "branch-9")
        events = self.world.api.events()
        self.addCleanup(events.close)
        await self.api("DELETE", "/sbcs/branch-9")
        await eventually(lambda: "branch-9" in str(events.named("sbc.disconnected")), 10, "sbc.disconnected")
        await asyncio.sleep(2)
        self.assertNotIn("branch-9", str(events.named("sbc.connected")), "its certificate is still good")
        self.world.sbcs.pop("branch-9").stop()

    async def test_keys_that_change_reach_the_desk_and_log_nobody_out(self):
        phone = await self.a_person_at_a_desk()
        await self.api("PATCH", f"/extensions/{phone.number}", {"keys": [{"type": "speed_dial", "value": "444", "label": "New"}]})
        await phone.until(lambda: any(k.value == "444" for k in phone.setup.keys), 15, "the new key")
        await desk_is(self.world, phone, state="logged_in", extension=phone.number, settled=True)
        await self.api("PATCH", f"/hot-desks/{phone.mac}", {"options": {"language": "de"}})
        await desk_is(self.world, phone, state="logged_in", settled=True)

    async def test_what_does_not_fit_is_listed(self):
        keys = [{"type": "speed_dial", "value": str(600 + n), "label": f"K{n}"} for n in range(60)]
        phone = await self.a_person_at_a_desk(vendor="grandstream", keys=keys)      # without expansion modules
        shown = await self.api("GET", f"/hot-desks/{phone.mac}")
        dropped = len(shown["keys_not_shown"])
        on_phone = [k for k in phone.setup.keys if k.kind == "speed" and k.value.startswith("6")]
        self.assertEqual(dropped + len(on_phone), 60)
        self.assertEqual([k.value for k in on_phone], [str(600 + n) for n in range(len(on_phone))], "not in their order")

    async def test_deleting_the_desk_or_the_person_ends_the_session(self):
        phone = await self.a_person_at_a_desk()
        await self.api("DELETE", f"/extensions/{phone.number}")
        await idle_again(self.world, phone)


if __name__ == "__main__":
    case.main()
