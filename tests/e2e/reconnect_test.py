#!/usr/bin/python3
"""A phone that registered over TCP and whose connection is gone is connected to where it listens: a call rings there."""
import asyncio
import dataclasses
import datetime
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from harness import LOCAL, in_thread  # noqa: E402
from simphone.wire import Stream  # noqa: E402
from story import connect, refused, talk  # noqa: E402

PORT = 5070


class Taken(Stream):
    """A connection that came to the phone's own port: it speaks over it from now on."""

    def connection_made(self, transport):
        super().connection_made(transport)
        self.phone.stream = self
        self.phone.note("network", "taken")


class Ear(asyncio.Protocol):
    """Counts who connects."""

    def __init__(self, came):
        self.came = came

    def connection_made(self, transport):
        self.came.append(transport.get_extra_info("peername"))
        transport.abort()


class Reconnect(case.LoopbackCase):
    branches = ("branch-1",)

    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.servers = []
        self.caller = await self.a_phone(await self.person("Caller"))

    async def asyncTearDown(self):
        for server in self.servers:
            server.close()
        await super().asyncTearDown()

    async def listen(self, protocol, ip, port=PORT):
        self.servers.append(await asyncio.get_running_loop().create_server(protocol, ip, port))

    async def over_tcp(self, site, contact):
        """A registered phone with `contact` whose connection has just been cut."""
        number = await self.person("Callee")
        phone = await self.a_phone(number, site=site)
        await phone.apply(dataclasses.replace(phone.setup, transport="tcp"))
        await phone.until(lambda: phone.stream and phone.seen[-1] == ("register", (number, "on", 200)), 15, "TCP")
        phone.contact = f"<sip:{number}@{contact(phone)};transport=tcp>"
        self.assertTrue(await phone.register())
        phone.stream.transport.abort()
        await phone.until(lambda: phone.stream is None, 15, "the connection's end")
        await asyncio.sleep(0.2)    # until it is known at the other end
        return phone, number

    async def test_a_call_rings_where_the_phone_listens(self):
        for site in (LOCAL, "branch-1"):
            with self.subTest(site):
                phone, number = await self.over_tcp(site, lambda p: f"{p.ip}:{PORT}")
                await self.listen(lambda p=phone: Taken(p, p.setup.proxy), phone.ip)
                await talk(self.caller, phone, number)
                self.assertEqual([what for what in phone.seen if what[1] == "taken"], [("network", "taken")], "one for all")
                # Ended by the callee, who has answered over it.
                ours, theirs = await connect(self.caller, phone, number)
                await theirs.hang_up()
                await ours.until("over")
                # Its own connection is the way again as soon as there is one.
                taken = phone.stream
                phone.stream = None
                await phone.connect()
                self.assertTrue(await phone.register())
                own = phone.stream
                await talk(self.caller, phone, number)
                self.assertIs(phone.stream, own)
                taken.transport.abort()

    async def test_a_phone_that_does_not_listen_is_away_at_once(self):
        for site in (LOCAL, "branch-1"):
            with self.subTest(site):
                _, number = await self.over_tcp(site, lambda p: f"{p.ip}:{PORT}")
                self.assertEqual(await refused(self.caller, number), 480)
                # As soon as it is refused there: it isn't waited until a connection would have timed out (5 s).
                core = self.world.core
                began, ended = [await in_thread(core.when, rf" call\.{what} .* to={number}$") for what in ("started", "ended")]
                self.assertLess(ended - began, datetime.timedelta(seconds=3))

    async def test_nobody_is_connected_to_at_another_address_than_his_own(self):
        for site in (LOCAL, "branch-1"):
            for name in ("another phone's", "the core's"):
                with self.subTest(site=site, contact=name):
                    network = self.world.faces[site].rpartition(".")[0]
                    victim = f"{network}.200" if name == "another phone's" else self.world.faces[LOCAL]
                    came, own = [], []
                    await self.listen(lambda c=came: Ear(c), victim, PORT + 1)
                    phone, number = await self.over_tcp(site, lambda _, v=victim: f"{v}:{PORT + 1}")
                    await self.listen(lambda c=own: Ear(c), phone.ip, PORT + 1)
                    self.assertEqual(await refused(self.caller, number), 480)
                    self.assertEqual(came, [])
                    self.assertEqual(len(own), 1)
                    self.servers.pop().close()
                    self.servers.pop().close()


if __name__ == "__main__":
    case.main()
