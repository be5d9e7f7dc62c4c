#!/usr/bin/python3
"""Each of the vendors, beside the core and behind an SBC at once: own files, own keys, own way of fetching anew; and the
files that the two phones got are the same, but for who and where they are."""
import asyncio
import pathlib
import re
import sys

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "support"), str(TESTS / "parity")]
import case  # noqa: E402
import compare  # noqa: E402
from story import CODE, LOGOUT, dial_code, idle_again, lamp, log_in, own_phone, talk  # noqa: E402


# The first key of its first expansion module, as the phone has it in its memory.
ON_MODULE = {"yealink": lambda m: m["expansion_module.1.key.1.value"], "snom": lambda m: m["fkey", "24"][0].removeprefix("none"),
             "grandstream-gxp": lambda m: m["pks.ext.1.value"], "htek": lambda m: m["P60001"], "cisco": lambda m: m["Unit_1_Key_1_"]}
VENDORS = ("yealink", "snom", "fanvil", "grandstream", "htek", "cisco", "poly")


class Vendors(case.LoopbackCase):
    branches = ("branch-1",)

    async def day(self, vendor, site):
        bob = await self.person("Bob", hot_desking=False)
        alice = await self.person("Alice", keys=[{"type": "blf", "value": bob, "label": "Bob"}])
        other = await self.a_phone(bob)
        phone = await self.a_desk(vendor, site)
        self.assertEqual((phone.setup.keys[0].kind, phone.key(1)), ("speed", CODE))
        self.assertIn(phone.desk_id, phone.setup.label + phone.setup.display)
        module = ON_MODULE.get(vendor)
        if module:                     # as many places as the phone has, and one key behind them
            keys = [{"type": "blf", "value": bob, "label": "Bob"}] + [{"type": "none"}] * (len(phone.setup.keys) - 2)
            if phone.setup.keys[1].kind == "line":
                keys.pop()
            await self.api("PATCH", f"/extensions/{alice}", {"keys": keys + [{"type": "speed_dial", "value": "0049", "label": "Taxi"}]})
        await log_in(self.world, phone, alice)
        self.assertEqual(phone.reboots, 0, "it rebooted")
        self.assertIn(("check-sync", "resync"), phone.seen)
        self.assertEqual((phone.setup.keys[0].kind, phone.key(1)), ("speed", LOGOUT))
        person = [k for k in phone.setup.keys[1:] if k.kind not in ("line", "none")]
        self.assertEqual([(k.kind, k.value) for k in person], [("blf", bob)])
        if module:
            self.assertIn("0049", module(phone.memory))
        if phone.vendor.challenges_notify:
            self.assertTrue(any(b"authorization" in data.lower() for way, data, _ in phone.trace
                                if way == "in" and data.startswith(b"NOTIFY")), "its challenge wasn't answered")
        await lamp(phone, bob, "idle")
        await talk(other, phone, alice)
        await talk(phone, other, bob)
        # What its person switches on at it stays while it is theirs, whatever it fetches, and is nobody's after them.
        phone.switch_on()
        on = phone.switched_on()
        await phone.fetch(boot=False)
        self.assertEqual(phone.switched_on(), on, "a file ended what its person had switched on")
        call = await dial_code(phone, phone.key(1))
        await call.until("over", timeout=15)
        await idle_again(self.world, phone)
        self.assertEqual((phone.key(1), phone.reboots), (CODE, 0))
        self.assertEqual(phone.switched_on(), [], "the last person's do-not-disturb, or forward, stayed")
        self.assertFalse([k for k in phone.setup.keys if k.kind == "blf"], "a key of the last user stayed")
        self.assertFalse(module and module(phone.memory), "on a module, too")
        return self.files_of(phone, site, {bob: "BOB", alice: "ALICE", phone.desk_id: "DESK"})

    def files_of(self, phone, site, names):
        def told(line):
            line = re.sub(phone.mac, "MAC", line, flags=re.I)
            for name, word in names.items():
                line = re.sub(rf"\b{name}\b", word, line)
            return line
        files = compare.files(phone.files, self.world.faces[site], phone.ip)
        return [tuple(map(told, file)) for file in files]

    async def both(self, vendor):
        await self.api("PATCH", "/sbcs/branch-1", {"time_zone": "Europe/Nicosia"})
        local, branch = await asyncio.gather(self.day(vendor, "local"), self.day(vendor, "branch-1"))
        self.assertGreaterEqual(len(local), 3)
        self.assertFalse(compare.differences(local, branch), "the phone sees a difference")

    async def test_dhcp_option_66_leads_every_vendor_to_its_configuration(self):
        for vendor in VENDORS:
            with self.subTest(vendor):
                number = await self.person()
                phone = self.world.phone(vendor, "branch-1")
                await own_phone(self.world, phone, number)
                self.assertIn(number, (phone.setup.user, phone.setup.label))
                self.assertEqual(phone.registered_as, number)


def add(vendor):
    async def test(self):
        await self.both(vendor)
    setattr(Vendors, f"test_{vendor}".replace("-", "_"), test)


# The last ones are of a vendor's older kind of file, and one with extension boards.
for _vendor in (*VENDORS, "fanvil-x4", "grandstream-gxp"):
    add(_vendor)

if __name__ == "__main__":
    case.main()
