#include "fixture.hpp"

// Where help is to come to, as desks, phones and sites are given it and show it.
namespace roamdesk::test {
namespace {
using testing::HasSubstr;

class Locations : public AdministrationTest {
 protected:
  void have_location(const std::string& name, const std::string& country = "DE", const std::string& trunk = "") {
    Location location;
    location.name = name;
    location.address.country = country;
    if (!trunk.empty()) location.trunks = {trunk};
    have(Put<Location>{location});
  }
  void have_trunk(const std::string& name) {
    Trunk trunk;
    trunk.name = name;
    have(Put<Trunk>{trunk});
  }
  api::EmergencyView at_desk() { return administration_ptr()->desk(mac(1))->emergency; }
  static auto giving_desk(const std::string& location) {
    return [location](auto& a, auto done) { a.change_desk(mac(1), {.emergency_location = location}, by(), done); };
  }
  static auto setting(const std::string& local, const std::string& any) {
    return [local, any](auto& a, auto done) {
      Settings settings = a.settings();
      settings.local_emergency_location = local;
      settings.emergency_location = any;
      a.change_settings([settings](Settings& now) { now = settings; }, by(), done);
    };
  }
};

TEST_F(Locations, AreShownWhereTheyHoldWithTheirRoute) {
  have_desk(mac(1));
  EXPECT_EQ(at_desk().location, "");
  EXPECT_EQ(at_desk().by, LocationGiver::none);
  EXPECT_EQ(at_desk().route, EmergencyRoute::no_location);
  have_location("house", "DE", "provider");
  EXPECT_EQ(answer_to(giving_desk("house")).outcome, Outcome::ok);
  EXPECT_EQ(at_desk().location, "house");
  EXPECT_EQ(at_desk().by, LocationGiver::desk);
  EXPECT_EQ(at_desk().route, EmergencyRoute::no_trunk);
  have_trunk("provider");
  EXPECT_EQ(at_desk().route, EmergencyRoute::ready);
}

// The banner of places from which nobody can call for help goes by that event.
TEST_F(Locations, ThatASiteIsGivenChangeTheStatistics) {
  have_sbc("branch-1");
  have_location("house");
  const auto said = [this] {
    const auto events = administration_ptr()->sample();
    return std::any_of(events.begin(), events.end(),
                       [](const api::Event& event) { return std::holds_alternative<api::StatsChanged>(event); });
  };
  said();
  ASSERT_FALSE(said()) << "nothing has changed";
  const auto giving = [](api::Answer refusal) {
    return [refusal](auto& a, auto done) {
      const auto decide = [refusal](const Directory& directory) -> api::Domain::Decision {
        if (refusal.outcome != Outcome::ok) return refusal;
        Sbc sbc = *directory.sbc("branch-1");
        sbc.emergency_location = "house";
        return Changes{PutSbc{sbc}};
      };
      a.change(decide, by("sbc.changed"), done);
    };
  };
  EXPECT_EQ(answer_to(giving({Outcome::clash, "not now"})).outcome, Outcome::clash);
  EXPECT_FALSE(said()) << "it was refused";
  EXPECT_EQ(answer_to(giving({})).outcome, Outcome::ok);
  EXPECT_TRUE(said());
  EXPECT_FALSE(said()) << "once";
}

TEST_F(Locations, ThatAreNotThereAreGivenToNobody) {
  have_desk(mac(1));
  have_location("house");
  const std::vector<api::Answer> answers = {
      answer_to(giving_desk("nowhere")), answer_to(setting("nowhere", "")), answer_to(setting("", "nowhere")),
      answer_to([](auto& a, auto done) {
        a.create_desk({mac(2), phones::Vendor::yealink, "T46U", local_site(), {}, {}, "nowhere"}, by(), done);
      }),
      answer_to([](auto& a, auto done) {
        a.create_sbc({"branch-1", {}, "nowhere"}, by(), [done](api::Answer answer, const Secret&) { done(answer); });
      })};
  for (const api::Answer& answer : answers) {
    EXPECT_EQ(answer.outcome, Outcome::refused);
    EXPECT_THAT(answer.message, HasSubstr("expected one of house"));
  }
  EXPECT_EQ(answer_to(setting("house", "house")).outcome, Outcome::ok);
  EXPECT_EQ(at_desk().by, LocationGiver::site);
}

TEST_F(Locations, WithoutARouteStandInTheStatistics) {
  have_sbc("branch-1");
  api::Statistics before = administration_ptr()->statistics();
  EXPECT_EQ(before.without_route_total, 2u);
  EXPECT_EQ(before.without_route.front(), (WithoutRoute{PlaceKind::site, "local", EmergencyRoute::no_location}));
  have_location("house", "DE", "provider");
  have_trunk("provider");
  EXPECT_EQ(answer_to(setting("", "house")).outcome, Outcome::ok);
  EXPECT_EQ(administration_ptr()->statistics().without_route_total, 0u);
}

}  // namespace
}  // namespace roamdesk::test
