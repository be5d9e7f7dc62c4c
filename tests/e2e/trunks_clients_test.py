#!/usr/bin/python3
"""Other people's phones outside: baresip and linphone (Debian's), behind a Kamailio at which the trunk registers, and as what a trunk
of kind `address` leads to. They are called and call, are held and hold; heard both ways, beside the core and at a branch."""
import pathlib
import sys
import types

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
import kamailio  # noqa: E402
import netns  # noqa: E402
import outside  # noqa: E402
import wan  # noqa: E402
from harness import in_thread  # noqa: E402
from outside import ACCOUNT, NUMBER, SECRET, TrunkCase, a_trunk, trunk_is  # noqa: E402
from softphones import Baresip, Linphone, Talking, tool  # noqa: E402
from story import eventually, rings  # noqa: E402

PROVIDER, CLIENT = "192.0.2.1", "192.0.2.2"           # on the WAN, each in a namespace of its own
DIALLED, CALLED, ITS_OWN = "0030987654", "+4930987654", "4930987654"


class Clients(Talking, TrunkCase):
    @classmethod
    def setUpClass(cls):
        netns.needed()
        super().setUpClass()

    @classmethod
    def build_world(cls):
        return wan.WanCase.build_world(outsiders=(PROVIDER, CLIENT))

    async def behind_kamailio(self):
        """The trunk registers at a Kamailio, which sends calls to the client and takes them from it. What the client's proxy is."""
        if kamailio.PROGRAM is None:
            tool("kamailio")
        server = kamailio.Kamailio(self.world.dir / f"kamailio-{TrunkCase.last}", PROVIDER, CLIENT, ACCOUNT, SECRET, self.domain,
                                   network=self.world.sites.outside[PROVIDER])
        self.addCleanup(server.stop)
        await in_thread(server.start)
        await a_trunk(self.world, domain=self.domain, server=f"{PROVIDER}:5060", transport="udp")
        await trunk_is(self.world, "registered")
        return PROVIDER, 5060

    async def by_address(self):
        """The client is what the trunk leads to."""
        await a_trunk(self.world, kind="address", domain=CLIENT, server=f"{CLIENT}:5060", user="", password="")
        return self.world.core_ip, 5060

    async def talks(self, kind, way, site):
        tool(kind.package)
        proxy = await way()
        person = await self.person(outside_number=NUMBER)
        await outside.numbers(self.world, person)
        phone = await self.a_phone(person, site=site)
        setup = types.SimpleNamespace(user=CALLED, registrar=self.domain, proxy=proxy, transport="udp", auth_user=CALLED, password="-", srtp="off")
        client = kind(self.world.dir / f"{kind.package}-{person}", setup, CLIENT, self.world.sites.outside[CLIENT])
        client.registers, client.port = False, 5060
        self.addCleanup(client.stop)
        client.start()
        try:
            await self.it_is_called(client, phone)
            await self.it_calls(client, phone)
        except BaseException:
            print(client.text()[-4000:], file=sys.stderr)
            raise

    async def it_is_called(self, client, phone):
        """It is called and heard, and is held by us; we hang up."""
        call = await phone.dial(DIALLED)
        await call.until("up", timeout=15)
        await self.both_hear(call, client, "called")
        self.assertEqual(await call.hold(), 200)
        await self.silent(call)
        self.assertEqual(await call.hold(False), 200)
        await self.both_hear(call, client, "resumed by us", after_hold=True)
        await call.hang_up()
        await eventually(lambda: client.said(*client.over), 10, f"{client.package} knows that it is over")

    async def it_calls(self, client, phone):
        """It calls our number, holds, resumes and hangs up."""
        client.dial(NUMBER)
        call = await rings(phone, 15)
        self.assertIn(ITS_OWN, call.caller[1])
        call.answer()
        await self.both_hear(call, client, "calling")
        held = client.said(*client.held)
        client.hold()
        await phone.until(lambda: call.peer_direction in ("sendonly", "inactive"), 10, "to be held")
        await eventually(lambda: client.said(*client.held) > held, 10, f"{client.package} knows that it holds")
        client.resume()
        await phone.until(lambda: call.peer_direction == "sendrecv", 10, "to be resumed")
        await self.both_hear(call, client, "resumed by it", after_hold=True)
        client.hang_up()
        await call.until("over", timeout=10)

    async def test_baresip_behind_kamailio_and_a_phone_beside_the_core(self):
        await self.talks(Baresip, self.behind_kamailio, "local")

    async def test_baresip_by_address_and_a_phone_at_a_branch(self):
        await self.talks(Baresip, self.by_address, "branch-1")

    async def test_linphone_by_address_and_a_phone_beside_the_core(self):
        await self.talks(Linphone, self.by_address, "local")

    async def test_linphone_behind_kamailio_and_a_phone_at_a_branch(self):
        await self.talks(Linphone, self.behind_kamailio, "branch-1")


if __name__ == "__main__":
    case.main()
