#!/usr/bin/python3
"""Before the exchange that a company has already: Kamailio as its registrar, where each extension has an account; calls out and in
by it, local and at a branch."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
import kamailio  # noqa: E402
import outside  # noqa: E402
from harness import eventually, in_thread  # noqa: E402
from outside import TrunkCase, a_trunk, address_of, trunk_is  # noqa: E402
from simphone.message import Message, tag_of, token  # noqa: E402
from softphones import tool  # noqa: E402
from story import both_hear, lamp, lamp_names, log_in, rings  # noqa: E402

SECRET = "secret-of-"


class Upstream(TrunkCase):
    core_pnp = True
    branches = ("branch-1",)
    site = "local"

    async def asyncSetUp(self):
        if kamailio.PROGRAM is None:
            tool("kamailio")
        await super().asyncSetUp()
        TrunkCase.last += 2
        self.people_at = address_of(self.world, TrunkCase.last)
        self.pbx = kamailio.Kamailio(self.world.dir / f"pbx-{TrunkCase.last}", address_of(self.world, TrunkCase.last - 1), self.people_at, "-",
                                     SECRET, self.domain, config=kamailio.PBX)
        await in_thread(self.pbx.start)
        # Who stayed at the other exchange, its voicemail and its lines.
        self.people = await outside.Provider(self.people_at, call_challenge=None).open()
        await a_trunk(self.world, name="old-pbx", kind="accounts", site=self.site, domain=self.domain, server=f"{self.pbx.ip}:5060",
                      transport="udp", user="", password="", main_number="")
        await trunk_is(self.world, "ready", name="old-pbx")

    async def asyncTearDown(self):
        for account in await self.api("GET", "/upstream-accounts"):
            await self.api("DELETE", f"/upstream-accounts/{account['extension']}")
        await self.people.close()
        await in_thread(self.pbx.stop)
        await super().asyncTearDown()

    async def account(self, extension, **fields):
        body = {"extension": extension, "trunk": "old-pbx", "user": extension, "password": SECRET + extension, **fields}
        await in_thread(self.world.api.post, "/upstream-accounts", body)

    async def account_is(self, extension, condition, timeout=15):
        last = {}

        def so():
            last.update(self.world.api.get(f"/upstream-accounts/{extension}")["state"])
            return last["condition"] == condition
        try:
            await eventually(so, timeout)
        except AssertionError:
            raise AssertionError(f"not {condition}: it is {last}") from None
        return last

    async def a_person_with_a_phone(self):
        person = await self.person()
        await self.account(person)
        phone = await self.a_phone(person, site=self.site)
        await self.account_is(person, "registered")
        return person, phone

    async def test_a_call_to_who_stayed_there_and_back(self):
        person, phone = await self.a_person_with_a_phone()
        ours = await phone.dial("7205")
        theirs = await self.people.rings()
        self.assertEqual(theirs.called, "7205")
        self.assertIn(f"sip:{person}@", theirs.invite["from"])
        await theirs.progress(180)
        await ours.until("ringing")
        await theirs.answer()
        await ours.until("up")
        await both_hear(ours, theirs)
        await ours.hang_up()
        await theirs.until("over")
        theirs = await self.people.call(person, address=(self.pbx.ip, 5060), caller="7205")
        ours = await rings(phone)
        self.assertIn("7205", ours.caller[1])
        ours.answer()
        await theirs.until("up")
        await both_hear(ours, theirs)
        await theirs.hang_up()
        await ours.until("over")

    async def test_its_codes_are_heard_there_as_they_were_dialled(self):
        _, phone = await self.a_person_with_a_phone()
        for code in ("*97", "*21*0301234%23"):
            ours = await phone.dial(code)
            theirs = await self.people.rings()
            self.assertEqual(theirs.invite.uri.partition(":")[2].partition("@")[0], code)
            await theirs.answer()
            await ours.until("up")
            await ours.hang_up()
            await theirs.until("over")

    async def test_a_desk_is_registered_there_while_its_person_sits_there(self):
        person = await self.person()
        await self.account(person)
        await self.account_is(person, "logged_out")
        theirs = await self.people.call(person, address=(self.pbx.ip, 5060), caller="7205")
        await theirs.until("over")
        self.assertEqual(theirs.status, 480)
        desk = await self.a_desk(site=self.site)
        await log_in(self.world, desk, person)
        await self.account_is(person, "registered")
        theirs = await self.people.call(person, address=(self.pbx.ip, 5060), caller="7205")
        ours = await rings(desk)
        ours.answer()
        await theirs.until("up")
        await both_hear(ours, theirs)
        await theirs.hang_up()
        await ours.until("over")

    async def test_a_wrong_password_is_said_and_costs_nobody_else_anything(self):
        first, _ = await self.a_person_with_a_phone()
        second = await self.person("Bob")
        await self.account(second, password="wrong", registers="always")
        state = await self.account_is(second, "refused")
        self.assertIn("wrong password", state["reason"])
        self.assertEqual((await self.api("GET", f"/upstream-accounts/{first}"))["state"]["condition"], "registered")
        await self.api("PATCH", f"/upstream-accounts/{second}", {"password": SECRET + second})
        await self.account_is(second, "registered")
        counts = (await outside.trunk(self.world, "old-pbx"))["state"]["accounts"]
        self.assertEqual({k: counts[k] for k in ("all", "registered", "refused", "waiting")}, {"all": 2, "registered": 2, "refused": 0, "waiting": 0})

    async def test_a_transfer_goes_on_by_the_account_of_who_transfers(self):
        person, phone = await self.a_person_with_a_phone()
        theirs = await self.people.call(person, address=(self.pbx.ip, 5060), caller="7205")
        ours = await rings(phone)
        ours.answer()
        await theirs.until("up")
        await ours.refer("7206")
        on = await self.people.rings()
        self.assertEqual(on.called, "7206")
        self.assertIn(f"sip:{person}@", on.invite["from"])
        await on.answer()
        await on.until("up")
        await both_hear(theirs, on)
        await theirs.hang_up()
        await on.until("over")

    async def test_a_call_from_there_is_transferred_to_somebody_here(self):
        person, phone = await self.a_person_with_a_phone()
        colleague = await self.a_phone(await self.person("Carla"), site=self.site)
        theirs = await self.people.call(person, address=(self.pbx.ip, 5060), caller="7205")
        ours = await rings(phone)
        ours.answer()
        await theirs.until("up")
        self.assertEqual(await ours.refer(colleague.setup.user), 202)
        hers = await rings(colleague)
        hers.answer()
        await hers.until("up")
        if ours.state == "up":
            await ours.hang_up()
        theirs.audio.heard.clear()
        await both_hear(theirs, hers)
        await theirs.hang_up()
        await hers.until("over")

    async def test_two_calls_from_there_are_joined_by_who_has_asked_before(self):
        person, phone = await self.a_person_with_a_phone()
        theirs = await self.people.call(person, address=(self.pbx.ip, 5060), caller="7205")
        ours = await rings(phone)
        ours.answer()
        await theirs.until("up")
        asking = await phone.dial("7206")
        on = await self.people.rings()
        await on.answer()
        await asking.until("up")
        self.assertEqual(await ours.refer("7206", replaces=asking), 202)
        await phone.until(lambda: any(w == "refer" and " 200" in d for w, d in phone.seen), 15, "the transfer's result")
        for call in (ours, asking):
            if call.state == "up":
                await call.hang_up()
        for call in (theirs, on):
            call.audio.heard.clear()
        await both_hear(theirs, on)
        await theirs.hang_up()
        await on.until("over")

    # ---- lamps
    async def watched(self, watcher, number="7205"):
        watcher.subscribe(number, "dialog", "application/dialog-info+xml")
        await lamp(watcher, number, "idle")

    async def lamps_told(self, told):
        def so():
            return self.world.api.get("/trunks/old-pbx")["state"]["accounts"]["lamps"]["told"] == told
        await eventually(so, 15)

    async def test_lamps_follow_who_stayed_there(self):
        _, caller = await self.a_person_with_a_phone()
        _, watcher = await self.a_person_with_a_phone()
        third = await self.a_phone(await self.person("Carla"), site=self.site)
        third.subscribe("7205", "dialog", "application/dialog-info+xml")
        await third.until(lambda: ("subscribe", ("7205", "dialog", 404)) in third.seen, 10, "404 for who has no account there")
        await self.watched(watcher)
        await self.watched(caller)
        await self.lamps_told(1)        # one subscription, however many watch
        ours = await caller.dial("7205")
        theirs = await self.people.rings()
        await theirs.progress(180)
        for phone in (watcher, caller):
            await lamp(phone, "7205", "ringing")
        # The watcher's key is pressed: that exchange hears of the call in its own words.
        names = await lamp_names(watcher, "7205", "early")
        picking = await watcher.dial("7205", headers=[("Replaces", f"{names['call-id']};to-tag={names['local-tag']};from-tag={names['remote-tag']}")])
        await self.people.until(lambda: self.people.calls[-1] is not theirs, 10, "a call that takes the place of the other")
        asked = self.people.calls[-1]
        self.assertEqual(asked.invite["replaces"],
                         f"{theirs.invite['call-id']};to-tag={tag_of(theirs.invite['from'])};from-tag={theirs.local_tag};early-only")
        asked.refuse(481, "Call/Transaction Does Not Exist")    # it leaves that to its phones, and this one hasn't called
        await picking.until("over")
        await theirs.answer()
        await ours.until("up")
        for phone in (watcher, caller):
            await lamp(phone, "7205", "busy")
        await ours.hang_up()
        for phone in (watcher, caller):
            await lamp(phone, "7205", "idle")

    async def test_lamps_come_back_with_it(self):
        _, caller = await self.a_person_with_a_phone()
        _, watcher = await self.a_person_with_a_phone()
        await self.watched(watcher)
        await self.lamps_told(1)
        await in_thread(self.pbx.stop)
        await self.api("PATCH", "/trunks/old-pbx", {"transport": "tcp"})    # all that stood has to be made anew
        await in_thread(self.pbx.start)
        await trunk_is(self.world, "ready", name="old-pbx", timeout=60)
        await self.lamps_told(1)
        ours = await caller.dial("7205")
        theirs = await self.people.rings(30)
        await theirs.answer()
        await ours.until("up")
        await lamp(watcher, "7205", "busy")
        await ours.hang_up()
        await lamp(watcher, "7205", "idle")

    async def voicemail(self, user, new):
        """The other exchange's voicemail, which publishes (RFC 3903) what waits for `user`."""
        flow = self.people.wire.datagrams.flow((self.pbx.ip, 5060))
        uri, here = f"sip:{user}@{self.domain}", f"{self.people.ip}:5060"
        body = f"Messages-Waiting: {'yes' if new else 'no'}\r\nVoice-Message: {new}/0\r\n".encode()
        answer = await self.people.transact(Message(f"PUBLISH {uri} SIP/2.0", [
            ("Via", f"SIP/2.0/UDP {here};branch=z9hG4bK{token()}"), ("From", f"<{uri}>;tag={token(4)}"), ("To", f"<{uri}>"), ("Call-ID", token()),
            ("CSeq", "1 PUBLISH"), ("Max-Forwards", "70"), ("Expires", "3600"), ("Event", "message-summary"),
            ("Content-Type", "application/simple-message-summary")], body), flow)
        self.assertEqual(answer.status, 200)

    async def test_the_message_lamp_is_asked_for_where_nobody_tells_of_it(self):
        person, phone = await self.a_person_with_a_phone()
        other, others_phone = await self.a_person_with_a_phone()
        await self.voicemail(person, 2)
        for each, number in ((phone, person), (others_phone, other)):
            each.subscribe(number, "message-summary", "application/simple-message-summary")
        await phone.until(lambda: phone.mailbox == "yes", 20, "the lamp of who has a message")
        self.assertEqual(others_phone.mailbox, "no")
        state = (await outside.trunk(self.world, "old-pbx"))["state"]["accounts"]["mailboxes"]
        self.assertEqual((state["refused"], state["reason"]), (0, None))


class UpstreamOfABranch(Upstream):
    site = "branch-1"


if __name__ == "__main__":
    case.main()
