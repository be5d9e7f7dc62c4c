#!/usr/bin/python3
"""A trunk by TLS with encrypted speech: off, optional, required; heard both ways; providers that answer in the clear, offer both, or
leave the keys out in the middle of a call; where the keys must not be found."""
import base64
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
import outside  # noqa: E402
from harness import in_thread  # noqa: E402
from outside import ACCOUNT, DOMAIN, NUMBER, TrunkCase, a_trunk, trunk_is  # noqa: E402
from simphone import srtp  # noqa: E402
from story import both_hear, rings  # noqa: E402

DIALLED = "0030987654"


class TrunkSrtp(TrunkCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contexts, cls.authority = outside.make_certificates(cls.world.dir / "tls", DOMAIN)

    async def house(self, ours, theirs, **habits):
        """A trunk whose record says `ours` to a provider that does `theirs`, and a phone without SRTP."""
        provider = await self.provider(transports=("tls",), tls=self.contexts[DOMAIN], srtp=theirs, **habits)
        await a_trunk(self.world, provider, server=f"{provider.ip}:5061", transport="tls", tls_authority=self.authority, srtp=ours)
        await provider.registered(ACCOUNT)
        await trunk_is(self.world, "registered")
        person = await self.person(outside_number=NUMBER)
        await outside.numbers(self.world, person)
        return provider, await self.a_phone(person)

    async def out(self, provider, phone):
        ours = await phone.dial(DIALLED)
        theirs = await provider.rings()
        await theirs.answer()
        return ours, theirs

    async def test_each_way_that_both_take(self):
        for suite in srtp.SUITES:
            provider, phone = await self.house("required", "required", srtp_suites=(suite,))
            ours, theirs = await self.out(provider, phone)
            await ours.until("up")
            await both_hear(ours, theirs)
            self.assertEqual(theirs.sealing[0], suite)
            self.assertIn("RTP/SAVP", theirs.peer_sdp)
            self.assertIsNone(ours.sealing, "the phone's side is as it is set")
            self.assertEqual(await ours.hold(), 200)
            self.assertEqual(await ours.hold(False), 200)
            await both_hear(ours, theirs, 520, 780)
            self.assertEqual(theirs.audio.refused, 0)
            await ours.hang_up()
            await theirs.until("over")
            theirs = await provider.call(NUMBER, ACCOUNT)
            ours = await rings(phone)
            ours.answer()
            await theirs.until("up")
            await both_hear(ours, theirs)
            self.assertEqual(theirs.sealing[0], suite)
            await theirs.hang_up()
            await ours.until("over")
            await self.gone(provider)

    async def gone(self, provider):
        for path, key in (("/outbound-rules", "outside"), ("/inbound-numbers", NUMBER.replace("+", "%2B")), ("/trunks", "provider")):
            await self.api("DELETE", f"{path}/{key}")
        await provider.close()
        self.providers.remove(provider)

    async def test_optional_takes_what_the_provider_can(self):
        for theirs, sealed in (("off", False), ("optional", True)):
            provider, phone = await self.house("optional", theirs)
            ours, call = await self.out(provider, phone)
            await ours.until("up")
            await both_hear(ours, call)
            self.assertEqual(call.sealing is not None, sealed)
            await ours.hang_up()
            await call.until("over")
            await self.gone(provider)

    async def test_an_offer_with_both_is_answered_with_the_better_one(self):
        for ours in ("optional", "required"):
            provider, phone = await self.house(ours, "both")
            call = await provider.call(NUMBER, ACCOUNT)
            answering = await rings(phone)
            answering.answer()
            await call.until("up")
            await both_hear(answering, call)
            self.assertRegex(call.peer_sdp, r"(?s)m=audio 0 RTP/AVP .*m=audio [1-9]\d* RTP/SAVP ")
            self.assertIsNotNone(call.sealing)
            await call.hang_up()
            await answering.until("over")
            await self.gone(provider)

    # ---- attacks
    async def test_required_is_not_talked_out_of_by_the_provider(self):
        provider, phone = await self.house("required", "off")
        ours, theirs = await self.out(provider, phone)
        await ours.until("over")
        await theirs.until("over")
        self.assertEqual((ours.status, theirs.audio.packets), (488, 0))
        call = await provider.call(NUMBER, ACCOUNT)
        await call.until("over")
        self.assertEqual(call.status, 488)
        self.assertEqual([c for c in phone.calls if not c.outgoing], [])

    async def test_required_is_not_given_up_in_the_middle_of_a_call(self):
        provider, phone = await self.house("required", "required")
        ours, theirs = await self.out(provider, phone)
        await ours.until("up")
        await both_hear(ours, theirs)
        keys = theirs.sealing
        provider.habits.srtp = "off"
        for ask in (theirs.re_invite, theirs.update):
            self.assertEqual(await ask(), 488)
        provider.habits.srtp = "required"
        self.assertEqual(theirs.sealing, keys)
        await both_hear(ours, theirs, 520, 780)

    async def test_it_needs_tls(self):
        for more in ({}, {"transport": "udp"}, {"transport": "tcp"}):
            for how in ("optional", "required"):
                await self.refuses(422, "POST", "/trunks", outside.trunk_body(srtp=how, **more))

    async def test_keys_are_nowhere_but_in_the_call(self):
        provider, phone = await self.house("required", "required")
        ours, theirs = await self.out(provider, phone)
        await ours.until("up")
        await both_hear(ours, theirs)
        call = (await self.api("GET", "/calls"))[0]["id"]
        shown = []
        for path in (f"/calls/{call}/ladder", f"/calls/{call}/pcap", "/trunks", "/trunks/provider/registration", "/audit"):
            shown.append((await in_thread(self.world.api.request, "GET", "/api/v1" + path, None,
                                          {"Authorization": f"Bearer {self.world.api.token}"}))[2])
        await ours.hang_up()
        await theirs.until("over")
        places = shown + [p.read_bytes() for p in self.world.dir.rglob("*") if p.is_file()]
        places = [p if isinstance(p, bytes) else str(p).encode() for p in places]
        for key in (theirs.sealing[1], *theirs.keys.values()):
            raw = base64.b64decode(key + "=" * (-len(key) % 4))
            for form in (key.rstrip("=").encode(), raw, raw.hex().encode()):
                self.assertFalse(any(form in place for place in places))


if __name__ == "__main__":
    case.main()
