#!/usr/bin/python3
"""Who a SIP request speaks for, attacked with the running programs: yesterday's credentials of a desk from another
address, beside the core and at a branch. (tests/sim/element/rights_test.cpp has the rest, in simulated time.)"""
import copy
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from harness import LOCAL, eventually  # noqa: E402
from story import CODE, LOGOUT, desk, log_in, log_out, refused, talk  # noqa: E402


class Attacks:
    site = LOCAL

    async def stranger(self, setup):
        """Somebody at another address of the site who has these credentials."""
        phone = self.world.phone("yealink", self.site)
        await phone.power_on()
        phone.setup = copy.copy(setup)
        phone.contact = f"<sip:{setup.user}@{phone.ip}:{phone.port}>"
        phone.register_call_id, phone.register_cseq = phone.token(), 0
        return phone

    async def registration_of(self, phone):
        """The status with which its REGISTER is answered."""
        await phone.register()
        return [detail for what, detail in phone.seen if what == "register"][-1][2]

    async def expect_idle(self, phone, number):
        self.assertEqual(await refused(phone, number), 403)
        phone.subscribe(number, "dialog", "application/dialog-info+xml")
        await phone.until(lambda: any(w == "subscribe" for w, _ in phone.seen), 15, "an answer to SUBSCRIBE")
        self.assertGreaterEqual([d for w, d in phone.seen if w == "subscribe"][-1][2], 400, phone.seen)

    def is_deaf(self, phone, deaf=True):
        """A phone whose provisioning doesn't work stays what it is."""
        async def nothing(boot=False):
            phone.note("fetch", "nothing")
        if deaf:
            phone.fetch = nothing
        else:
            del phone.fetch

    async def test_yesterdays_idle_credentials_are_nobodys_once_the_desk_is_settled(self):
        bob = await self.a_person_at_a_desk("Bob")
        number, phone = await self.person("Dora"), await self.a_desk(site=self.site)
        yesterday = copy.copy(phone.setup)
        await log_in(self.world, phone, number)
        mallory = await self.stranger(yesterday)
        self.assertEqual(await self.registration_of(mallory), 403)
        self.assertEqual(await refused(mallory, bob.number), 403)
        for code in (LOGOUT, CODE):
            self.assertEqual(await refused(mallory, code), 403)
        self.assertEqual((await desk(self.world, phone))["extension"], number)
        await talk(bob, phone, number)
        await talk(phone, bob, bob.number)
        self.assertFalse(mallory.calls[-1].state == "ringing")

    async def test_before_the_phone_is_back_only_where_the_login_was_dialled_acts_for_the_person(self):
        bob = await self.a_person_at_a_desk("Bob")
        number, phone = await self.person("Dora"), await self.a_desk(site=self.site)
        events = self.world.api.events()
        self.addCleanup(events.close)
        self.is_deaf(phone)
        await log_in(self.world, phone, number, settled=False)
        await talk(phone, bob, bob.number)
        self.assertEqual(bob.calls[-1].caller[1], number)
        await talk(bob, phone, number)
        mallory = await self.stranger(phone.setup)
        await self.expect_idle(mallory, bob.number)
        for _ in range(3):
            self.assertEqual(await self.registration_of(mallory), 403)
        await talk(bob, phone, number)
        # It is reported, once.
        await eventually(lambda: events.named("phone.impostor"), 15, "an event")
        told = events.named("phone.impostor")
        self.assertEqual([(e["mac"], e["hot_desk"], e["site"], e["ip"], e["what"]) for e in told],
                         [(phone.mac, phone.desk_id, self.site, mallory.ip, "REGISTER")])
        records = (await self.api("GET", "/audit?action=phone.impostor"))["records"]
        self.assertEqual([r["subject"] for r in records if r["origin"].startswith(mallory.ip + ":")], [phone.desk_id])

    async def test_an_ended_sessions_credentials_are_never_the_next_persons(self):
        bob = await self.a_person_at_a_desk("Bob")
        dora, mallory, phone = await self.person("Dora"), await self.person("Mallory"), await self.a_desk(site=self.site)
        await log_in(self.world, phone, dora)
        ended = copy.copy(phone.setup)
        self.is_deaf(phone)
        await log_out(self.world, phone, settled=False)
        stranger = await self.stranger(ended)
        await self.expect_idle(stranger, bob.number)
        self.is_deaf(phone, False)
        await log_in(self.world, phone, mallory)
        self.assertEqual(await refused(stranger, bob.number), 403)
        self.assertEqual(await self.registration_of(stranger), 403)
        await talk(bob, phone, mallory)


class BesideTheCore(Attacks, case.LoopbackCase):
    pass


class AtABranch(Attacks, case.LoopbackCase):
    branches = ("branch-1",)
    site = "branch-1"


if __name__ == "__main__":
    case.main()
