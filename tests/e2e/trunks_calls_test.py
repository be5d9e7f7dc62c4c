#!/usr/bin/python3
"""Calls out and in by a trunk, beside the core and at a branch, with what providers do in them: early media, 100rel, forks,
session timers, late offers, hold; heard both ways."""
import asyncio
import pathlib
import re
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
import outside  # noqa: E402
from harness import LOCAL  # noqa: E402
from outside import ACCOUNT, DOMAIN, NUMBER, TrunkCase, a_trunk, trunk_is  # noqa: E402
from story import both_hear, rings  # noqa: E402

DIALLED, CALLED = "0030987654", "+4930987654"         # 0 for an outside line, then a number of Berlin


class CallsCase(TrunkCase):
    site = LOCAL

    async def house(self, trunk=(), **habits):
        """A provider, a registered trunk to it, and a person with a phone who is called by NUMBER. (provider, phone)"""
        provider = await self.provider(**habits)
        await a_trunk(self.world, provider, **dict(trunk))
        await provider.registered(ACCOUNT)
        await trunk_is(self.world, "registered")
        person = await self.person(outside_number=NUMBER)
        await outside.numbers(self.world, person)
        return provider, await self.a_phone(person, site=self.site)

    async def connected(self, provider, phone):
        """A call out that is up. (the phone's call, the provider's)"""
        ours = await phone.dial(DIALLED)
        theirs = await provider.rings()
        await theirs.answer()
        await ours.until("up")
        return ours, theirs


class CallsOut:
    async def test_a_call_out_and_its_end_by_the_caller(self):
        provider, phone = await self.house()
        ours = await phone.dial(DIALLED)
        theirs = await provider.rings()
        self.assertEqual(theirs.called, CALLED)
        self.assertEqual(theirs.invite.uri.partition("@")[2].partition(":")[0].partition(";")[0], DOMAIN)
        self.assertIn(NUMBER, theirs.invite["from"])
        await theirs.progress(180)
        await ours.until("ringing")
        await theirs.answer()
        await ours.until("up")
        await both_hear(ours, theirs)
        await ours.hang_up()
        await theirs.until("over")

    async def test_the_end_by_the_other_side(self):
        provider, phone = await self.house()
        ours, theirs = await self.connected(provider, phone)
        await theirs.hang_up()
        await ours.until("over")

    async def test_early_media_is_heard_in_a_183_and_in_a_180(self):
        provider, phone = await self.house()
        for status in (183, 180):
            ours = await phone.dial(DIALLED)
            theirs = await provider.rings()
            theirs.audio.frequency = 425
            await theirs.progress(status, media=True)
            await phone.until(lambda: ours.audio.hears(425), 10, f"early media after {status}")
            await theirs.answer()
            await ours.until("up")
            await both_hear(ours, theirs)
            await ours.hang_up()

    async def test_a_180_after_a_183_rings(self):
        provider, phone = await self.house()
        ours = await phone.dial(DIALLED)
        theirs = await provider.rings()
        await theirs.progress(183)
        await theirs.progress(180)
        await phone.until(lambda: getattr(ours, "provisional", None) == 180, 10, "180")
        await ours.hang_up()
        await theirs.until("over")

    async def test_provisional_answers_that_must_arrive_are_acknowledged(self):
        provider, phone = await self.house()
        ours = await phone.dial(DIALLED)
        theirs = await provider.rings()
        await theirs.progress(183, media=True, reliable=True)
        self.assertEqual(theirs.pracks, 1)
        await theirs.answer()
        await ours.until("up")
        await both_hear(ours, theirs)

    async def test_a_fork_answers_with_another_tag_than_it_rang(self):
        provider, phone = await self.house()
        ours = await phone.dial(DIALLED)
        theirs = await provider.rings()
        await theirs.progress(183, media=True, tag="first")
        await theirs.progress(183, media=True, tag="second")
        await theirs.answer(tag="third")
        await ours.until("up")
        await both_hear(ours, theirs)
        await ours.hang_up()
        await theirs.until("over")

    async def test_what_the_other_side_says_no_with_arrives(self):
        provider, phone = await self.house()
        for status, reason in ((486, "Busy Here"), (404, "Not Found"), (603, "Decline")):
            ours = await phone.dial(DIALLED)
            (await provider.rings()).refuse(status, reason)
            await ours.until("over")
            self.assertEqual(ours.status, status)

    async def test_cancelled_while_it_rings(self):
        provider, phone = await self.house()
        ours = await phone.dial(DIALLED)
        theirs = await provider.rings()
        await theirs.progress(180)
        await ours.until("ringing")
        await ours.hang_up()
        await theirs.until("over")
        self.assertEqual(theirs.status, 487)

    async def test_only_over_the_flow_that_is_registered(self):
        provider, phone = await self.house(only_registered_flow=True)
        for _ in range(3):
            ours, theirs = await self.connected(provider, phone)
            await ours.hang_up()
            await theirs.until("over")

    async def test_a_timer_that_is_too_short_is_corrected(self):
        provider, phone = await self.house(least_session=3600)
        ours, theirs = await self.connected(provider, phone)
        await both_hear(ours, theirs)

    async def test_hold_and_back(self):
        provider, phone = await self.house()
        ours, theirs = await self.connected(provider, phone)
        await both_hear(ours, theirs)
        self.assertEqual(await ours.hold(), 200)
        self.assertEqual(await ours.hold(False), 200)
        await both_hear(ours, theirs, 500, 700)
        self.assertEqual(await theirs.re_invite("sendonly"), 200)
        self.assertEqual(await theirs.re_invite(), 200)
        await both_hear(ours, theirs)

    async def test_a_transfer_needs_no_late_offer(self):
        provider, phone = await self.house(takes_late_offers=False)
        colleague = await self.a_phone(await self.person(name="Bob"), site=self.site)
        ours, theirs = await self.connected(provider, phone)
        self.assertEqual(await ours.refer(colleague.setup.user), 202)
        transferred = await rings(colleague)
        transferred.answer()
        await transferred.until("up")
        await both_hear(transferred, theirs)


class CallsIn:
    async def test_a_call_in_shows_who_calls_and_is_heard(self):
        provider, phone = await self.house()
        theirs = await provider.call(NUMBER, account=ACCOUNT, caller="+49401234567")
        ours = await rings(phone)
        self.assertIn("401234567", ours.caller[1])
        ours.answer()
        await theirs.until("up")
        await both_hear(ours, theirs)
        await theirs.hang_up()
        await ours.until("over")

    async def test_the_number_may_stand_in_to_only(self):
        provider, phone = await self.house()
        theirs = await provider.call(None, account=ACCOUNT, to=NUMBER)
        (await rings(phone)).answer()
        await theirs.until("up")

    async def test_each_way_to_write_the_number_is_understood(self):
        provider, phone = await self.house()
        for written in (NUMBER, NUMBER.replace("+", "00"), NUMBER[1:], "0" + NUMBER[3:]):
            theirs = await provider.call(written, account=ACCOUNT)
            ours = await rings(phone)
            await theirs.cancel()
            await ours.until("over")

    async def test_an_invite_without_an_offer(self):
        provider, phone = await self.house()
        theirs = await provider.call(NUMBER, account=ACCOUNT, offer=False)
        ours = await rings(phone)
        ours.answer()
        await theirs.until("up")
        await both_hear(ours, theirs)

    async def test_a_number_of_nobody_is_404(self):
        provider, _ = await self.house()
        theirs = await provider.call("+4930999999", account=ACCOUNT)
        await theirs.until("over")
        self.assertEqual(theirs.status, 404)


class Records:
    """What is kept of a call: by which trunk it came or went."""
    async def record(self, call):
        """The record of the test's newest call with this outcome's beginning."""
        async def there():
            found = [r for r in (await self.api("GET", "/call-records"))["records"] if r[call[0]] == call[1]]
            return found[0] if found else None
        for _ in range(50):
            if record := await there():
                return record
            await asyncio.sleep(.2)
        raise AssertionError(f"no record whose {call[0]} is {call[1]}")

    async def test_names_the_trunk_of_a_call_out_and_of_one_in(self):
        provider, phone = await self.house()
        ours, theirs = await self.connected(provider, phone)
        await ours.hang_up()
        await theirs.until("over")
        out = await self.record(("to", CALLED))
        self.assertEqual((out["from"], out["trunk"], out["outcome"]), (phone.setup.user, "provider", "answered"))
        theirs = await provider.call(NUMBER, account=ACCOUNT, caller="+49401112223")
        (await rings(phone)).answer()
        await theirs.until("up")
        await theirs.hang_up()
        came = await self.record(("to", phone.setup.user))
        self.assertEqual((came["trunk"], came["outcome"]), ("provider", "answered"))

    async def test_name_the_trunk_that_carried_a_call_which_another_refused(self):
        provider, phone = await self.house()
        second = await self.provider()
        await a_trunk(self.world, second, name="second")
        await trunk_is(self.world, "registered", "second")
        await self.api("PATCH", "/outbound-rules/outside", {"trunks": ["provider", "second"]})
        ours = await phone.dial(DIALLED)
        (await provider.rings()).refuse(503, "Service Unavailable")
        theirs = await second.rings()
        await theirs.answer()
        await ours.until("up")
        await both_hear(ours, theirs)
        await ours.hang_up()
        await theirs.until("over")
        self.assertEqual((await self.record(("to", CALLED)))["trunk"], "second")

    async def test_name_none_for_a_call_that_no_trunk_was_asked_for(self):
        _, phone = await self.house()
        ours = await phone.dial("00900123456")
        await ours.until("over")
        self.assertEqual(ours.status, 403)
        self.assertIsNone((await self.record(("outcome", "refused")))["trunk"])


class Gateways(CallsCase):
    """Addresses of one trunk: where calls go, where they come from, and where the voice is are three."""

    async def test_calls_from_another_address_of_it_are_its_own_and_are_heard(self):
        server, gateway = await self.provider(), await self.provider()
        await a_trunk(self.world, server, kind="address", sources=[gateway.ip])
        person = await self.person(outside_number=NUMBER)
        await outside.numbers(self.world, person)
        phone = await self.a_phone(person)
        core = (self.world.core_ip, 5060)
        theirs = await gateway.call(NUMBER, address=core)
        ours = await rings(phone)
        ours.answer()
        await theirs.until("up")
        await both_hear(ours, theirs)
        await theirs.hang_up()
        await ours.until("over")
        ours = await phone.dial(DIALLED)
        theirs = await server.rings()
        await theirs.answer()
        await ours.until("up")
        await both_hear(ours, theirs)

    async def test_the_voice_may_be_at_another_address_than_the_signalling(self):
        TrunkCase.last += 1
        media = outside.address_of(self.world, TrunkCase.last)
        provider, phone = await self.house(media_ip=media)
        ours, theirs = await self.connected(provider, phone)
        await both_hear(ours, theirs)
        await ours.hang_up()
        theirs = await provider.call(NUMBER, account=ACCOUNT)
        ours = await rings(phone)
        ours.answer()
        await theirs.until("up")
        await both_hear(ours, theirs)


class Fax:
    """An end of a call that speaks T.38 (RFC 3362) in place of audio: its UDPTL datagrams are no RTP."""
    def __init__(self, call):
        self.call, self.heard, self.remote = call, [], None
        call.audio.remote = None
        call.audio._received = lambda data, source, now: data[0] >> 6 != 2 and self.heard.append(data)
        call.sdp, call.take_sdp = self.sdp, self.take

    def sdp(self, direction="sendrecv", offer=b""):
        ip, port = self.call.audio.sock.getsockname()
        return (f"v=0\r\no=- 1 {len(self.heard) + 50} IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=image {port} udptl t38\r\n"
                "a=T38FaxVersion:0\r\na=T38FaxRateManagement:transferredTCF\r\na=T38FaxUdpEC:t38UDPRedundancy\r\n").encode()

    def take(self, body):
        found = re.search(r"c=IN IP4 (\S+).*m=image (\d+) udptl t38", body.decode(), re.S)
        self.remote = found and (found.group(1), int(found.group(2)))
        return "sendrecv"

    async def reaches(self, other):
        page = b"\x00" + bytes([len(other.heard)]) + b"\x01\xc2\x00\x00"
        for _ in range(50):                              # the port may be heard a moment after the answer
            self.call.audio.sock.sendto(page, self.remote)
            await asyncio.sleep(.1)
            if page in other.heard:
                return
        raise AssertionError("the fax doesn't arrive")

    def back_to_voice(self):
        del self.call.sdp, self.call.take_sdp, self.call.audio._received


class Faxes:
    async def talking(self):
        provider, phone = await self.house()
        theirs = await provider.call(NUMBER, account=ACCOUNT)
        ours = await rings(phone)
        ours.answer()
        await theirs.until("up")
        await both_hear(ours, theirs)
        return phone, ours, theirs

    async def test_a_fax_takes_the_place_of_the_voice_and_gives_it_back(self):
        _, ours, theirs = await self.talking()
        machine, sender = Fax(ours), Fax(theirs)
        self.assertEqual((await theirs.request("INVITE", body=sender.sdp())).status, 200)
        await sender.reaches(machine)
        await machine.reaches(sender)
        before = list(machine.heard)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.bind((outside.address_of(self.world, 250), 0))
            stranger.sendto(b"\x00\x63\x01\xc2\x00\x00", sender.remote)
            await asyncio.sleep(.5)
        self.assertEqual(machine.heard, before)
        machine.back_to_voice()
        sender.back_to_voice()
        self.assertEqual(await theirs.re_invite(), 200)
        await both_hear(ours, theirs)

    async def test_a_phone_that_takes_no_fax_keeps_the_voice(self):
        phone, ours, theirs = await self.talking()
        phone.on_offer_in_call = lambda call, message: phone.reply(message.answer(488, "Not Acceptable Here"))
        sender = Fax(theirs)
        self.assertEqual((await theirs.request("INVITE", body=sender.sdp())).status, 488)
        sender.back_to_voice()
        del phone.on_offer_in_call
        self.assertEqual(await theirs.re_invite(), 200)
        await both_hear(ours, theirs)


class FaxesBesideTheCore(CallsCase, Faxes):
    pass


class FaxesAtABranch(CallsCase, Faxes):
    branches = ("branch-1",)
    site = "branch-1"


class RecordsBesideTheCore(CallsCase, Records):
    pass


class RecordsOfABranch(CallsCase, Records):
    branches = ("branch-1",)
    site = "branch-1"


class CallsOutBesideTheCore(CallsCase, CallsOut):
    pass


class CallsInBesideTheCore(CallsCase, CallsIn):
    pass


class CallsOutFromABranch(CallsCase, CallsOut):
    branches = ("branch-1",)
    site = "branch-1"


class CallsIntoABranch(CallsCase, CallsIn):
    branches = ("branch-1",)
    site = "branch-1"


if __name__ == "__main__":
    case.main()
