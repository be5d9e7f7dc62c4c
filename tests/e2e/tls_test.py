#!/usr/bin/python3
"""A desk whose phone speaks SIP over TLS (option `transport`), beside the core and behind the SBC: login, calls, logout."""
import pathlib
import ssl
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from harness import LOCAL  # noqa: E402
from story import connect, both_hear, log_in, log_out, talk  # noqa: E402


class SipOverTls(case.LoopbackCase):
    branches = ("branch-1",)
    sips = True

    def messages(self, phone, stream):
        """What went over the connection, or beside it: by the transport of each request's own Via."""
        way = {True: b"Via: SIP/2.0/TLS ", False: b"Via: SIP/2.0/UDP "}[stream]
        return [d.split(b" ", 1)[0] for w, d, _ in phone.trace if w == "out" and not d.startswith(b"SIP/2.0") and way in d]

    def proven(self):
        """Trusts the core's own authority and nothing else, and wants the domain's name in the certificate."""
        return {"trust": (self.world.dir / "core" / "authority.pem", self.world.domain)}

    async def a_day(self, site, **options):
        phone = await self.a_desk("yealink", site, phone=self.world.phone("yealink", site, **options),
                                  options={"transport": "tls"})
        self.assertEqual((phone.setup.transport, phone.setup.proxy), ("tls", (self.world.faces[site], 5061)))
        number, bob = await self.person(), await self.person("Bob")
        other = await self.a_phone(bob)
        await log_in(self.world, phone, number)
        await talk(other, phone, number)
        ours, theirs = await connect(phone, other, bob)
        await both_hear(ours, theirs)
        self.assertEqual(await ours.hold(), 200)
        self.assertEqual(await ours.hold(False), 200)
        await both_hear(ours, theirs, 520, 780)
        await theirs.hang_up()
        await ours.until("over")
        await log_out(self.world, phone)
        self.assertEqual(phone.reboots, 0)
        over_tls = self.messages(phone, True)
        for method in (b"REGISTER", b"INVITE", b"ACK"):
            self.assertIn(method, over_tls)
        self.assertLessEqual(set(self.messages(phone, False)), {b"SUBSCRIBE"}, "only plug-and-play is UDP's")
        return phone, other, number

    async def test_beside_the_core_with_a_certificate_of_its_authority(self):
        await self.a_day(LOCAL, **self.proven())

    async def test_behind_the_sbc(self):
        await self.a_day("branch-1")

    async def test_a_lost_connection_comes_back_and_calls_ring_over_the_new_one(self):
        phone, other, number = await self.a_day(LOCAL)
        await log_in(self.world, phone, number)
        first = phone.stream
        first.transport.abort()
        await phone.until(lambda: phone.stream is None, 15, "the end of the connection")
        phone.register_task.cancel()
        phone.registered_as = None
        phone.register_task = phone.spawn(phone.stay_registered())     # it connects and registers again, as phones do
        await phone.until(lambda: phone.stream not in (None, first) and phone.registered_as == number, 10, "a new connection")
        await talk(other, phone, number)

    async def test_a_phone_that_trusts_another_authority_does_not_register(self):
        """The control: the check of the certificate above is one."""
        with self.assertRaises(ssl.SSLCertVerificationError):
            phone = await self.a_desk("yealink", LOCAL, options={"transport": "tls"})
            phone.trust = (self.world.dir / "core" / "authority.pem", "another.example.com")
            phone.stream.transport.abort()
            await phone.until(lambda: phone.stream is None, 15, "the end of the connection")
            await phone.connect()


if __name__ == "__main__":
    case.main()
