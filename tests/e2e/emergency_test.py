#!/usr/bin/python3
"""A call for help leaves by a trunk: with the number and the place of the desk and never the person's, past every limit and a full
trunk, and help that calls back reaches the desk. Beside the core, at a branch by the core's trunk, and at a branch with its own."""
import asyncio
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as xml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from harness import LOCAL, in_thread  # noqa: E402
from outside import ACCOUNT, DOMAIN, TrunkCase, a_trunk, trunk_is  # noqa: E402
from provider import Rule  # noqa: E402
from simphone.message import user_of  # noqa: E402
from story import both_hear, log_in, log_out, rings  # noqa: E402

CIVIC = "{urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr}"
GROUND, UPSTAIRS = "+4930555001", "+4930555002"       # at which help calls back
PERSONS = "+4930123451"


def parts_of(message):
    """[(media type, headers, body)] of a multipart body, by another's hand than the product's."""
    boundary = re.fullmatch(r"multipart/mixed\s*;\s*boundary=\"?([^\";]+)\"?", message["content-type"]).group(1)
    pieces = message.body.split(b"--" + boundary.encode())
    assert pieces[0].strip() == b"" and pieces[-1].strip() == b"--", pieces
    found = []
    for piece in pieces[1:-1]:
        head, _, body = piece.strip(b"\r\n").partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        found.append((headers["Content-Type"], headers, body))
    return found


def complaints_of_tshark(message):
    """What tshark says of a message that isn't right."""
    with tempfile.TemporaryDirectory() as folder:
        dump, pcap = pathlib.Path(folder) / "dump", pathlib.Path(folder) / "pcap"
        data = message.bytes()
        dump.write_text("".join(f"{at:06x} {data[at:at + 16].hex(' ')}\n" for at in range(0, len(data), 16)))
        subprocess.run(["text2pcap", "-q", "-u", "5060,5060", dump, pcap], check=True, capture_output=True, timeout=60)
        seen = subprocess.run(["tshark", "-r", pcap, "-V"], check=True, capture_output=True, text=True, timeout=60).stdout
    assert "application/pidf+xml" in seen or "pidf" not in data.decode(), seen[-2000:]
    return [line for line in seen.split("\n") if "Malformed" in line or "Expert Info (Error" in line or "Expert Info (Warn" in line]


class EmergencyCase(TrunkCase):
    core_pnp = True
    site, trunk_site = LOCAL, LOCAL

    async def asyncTearDown(self):
        try:
            for desk in await self.api("GET", "/hot-desks"):
                if desk.get("emergency_location"):
                    await self.api("PATCH", f"/hot-desks/{desk['mac']}", {"emergency_location": None})
            await self.api("PATCH", "/settings", {"emergency": {"location": ""}})
            for location in await self.api("GET", "/locations"):
                await self.api("DELETE", f"/locations/{location['name']}")
        finally:
            await super().asyncTearDown()

    async def house(self, trunk=(), **habits):
        """A provider and its trunk, two locations, and an idle desk at each. (provider, ground, upstairs)"""
        provider = await self.provider(**habits)
        self.trunk = f"provider-{TrunkCase.last}"     # calls are counted by its name, those that a test leaves behind too
        await a_trunk(self.world, provider, **{"name": self.trunk, "site": self.trunk_site, "geolocation": True, "shown": "p_asserted",
                                               **dict(trunk)})
        await provider.registered(ACCOUNT)
        await trunk_is(self.world, "registered", self.trunk)
        for name, floor, callback in (("ground", "0", GROUND), ("upstairs", "2", UPSTAIRS)):
            await self.api("POST", "/locations", {
                "name": name, "trunks": [self.trunk], "callbacks": [callback], "test_numbers": ["933"],
                "address": {"country": "DE", "a3": "Berlin", "rd": "Unter den Linden", "hno": "77", "flr": floor}})
        desks = []
        for name in ("ground", "upstairs"):
            desk = await self.a_desk(site=self.site)
            await self.api("PATCH", f"/hot-desks/{desk.mac}", {"emergency_location": name})
            desks.append(desk)
        return provider, *desks

    async def outside_calls(self):
        """Everybody may call outside."""
        await self.api("POST", "/outbound-rules", {"name": "outside", "position": 1, "pattern": "0.", "strip": 1, "trunks": [self.trunk]})

    async def up(self, provider, phone, dialled="112"):
        """A call that is up. (the phone's, the provider's)"""
        ours = await phone.dial(dialled)
        try:
            theirs = await provider.rings()
        except AssertionError as error:
            raise AssertionError(f"{error}; the caller has {ours.state} {ours.status}") from None
        await theirs.answer()
        await ours.until("up")
        return ours, theirs

    @staticmethod
    def sent_to(provider, number):
        """Each INVITE for the number, as the provider has received it."""
        return [r for r in provider.received("INVITE") if user_of(r.message.uri) == number]

    def says(self, message, desk, callback, floor):
        """The call is the desk's, by number and place, and nobody else's."""
        self.assertEqual(message.uri.partition(";")[0], f"sip:112@{DOMAIN}")
        self.assertEqual(user_of(message["from"]), callback)
        self.assertEqual(user_of(message["p-asserted-identity"]), callback)
        self.assertEqual(message["priority"], "emergency")
        self.assertIsNone(message["privacy"])
        parts = parts_of(message)
        self.assertEqual([kind for kind, _, _ in parts], ["application/sdp", "application/pidf+xml"])
        headers, document = parts[1][1:]
        self.assertEqual(message.all("geolocation"), [f"<cid:{headers['Content-ID'].strip('<>')}>"])
        self.assertEqual(message["geolocation-routing"], "yes")
        root = xml.fromstring(document)
        addresses = root.findall(f".//{CIVIC}civicAddress")
        self.assertEqual(len(addresses), 1)
        said = {element.tag.removeprefix(CIVIC): element.text for element in addresses[0]}
        self.assertEqual(said, {"country": "DE", "A3": "Berlin", "RD": "Unter den Linden", "HNO": "77", "FLR": floor, "SEAT": desk.desk_id})


class Help:
    async def test_from_each_desk_it_is_the_desks_number_and_place_and_never_the_persons(self):
        provider, ground, upstairs = await self.house()
        alice = await self.person("Alice", outside_number=PERSONS)
        for desk, callback, floor in ((ground, GROUND, "0"), (upstairs, UPSTAIRS, "2")):
            await log_in(self.world, desk, alice)
            ours, theirs = await self.up(provider, desk)
            await both_hear(ours, theirs)
            message = theirs.invite
            self.says(message, desk, callback, floor)
            text = message.bytes().decode()
            for hers in (PERSONS, "Alice", f":{alice}@", f'"{alice}"'):
                self.assertNotIn(hers, text)
            await ours.hang_up()
            await theirs.until("over")
        self.assertEqual(await in_thread(complaints_of_tshark, message), [])

    async def test_an_idle_desk_and_a_phone_that_nobody_knows_may_call_it(self):
        provider, ground, _ = await self.house()
        ours, theirs = await self.up(provider, ground)
        self.says(theirs.invite, ground, GROUND, "0")
        await both_hear(ours, theirs)
        await ours.hang_up()
        await self.api("PATCH", "/settings", {"emergency": {"location": "upstairs"}})
        stranger = self.world.phone(site=self.site)
        await stranger.power_on()
        stranger.setup = ground.setup
        stranger.contact = f"<sip:nobody@{stranger.ip}:{stranger.port}>"
        ours, theirs = await self.up(provider, stranger)
        self.assertEqual(user_of(theirs.invite["from"]), UPSTAIRS)
        await both_hear(ours, theirs)
        await ours.hang_up()

    async def test_a_test_number_and_one_behind_a_prefix_go_the_same_way(self):
        provider, ground, _ = await self.house()
        await self.api("POST", "/outbound-rules", {"name": "nine", "position": 1, "pattern": "9.", "strip": 1, "trunks": [self.trunk]})
        for dialled, called in (("933", "933"), ("9112", "112"), ("110", "110")):
            ours, theirs = await self.up(provider, ground, dialled)
            self.assertEqual(theirs.called, called)
            self.assertEqual(user_of(theirs.invite["from"]), GROUND)
            await ours.hang_up()
            await theirs.until("over")

    async def test_with_every_limit_at_its_end_and_the_trunk_full_exactly_one_other_call_ends(self):
        """112 at an idle desk is at the provider within 300 ms."""
        provider, ground, upstairs = await self.house(trunk={"calls": 2})
        up = []
        provider.habits.rules.append(Rule("INVITE", 486, "All Lines Busy", fits=lambda m: not re.search(r";\s*tag=", m["to"]) and sum(
            c.state in ("new", "up") for c in provider.calls) >= 2))
        await self.outside_calls()
        await self.api("PATCH", "/settings", {"outside": {"calls": 2, "calls_per_hour": 2}})
        alice = await self.person("Alice")
        await log_in(self.world, upstairs, alice)
        for number in ("030987654", "030987655"):
            up.append(await self.up(provider, upstairs, "0" + number))
        third = await upstairs.dial("0030987656")
        await third.until("over")
        self.assertIn(third.status, (403, 486))
        began = time.monotonic()
        ours = await ground.dial("112")
        theirs = await provider.rings()
        took = (self.sent_to(provider, "112")[0].at - began) * 1000
        self.say(f"112 at the provider after {took:.0f} ms, the trunk full")
        self.assertLess(took, 300)
        await theirs.answer()
        await ours.until("up")
        await both_hear(ours, theirs)
        await asyncio.sleep(1)
        self.assertEqual([(a.state, b.state) for a, b in up], [("up", "up"), ("over", "over")])
        byes = [r.message["reason"] or "" for r in provider.received("BYE")]
        self.assertEqual(len(byes), 1)
        self.assertTrue(byes[0].startswith("preemption"), byes)
        await both_hear(*up[0])
        await self.api("PATCH", "/settings", {"outside": {"calls": 4, "calls_per_hour": 60}})

    async def test_where_the_place_is_refused_it_is_repeated_at_once_without(self):
        provider, ground, _ = await self.house()
        provider.habits.rules.append(Rule("INVITE", 424, "Bad Location Information", fits=lambda m: m["geolocation"]))
        ours = await ground.dial("112")
        theirs = await provider.rings()
        sent = self.sent_to(provider, "112")
        refused = [r for r in sent if r.message["geolocation"]][-1]
        again = next(r for r in sent if r.at > refused.at)
        took = (again.at - refused.at) * 1000
        self.say(f"without the place {took:.0f} ms after the INVITE with it")
        self.assertLess(took, 200)
        self.assertEqual(theirs.invite["content-type"], "application/sdp")
        self.assertIsNone(theirs.invite["geolocation"])
        self.assertEqual(user_of(theirs.invite["from"]), GROUND)
        await theirs.answer()
        await ours.until("up")
        await both_hear(ours, theirs)

    async def test_where_no_trunk_takes_it_there_is_the_announcement_and_503(self):
        provider, ground, _ = await self.house()
        provider.habits.rules.append(Rule("INVITE", 500, "Out Of Order"))
        ours = await ground.dial("112")
        await ground.until(lambda: ours.audio.level() > 150, 15, "the announcement")
        await ours.until("over", timeout=40)
        self.assertEqual(ours.status, 503)

    async def test_help_that_calls_back_reaches_the_desk_whoever_is_there_now(self):
        provider, ground, upstairs = await self.house()
        alice, bob = await self.person("Alice"), await self.person("Bob")
        await log_in(self.world, ground, alice)
        ours, theirs = await self.up(provider, ground)
        await theirs.hang_up()
        await ours.until("over")

        async def comes_back(what):
            call = await provider.call(GROUND, account=ACCOUNT, caller="112")
            try:
                ringing = await rings(ground)
            except AssertionError as error:
                raise AssertionError(f"{what}: {error}; the provider has {call.state} {call.status}") from None
            self.assertFalse([c for c in upstairs.calls if c.state == "ringing"], what)
            ringing.answer()
            await call.until("up")
            await both_hear(ringing, call)
            await call.hang_up()
            await ringing.until("over")

        await comes_back("to who has called")
        await log_out(self.world, ground)
        await comes_back("after a logout")
        await log_in(self.world, upstairs, alice)
        await comes_back("while the person is at another desk")
        await log_in(self.world, ground, bob)
        await comes_back("after another person's login")
        await in_thread(self.world.restart_core)
        await trunk_is(self.world, "registered", self.trunk, timeout=30)
        if self.site != LOCAL or self.trunk_site != LOCAL:
            await in_thread(self.world.wait_sbc, "branch-1")
        await provider.until(lambda: provider.bindings[ACCOUNT].until, 10, "the registration")
        await ground.until(lambda: ground.registered_as, 30, "its registration")
        await comes_back("after a restart of the core")

    async def test_a_number_at_which_nobody_is_called_back_rings_nobody(self):
        provider, ground, upstairs = await self.house()
        call = await provider.call(UPSTAIRS, account=ACCOUNT, caller="112")
        await call.until("over")
        self.assertEqual(call.status, 404)

    async def test_what_would_happen_is_said_without_a_call(self):
        provider, ground, _ = await self.house()
        said = await self.api("GET", f"/explain?number=112&hot_desk={ground.desk_id}")
        self.assertEqual(said["leads_to"], "emergency")
        self.assertEqual(said["emergency"]["location"], "ground")
        self.assertEqual(said["emergency"]["callback"], GROUND)
        self.assertEqual([(a["trunk"], a["called"], a["caller"], a["location_sent"]) for a in said["emergency"]["attempts"]],
                         [(self.trunk, "112", GROUND, True)])
        self.assertIn(f">{ground.desk_id}</ca:SEAT>", said["emergency"]["body"])
        self.assertEqual(self.sent_to(provider, "112"), [])


class HelpBesideTheCore(EmergencyCase, Help):
    pass


class HelpAtABranchByTheCoresTrunk(EmergencyCase, Help):
    branches = ("branch-1",)
    site = "branch-1"


class HelpAtABranchByItsOwnTrunk(EmergencyCase, Help):
    branches = ("branch-1",)
    site = trunk_site = "branch-1"


if __name__ == "__main__":
    case.main()
