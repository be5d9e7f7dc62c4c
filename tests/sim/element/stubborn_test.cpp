#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sim/element/simulation.hpp"

// Phones that don't do what they are told, or not in the order that one would like.
namespace roamdesk::sim {
namespace {

class StubbornPhone : public testing::Test {
 protected:
  void SetUp() override {
    for (const auto* number : {"101", "102"}) sim.add_extension(number);
  }
  bool reported(const std::string& what) const {
    return std::any_of(sim.troubles.begin(), sim.troubles.end(),
                       [&](const std::string& trouble) { return trouble.find(what) != std::string::npos; });
  }
  Simulation sim;
};

TEST_F(StubbornPhone, ThatIgnoresAResyncIsRebooted) {
  Habits habits;
  habits.heeds_resync = false;
  auto& phone = sim.add_desk(1, branch(), habits);
  sim.log_in(phone, "101");
  const auto took = sim.run_until([&] { return sim.is_at_desk(phone, "101"); }, 3min);
  ASSERT_TRUE(took);
  EXPECT_LE(*took, 90s);  // 15 s for each resync, then its own boot
  EXPECT_EQ(phone.resyncs, 2u);
  EXPECT_EQ(phone.reboots_told, 1u);
}

TEST_F(StubbornPhone, ThatNeverFetchesIsReportedShownAndRepairedLater) {
  auto& phone = sim.add_desk(1, branch());
  phone.habits.heeds_resync = phone.habits.heeds_reboot = phone.habits.fetch_works = false;
  sim.log_in(phone, "101");
  sim.run_for(5min);
  EXPECT_TRUE(reported("hot_desk.problem HD0001 not_fetching"));
  EXPECT_FALSE(sim.desk(phone).settled);
  EXPECT_EQ(sim.desk(phone).extension, ExtensionNumber{"101"});  // calls ring there all the same
  EXPECT_EQ(sim.desk(phone).registered_as, "HD0001");
  EXPECT_TRUE(sim.element().directory().phone(phone.mac())->needs_restart);
  const auto told = phone.reboots_told;
  sim.run_for(8h);
  EXPECT_EQ(phone.reboots_told, told);  // no phone reboots all night
  EXPECT_TRUE(reported("not_fetching"));
  // A person unplugs it.
  phone.habits = Habits{};
  phone.power_off();
  sim.run_for(10s);
  phone.power_on();
  EXPECT_TRUE(sim.run_until([&] { return sim.is_at_desk(phone, "101"); }, 60s));
  EXPECT_FALSE(sim.element().directory().phone(phone.mac())->needs_restart);
  EXPECT_TRUE(reported("hot_desk.problem HD0001 none"));
}

TEST_F(StubbornPhone, ThatComesToItsSensesIsRepairedWithoutAnybodysHelp) {
  auto& phone = sim.add_desk(1, branch());
  phone.habits.heeds_resync = phone.habits.heeds_reboot = phone.habits.fetch_works = false;
  sim.log_in(phone, "101");
  sim.run_for(20min);
  phone.habits = Habits{};
  EXPECT_TRUE(sim.run_until([&] { return sim.is_at_desk(phone, "101"); }, 61min));
}

TEST_F(StubbornPhone, ThatRebootsInTheMiddleOfAResyncEndsAsWhatItShouldBe) {
  for (int at = 0; at < 40; ++at) {
    for (const bool fetches : {true, false}) {
      Simulation other;
      other.add_extension("101");
      Habits habits;
      habits.fetches_at_boot = fetches;
      auto& phone = other.add_desk(1, branch(), habits);
      other.log_in(phone, "101");
      other.run_for(at * 100ms);
      phone.reboot();
      const auto took = other.run_until([&] { return other.is_at_desk(phone, "101"); }, 3min);
      ASSERT_TRUE(took) << "rebooted after " << at * 100 << " ms";
      EXPECT_LE(*took, 60s) << "rebooted after " << at * 100 << " ms, fetches at boot: " << fetches;
    }
  }
}

TEST_F(StubbornPhone, ThatIsLoggedInAndOutAndInAgainFastEndsAsTheLastOne) {
  auto& phone = sim.add_desk(1, branch());
  for (int round = 0; round < 10; ++round) {
    sim.log_in(phone, "101");
    sim.run_for(300ms * round);
    sim.log_out(phone);
    sim.run_for(200ms * round);
    sim.log_in(phone, "102");
    EXPECT_TRUE(sim.run_until([&] { return sim.is_at_desk(phone, "102"); }, 60s)) << round;
  }
}

TEST_F(StubbornPhone, InACallIsToldWhenTheCallIsOver) {
  auto& phone = sim.add_desk(1, branch());
  auto& other = sim.add_desk(2, local_site());
  sim.log_in(phone, "101");
  sim.log_in(other, "102");
  ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(phone, "101") && sim.is_at_desk(other, "102"); }, 60s));
  const auto call = other.dial("101");
  ASSERT_TRUE(sim.run_until([&] { return other.call(call)->up; }, 10s));
  const auto told = phone.resyncs;
  sim.log_out(phone);
  sim.run_for(2min);
  EXPECT_EQ(phone.resyncs, told);
  EXPECT_TRUE(other.call(call)->up);
  other.hang_up();
  EXPECT_TRUE(sim.run_until([&] { return sim.is_idle_desk(phone); }, 10s));
}

TEST_F(StubbornPhone, BehindALossyLineSettlesAllTheSame) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Simulation::Settings settings;
    settings.seed = seed;
    settings.loss = 0.1;
    Simulation lossy{settings};
    lossy.add_extension("101");
    auto& phone = lossy.add_desk(1, branch());
    lossy.log_in(phone, "101");
    EXPECT_TRUE(lossy.run_until([&] { return lossy.is_at_desk(phone, "101"); }, 120s)) << "seed " << seed;
    lossy.log_out(phone);
    EXPECT_TRUE(lossy.run_until([&] { return lossy.is_idle_desk(phone); }, 120s)) << "seed " << seed;
  }
}

TEST_F(StubbornPhone, DuringADayCostsLittleAndStaysSettled) {
  auto& phone = sim.add_desk(1, branch());
  sim.log_in(phone, "101");
  ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(phone, "101"); }, 60s));
  const auto told = phone.resyncs, boots = phone.boots;
  sim.run_for(24h);
  EXPECT_TRUE(sim.is_at_desk(phone, "101"));
  EXPECT_EQ(phone.resyncs, told);
  EXPECT_EQ(phone.boots, boots);
}

}  // namespace
}  // namespace roamdesk::sim
