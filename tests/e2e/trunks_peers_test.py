#!/usr/bin/python3
"""Other people's SIP as provider and as outside party: two Kamailios found by SRV, of which one goes away, and sipp, which says
back what it hears."""
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
import kamailio  # noqa: E402
import outside  # noqa: E402
from harness import in_thread  # noqa: E402
from outside import ACCOUNT, NUMBER, SECRET, TrunkCase, a_trunk, address_of, trunk_is  # noqa: E402
from softphones import tool  # noqa: E402
from story import both_hear, rings  # noqa: E402

DIALLED = "0030987654"


class Kamailios(TrunkCase):
    branches = ("branch-1",)

    async def asyncSetUp(self):
        tool("sipp")
        if kamailio.PROGRAM is None:
            tool("kamailio")
        await super().asyncSetUp()
        self.servers, self.sipp = [], None

    async def asyncTearDown(self):
        if self.sipp:
            self.sipp.terminate()
            await in_thread(self.sipp.wait, 10)
        for server in self.servers:
            await in_thread(server.stop)
        await super().asyncTearDown()

    async def house(self, site="local", **options):
        """Two Kamailios by SRV, a trunk that is registered, and a phone that may call by it and is called by NUMBER."""
        TrunkCase.last += 2
        self.people = address_of(self.world, TrunkCase.last)
        dns = await self.zone()
        for n in range(2):
            server = kamailio.Kamailio(self.world.dir / f"kamailio-{TrunkCase.last}-{n}", address_of(self.world, 200 + 2 * TrunkCase.last % 50 + n),
                                       self.people, ACCOUNT, SECRET, self.domain, **options)
            self.servers.append(await in_thread(server.start))
            dns.a(f"k{n}.{self.domain}", server.ip)
        dns.srv(f"_sip._udp.{self.domain}", *((10 * n, 0, 5060, f"k{n}.{self.domain}") for n in range(2)))
        await a_trunk(self.world, domain=self.domain, transport="udp")
        await trunk_is(self.world, "registered")
        person = await self.person(outside_number=NUMBER)
        await outside.numbers(self.world, person)
        return await self.a_phone(person, site=site)

    def echo(self):
        """sipp answers each call and says back what it hears."""
        log = open(self.world.dir / f"sipp-{TrunkCase.last}.log", "wb")
        self.sipp = subprocess.Popen([shutil.which("sipp"), "-sn", "uas", "-i", self.people, "-p", "5060", "-mi", self.people, "-rtp_echo",
                                      "-nostdin", "-timeout", "120"], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        log.close()

    async def hears_itself(self, phone):
        call = await phone.dial(DIALLED)
        await call.until("up", timeout=15)
        call.audio.frequency = 520
        await phone.until(lambda: call.audio.hears(520), 10, lambda: f"its own tone, said back outside; heard {call.audio.packets} packets, level {call.audio.level()}, to {call.audio.remote} as {call.audio.payload_type}")
        await call.hang_up()

    async def test_a_call_out_by_kamailio_to_sipp_and_after_it_by_the_other_kamailio(self):
        phone = await self.house()
        self.echo()
        await self.hears_itself(phone)
        await in_thread(self.servers[0].stop)
        await self.hears_itself(phone)

    async def test_a_call_out_from_a_branch(self):
        phone = await self.house("branch-1")
        self.echo()
        await self.hears_itself(phone)

    async def called_through(self, site, **options):
        phone = await self.house(site, **options)
        async with outside.Provider(self.people) as people:
            theirs = await people.call(NUMBER, address=(self.servers[0].ip, 5060), caller="+49401234567")
            ours = await rings(phone)
            self.assertIn("401234567", ours.caller[1])
            ours.answer()
            await theirs.until("up")
            await both_hear(ours, theirs)
            await theirs.hang_up()
            await ours.until("over")

    async def test_a_call_in_by_kamailio(self):
        await self.called_through("local")

    async def test_a_call_to_a_branch_by_kamailio_that_challenges_by_407(self):
        await self.called_through("branch-1", by_407=True)


if __name__ == "__main__":
    case.main()
