#include <gtest/gtest.h>

#include <cstdio>

#include "tests/sim/element/simulation.hpp"

// A phone that wasn't there when its person was logged out (contract §4, Logout).
namespace roamdesk::sim {
namespace {

class LateReturn : public testing::Test {
 protected:
  void SetUp() override {
    for (const auto* number : {"101", "102"}) sim.add_extension(number);
  }
  // A desk at the branch where 101 sits.
  DeskPhone& occupied_desk(Habits habits = {}) {
    auto& phone = sim.add_desk(1, branch(), habits);
    sim.log_in_by_code(phone, "101");
    EXPECT_TRUE(sim.run_until([&] { return sim.is_at_desk(phone, "101"); }, 30s));
    return phone;
  }
  // Seconds from the switch to an idle desk.
  double return_of(DeskPhone& phone) {
    phone.power_on();
    const auto took = sim.run_until([&] { return sim.is_idle_desk(phone); }, 120s);
    EXPECT_TRUE(took) << "it doesn't come back as an idle desk";
    return took ? std::chrono::duration<double>(*took).count() : 1e9;
  }
  Simulation sim;
};

TEST_F(LateReturn, OfAPhoneThatWasOffIsAnIdleDeskWithinAMinute) {
  auto& phone = occupied_desk();
  phone.power_off();
  EXPECT_EQ(sim.log_out(phone).outcome, api::Outcome::ok);
  sim.run_for(10min);
  const auto took = return_of(phone);
  EXPECT_LE(took, 60);
  std::printf("late return, phone off, fetches at boot: idle desk %.1f s after the switch, of which it boots 25 s\n",
              took);
}

TEST_F(LateReturn, OfAPhoneThatDoesNotFetchAtBootIsAnIdleDeskWithinAMinute) {
  Habits habits;
  habits.fetches_at_boot = false;
  auto& phone = occupied_desk(habits);
  phone.power_off();
  sim.log_out(phone);
  sim.run_for(10min);
  const auto took = return_of(phone);
  EXPECT_LE(took, 60);
  EXPECT_EQ(phone.resyncs, 2u);  // one for the login, and one for the return
  std::printf("late return, phone off, told by NOTIFY: idle desk %.1f s after the switch, of which it boots 25 s\n",
              took);
}

TEST_F(LateReturn, OfAPhoneThatDoesNotUnregisterFirstIsTheSame) {
  Habits habits;
  habits.fetches_at_boot = habits.unregisters_first = false;
  auto& phone = occupied_desk(habits);
  phone.power_off();
  sim.log_out(phone);
  sim.run_for(10min);
  EXPECT_LE(return_of(phone), 60);
}

TEST_F(LateReturn, OfAPhoneThatWasOffOverNightIsTheSame) {
  Habits habits;
  habits.fetches_at_boot = false;
  auto& phone = occupied_desk(habits);
  phone.power_off();
  sim.log_out(phone);
  sim.run_for(14h);
  EXPECT_LE(return_of(phone), 60);
}

TEST_F(LateReturn, OfAPhoneWhoseCoreWasRestartedMeanwhileIsTheSame) {
  Habits habits;
  habits.fetches_at_boot = false;
  auto& phone = occupied_desk(habits);
  phone.power_off();
  sim.log_out(phone);
  sim.run_for(5min);
  sim.restart_core();
  sim.run_for(5min);
  EXPECT_LE(return_of(phone), 60);
}

TEST_F(LateReturn, OfADeadLineIsAnIdleDeskWithinAMinute) {
  auto& phone = occupied_desk();
  sim.line_down(branch());
  sim.run_for(30s);
  EXPECT_EQ(sim.log_out(phone).outcome, api::Outcome::ok);
  sim.run_for(10min);
  EXPECT_EQ(phone.shows(), "101");
  sim.line_up(branch());
  const auto took = sim.run_until([&] { return sim.is_idle_desk(phone); }, 120s);
  ASSERT_TRUE(took);
  EXPECT_LE(*took, 60s);
  std::printf("late return, dead line: idle desk %.1f s after the line\n",
              std::chrono::duration<double>(*took).count());
}

TEST_F(LateReturn, OfALineThatIsDeadForSecondsOnlyIsTheSame) {
  for (const auto outage : {2s, 10s, 25s, 50s, 70s}) {
    auto& phone = sim.add_desk(10 + static_cast<unsigned>(outage.count()), branch());
    sim.log_in(phone, "101");
    ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(phone, "101"); }, 60s));
    sim.line_down(branch());
    sim.log_out(phone);
    sim.run_for(outage);
    sim.line_up(branch());
    const auto took = sim.run_until([&] { return sim.is_idle_desk(phone); }, 120s);
    ASSERT_TRUE(took) << outage.count() << " s";
    EXPECT_LE(*took, 60s) << outage.count() << " s";
    sim.delete_desk(phone);
    phone.power_off();
  }
}

// It was told, but its provisioning didn't work at that time: it is there the whole time, with old credentials.
TEST_F(LateReturn, OfAPhoneThatIsOnWithOldCredentialsHappensWithoutAnybodysHelp) {
  auto& phone = occupied_desk();
  phone.habits.fetch_works = phone.habits.heeds_reboot = false;
  sim.log_out(phone);
  sim.run_for(10min);
  EXPECT_EQ(phone.shows(), "101");
  EXPECT_TRUE(phone.registered());
  EXPECT_EQ(sim.desk(phone).registered_as, "101");
  EXPECT_FALSE(sim.desk(phone).settled);
  phone.habits.fetch_works = true;
  EXPECT_TRUE(sim.run_until([&] { return sim.is_idle_desk(phone); }, 65min));
}

TEST_F(LateReturn, WithOldCredentialsHasIdleRightsOnly) {
  auto& phone = occupied_desk();
  auto& other = sim.add_desk(2, branch());
  sim.log_in(other, "102");
  ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(other, "102"); }, 60s));
  phone.habits.fetch_works = false;
  sim.log_out(phone);
  const auto call = phone.dial("102");
  sim.run_for(3s);
  EXPECT_EQ(phone.call(call)->status, 403);
  const auto back = other.dial("101");  // nobody is at 101's
  sim.run_for(3s);
  EXPECT_EQ(other.call(back)->status, 480);
}

TEST_F(LateReturn, AfterAnotherPersonWasLoggedInMeanwhileIsThatPersonsDesk) {
  for (const bool fetches : {true, false}) {
    Habits habits;
    habits.fetches_at_boot = fetches;
    auto& phone = sim.add_desk(fetches ? 3 : 4, branch(), habits);
    sim.log_in(phone, "101");
    ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(phone, "101"); }, 60s));
    phone.power_off();
    sim.run_for(2min);
    sim.log_out(phone);
    EXPECT_EQ(sim.log_in(phone, "102").outcome, api::Outcome::later);
    sim.run_for(8min);
    phone.power_on();
    const auto took = sim.run_until([&] { return sim.is_at_desk(phone, "102"); }, 120s);
    ASSERT_TRUE(took);
    EXPECT_LE(*took, 60s);
    sim.log_out(phone);
  }
}

TEST_F(LateReturn, AfterTheSamePersonCameBackMeanwhileIsTheirDeskOnceMore) {
  Habits habits;
  habits.fetches_at_boot = false;
  auto& phone = occupied_desk(habits);
  phone.power_off();
  sim.log_out(phone);
  sim.run_for(1min);
  EXPECT_EQ(sim.log_in(phone, "101").outcome, api::Outcome::later);
  sim.run_for(9min);
  phone.power_on();
  // Its old credentials name 101 too; only the session's own will do.
  const auto took = sim.run_until([&] { return sim.is_at_desk(phone, "101"); }, 120s);
  ASSERT_TRUE(took);
  EXPECT_LE(*took, 60s);
}

TEST_F(LateReturn, ToADeskThatWasDeletedAndDefinedAnewIsTheNewIdleDesk) {
  auto& phone = occupied_desk();
  phone.power_off();
  sim.run_for(1min);
  EXPECT_EQ(sim.delete_desk(phone).outcome, api::Outcome::ok);
  EXPECT_EQ(sim.define_desk(phone).outcome, api::Outcome::ok);
  EXPECT_EQ(sim.assign(phone).outcome, api::Outcome::ok);
  sim.run_for(9min);
  EXPECT_LE(return_of(phone), 60);
  EXPECT_EQ(phone.shows(), "HD0002");
}

TEST_F(LateReturn, ToADeskThatIsDefinedAnewBehindADeadLineIsTheNewIdleDesk) {
  auto& phone = occupied_desk();
  sim.line_down(branch());
  sim.run_for(1min);
  sim.delete_desk(phone);
  sim.define_desk(phone);
  sim.assign(phone);
  sim.run_for(9min);
  sim.line_up(branch());
  const auto took = sim.run_until([&] { return sim.is_idle_desk(phone); }, 70min);
  ASSERT_TRUE(took);
  EXPECT_LE(*took, 60s);
}

// Its URL and its credentials are of after the backup: the core doesn't know them any more.
TEST_F(LateReturn, ToACoreThatWasRestoredFromABackupNeedsNobodysHelp) {
  for (const auto passed : {10s, 600s, 36000s}) {
    Simulation other;
    for (const auto* number : {"101", "102"}) other.add_extension(number);
    auto& phone = other.add_desk(1, branch());
    other.log_in(phone, "101");
    ASSERT_TRUE(other.run_until([&] { return other.is_at_desk(phone, "101"); }, 60s));
    auto backup = other.back_up();
    if (passed != 600s) backup.bindings.clear();  // they are written behind
    other.log_out(phone);
    ASSERT_TRUE(other.run_until([&] { return other.is_idle_desk(phone); }, 60s));
    other.log_in(phone, "102");
    ASSERT_TRUE(other.run_until([&] { return other.is_at_desk(phone, "102"); }, 60s));
    other.log_out(phone);
    ASSERT_TRUE(other.run_until([&] { return other.is_idle_desk(phone); }, 60s));
    other.run_for(passed);
    other.restore_core(backup);
    const auto took = other.run_until([&] { return other.is_at_desk(phone, "101"); }, 10min);
    ASSERT_TRUE(took) << passed.count() << " s later";
    EXPECT_LE(*took, 90s) << passed.count() << " s later";
  }
}

// The power failed while its person talked: for us the call is still there.
TEST_F(LateReturn, OfAPhoneThatWasSwitchedOffInACallIsAnIdleDeskWithinAMinute) {
  Habits habits;
  habits.fetches_at_boot = false;
  auto& phone = occupied_desk(habits);
  auto& other = sim.add_desk(2, branch());
  sim.log_in(other, "102");
  ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(other, "102"); }, 60s));
  const auto call = phone.dial("102");
  ASSERT_TRUE(sim.run_until([&] { return phone.call(call)->up; }, 10s));
  sim.run_for(5s);
  phone.power_off();
  sim.log_out(phone);
  sim.run_for(3min);
  EXPECT_LE(return_of(phone), 60);
  EXPECT_TRUE(sim.element().calls().empty());
}

}  // namespace
}  // namespace roamdesk::sim
