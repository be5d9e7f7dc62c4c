#!/usr/bin/python3
"""Each of the four vendors, beside the core and behind an SBC: own files, own keys, own way of fetching anew."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
from story import CODE, LOGOUT, dial_code, idle_again, lamp, log_in, own_phone, talk  # noqa: E402


class Vendors(case.LoopbackCase):
    branches = ("branch-1",)

    async def day(self, vendor, site):
        bob = await self.person("Bob", hot_desking=False)
        alice = await self.person("Alice", keys=[{"type": "blf", "value": bob, "label": "Bob"}])
        other = await self.a_phone(bob)
        phone = await self.a_desk(vendor, site)
        self.assertEqual((phone.setup.keys[0].kind, phone.key(1)), ("speed", CODE))
        self.assertIn(phone.desk_id, phone.setup.label + phone.setup.display)
        await log_in(self.world, phone, alice)
        self.assertEqual(phone.reboots, 0, "it rebooted")
        self.assertIn(("check-sync", "resync"), phone.seen)
        self.assertEqual((phone.setup.keys[0].kind, phone.key(1)), ("speed", LOGOUT))
        person = [k for k in phone.setup.keys[1:] if k.kind not in ("line", "none")]
        self.assertEqual([(k.kind, k.value) for k in person], [("blf", bob)])
        if phone.vendor.challenges_notify:
            self.assertTrue(any(b"authorization" in data.lower() for way, data, _ in phone.trace
                                if way == "in" and data.startswith(b"NOTIFY")), "its challenge wasn't answered")
        await lamp(phone, bob, "idle")
        await talk(other, phone, alice)
        await talk(phone, other, bob)
        call = await dial_code(phone, phone.key(1))
        await call.until("over", timeout=15)
        await idle_again(self.world, phone)
        self.assertEqual((phone.key(1), phone.reboots), (CODE, 0))
        self.assertFalse([k for k in phone.setup.keys if k.kind == "blf"], "a key of the last user stayed")

    async def test_dhcp_option_66_leads_every_vendor_to_its_configuration(self):
        for vendor in ("yealink", "snom", "fanvil", "grandstream"):
            with self.subTest(vendor):
                number = await self.person()
                phone = self.world.phone(vendor, "branch-1")
                await own_phone(self.world, phone, number)
                self.assertIn(number, (phone.setup.user, phone.setup.label))
                self.assertEqual(phone.registered_as, number)


def add(vendor, site):
    async def test(self):
        await self.day(vendor, site)
    setattr(Vendors, f"test_{vendor}_{site}".replace("-", "_"), test)


for _vendor in ("yealink", "snom", "fanvil", "grandstream"):
    for _site in ("local", "branch-1"):
        add(_vendor, _site)
# Of a vendor's older kind of file.
add("fanvil-x4", "branch-1")

if __name__ == "__main__":
    case.main()
