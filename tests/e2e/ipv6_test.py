#!/usr/bin/python3
"""IPv6 on the WAN: the tunnel by an address and by a name, provider trunks over UDP, TCP and TLS, the console and the API; with voice
between a phone on IPv4 and a provider on IPv6. And who tries to be a trunk, or many sources, from other addresses."""
import http.client
import pathlib
import re
import socket
import ssl
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
import netns  # noqa: E402
import outside  # noqa: E402
import receivers  # noqa: E402
from harness import BUILD, eventually, in_thread  # noqa: E402
from outside import ACCOUNT, NUMBER, TrunkCase, a_trunk, trunk_is  # noqa: E402
from provider import Provider  # noqa: E402
from story import both_hear, rings  # noqa: E402

CORE, PROVIDER, OTHER, STRANGER = "2001:db8::1", "2001:db8:1::10", "2001:db8:1::11", "2001:db8:1::66"
ON_THE_WAY = PROVIDER      # what the core speaks to the provider from: on one machine the kernel takes the address that it speaks to
FLOOD = [f"2001:db8:f::{n:x}" for n in range(1, 41)]        # of one network of 64 bits
NAME = "core.example.net"


def setUpModule():
    """A network of its own: loopback with addresses of IPv6, as a machine on the Internet has them."""
    netns.needed()
    namespace = netns.Namespace("v6")
    for address in (CORE, PROVIDER, OTHER, STRANGER, *FLOOD):
        namespace.ip("addr", "add", f"{address}/128", "dev", "lo", "nodad")
    hosts = pathlib.Path(f"/etc/netns/{namespace.name}/hosts")          # what `ip netns exec` puts in place of /etc/hosts
    hosts.parent.mkdir(parents=True)
    hosts.write_text(f"127.0.0.1 localhost\n{CORE} {NAME}\n")
    case.unittest.addModuleCleanup(namespace.close)
    case.unittest.addModuleCleanup(hosts.parent.rmdir)
    case.unittest.addModuleCleanup(hosts.unlink)
    namespace.enter()
    Ipv6Case.prefix = namespace.prefix


class Ipv6Case(TrunkCase):
    prefix = ()
    https = True
    listen = "[::]"        # which has port 5060 of every address here, a provider's too

    @classmethod
    def build_world(cls):
        world = case.World(cls.__name__.lower())
        world.listen, world.tunnel, world.https = cls.listen, "[::]", cls.https
        try:
            world.start_core(pnp=False, extra=outside.dns_setting(world))
            for name in cls.branches:
                world.start_sbc(name, core=f"[{CORE}]")
        except BaseException:
            world.close(failed=True)
            raise
        return world

    async def provider_at(self, address, **options):
        made = await Provider(address, options.pop("accounts", {ACCOUNT: outside.SECRET}), port=5070, tls_port=5071, **options).open()
        self.providers.append(made)
        return made


class Trunks(Ipv6Case):
    async def house(self, provider, **trunk):
        await a_trunk(self.world, provider, **trunk)
        await provider.registered(ACCOUNT)
        await trunk_is(self.world, "registered")
        person = await self.person(outside_number=NUMBER)
        await outside.numbers(self.world, person)
        return await self.a_phone(person, port=5064)

    async def call_out_and_in(self, provider, phone):
        ours = await phone.dial("0030987654")
        theirs = await provider.rings()
        self.assertIn(f"c=IN IP6 {ON_THE_WAY}\r\n", theirs.peer_sdp)
        self.assertNotIn("IP4", theirs.peer_sdp)
        self.assertIn(f"@[{ON_THE_WAY}]:", theirs.invite["contact"])
        self.assertIn(f" [{ON_THE_WAY}]:", theirs.invite["via"])
        await theirs.answer()
        await ours.until("up")
        await both_hear(ours, theirs)
        self.assertIn("IN IP4", ours.peer_sdp)
        await ours.hang_up()
        await theirs.until("over")
        theirs = await provider.call(None, account=ACCOUNT, to=NUMBER)
        ours = await rings(phone)
        ours.answer()
        await theirs.until("up")
        self.assertIn(f"c=IN IP6 {ON_THE_WAY}\r\n", theirs.peer_sdp)
        await both_hear(ours, theirs)
        await theirs.hang_up()
        await ours.until("over")

    async def test_over_udp_to_an_address(self):
        provider = await self.provider_at(PROVIDER)
        await self.call_out_and_in(provider, await self.house(provider))

    async def test_over_tcp_to_a_name(self):
        zone = await self.zone()
        zone.srv(f"_sip._tcp.{self.domain}", (1, 1, 5070, f"a.{self.domain}")).aaaa(f"a.{self.domain}", PROVIDER)
        provider = await self.provider_at(PROVIDER)
        phone = await self.house(provider, domain=self.domain, server="", transport="tcp")
        self.assertIn((f"a.{self.domain}", 28), zone.asked)
        await self.call_out_and_in(provider, phone)

    async def test_over_tls_with_the_address_in_its_certificate(self):
        contexts, authority = outside.make_certificates(self.world.dir / "certificates", PROVIDER, kind="IP")
        provider = await self.provider_at(PROVIDER, transports=("udp", "tls"), tls=contexts[PROVIDER])
        phone = await self.house(provider, domain=f"[{PROVIDER}]", server=f"[{PROVIDER}]:5071", transport="tls", tls_authority=authority)
        await self.call_out_and_in(provider, phone)

    async def test_of_a_name_with_both_kinds_of_addresses_the_next_one_is_taken_where_the_first_doesnt_answer(self):
        provider = await self.provider_at(outside.address_of(self.world, 10))
        zone = await self.zone()
        zone.srv(f"_sip._tcp.{self.domain}", (1, 1, 5070, f"a.{self.domain}"))
        zone.aaaa(f"a.{self.domain}", OTHER).a(f"a.{self.domain}", provider.ip)           # nobody listens at OTHER
        await a_trunk(self.world, domain=self.domain, server="", transport="tcp")
        await provider.registered(ACCOUNT)
        state = (await trunk_is(self.world, "registered"))["state"]
        self.assertIn(provider.ip, str(state))

    async def test_by_address_calls_come_from_the_networks_that_are_named_and_from_nowhere_else(self):
        provider, stranger = await self.provider_at(PROVIDER), await self.provider_at(STRANGER)
        await a_trunk(self.world, kind="address", user="", password="", domain=f"[{OTHER}]", server="", sources=["2001:db8:1::10/124"])
        person = await self.person(outside_number=NUMBER)
        await outside.numbers(self.world, person)
        phone = await self.a_phone(person, port=5064)
        call = await provider.call(NUMBER, address=(CORE, 5060))
        ours = await rings(phone)
        ours.answer()
        await call.until("up")
        await both_hear(ours, call)
        await call.hang_up()
        await ours.until("over")
        refused = await stranger.call(NUMBER, address=(CORE, 5060))
        await refused.until("over")
        self.assertEqual(refused.status, 401, "a neighbour of the trunk in its network of 64 bits is a stranger")
        self.assertFalse([c for c in phone.calls if c.state == "ringing"])

    async def test_an_ipv4_trunk_is_the_same_where_the_core_listens_on_every_address(self):
        provider = await self.provider_at(outside.address_of(self.world, 10))
        await a_trunk(self.world, provider, name="four", sources=[f"::ffff:{provider.ip}"])
        await provider.registered(ACCOUNT)
        person = await self.person(outside_number=NUMBER)
        await outside.numbers(self.world, person, trunks=("four",))
        phone = await self.a_phone(person, port=5064)
        call = await provider.call(None, account=ACCOUNT, to=NUMBER)
        ours = await rings(phone)
        ours.answer()
        await call.until("up")
        self.assertIn("IN IP4", call.peer_sdp)
        await both_hear(ours, call)
        await call.hang_up()
        await ours.until("over")


class Tunnel(Ipv6Case):
    branches = ("by-address",)
    listen = None          # an SBC stands on this machine too, whose phones' network has the same ports

    def status(self, name):
        shown = subprocess.run([str(BUILD / "sbc/sbc"), "status", "--config", str(self.world.sbcs[name].config)],
                               capture_output=True, text=True, timeout=20)
        return shown.stdout + shown.stderr

    async def test_a_branch_over_an_address_has_calls_with_voice_by_udp(self):
        one, two = await self.person("One"), await self.person("Two")
        here, there = await self.a_phone(one), await self.a_phone(two, site="by-address")
        self.assertIn(f"[{CORE}]:5090", await in_thread(self.status, "by-address"))
        ours = await here.dial(two)
        theirs = await rings(there)
        theirs.answer()
        await ours.until("up")
        await both_hear(ours, theirs)
        await eventually(lambda: re.search(r"media\W+udp", self.status("by-address")), 10, "media by UDP")
        await ours.hang_up()

    async def test_a_branch_over_a_name_finds_the_core(self):
        sbc = await in_thread(lambda: self.world.start_sbc("by-name", core=NAME, prefix=self.prefix))
        self.assertTrue(sbc.alive)
        self.assertIn(f"{NAME}:5090 ({CORE})", await in_thread(self.status, "by-name"))

    async def test_connections_from_many_addresses_of_one_network_leave_the_sbc_its_place(self):
        silent = []
        try:
            for _ in range(8):
                for address in FLOOD:
                    sock = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
                    sock.bind((address, 0))
                    sock.setblocking(False)
                    sock.connect_ex((CORE, 5090))
                    silent.append(sock)
            await in_thread(self.world.sbcs["by-address"].stop)
            await in_thread(lambda: self.world.sbcs["by-address"].start())
            await in_thread(lambda: self.world.wait_sbc("by-address", timeout=5))
        finally:
            for sock in silent:
                sock.close()


class Web(Ipv6Case):
    def get(self, host, port, path, context=None, source=None):
        made = http.client.HTTPSConnection(host, port, timeout=10, context=context, source_address=source) if context else \
            http.client.HTTPConnection(host, port, timeout=10, source_address=source)
        try:
            made.request("GET", path)
            return made.getresponse().status
        finally:
            made.close()

    async def test_the_console_and_the_api_are_served(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.assertEqual(await in_thread(lambda: self.get(CORE, 5001, "/", context)), 200)
        self.assertEqual(await in_thread(lambda: self.get(CORE, 5001, "/api/v1/trunks", context)), 401)
        self.assertEqual(await in_thread(lambda: self.get("::1", 5000, "/api/v1/trunks")), 401, "loopback, in the clear")

    async def test_a_web_hook_is_told(self):
        hook = receivers.WebHook(ip="::1")
        self.addCleanup(hook.close)
        answer = await self.api("POST", "/notices/test", {"web_hook": hook.url()})
        self.assertEqual(answer, {"delivered": True, "reason": None})

    async def test_in_the_clear_there_is_no_api_from_elsewhere(self):
        for address in (CORE, STRANGER):
            self.assertEqual(await in_thread(lambda a=address: self.get(CORE, 5000, "/api/v1/trunks", source=(a, 0))), 404)

    async def test_wrong_passwords_from_many_addresses_of_one_network_are_one_guessers(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

        def guess(address, user):
            made = http.client.HTTPSConnection(CORE, 5001, timeout=20, context=context, source_address=(address, 0))
            try:
                made.request("POST", "/api/v1/login", f'{{"username":"{user}","password":"wrong"}}', {"Content-Type": "application/json"})
                return made.getresponse().status
            finally:
                made.close()
        seen = [await in_thread(lambda a=a: guess(a, "admin")) for a in FLOOD[:8]]
        self.assertEqual(seen[:5], [401] * 5)
        self.assertEqual(seen[5:], [429] * 3, "five are all that a network of 64 bits has")
        self.assertEqual(await in_thread(lambda: guess(STRANGER, "admin")), 401, "another network's is its own")


class Ipv4Only(Ipv6Case):
    """A core whose SIP listens on IPv4 alone."""

    @classmethod
    def build_world(cls):
        world = case.World(cls.__name__.lower())
        world.start_core(pnp=False, extra=outside.dns_setting(world))
        return world

    async def test_says_why_it_has_no_way_to_an_ipv6_provider(self):
        await a_trunk(self.world, server=f"[{PROVIDER}]", transport="udp")
        state = (await trunk_is(self.world, "unreachable"))["state"]
        self.assertIn("sip.udp listens on IPv4 alone", state["reason"])

    async def test_takes_the_ipv4_address_of_a_name_that_has_both_at_once(self):
        provider = await self.provider()
        zone = await self.zone()
        zone.aaaa(self.domain, PROVIDER).a(self.domain, provider.ip)
        await a_trunk(self.world, domain=self.domain, server="")
        await provider.registered(ACCOUNT, timeout=4)


if __name__ == "__main__":
    case.main()
