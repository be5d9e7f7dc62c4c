#include <gtest/gtest.h>

#include "tests/sim/element/simulation.hpp"

// Which numbers call for help follows from where the phone stands, whoever is at it.
namespace roamdesk::sim {
namespace {

class EmergencyPlaces : public testing::Test {
 protected:
  EmergencyPlaces() {
    for (const auto& [name, country] : {std::pair{"berlin", "DE"}, {"london", "GB"}}) {
      Location location;
      location.name = name;
      location.address.country = country;
      sim.have(Put<Location>{location});
    }
    Sbc sbc;
    sbc.name = branch().value();
    sbc.time_zone = "Europe/Berlin";
    sbc.emergency_location = "berlin";
    sim.have(PutSbc{sbc});
  }
  // The final status; a call for help without a route has an announcement, then 503.
  int status(DeskPhone& phone, const std::string& number) {
    const auto call = phone.dial(number);
    EXPECT_TRUE(sim.run_until([&] { return phone.call(call)->status >= 300; }, 40s)) << number;
    return phone.call(call)->status;
  }
  void give(const DeskPhone& phone, const std::string& location) {
    HotDesk desk = *sim.directory().desk_of(phone.mac());
    desk.emergency_location = location;
    sim.have(PutDesk{desk});
  }
  Simulation sim;
};

TEST_F(EmergencyPlaces, AreTheSitesForADeskThatIsIdleAndForAPhoneThatNobodyKnows) {
  auto& desk = sim.add_desk(1, branch());
  auto& stranger = sim.add_phone(2, branch());
  stranger.power_on();
  ASSERT_TRUE(sim.run_until([&] { return stranger.booted(); }, 60s));
  for (auto* phone : {&desk, &stranger}) EXPECT_EQ(status(*phone, "110"), 503);
  EXPECT_EQ(status(desk, "999"), 403);
  auto& local = sim.add_desk(3, local_site());
  EXPECT_EQ(status(local, "110"), 403) << "no location";
  EXPECT_EQ(status(local, "112"), 503);
}

TEST_F(EmergencyPlaces, AreTheDesksOwnWhoeverIsThere) {
  for (const char* number : {"101", "102"}) sim.add_extension(number);
  auto& desk = sim.add_desk(1, branch());
  give(desk, "london");
  for (const char* person : {"101", "102"}) {
    sim.log_in(desk, person);
    ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(desk, person); }, 60s));
    EXPECT_EQ(status(desk, "999"), 503) << person;
    EXPECT_EQ(status(desk, "110"), 404) << person;
  }
}

// They stand in its file.
TEST_F(EmergencyPlaces, AreFetchedByThePhonesWhoseNumbersHaveBecomeOthers) {
  auto& there = sim.add_desk(1, branch());
  auto& here = sim.add_desk(2, local_site());
  sim.run_for(1min);
  const auto before = there.fetches, elsewhere = here.fetches;
  Location berlin = sim.directory().all<Location>().at("berlin");
  berlin.note = "ring at gate B";
  sim.change(Put<Location>{berlin});
  sim.run_for(1min);
  EXPECT_EQ(there.fetches, before) << "its numbers are the same";
  berlin.test_numbers = {"933"};
  sim.change(Put<Location>{berlin});
  EXPECT_TRUE(sim.run_until([&] { return there.fetches > before; }, 60s));
  EXPECT_EQ(here.fetches, elsewhere);
}

}  // namespace
}  // namespace roamdesk::sim
