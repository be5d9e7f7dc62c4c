#include <gtest/gtest.h>

#include "tests/sim/element/handset.hpp"

// Keys of the phone's own functions, and of numbers that are no person's, at desks that people share.
namespace roamdesk::sim {
namespace {

class DoNotDisturb : public testing::TestWithParam<const char*> {
 protected:
  DoNotDisturb() {
    for (const auto* number : {"101", "102"}) sim.add_extension(number);
    phone = &sim.add_desk(1, SiteId{GetParam()});
    sim.run_for(2min);
    sit_down("101");
    phone->do_not_disturb = true;
  }
  void sit_down(const std::string& number) {
    sim.log_in_by_code(*phone, number);
    ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(*phone, number); }, 60s));
  }
  Simulation sim;
  DeskPhone* phone = nullptr;
};

TEST_P(DoNotDisturb, StaysOnForWhomeverHasSwitchedItOnWhateverThePhoneFetches) {
  const unsigned before = phone->fetches;
  sim.run_for(3h);
  EXPECT_GE(phone->fetches, before + 2) << "it fetches hourly";
  EXPECT_TRUE(phone->do_not_disturb);
  sim.restart_core();
  sim.run_for(2h);
  EXPECT_TRUE(phone->do_not_disturb) << "over a restart of the core";
  sim.change(Put<Snippet>{{"yealink", "local_time.date_format = 3"}});
  ASSERT_TRUE(sim.run_until([&] { return phone->date_format() == "3"; }, 1min));
  EXPECT_TRUE(phone->do_not_disturb) << "another content of the same person's file";
}

TEST_P(DoNotDisturb, DoesNotStayBehindAtTheDesk) {
  sim.log_out(*phone);
  ASSERT_TRUE(sim.run_until([&] { return sim.is_idle_desk(*phone); }, 60s));
  EXPECT_FALSE(phone->do_not_disturb) << "the idle desk's";
}

TEST_P(DoNotDisturb, IsNotTheNextPersonsWhoTakesTheDeskOver) {
  sit_down("102");
  EXPECT_FALSE(phone->do_not_disturb);
}

TEST_P(DoNotDisturb, IsNotTheSamePersonsOfTheNextLogin) {
  sim.log_out(*phone);
  ASSERT_TRUE(sim.run_until([&] { return sim.is_idle_desk(*phone); }, 60s));
  phone->do_not_disturb = true;  // by somebody at the idle desk
  sit_down("101");
  EXPECT_FALSE(phone->do_not_disturb);
}

// The log-out fell into a time in which the phone was off: what it fetches first is the next one's.
TEST_P(DoNotDisturb, OfAPhoneThatWasOffIsEndedByItsNextFile) {
  phone->power_off();
  sim.log_out(*phone);
  sim.run_for(10min);
  sim.log_in(*phone, "102");
  sim.run_for(1min);
  phone->power_on();
  ASSERT_TRUE(sim.run_until([&] { return phone->registered() && !phone->do_not_disturb; }, 10min));
}

INSTANTIATE_TEST_SUITE_P(Everywhere, DoNotDisturb, testing::Values("local", "branch-1"),
                         [](const auto& site) { return std::string{site.param} == "local" ? "Core" : "Branch"; });

// A park place that nobody knows: its lamp is dark, and costs nobody a lamp that there is.
TEST(Lamps, OfNumbersThatNobodyKnowsAreRefusedAndKeepNothing) {
  Simulation sim;
  for (const auto* number : {"101", "102"}) sim.add_extension(number);
  auto& phone = sim.add_desk(1, local_site());
  sim.run_for(2min);
  sim.log_in_by_code(phone, "101");
  ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(phone, "101"); }, 60s));
  const auto keys = keys_of(phone);
  phone.power_off();
  Handset handset{sim, local_site(), to_string(phone.own().address)};
  ASSERT_EQ(handset.register_as(keys, "the-phone"), 200);
  for (const auto* number : {"8501", "*8501", "*28", "*4501%23", "*77*", "112"})
    for (int turn = 0; turn < 50; ++turn) ASSERT_EQ(handset.subscribe(keys, number), 404) << number;
  EXPECT_EQ(handset.lamp, "") << "nothing was said of any";
  EXPECT_EQ(handset.subscribe(keys, "102"), 200) << "not one of the phone's lamps is taken";
  sim.run_for(1s);
  EXPECT_NE(handset.lamp, "");
}

}  // namespace
}  // namespace roamdesk::sim
