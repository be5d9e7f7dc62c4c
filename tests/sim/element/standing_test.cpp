#include <gtest/gtest.h>

#include "tests/sim/element/simulation.hpp"

// What the edges are told of who is there: by credentials alone.
namespace roamdesk::sim {
namespace {

class Standing : public testing::TestWithParam<const char*> {
 protected:
  SiteId site() const { return SiteId{GetParam()}; }
  Simulation sim;
};

TEST_P(Standing, IsRegisteredWhileAPhoneIs) {
  auto& desk = sim.add_desk(1, site());
  EXPECT_EQ(sim.standing(desk), sip::Standing::registered);
  desk.power_off();
  ASSERT_TRUE(sim.run_until([&] { return sim.standing(desk) != sip::Standing::registered; }, 3min));
  EXPECT_EQ(sim.standing(desk), sip::Standing::proven);
}

TEST_P(Standing, IsNotGivenByPlugAndPlayNorByACallToAnEmergencyNumber) {
  auto& nobodys = sim.add_phone(1, site());
  nobodys.power_on();
  ASSERT_TRUE(sim.run_until([&] { return nobodys.booted(); }, 60s));
  const auto call = nobodys.dial("112");
  ASSERT_TRUE(sim.run_until([&] { return nobodys.call(call)->status == 503; }, 60s));
  EXPECT_EQ(sim.standing(nobodys), sip::Standing::unproven);
}

TEST_P(Standing, IsLostByWhoeverIsDeleted) {
  auto& desk = sim.add_desk(1, site());
  desk.habits.fetch_works = false;
  sim.delete_desk(desk);
  sim.run_for(1s);
  EXPECT_NE(sim.standing(desk), sip::Standing::registered);
}

TEST_P(Standing, IsKnownAfterARestartBeforeThePhoneSaysAnything) {
  auto& desk = sim.add_desk(1, site());
  sim.restart_core();
  sim.run_for(1s);
  EXPECT_EQ(sim.standing(desk), sip::Standing::registered);
}

INSTANTIATE_TEST_SUITE_P(Sites, Standing, testing::Values("local", "branch-1"));

}  // namespace
}  // namespace roamdesk::sim
