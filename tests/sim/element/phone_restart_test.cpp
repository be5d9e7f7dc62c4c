#include <gtest/gtest.h>

#include "tests/sim/element/simulation.hpp"

// An administrator restarts a phone from afar.
namespace roamdesk::sim {
namespace {

class PhoneRestart : public testing::Test {
 protected:
  void SetUp() override {
    for (const auto* number : {"101", "102"}) sim.add_extension(number);
  }
  api::Outcome restart(const Mac& mac) { return sim.restart(mac).outcome; }
  Simulation sim;
};

TEST_F(PhoneRestart, LeavesTheDeskItsPerson) {
  auto& phone = sim.add_desk(1, branch());
  sim.log_in(phone, "101");
  ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(phone, "101"); }, 60s));
  const auto boots = phone.boots;
  EXPECT_EQ(restart(phone.mac()), api::Outcome::ok);
  ASSERT_TRUE(sim.run_until([&] { return phone.boots > boots; }, 60s));
  EXPECT_TRUE(sim.run_until([&] { return phone.booted() && sim.is_at_desk(phone, "101"); }, 60s));
  EXPECT_EQ(phone.boots, boots + 1);
}

TEST_F(PhoneRestart, CutsNoCall) {
  auto& phone = sim.add_desk(1, branch());
  auto& other = sim.add_desk(2, local_site());
  sim.log_in(phone, "101");
  sim.log_in(other, "102");
  ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(phone, "101") && sim.is_at_desk(other, "102"); }, 60s));
  const auto call = other.dial("101");
  ASSERT_TRUE(sim.run_until([&] { return other.call(call)->up; }, 10s));
  const auto boots = phone.boots;
  EXPECT_EQ(restart(phone.mac()), api::Outcome::ok);
  EXPECT_EQ(restart(phone.mac()), api::Outcome::ok) << "asked twice it restarts once";
  sim.run_for(2min);
  EXPECT_TRUE(other.call(call)->up);
  EXPECT_EQ(phone.boots, boots);
  other.hang_up();
  ASSERT_TRUE(sim.run_until([&] { return phone.boots > boots; }, 60s));
  sim.run_for(2min);
  EXPECT_EQ(phone.boots, boots + 1);
}

TEST_F(PhoneRestart, IsRefusedWhereNothingWouldHearOfIt) {
  auto& phone = sim.add_desk(1, branch());
  phone.power_off();
  ASSERT_TRUE(sim.run_until([&] { return !sim.element().is_online(phone.mac()); }, 2h));
  EXPECT_EQ(restart(phone.mac()), api::Outcome::clash);
  EXPECT_EQ(restart(*Mac::parse("001565ffffff")), api::Outcome::unknown);
  phone.power_on();
  sim.run_for(2min);
  EXPECT_EQ(phone.reboots_told, 0u) << "what was refused isn't done later";
}

}  // namespace
}  // namespace roamdesk::sim
