#include <gtest/gtest.h>

#include "tests/sim/element/simulation.hpp"

// What the clock ends: automatic_logout in the site's own zone, and max_session.
namespace roamdesk::sim {
namespace {

DeskPhone& desk_of(Simulation& sim, unsigned number, const SiteId& site, const std::string& who) {
  auto& phone = sim.add_desk(number, site);
  EXPECT_EQ(sim.log_in(phone, who).outcome, api::Outcome::ok);
  EXPECT_TRUE(sim.run_until([&] { return sim.is_at_desk(phone, who); }, 60s));
  return phone;
}

Simulation::Settings at(WallTime start) {
  Simulation::Settings settings;
  settings.start = start;
  settings.automatic_logout = "18:30";
  return settings;
}

// Clocks went from UTC+2 to UTC+1 in Berlin on 25 October 2026.
TEST(AutomaticLogout, HappensAtTheSitesOwnTimeOnBothSidesOfAChangeOfTheClocks) {
  Simulation sim{at(Simulation::date(2026, 10, 24, 16, 0))};
  sim.add_extension("101");
  auto& phone = desk_of(sim, 1, branch(), "101");
  sim.run_to(Simulation::date(2026, 10, 24, 16, 29));
  EXPECT_EQ(sim.who_is_at(phone), "101");
  sim.run_to(Simulation::date(2026, 10, 24, 16, 31));  // 18:31 in summer
  EXPECT_EQ(sim.who_is_at(phone), "");
  EXPECT_EQ(sim.ended, std::vector<std::string>{"101 automatic"});
  EXPECT_TRUE(sim.run_until([&] { return sim.is_idle_desk(phone); }, 60s));

  sim.log_in(phone, "101");
  sim.run_to(Simulation::date(2026, 10, 25, 17, 29));  // in winter 18:29
  EXPECT_EQ(sim.who_is_at(phone), "101");
  sim.run_to(Simulation::date(2026, 10, 25, 17, 31));
  EXPECT_EQ(sim.who_is_at(phone), "");
}

TEST(AutomaticLogout, OfEachSiteIsAtItsOwnTime) {
  Simulation sim{at(Simulation::date(2026, 11, 23, 16, 0))};  // 18:00 in Nicosia, 17:00 in Berlin
  sim.add_extension("101");
  sim.add_extension("102");
  auto& here = desk_of(sim, 1, local_site(), "101");
  auto& there = desk_of(sim, 2, branch(), "102");
  sim.run_to(Simulation::date(2026, 11, 23, 16, 31));
  EXPECT_EQ(sim.who_is_at(here), "");
  EXPECT_EQ(sim.who_is_at(there), "102");
  sim.run_to(Simulation::date(2026, 11, 23, 17, 31));
  EXPECT_EQ(sim.who_is_at(there), "");
}

TEST(AutomaticLogout, WhileTheCoreWasDownHappensWhenItIsBack) {
  Simulation sim{at(Simulation::date(2026, 11, 23, 17, 20))};
  sim.add_extension("101");
  auto& phone = desk_of(sim, 1, branch(), "101");
  sim.line_down(branch());
  sim.run_to(Simulation::date(2026, 11, 23, 17, 29));
  EXPECT_EQ(sim.who_is_at(phone), "101");
  sim.stop_core();
  sim.run_to(Simulation::date(2026, 11, 23, 18, 0));
  sim.restart_core();
  sim.run_for(10s);
  EXPECT_EQ(sim.who_is_at(phone), "");
  sim.line_up(branch());
  const auto took = sim.run_until([&] { return sim.is_idle_desk(phone); }, 120s);
  ASSERT_TRUE(took);
  EXPECT_LE(*took, 60s);
}

TEST(AutomaticLogout, LeavesAloneWhoeverComesAfterIt) {
  Simulation sim{at(Simulation::date(2026, 11, 23, 17, 40))};  // 18:40 in Berlin
  sim.add_extension("101");
  auto& phone = desk_of(sim, 1, branch(), "101");
  sim.restart_core();
  sim.run_for(12h);
  EXPECT_EQ(sim.who_is_at(phone), "101");
}

TEST(MaxSession, EndsASessionAfterItsTimeWhateverRestartsCameBetween) {
  Simulation::Settings settings;
  settings.max_session = 10h;
  Simulation sim{settings};
  sim.add_extension("101");
  auto& phone = desk_of(sim, 1, branch(), "101");
  sim.run_for(5h);
  sim.restart_core();
  sim.run_for(4h + 55min);
  EXPECT_EQ(sim.who_is_at(phone), "101");
  sim.run_for(6min);
  EXPECT_EQ(sim.who_is_at(phone), "");
  EXPECT_EQ(sim.ended, std::vector<std::string>{"101 max_session"});
  EXPECT_TRUE(sim.run_until([&] { return sim.is_idle_desk(phone); }, 60s));
}

// A call that is up goes on as it began; the desk is free at once, and its phone changes after the call.
class ClockInACall : public testing::TestWithParam<bool> {};

TEST_P(ClockInACall, LetsItGoOnAsItBegan) {
  Simulation::Settings settings;
  settings.start = Simulation::date(2026, 11, 23, 17, 0);
  if (GetParam())
    settings.automatic_logout = "18:30";
  else
    settings.max_session = 29min;
  Simulation sim{settings};
  for (const auto* number : {"101", "102", "103"}) sim.add_extension(number);
  auto& phone = desk_of(sim, 1, branch(), "101");
  auto& other = sim.add_phone(2, branch());
  other.power_on();
  sim.run_for(30s);
  sim.assign(other, "102");
  ASSERT_TRUE(sim.run_until([&] { return other.registered(); }, 60s));
  sim.run_for(20min);
  const auto call = phone.dial("102");
  ASSERT_TRUE(sim.run_until([&] { return phone.call(call)->up; }, 10s));
  sim.run_to(Simulation::date(2026, 11, 23, 17, 32));
  EXPECT_EQ(sim.who_is_at(phone), "");
  EXPECT_EQ(sim.ended.size(), 1u);
  ASSERT_EQ(sim.element().calls().size(), 1u);
  EXPECT_EQ(sim.element().calls().front().from.number, "101");
  EXPECT_TRUE(phone.call(call)->up);
  EXPECT_EQ(phone.shows(), "101");
  // No new call of 101's from there, nor to 101.
  const auto second = phone.dial("102");
  sim.run_for(2s);
  EXPECT_EQ(phone.call(second)->status, 403);
  sim.run_for(40min);  // over the session timer's refreshes
  EXPECT_TRUE(phone.call(call)->up);
  ASSERT_EQ(sim.element().calls().size(), 1u);
  phone.hang_up();
  const auto took = sim.run_until([&] { return sim.is_idle_desk(phone); }, 60s);
  ASSERT_TRUE(took);
  EXPECT_LE(*took, 30s);
  EXPECT_TRUE(other.idle());
}

INSTANTIATE_TEST_SUITE_P(ByTimeOfDayAndByLength, ClockInACall, testing::Bool());

}  // namespace
}  // namespace roamdesk::sim
