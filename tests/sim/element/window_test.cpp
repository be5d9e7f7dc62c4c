#include <gtest/gtest.h>

#include "tests/sim/element/simulation.hpp"

// Ten minutes after Assign (contract §4, The window).
namespace roamdesk::sim {
namespace {

class Window : public testing::Test {
 protected:
  void SetUp() override {
    phone = &sim.add_phone(1, branch());
    phone->power_on();
    sim.run_for(30s);
    sim.define_desk(*phone);
  }
  // DHCP option 66: the vendor's own file name, and no token.
  int by_mac() { return sim.fetch(*phone, "http://192.168.1.5:5000/provision/"); }
  Simulation sim;
  DeskPhone* phone = nullptr;
};

TEST_F(Window, IsShutBeforeAssignAndOpenForTenMinutesAfter) {
  EXPECT_EQ(by_mac(), 404);
  phone->power_off();
  sim.assign(*phone);
  EXPECT_EQ(by_mac(), 200);
  sim.run_for(9min + 50s);
  EXPECT_EQ(by_mac(), 200);
  sim.run_for(20s);
  EXPECT_EQ(by_mac(), 404);
}

TEST_F(Window, IsOpenedByProvisionAgain) {
  phone->power_off();
  sim.assign(*phone);
  sim.run_for(11min);
  EXPECT_EQ(by_mac(), 404);
  EXPECT_EQ(sim.provision(*phone).outcome, api::Outcome::ok);
  EXPECT_EQ(by_mac(), 200);
}

TEST_F(Window, APhoneThatComesTooLateIsServedAfterProvisionAgain) {
  phone->power_off();
  sim.assign(*phone);
  sim.run_for(11min);
  phone->power_on();
  const auto itself = sim.run_until([&] { return sim.is_idle_desk(*phone); }, 5min);
  if (!itself) {
    sim.provision(*phone);
    EXPECT_TRUE(sim.run_until([&] { return sim.is_idle_desk(*phone); }, 2min));
  }
}

TEST_F(Window, ShutOrNotThePhonesOwnTokenServesItForEver) {
  sim.assign(*phone);
  ASSERT_TRUE(sim.run_until([&] { return sim.is_idle_desk(*phone); }, 60s));
  sim.run_for(48h);
  EXPECT_GT(phone->fetches, 40u);  // each hour
  EXPECT_TRUE(sim.is_idle_desk(*phone));
}

TEST_F(Window, ForgottenPhonesTokenIsNobodys) {
  sim.assign(*phone);
  ASSERT_TRUE(sim.run_until([&] { return sim.is_idle_desk(*phone); }, 60s));
  const auto url = phone->url();
  EXPECT_EQ(sim.fetch(*phone, url), 200);
  sim.delete_desk(*phone);
  EXPECT_EQ(sim.fetch(*phone, url), 404);
}

TEST_F(Window, AResetPhoneEndsItsDesksSessionAndGetsAnotherToken) {
  sim.add_extension("101");
  sim.assign(*phone);
  ASSERT_TRUE(sim.run_until([&] { return sim.is_idle_desk(*phone); }, 60s));
  sim.log_in(*phone, "101");
  ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(*phone, "101"); }, 60s));
  sim.run_for(15min);
  const auto url = phone->url();
  phone->power_off();
  phone->forget_configuration();
  sim.run_for(2min);
  phone->power_on();
  EXPECT_TRUE(sim.run_until([&] { return sim.is_idle_desk(*phone); }, 60s));
  EXPECT_EQ(sim.ended, std::vector<std::string>{"101 reset"});
  EXPECT_NE(phone->url(), url);
  EXPECT_EQ(sim.fetch(*phone, url), 404);
}

// It asks for plug-and-play while we still hold its registration: refused at first, served once that has run out.
TEST_F(Window, APhoneThatIsResetWhileItsRegistrationStandsComesBackAfterAMinute) {
  sim.assign(*phone);
  ASSERT_TRUE(sim.run_until([&] { return sim.is_idle_desk(*phone); }, 60s));
  sim.run_for(15min);
  phone->power_off();
  phone->forget_configuration();
  phone->power_on();
  const auto took = sim.run_until([&] { return sim.is_idle_desk(*phone); }, 3min);
  ASSERT_TRUE(took);
  EXPECT_LE(*took, 100s);
}

}  // namespace
}  // namespace roamdesk::sim
