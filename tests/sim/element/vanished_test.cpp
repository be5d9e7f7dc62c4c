#include <gtest/gtest.h>

#include "tests/sim/element/simulation.hpp"

// A phone, or a whole branch, that is gone though its registrations stand.
namespace roamdesk::sim {
namespace {

class Vanished : public testing::Test {
 protected:
  void SetUp() override {
    for (const auto* number : {"101", "102", "103"}) sim.add_extension(number);
  }
  DeskPhone& own_phone(unsigned number, const SiteId& site, const std::string& extension, Habits habits = {}) {
    auto& phone = sim.add_phone(number, site, habits);
    phone.power_on();
    sim.run_until([&] { return phone.booted(); }, 60s);
    sim.run_for(1s);
    sim.assign(phone, extension);
    EXPECT_TRUE(sim.run_until([&] { return phone.registered(); }, 60s));
    return phone;
  }
  api::PhoneState state(const DeskPhone& phone) const { return sim.phone_record(phone).state; }
  // The final status of a call, and how long it took to come.
  std::pair<int, Duration> outcome(DeskPhone& from, const std::string& number) {
    const auto call = from.dial(number);
    const auto took = sim.run_until([&] { return !from.call(call) || from.over().contains(call); }, 60s);
    return {from.over().at(call).status, took.value_or(60s)};
  }
  bool talk(DeskPhone& from, const std::string& number) {
    const auto call = from.dial(number);
    const bool up = sim.run_until([&] { return from.call(call) && from.call(call)->up; }, 10s).has_value();
    sim.run_for(1s);  // the ACK
    return up;
  }
  Simulation sim;
};

TEST_F(Vanished, APersonsPhoneIsOfflineWithinFiveMinutesThoughItRegisteredForAnHour) {
  auto& phone = own_phone(1, local_site(), "101");
  sim.run_for(5min);
  EXPECT_EQ(state(phone), api::PhoneState::online);
  phone.power_off();
  EXPECT_TRUE(sim.run_until([&] { return state(phone) == api::PhoneState::offline; }, 5min));
}

TEST_F(Vanished, NobodyWaitsForItOnceThatIsKnown) {
  auto& phone = own_phone(1, local_site(), "101");
  auto& caller = own_phone(2, local_site(), "102");
  sim.run_for(5min);
  phone.power_off();
  ASSERT_TRUE(sim.run_until([&] { return state(phone) == api::PhoneState::offline; }, 5min));
  const auto [status, took] = outcome(caller, "101");
  EXPECT_EQ(status, 480);
  EXPECT_LT(took, 1s);
}

TEST_F(Vanished, ItIsBackWithItsFirstWord) {
  auto& phone = own_phone(1, local_site(), "101");
  sim.run_for(5min);
  phone.power_off();
  ASSERT_TRUE(sim.run_until([&] { return state(phone) == api::PhoneState::offline; }, 5min));
  phone.power_on();
  EXPECT_TRUE(sim.run_until([&] { return state(phone) == api::PhoneState::online; }, 60s));
}

TEST_F(Vanished, APhoneThatNeverAnswersSuchQuestionsIsntJudgedByIt) {
  Habits habits;
  habits.knows_options = false;
  auto& phone = own_phone(1, branch(), "101", habits);
  auto& caller = own_phone(2, local_site(), "102");
  sim.run_for(50min);
  EXPECT_EQ(state(phone), api::PhoneState::online);
  EXPECT_TRUE(talk(caller, "101"));
}

TEST_F(Vanished, AHotDeskIsOfflineWithItsRegistration) {
  auto& desk = sim.add_desk(1, branch());
  desk.power_off();
  EXPECT_TRUE(sim.run_until([&] { return state(desk) == api::PhoneState::offline; }, 61s));
}

TEST_F(Vanished, PhonesBehindADeadLineAreOfflineUntilItIsBack) {
  auto& there = own_phone(1, branch(), "101");
  auto& here = own_phone(2, local_site(), "102");
  sim.line_down(branch());
  EXPECT_TRUE(sim.run_until([&] { return state(there) == api::PhoneState::offline; }, 20s));
  EXPECT_EQ(state(here), api::PhoneState::online);
  EXPECT_EQ(sim.element().phones_online(), 1u);
  sim.line_up(branch());
  EXPECT_TRUE(sim.run_until([&] { return state(there) == api::PhoneState::online; }, 20s));
  EXPECT_EQ(sim.element().phones_online(), 2u);
}

TEST_F(Vanished, ACallAcrossALineThatIsDeadForAMinuteEnds) {
  own_phone(1, branch(), "101");
  auto& here = own_phone(2, local_site(), "102");
  ASSERT_TRUE(talk(here, "101"));
  sim.line_down(branch());
  sim.run_for(60s);
  EXPECT_FALSE(here.idle()) << "a line may blink";
  EXPECT_TRUE(sim.run_until([&] { return here.idle(); }, 25s));
  EXPECT_TRUE(sim.element().calls().empty());
}

TEST_F(Vanished, ACallAcrossALineThatBlinkedGoesOn) {
  own_phone(1, branch(), "101");
  auto& here = own_phone(2, local_site(), "102");
  ASSERT_TRUE(talk(here, "101"));
  sim.line_down(branch());
  sim.run_for(40s);
  sim.line_up(branch());
  sim.run_for(3min);
  EXPECT_FALSE(here.idle());
  EXPECT_EQ(sim.element().calls().size(), 1u);
}

TEST_F(Vanished, ACallWithinTheBranchGoesOnWithoutItsLine) {
  auto& one = own_phone(1, branch(), "101");
  own_phone(2, branch(), "102");
  ASSERT_TRUE(talk(one, "102"));
  sim.line_down(branch());
  sim.run_for(5min);
  EXPECT_EQ(sim.element().calls().size(), 1u);
  sim.line_up(branch());
  sim.run_for(2min);
  EXPECT_FALSE(one.idle());
}

}  // namespace
}  // namespace roamdesk::sim
