#include "exchange/model/location_of.hpp"

#include <gtest/gtest.h>

#include "exchange/model/emergency_route.hpp"

// Where help is to come to: by the desk or the dedicated phone, by the site, by default.
namespace roamdesk {
namespace {

class Locations : public testing::Test {
 protected:
  Locations() {
    for (const char* name : {"desk", "phone", "branch", "house", "default"}) {
      Location location;
      location.name = name;
      directory.apply(Put<Location>{location});
    }
    for (const char* name : {"101", "102"}) {
      Extension extension;
      extension.number = ExtensionNumber{name};
      directory.apply(PutExtension{extension});
    }
    directory.apply(PutSbc{{.name = "branch-1", .emergency_location = "branch"}});
    directory.apply(PutSbc{{.name = "branch-2"}});
    put_desk("desk");
    Phone phone{.mac = at_desk, .site = SiteId{"branch-1"}, .assigned = true};
    directory.apply(PutPhone{phone});
    put_dedicated("phone");
    settings.local_emergency_location = "house";
    settings.emergency_location = "default";
  }
  void put_desk(const std::string& location) {
    HotDesk desk{.id = HotDeskId{"HD0001"}, .mac = at_desk, .site = SiteId{"branch-1"}, .emergency_location = location};
    desk.idle = {"HD0001", Secret{"idle"}};
    desk.options.location = "Floor 2";
    directory.apply(PutDesk{desk});
  }
  void put_dedicated(const std::string& location) {
    Phone phone{.mac = dedicated, .site = SiteId{"branch-1"}, .assigned = true, .extension = ExtensionNumber{"102"}};
    phone.credentials = Credentials{"p1", Secret{"x"}};
    phone.emergency_location = location;
    directory.apply(PutPhone{phone});
  }
  // `b` is switched off.
  void put_trunks() {
    for (const auto& [name, enabled] : {std::pair{"a", true}, {"b", false}, {"c", true}}) {
      Trunk trunk;
      trunk.name = name;
      trunk.enabled = enabled;
      directory.apply(Put<Trunk>{trunk});
    }
  }
  std::string at(const SiteId& site, const std::optional<Mac>& device = std::nullopt) const {
    const auto given = location_given(directory, settings, site, device);
    return std::string{word_of(given.by)} + (given.location ? " " + given.location->name : "");
  }

  const Mac at_desk = *Mac::parse("001565AABB01"), dedicated = *Mac::parse("001565AABB02"),
            stranger = *Mac::parse("001565AABB03");
  const SiteId branch{"branch-1"};
  Directory directory;
  Settings settings;
};

TEST_F(Locations, AreTheDesksThenTheSitesThenTheDefault) {
  EXPECT_EQ(at(branch, at_desk), "desk desk");
  put_desk("");
  EXPECT_EQ(at(branch, at_desk), "site branch");
  EXPECT_EQ(at(SiteId{"branch-2"}, at_desk), "default default");
  settings.emergency_location = "";
  EXPECT_EQ(at(SiteId{"branch-2"}, at_desk), "none");
}

TEST_F(Locations, AreTheDesksWhoeverIsLoggedIn) {
  for (const char* person : {"101", "102"}) {
    const SessionId id{person};
    directory.apply(
        StartSession{{id, HotDeskId{"HD0001"}, ExtensionNumber{person}, {person, Secret{"own"}}, WallTime{}}});
    EXPECT_EQ(at(branch, at_desk), "desk desk") << person;
    directory.apply(EndSession{id, {}});
  }
}

TEST_F(Locations, AreADedicatedPhonesOwn) {
  EXPECT_EQ(at(branch, dedicated), "phone phone");
  put_dedicated("");
  EXPECT_EQ(at(branch, dedicated), "site branch");
}

TEST_F(Locations, OfAPhoneThatNobodyKnowsAreItsSites) {
  EXPECT_EQ(at(branch, stranger), "site branch");
  EXPECT_EQ(at(branch), "site branch");
  EXPECT_EQ(at(local_site()), "site house");
  EXPECT_EQ(at(SiteId{"nowhere"}), "default default");
}

TEST_F(Locations, ThatAreNotThereGiveWayToTheNext) {
  directory.apply(Delete<Location>{"desk"});
  EXPECT_EQ(at(branch, at_desk), "site branch");
  directory.apply(Delete<Location>{"branch"});
  EXPECT_EQ(at(branch, at_desk), "default default");
}

// A phone keeps what it was given when it becomes a desk's, and a desk's location isn't taken for a person's phone.
TEST_F(Locations, OfADeskAreNotThoseThatItsPhoneHadBefore) {
  put_desk("");
  Phone phone = *directory.phone(at_desk);
  phone.emergency_location = "phone";
  directory.apply(PutPhone{phone});
  EXPECT_EQ(at(branch, at_desk), "site branch");
}

TEST_F(Locations, SayTheDeskWhereTheyDoNotSayMore) {
  Location location;
  location.address.rd = "Main";
  const HotDesk* desk = directory.desk_of(at_desk);
  EXPECT_EQ(address_at(location, desk).seat, "HD0001");
  EXPECT_EQ(address_at(location, desk).loc, "Floor 2");
  EXPECT_EQ(address_at(location, desk).rd, "Main");
  EXPECT_EQ(address_at(location, nullptr), location.address);
  location.address.seat = "7";
  location.address.loc = "Gate B";
  EXPECT_EQ(address_at(location, desk), location.address);
}

TEST_F(Locations, CallByTheirTrunksThatAreThereInTheirOrder) {
  put_trunks();
  Location location;
  location.trunks = {"c", "gone", "b", "a"};
  std::string names;
  for (const Trunk* trunk : emergency_trunks(directory, location)) names += trunk->name;
  EXPECT_EQ(names, "ca");
}

TEST_F(Locations, WithoutARouteAreNamedOnce) {
  put_trunks();
  for (const auto& [name, trunks] : {std::pair<const char*, std::vector<std::string>>{"default", {"a"}},
                                     {"branch", {"a", "b"}},
                                     {"house", {"b", "gone"}},
                                     {"desk", {}},
                                     {"phone", {"c"}}}) {
    Location location = directory.all<Location>().at(name);
    location.trunks = trunks;
    directory.apply(Put<Location>{location});
  }
  using enum PlaceKind;
  EXPECT_EQ(places_without_route(directory, settings),
            (std::vector<WithoutRoute>{{site, "local", EmergencyRoute::no_trunk},
                                       {hot_desk, "HD0001", EmergencyRoute::no_trunk}}));
  // A desk without a location of its own is told by its site.
  put_desk("");
  settings.emergency_location = "";
  const auto left = places_without_route(directory, settings);
  EXPECT_EQ(left, (std::vector<WithoutRoute>{{site, "local", EmergencyRoute::no_trunk},
                                             {site, "branch-2", EmergencyRoute::no_location}}));
  EXPECT_EQ(to_string(left.front()), "the site local has a location without a trunk that is switched on");
  EXPECT_EQ(to_string(left.back()), "the site branch-2 has no location");
}

}  // namespace
}  // namespace roamdesk
