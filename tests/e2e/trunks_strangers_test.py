#!/usr/bin/python3
"""Who can have a call taken for a trunk's: neither a stranger, nor yesterday's token, nor another trunk's; and what a trunk itself
can't do. Attacked beside a trunk that registers and one by address."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
import outside  # noqa: E402
from harness import in_thread  # noqa: E402
from outside import ACCOUNT, NUMBER, SECRET, TrunkCase, a_trunk, trunk_is  # noqa: E402
from simphone.message import user_of  # noqa: E402
from story import rings  # noqa: E402

OTHER_ACCOUNT = "4930777000"
IDENTITY = (("P-Asserted-Identity", "<sip:+49405555555@example.net>"),)


class Strangers(TrunkCase):
    async def house(self):
        provider = await self.provider()
        await a_trunk(self.world, provider, trusted=True)
        await provider.registered(ACCOUNT)
        await trunk_is(self.world, "registered")
        person = await self.person(outside_number=NUMBER)
        await outside.numbers(self.world, person)
        self.binding = provider.bindings[ACCOUNT]
        self.core = (self.world.core_ip, 5060)
        return provider, await self.a_phone(person)

    async def refused(self, call):
        """The final answer, or None: nothing was said."""
        try:
            await call.until("over", timeout=4)
        except AssertionError:
            self.assertEqual(call.state, "new")
        self.assertNotIn(call.status, range(200, 300))
        return call.status

    async def nobody_rings(self, phone):
        self.assertFalse([c for c in phone.calls if c.state == "ringing"])

    async def test_a_stranger_who_knows_the_number_isnt_a_trunk(self):
        _, phone = await self.house()
        stranger = await self.provider()
        for caller in ("+4930987654", ACCOUNT, "101"):
            await self.refused(await stranger.call(NUMBER, address=self.core, caller=caller))
        await self.nobody_rings(phone)

    async def test_a_stranger_who_knows_the_token_isnt_a_trunk(self):
        _, phone = await self.house()
        stranger = await self.provider()
        token = user_of(self.binding.contact)
        for by in ("udp", "tcp"):
            await self.refused(await stranger.call(token, address=self.core, by=by, to=NUMBER))
        await self.nobody_rings(phone)

    async def test_yesterdays_token_isnt_good_any_more(self):
        provider, phone = await self.house()
        token, flow = user_of(self.binding.contact), self.binding.flow
        await self.api("DELETE", "/outbound-rules/outside")
        await self.api("DELETE", "/trunks/provider")
        await provider.until(lambda: ACCOUNT not in provider.bindings, 10, "un-registration")
        await a_trunk(self.world, await self.provider())
        call = await provider.call(token, address=flow.peer, to=NUMBER)
        await self.refused(call)
        await self.nobody_rings(phone)

    async def test_one_trunk_cant_speak_for_another(self):
        _, phone = await self.house()                  # its trunk is trusted, the other one isn't
        other = await self.provider(accounts={OTHER_ACCOUNT: SECRET})
        await a_trunk(self.world, other, name="other", user=OTHER_ACCOUNT, main_number=f"+{OTHER_ACCOUNT}")
        await other.registered(OTHER_ACCOUNT)
        await trunk_is(self.world, "registered", "other")
        # A provider may call any number of ours; but with the token of another's registration it is still itself.
        for token in (user_of(self.binding.contact), user_of(other.bindings[OTHER_ACCOUNT].contact)):
            call = await other.call(token, address=self.core, to=NUMBER, caller="+49401111111", headers=IDENTITY)
            ours = await rings(phone)
            self.assertIn("401111111", ours.caller[1])
            await call.cancel()
            await ours.until("over")

    async def test_an_outside_caller_has_no_rights_of_a_phone(self):
        provider, phone = await self.house()
        for dialled in ("*77*101*", "*77*5*", "0030555555", "+4930555555", "112"):
            call = await provider.call(dialled, account=ACCOUNT)
            await call.until("over")
            self.assertIn(call.status, range(400, 500), dialled)
        self.assertEqual(provider.received("INVITE"), [], "nothing goes out again")
        await self.nobody_rings(phone)

    async def test_an_identity_is_believed_from_a_trusted_trunk_only(self):
        provider, phone = await self.house()
        for trusted, expected in ((True, "405555555"), (False, "401111111")):
            await self.api("PATCH", "/trunks/provider", {"trusted": trusted})
            await trunk_is(self.world, "registered")
            await provider.registered(ACCOUNT)
            call = await provider.call(NUMBER, account=ACCOUNT, caller="+49401111111", headers=IDENTITY)
            ours = await rings(phone)
            self.assertIn(expected, ours.caller[1])
            await call.cancel()
            await ours.until("over")

    async def test_passwords_are_shown_and_logged_nowhere(self):
        await self.house()
        shown = repr(await self.api("GET", "/trunks")) + repr(await self.api("GET", "/trunks/provider"))
        self.assertNotIn(SECRET, shown + await in_thread(self.world.core.text))


if __name__ == "__main__":
    case.main()
