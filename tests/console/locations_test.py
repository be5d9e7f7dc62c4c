#!/usr/bin/python3
"""Where help is to come to: a location is made and given away, a place without a route says so, and what would happen with a call for help is shown."""
import frame
from harness import PASSWORD, eventually

DIALOG = "[role=dialog],[role=alertdialog]"
HOUSE = {"name": "house", "address": {"country": "DE", "a3": "Köln", "pc": "50667", "rd": "Domplatz", "hno": "1"}, "trunks": ["provider"],
         "callbacks": ["+4922155500"], "test_numbers": ["933"]}


class WhereHelpComesTo(frame.ConsoleCase):
    branches = ("berlin",)

    async def asyncSetUp(self):
        await super().asyncSetUp()
        await self.api("PATCH", "/settings", {"emergency": {"local_location": "", "location": ""}})
        await self.api("PATCH", "/sbcs/berlin", {"emergency_location": None})
        for desk in await self.api("GET", "/hot-desks"):
            await self.api("DELETE", f"/hot-desks/{desk['mac']}")
        for path in ("/locations", "/trunks"):
            for record in await self.api("GET", path):
                await self.api("DELETE", f"{path}/{record['name']}")
        # Nothing leaves the machine: nobody listens there.
        await self.api("POST", "/trunks", {"name": "provider", "domain": "sip.example.org", "server": "127.0.0.1:9", "user": "u", "country": "DE",
                                           "geolocation": True})

    async def a_desk(self, mac="001565a0b0c0"):
        return await self.api("POST", "/hot-desks", {"mac": mac, "vendor": "yealink", "model": "T46U", "options": {"location": "Floor 2"}})

    async def test_a_location_is_made_and_given_to_the_local_site(self):
        b = self.browser
        number = await self.person("Ida Ihle")
        await self.api("PATCH", "/trunks/provider", {"preset": "telnyx"})   # whose provider knows places by ids of its own
        await b.log_in()
        await b.see("Nobody can call for help from: site Local (no location), site berlin (no location).")
        await b.page("Locations")
        await b.see("No locations yet")
        await b.click("button", "Add a location", within=".empty")
        await b.retype("Name", "house")
        await b.retype("Country", "us")
        await b.see("ZIP code")
        await b.retype("Country", "de")
        await b.see("Germany")
        for label, value in (("Road", "Domplatz"), ("House number", "1"), ("Postal code", "50667"), ("City", "Köln"), ("Floor", "2")):
            await b.retype(label, value)
        await b.click("checkbox", "provider")
        self.assertEqual(await b.do("axe"), [])    # each label names its own field, also where fields came since
        await b.retype("Geolocation id at provider", "G-1")
        await b.retype("Callback numbers", "+4922155500 +4922155501")
        await b.type("Call somebody as well", number)
        await b.do("press", key="Enter")
        await b.see("Remove")
        self.assertEqual(await b.do("axe"), [])
        await b.shot("location-form")
        await b.click("button", "Add a location", within=DIALOG)
        await b.see("Domplatz 1, 50667 Köln, Floor 2, DE")
        made = await self.api("GET", "/locations/house")
        self.assertEqual((made["trunks"], made["callbacks"], made["told"]), (["provider"], ["+4922155500", "+4922155501"], [number]))
        self.assertEqual(made["references"], [{"trunk": "provider", "geolocation_id": "G-1", "from_id": ""}])
        self.assertEqual(made["emergency_numbers"][:3], ["112", "911", "110"])
        await b.shot("locations")

        await b.page("Settings")
        await b.do("select", label="Location of the local site", value="house")
        await b.shot("settings-location")
        await b.click("button", "Save")
        await b.see("Nobody can call for help from: site berlin (no location).")
        await b.page("SBCs")
        await b.click("button", "More for berlin", exact=True)
        await b.click("menuitem", "Location for emergency calls")
        await b.do("select", label="Location for emergency calls", value="house")
        await b.click("button", "Save", within=DIALOG)
        await b.do("gone", text="Nobody can call for help")
        await self.no_faults()

    async def test_a_desk_has_its_own_and_says_where_help_comes_to(self):
        b = self.browser
        await self.api("POST", "/locations", HOUSE)
        desk = await self.a_desk()
        await b.log_in()
        await b.do("open", path=f"/hot-desks/{desk['mac']}")
        await b.see("no location")
        await b.shot("desk-without-location")
        self.assertEqual(await b.do("axe"), [])
        await b.do("open", path="/hot-desks")
        await b.click("button", f"More for {desk['id']}", exact=True)
        await b.click("menuitem", "Edit")
        await b.do("select", label="Location for emergency calls", value="house")
        await b.click("button", "Save", within=DIALOG)
        await eventually(lambda: self.world.api.get(f"/hot-desks/{desk['mac']}")["emergency_location"] == "house", what="the desk's location")
        await b.do("open", path=f"/hot-desks/{desk['mac']}")
        await b.see("(the desk's own)")
        await self.api("PATCH", "/trunks/provider", {"enabled": False})
        await b.see("no trunk that is switched on")
        await self.no_faults()

    async def test_what_happens_when_somebody_calls_for_help_is_shown_without_a_call(self):
        b = self.browser
        await self.api("POST", "/locations", HOUSE)
        desk = await self.a_desk()
        await self.api("PATCH", f"/hot-desks/{desk['mac']}", {"emergency_location": "house"})
        await b.log_in()
        await b.page("Outbound rules")
        await b.type("At which desk", desk["id"])
        await b.do("press", key="Enter")
        await b.retype("What is dialled", "110")
        await b.click("button", "Show the steps")
        await b.see("110 is an emergency number")
        await b.see("(the desk's own)")
        await b.see("+4922155500")
        await b.see("provider, which is asked for 110, shown +4922155500, and told the location")
        await b.see("<ca:A3>Köln</ca:A3>")
        self.assertEqual(await b.do("axe"), [])
        await b.shot("explained-emergency")
        await self.api("PATCH", "/locations/house", {"references": [{"trunk": "provider", "geolocation_id": "G-1", "from_id": "F-1"}]})
        await b.click("button", "Show the steps")
        await b.see("shown F-1, and told the location by its id G-1")
        await b.retype("What is dialled", "933")
        await b.click("button", "Show the steps")
        await b.see("933 is a test number")
        await self.no_faults()

    async def test_a_reader_sees_them_and_changes_nothing(self):
        b = self.browser
        await self.api("POST", "/locations", HOUSE)
        if not any(user["name"] == "wilma" for user in await self.api("GET", "/users")):
            await self.api("POST", "/users", {"name": "wilma", "password": PASSWORD, "role": "reader"})
        await b.log_in(name="wilma")
        await b.page("Locations")
        await b.see("Domplatz 1")
        await b.do("gone", text="Add a location")
        await self.no_faults()


if __name__ == "__main__":
    frame.main()
