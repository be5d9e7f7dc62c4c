#include <gtest/gtest.h>

#include "tests/sim/element/simulation.hpp"

// One person, two desks (contract §2, when_already_logged_in).
namespace roamdesk::sim {
namespace {

class TwoDesks : public testing::Test {
 protected:
  void begin(bool move) {
    Simulation::Settings settings;
    settings.move = move;
    sim.emplace(settings);
    for (const auto* number : {"101", "102"}) sim->add_extension(number);
    first = &sim->add_desk(1, branch());
    second = &sim->add_desk(2, local_site());
    sim->log_in_by_code(*first, "101");
    ASSERT_TRUE(sim->run_until([&] { return sim->is_at_desk(*first, "101"); }, 60s));
  }
  // Where calls to 101 ring, as another person's phone finds out.
  std::vector<DeskPhone*> where_101_rings() {
    if (!caller) {
      caller = &sim->add_desk(3, local_site());
      sim->log_in(*caller, "102");
      EXPECT_TRUE(sim->run_until([&] { return sim->is_at_desk(*caller, "102"); }, 60s));
    }
    first->habits.answers = second->habits.answers = false;
    caller->dial("101");
    sim->run_for(2s);
    std::vector<DeskPhone*> rang;
    for (auto* phone : {first, second})
      if (!phone->idle()) rang.push_back(phone);
    caller->hang_up();
    sim->run_for(5s);
    return rang;
  }
  std::optional<Simulation> sim;
  DeskPhone *first = nullptr, *second = nullptr, *caller = nullptr;
};

TEST_F(TwoDesks, UnderMoveTheNewestLoginWins) {
  begin(true);
  sim->log_in_by_code(*second, "101");
  EXPECT_TRUE(sim->run_until([&] { return sim->is_at_desk(*second, "101") && sim->is_idle_desk(*first); }, 30s));
  EXPECT_EQ(sim->ended, std::vector<std::string>{"101 moved"});
  EXPECT_EQ(where_101_rings(), std::vector{second});
}

TEST_F(TwoDesks, UnderRefuseTheSecondLoginIsRefusedAndTheFirstStays) {
  begin(false);
  sim->log_in_by_code(*second, "101");
  EXPECT_EQ(sim->log_in(*second, "101").outcome, api::Outcome::clash);
  sim->run_for(30s);
  EXPECT_TRUE(sim->is_at_desk(*first, "101"));
  EXPECT_TRUE(sim->is_idle_desk(*second));
  sim->log_out(*first);
  sim->log_in_by_code(*second, "101");
  EXPECT_TRUE(sim->run_until([&] { return sim->is_at_desk(*second, "101"); }, 30s));
}

TEST_F(TwoDesks, UnderMoveAPersonLeavesADeskThatCannotBeReached) {
  begin(true);
  sim->line_down(branch());
  sim->run_for(1min);
  sim->log_in_by_code(*second, "101");
  EXPECT_TRUE(sim->run_until([&] { return sim->is_at_desk(*second, "101"); }, 30s));
  EXPECT_EQ(where_101_rings(), std::vector{second});
  EXPECT_EQ(first->shows(), "101");  // nobody could tell it
  sim->run_for(10min);
  sim->line_up(branch());
  const auto took = sim->run_until([&] { return sim->is_idle_desk(*first); }, 120s);
  ASSERT_TRUE(took);
  EXPECT_LE(*took, 60s);
  EXPECT_TRUE(sim->is_at_desk(*second, "101"));
  EXPECT_EQ(where_101_rings(), std::vector{second});
}

TEST_F(TwoDesks, UnderMoveAnOldPhonesOwnRegistrationsTakeNothingBack) {
  begin(true);
  first->habits.fetch_works = first->habits.heeds_reboot = false;  // it stays as it is, and registers as 101
  sim->log_in_by_code(*second, "101");
  sim->run_for(10min);
  EXPECT_EQ(first->shows(), "101");
  EXPECT_TRUE(first->registered());
  EXPECT_EQ(where_101_rings(), std::vector{second});
  EXPECT_FALSE(sim->desk(*first).settled);
}

TEST_F(TwoDesks, UnderMoveTwoLoginsAtOnceLeaveThePersonAtOneDesk) {
  begin(true);
  auto& third = sim->add_desk(4, local_site());
  unsigned answers = 0;
  for (auto* phone : {second, &third})
    sim->console().log_in(phone->mac(), ExtensionNumber{"101"}, Simulation::admin(), [&](api::Answer) { ++answers; });
  ASSERT_TRUE(sim->run_until([&] { return answers == 2; }, 10s));
  sim->run_for(60s);
  EXPECT_EQ(sim->element().directory().sessions().size(), 1u);
  EXPECT_TRUE(sim->is_at_desk(third, "101"));
  EXPECT_TRUE(sim->is_idle_desk(*first));
  EXPECT_TRUE(sim->is_idle_desk(*second));
}

TEST_F(TwoDesks, APersonsOwnPhoneRingsAsWell) {
  begin(false);
  auto& own = sim->add_phone(9, local_site());
  own.habits.answers = false;
  own.power_on();
  sim->run_for(30s);
  sim->assign(own, "101");
  ASSERT_TRUE(sim->run_until([&] { return own.registered(); }, 60s));
  caller = &sim->add_desk(3, local_site());
  sim->log_in(*caller, "102");
  sim->run_until([&] { return sim->is_at_desk(*caller, "102"); }, 60s);
  first->habits.answers = false;
  caller->dial("101");
  sim->run_for(2s);
  EXPECT_FALSE(own.idle());
  EXPECT_FALSE(first->idle());
}

TEST(LockedOut, StaysLockedOutThroughARestartOfTheCore) {
  Simulation sim;
  sim.add_extension("101");
  auto& phone = sim.add_desk(1, branch());
  for (int call = 0; call < 2; ++call) {
    const auto id = phone.dial("*77*101*");
    for (int attempt = 0; attempt < 3; ++attempt) {
      sim.run_for(3s);
      phone.press(id, "9999#");
    }
    ASSERT_TRUE(sim.run_until([&] { return phone.idle(); }, 60s));
  }
  const auto until = sim.locked_until("101");
  ASSERT_TRUE(until);
  sim.restart_core();
  EXPECT_EQ(sim.locked_until("101"), until);
  sim.run_for(5s);
  sim.log_in_by_code(phone, "101");
  EXPECT_EQ(sim.who_is_at(phone), "");
  sim.run_for(15min);
  sim.log_in_by_code(phone, "101");
  EXPECT_EQ(sim.who_is_at(phone), "101");
}

}  // namespace
}  // namespace roamdesk::sim
