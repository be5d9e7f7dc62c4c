#!/usr/bin/python3
"""Trunks that register, with providers as they are in the field: over UDP, TCP and TLS, found by DNS, challenged in each way,
corrected, refused; and what is said where it doesn't work."""
import asyncio
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
import outside  # noqa: E402
from harness import eventually, in_thread  # noqa: E402
from outside import ACCOUNT, DOMAIN, SECRET, TrunkCase, a_trunk, trunk_is  # noqa: E402
from provider import SILENCE, Rule  # noqa: E402


class Registers(TrunkCase):
    async def registers(self, provider, **fields):
        await a_trunk(self.world, provider, **fields)
        binding = await provider.registered(ACCOUNT)
        await trunk_is(self.world, "registered")
        self.assertEqual([right for _, right in provider.tried if not right], [])
        return binding

    async def test_over_udp_from_the_port_that_its_contact_names(self):
        provider = await self.provider()
        binding = await self.registers(provider)
        request = provider.received("REGISTER")[-1].message
        self.assertEqual(request.uri, f"sip:{DOMAIN}")               # no user part (RFC 3261 §10.2)
        self.assertIn(f"<sip:{ACCOUNT}@{DOMAIN}>", request["to"])
        self.assertIn(f"@{binding.flow.peer[0]}:{binding.flow.peer[1]}", binding.contact)

    async def test_over_tcp(self):
        provider = await self.provider()
        binding = await self.registers(provider, transport="tcp")
        self.assertEqual(binding.flow.transport, "tcp")

    async def test_over_tls_whose_certificate_names_the_domain(self):
        contexts, authority = await in_thread(outside.make_certificates, self.world.dir / "tls", DOMAIN)
        provider = await self.provider(transports=("tls",), tls=contexts[DOMAIN])
        binding = await self.registers(provider, transport="tls", server=f"{provider.ip}:5061", tls_authority=authority)
        self.assertEqual(binding.flow.transport, "tls")

    async def test_challenged_by_401_407_without_qop_with_sha_256_and_in_another_realm(self):
        for number, habits in enumerate(({"register_challenge": 401}, {"register_challenge": 407}, {"qop": None}, {"algorithm": "SHA-256"},
                                         {"realm": "another realm than the domain"})):
            with self.subTest(habits=habits):
                provider = await self.provider(**habits)
                await a_trunk(self.world, provider, name=f"trunk-{number}")
                await provider.registered(ACCOUNT)
                await trunk_is(self.world, "registered", f"trunk-{number}")

    async def test_with_another_user_for_the_digest(self):
        provider = await self.provider(accounts={ACCOUNT: ("someone@example.net", SECRET)})
        await self.registers(provider, auth_user="someone@example.net")

    async def test_asks_for_more_where_its_time_is_too_brief(self):
        provider = await self.provider(least_expires=1800)
        await self.registers(provider, expires_s=120)
        self.assertIn("1800", provider.received("REGISTER")[-1].message["contact"] + (provider.received("REGISTER")[-1].message["expires"] or ""))

    async def test_goes_by_its_own_contact_where_the_registrar_lists_others(self):
        provider = await self.provider(other_contacts=("<sip:other@192.0.2.1>;expires=5",), most_expires=600)
        await self.registers(provider)
        await asyncio.sleep(4)
        self.assertLessEqual(len(provider.received("REGISTER")), 2, "it isn't the other one's 5 s that count")

    async def test_a_nonce_that_is_used_up_costs_no_try(self):
        provider = await self.provider(nonce_lasts=1, most_expires=4)
        await self.registers(provider)
        await provider.until(lambda: len([1 for _, right in provider.tried if right]) >= 3, 20, "two refreshes")
        self.assertTrue(all(right for _, right in provider.tried))
        await trunk_is(self.world, "registered")

    async def test_ends_its_registration_when_the_trunk_is_deleted(self):
        provider = await self.provider()
        await self.registers(provider)
        await self.api("DELETE", "/trunks/provider")
        await provider.until(lambda: ACCOUNT not in provider.bindings, 10, "un-registration")


class IsFoundByName(TrunkCase):
    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.dns = await self.zone()

    async def test_by_naptr_and_srv_though_the_domain_has_no_address(self):
        provider = await self.provider()
        self.dns.naptr(self.domain, (10, 0, "SIP+D2T", f"_sip._tcp.{self.domain}"), (20, 0, "SIP+D2U", f"_sip._udp.{self.domain}"))
        self.dns.srv(f"_sip._tcp.{self.domain}", (0, 5, provider.port, f"s1.{self.domain}")).a(f"s1.{self.domain}", provider.ip)
        await a_trunk(self.world, domain=self.domain)
        self.assertEqual((await provider.registered(ACCOUNT)).flow.transport, "tcp")

    async def test_the_next_server_where_the_first_is_silent(self):
        first, second = await self.provider(), await self.provider()
        first.habits.rules = [Rule("*", SILENCE)]
        self.dns.srv(f"_sip._udp.{self.domain}", (10, 0, 5060, f"s1.{self.domain}"), (20, 0, 5060, f"s2.{self.domain}"))
        self.dns.a(f"s1.{self.domain}", first.ip).a(f"s2.{self.domain}", second.ip)
        await a_trunk(self.world, domain=self.domain, transport="udp")
        await second.registered(ACCOUNT)
        await trunk_is(self.world, "registered")

    async def test_a_name_that_doesnt_exist_is_said_in_words(self):
        await a_trunk(self.world, domain=self.domain)
        shown = await trunk_is(self.world, "not_located")
        self.assertIn(f"the name {self.domain} doesn't exist", shown["state"]["reason"])
        await eventually(lambda: f"the name {self.domain} doesn't exist" in self.world.core.text(), 5, "the same in the log")

    async def test_a_dns_server_that_fails_or_is_away_is_said_in_words(self):
        self.dns.codes[f"_sip._udp.{self.domain}"] = 2
        await a_trunk(self.world, domain=self.domain, transport="udp")
        self.assertIn("can't look up", (await trunk_is(self.world, "not_located"))["state"]["reason"])
        self.dns.silent = True
        await a_trunk(self.world, name="other", domain=f"other.{self.domain}", transport="udp")
        self.assertIn("no DNS server has answered", (await trunk_is(self.world, "not_located", "other"))["state"]["reason"])


class IsRefused(TrunkCase):
    async def test_a_wrong_password_is_tried_three_times_in_ten_minutes_at_most_and_said_in_words(self):
        provider = await self.provider()
        await a_trunk(self.world, provider, password="not the password")
        shown = await trunk_is(self.world, "refused")
        self.assertIn("password", shown["state"]["reason"])
        self.assertNotIn("not the password", repr(shown) + self.world.core.text())
        await asyncio.sleep(8)
        self.assertLessEqual(len(provider.tried), 3)
        # The right one is tried at once.
        await self.api("PATCH", "/trunks/provider", {"password": SECRET})
        await provider.registered(ACCOUNT)

    async def test_a_certificate_that_doesnt_fit_is_said_in_words_and_gets_no_password(self):
        contexts, authority = await in_thread(outside.make_certificates, self.world.dir / "tls", "other.example.net", DOMAIN)
        _, stranger = await in_thread(outside.make_certificates, self.world.dir / "other-tls", DOMAIN)
        wrong_name = await self.provider(transports=("tls",), tls=contexts["other.example.net"])
        right_name = await self.provider(transports=("tls",), tls=contexts[DOMAIN])
        for provider, trust, words in ((wrong_name, authority, "name"), (right_name, stranger, "authority")):
            name = f"trunk-{words}"
            await a_trunk(self.world, provider, name=name, transport="tls", server=f"{provider.ip}:5061", tls_authority=trust)
            shown = await trunk_is(self.world, "unreachable", name)
            self.assertIn("certificate", shown["state"]["reason"])
            self.assertEqual(provider.requests, [])

    async def test_a_provider_that_refuses_connections_is_said_in_words(self):
        provider = await self.provider(transports=("udp",))
        await a_trunk(self.world, provider, transport="tcp")
        shown = await trunk_is(self.world, "unreachable")
        self.assertTrue(shown["state"]["reason"])
        self.assertEqual(provider.requests, [])

    async def test_its_own_words_are_shown(self):
        provider = await self.provider(rules=[Rule("REGISTER", 403, "Contract Ended")])
        await a_trunk(self.world, provider)
        self.assertIn("Contract Ended", (await trunk_is(self.world, "refused"))["state"]["reason"])


if __name__ == "__main__":
    case.main()
