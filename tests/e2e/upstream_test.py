#!/usr/bin/python3
"""Before the exchange that a company has already: Kamailio as its registrar, where each extension has an account; calls out and in
by it, local and at a branch."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import case  # noqa: E402
import kamailio  # noqa: E402
import outside  # noqa: E402
from clients_test import tool  # noqa: E402
from harness import eventually, in_thread  # noqa: E402
from outside import TrunkCase, a_trunk, address_of, trunk_is  # noqa: E402
from story import both_hear, log_in, rings  # noqa: E402

SECRET = "secret-of-"


class Upstream(TrunkCase):
    core_pnp = True
    branches = ("branch-1",)
    site = "local"

    async def asyncSetUp(self):
        if kamailio.PROGRAM is None:
            tool("kamailio")
        await super().asyncSetUp()
        TrunkCase.last += 2
        self.people_at = address_of(self.world, TrunkCase.last)
        self.pbx = kamailio.Kamailio(self.world.dir / f"pbx-{TrunkCase.last}", address_of(self.world, TrunkCase.last - 1), self.people_at, "-",
                                     SECRET, self.domain, config=kamailio.PBX)
        await in_thread(self.pbx.start)
        # Who stayed at the other exchange, its voicemail and its lines.
        self.people = await outside.Provider(self.people_at, call_challenge=None).open()
        await a_trunk(self.world, name="old-pbx", kind="accounts", site=self.site, domain=self.domain, server=f"{self.pbx.ip}:5060",
                      transport="udp", user="", password="", main_number="")
        await trunk_is(self.world, "ready", name="old-pbx")

    async def asyncTearDown(self):
        for account in await self.api("GET", "/upstream-accounts"):
            await self.api("DELETE", f"/upstream-accounts/{account['extension']}")
        await self.people.close()
        await in_thread(self.pbx.stop)
        await super().asyncTearDown()

    async def account(self, extension, **fields):
        body = {"extension": extension, "trunk": "old-pbx", "user": extension, "password": SECRET + extension, **fields}
        await in_thread(self.world.api.post, "/upstream-accounts", body)

    async def account_is(self, extension, condition, timeout=15):
        last = {}

        def so():
            last.update(self.world.api.get(f"/upstream-accounts/{extension}")["state"])
            return last["condition"] == condition
        try:
            await eventually(so, timeout)
        except AssertionError:
            raise AssertionError(f"not {condition}: it is {last}") from None
        return last

    async def a_person_with_a_phone(self):
        person = await self.person()
        await self.account(person)
        phone = await self.a_phone(person, site=self.site)
        await self.account_is(person, "registered")
        return person, phone

    async def test_a_call_to_who_stayed_there_and_back(self):
        person, phone = await self.a_person_with_a_phone()
        ours = await phone.dial("205")
        theirs = await self.people.rings()
        self.assertEqual(theirs.called, "205")
        self.assertIn(f"sip:{person}@", theirs.invite["from"])
        await theirs.progress(180)
        await ours.until("ringing")
        await theirs.answer()
        await ours.until("up")
        await both_hear(ours, theirs)
        await ours.hang_up()
        await theirs.until("over")
        theirs = await self.people.call(person, address=(self.pbx.ip, 5060), caller="205")
        ours = await rings(phone)
        self.assertIn("205", ours.caller[1])
        ours.answer()
        await theirs.until("up")
        await both_hear(ours, theirs)
        await theirs.hang_up()
        await ours.until("over")

    async def test_its_codes_are_heard_there_as_they_were_dialled(self):
        _, phone = await self.a_person_with_a_phone()
        for code in ("*97", "*21*0301234%23"):
            ours = await phone.dial(code)
            theirs = await self.people.rings()
            self.assertEqual(theirs.invite.uri.partition(":")[2].partition("@")[0], code)
            await theirs.answer()
            await ours.until("up")
            await ours.hang_up()
            await theirs.until("over")

    async def test_a_desk_is_registered_there_while_its_person_sits_there(self):
        person = await self.person()
        await self.account(person)
        await self.account_is(person, "logged_out")
        theirs = await self.people.call(person, address=(self.pbx.ip, 5060), caller="205")
        await theirs.until("over")
        self.assertEqual(theirs.status, 480)
        desk = await self.a_desk(site=self.site)
        await log_in(self.world, desk, person)
        await self.account_is(person, "registered")
        theirs = await self.people.call(person, address=(self.pbx.ip, 5060), caller="205")
        ours = await rings(desk)
        ours.answer()
        await theirs.until("up")
        await both_hear(ours, theirs)
        await theirs.hang_up()
        await ours.until("over")

    async def test_a_wrong_password_is_said_and_costs_nobody_else_anything(self):
        first, _ = await self.a_person_with_a_phone()
        second = await self.person("Bob")
        await self.account(second, password="wrong", registers="always")
        state = await self.account_is(second, "refused")
        self.assertIn("wrong password", state["reason"])
        self.assertEqual((await self.api("GET", f"/upstream-accounts/{first}"))["state"]["condition"], "registered")
        await self.api("PATCH", f"/upstream-accounts/{second}", {"password": SECRET + second})
        await self.account_is(second, "registered")
        self.assertEqual((await outside.trunk(self.world, "old-pbx"))["state"]["accounts"], {"all": 2, "registered": 2, "refused": 0, "waiting": 0})

    async def test_a_transfer_goes_on_by_the_account_of_who_transfers(self):
        person, phone = await self.a_person_with_a_phone()
        theirs = await self.people.call(person, address=(self.pbx.ip, 5060), caller="205")
        ours = await rings(phone)
        ours.answer()
        await theirs.until("up")
        await ours.refer("206")
        on = await self.people.rings()
        self.assertEqual(on.called, "206")
        self.assertIn(f"sip:{person}@", on.invite["from"])
        await on.answer()
        await on.until("up")
        await both_hear(theirs, on)
        await theirs.hang_up()
        await on.until("over")


class UpstreamOfABranch(Upstream):
    site = "branch-1"


if __name__ == "__main__":
    case.main()
