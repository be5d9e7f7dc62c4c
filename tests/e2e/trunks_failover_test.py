#!/usr/bin/python3
"""A provider's servers, found by SRV, of which some are silent, away or busy: how fast a call finds the next, and that none is
tried when it mustn't be. The times are those of the messages' arrival at the servers."""
import asyncio
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
import outside  # noqa: E402
from outside import TrunkCase, a_trunk, trunk_is  # noqa: E402
from provider import SILENCE, Rule  # noqa: E402

DIALLED = "0030987654"
FIRST_TIMEOUT = 4.0            # an INVITE without any answer: then the next server


class Servers(TrunkCase):
    async def house(self, count=3, **habits):
        """Servers of one trunk by address, in this order, and a phone that may call by it. (servers, phone)"""
        servers = [await self.provider(call_challenge=None, **habits) for _ in range(count)]
        dns = await self.zone()
        dns.srv(f"_sip._udp.{self.domain}", *((10 * n, 0, s.port, f"s{n}.{self.domain}") for n, s in enumerate(servers)))
        for n, server in enumerate(servers):
            dns.a(f"s{n}.{self.domain}", server.ip)
        await a_trunk(self.world, kind="address", domain=self.domain, transport="udp", user="", password="")
        await trunk_is(self.world, "ready")
        person = await self.person()
        await outside.numbers(self.world, person)
        return servers, await self.a_phone(person)

    async def answered_by(self, phone, server, timeout=10):
        """Dials, lets this server answer, hangs up. Gives the seconds until the call came there."""
        call = await phone.dial(DIALLED)
        began = time.monotonic()
        theirs = await server.rings(timeout)
        took = time.monotonic() - began
        await theirs.answer()
        await call.until("up")
        await call.hang_up()
        await theirs.until("over")
        return took

    async def test_the_first_is_silent(self):
        servers, phone = await self.house()
        servers[0].habits.rules = [Rule("*", SILENCE)]
        took = await self.answered_by(phone, servers[1])
        self.say(f"first call: {took:.2f} s")
        self.assertLess(took, FIRST_TIMEOUT + 1)
        took = await self.answered_by(phone, servers[1])
        self.say(f"second call: {took:.2f} s")
        self.assertLess(took, 1)
        self.assertEqual(servers[2].received("INVITE"), [])

    async def test_all_say_503(self):
        servers, phone = await self.house()
        for server in servers:
            server.habits.rules = [Rule("INVITE", 503, "Service Unavailable")]
        began = time.monotonic()
        call = await phone.dial(DIALLED)
        await call.until("over")
        took = time.monotonic() - began
        self.assertLess(took, 2)
        await asyncio.sleep(1)
        for server in servers:
            self.assertEqual((len(server.received("INVITE")), len(server.received("ACK"))), (1, 1))
        branches = {r.message["via"] for server in servers for r in server.received("INVITE")}
        self.assertEqual(len(branches), 3)
        self.assertEqual(len({r.message["call-id"] for server in servers for r in server.received("INVITE")}), 1)

    async def test_a_server_that_says_503_isnt_tried_before_its_retry_after(self):
        servers, phone = await self.house()
        servers[0].habits.rules = [Rule("INVITE", 503, "Service Unavailable", (("Retry-After", "60"),))]
        await self.answered_by(phone, servers[1])
        await self.answered_by(phone, servers[1])
        self.assertEqual(len(servers[0].received("INVITE")), 1)

    async def test_one_that_isnt_there_costs_nothing_over_tcp(self):
        servers, phone = await self.house()
        dns = self.zones[-1]
        dns.srv(f"_sip._tcp.{self.domain}", *((10 * n, 0, s.port, f"s{n}.{self.domain}") for n, s in enumerate(servers)))
        await servers[0].close()
        await a_trunk(self.world, name="by-tcp", kind="address", domain=self.domain, transport="tcp", user="", password="")
        await self.api("DELETE", "/outbound-rules/outside")
        await self.api("POST", "/outbound-rules", {"name": "outside", "position": 1, "pattern": "0.", "strip": 1, "trunks": ["by-tcp"]})
        self.assertLess(await self.answered_by(phone, servers[1]), 1)

    async def test_after_busy_or_ringing_no_other_is_tried(self):
        servers, phone = await self.house()
        call = await phone.dial(DIALLED)
        (await servers[0].rings()).refuse(486)
        await call.until("over")
        call = await phone.dial(DIALLED)
        theirs = await servers[0].rings()
        await theirs.progress(180)
        await call.until("ringing")
        theirs.refuse(503, "Service Unavailable")
        await call.until("over")
        self.assertEqual(servers[1].received("INVITE") + servers[2].received("INVITE"), [])


if __name__ == "__main__":
    case.main()
