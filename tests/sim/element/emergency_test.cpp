#include <gtest/gtest.h>

#include "tests/sim/element/simulation.hpp"

// 112 works from a phone's first second, for every phone (contract §4).
namespace roamdesk::sim {
namespace {

class EmergencyCall : public testing::Test {
 protected:
  // No route is configured: an announcement in early media, then 503. It begins within a second.
  void is_answered(DeskPhone& phone) {
    const auto call = phone.dial("112");
    ASSERT_NE(phone.call(call), nullptr);
    sim.run_for(1s);
    ASSERT_NE(phone.call(call), nullptr);
    EXPECT_EQ(phone.call(call)->status, 183);
    EXPECT_TRUE(phone.call(call)->early_media);
    ASSERT_TRUE(sim.run_until([&] { return phone.call(call)->status == 503; }, 40s));
    EXPECT_FALSE(phone.call(call)->challenged);
  }
  void boots(DeskPhone& phone) {
    phone.power_on();
    ASSERT_TRUE(sim.run_until([&] { return phone.booted(); }, 60s));
  }
  Simulation sim;
};

TEST_F(EmergencyCall, IsAnsweredBeforeAnyRegistration) {
  auto& phone = sim.add_phone(1, branch());
  boots(phone);
  is_answered(phone);
}

TEST_F(EmergencyCall, IsAnsweredAtAnIdleDesk) { is_answered(sim.add_desk(1, branch())); }

TEST_F(EmergencyCall, IsAnsweredInTheFirstSecondOfALateReturnWithOldCredentials) {
  sim.add_extension("101");
  Habits habits;
  habits.fetches_at_boot = false;
  auto& phone = sim.add_desk(1, branch(), habits);
  sim.log_in(phone, "101");
  ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(phone, "101"); }, 60s));
  phone.power_off();
  sim.log_out(phone);
  sim.run_for(10min);
  boots(phone);
  EXPECT_FALSE(phone.registered());
  is_answered(phone);
  // And the resync waited for the call's end.
  EXPECT_TRUE(sim.run_until([&] { return sim.is_idle_desk(phone); }, 60s));
}

TEST_F(EmergencyCall, IsAnsweredWithCredentialsThatAreNobodysAnyMore) {
  sim.add_extension("101");
  auto& phone = sim.add_desk(1, branch());
  sim.log_in(phone, "101");
  ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(phone, "101"); }, 60s));
  phone.habits.fetch_works = false;
  sim.delete_desk(phone);
  sim.run_for(5min);
  EXPECT_FALSE(phone.registered());
  is_answered(phone);
}

TEST_F(EmergencyCall, IsAnsweredWithAStaleNonce) {
  sim.add_extension("101");
  auto& phone = sim.add_desk(1, branch());
  sim.line_down(branch());
  sim.run_for(2h);
  sim.restart_core();  // another key for nonces: what the phone has is stale in every way
  sim.line_up(branch());
  sim.run_until([&] { return sim.line(branch()); }, 10s);
  is_answered(phone);
}

TEST_F(EmergencyCall, IsAnsweredAtAPersonsOwnPhoneAndAtAnUnassignedOne) {
  sim.add_extension("101");
  auto& own = sim.add_phone(1, local_site());
  auto& nobodys = sim.add_phone(2, local_site());
  boots(own);
  boots(nobodys);
  sim.run_for(1s);
  sim.assign(own, "101");
  ASSERT_TRUE(sim.run_until([&] { return own.registered(); }, 60s));
  is_answered(own);
  is_answered(nobodys);
}

TEST_F(EmergencyCall, IsAnsweredWhileTheStoreFails) {
  auto& phone = sim.add_desk(1, branch());
  sim.fail_store(true);
  is_answered(phone);
}

TEST_F(EmergencyCall, ThatIsRepeatedIsAnsweredEachTimeAndWrittenDownTwiceAMinute) {
  auto& phone = sim.add_desk(1, branch());
  const auto before = sim.audits("emergency_call");
  for (int i = 0; i < 8; ++i) {
    const auto call = phone.dial("112");
    ASSERT_TRUE(sim.run_until([&] { return phone.call(call)->status == 503; }, 7s));
  }
  sim.run_for(2min);
  EXPECT_EQ(sim.audits("emergency_call"), before + 2);
}

}  // namespace
}  // namespace roamdesk::sim
