#include <gtest/gtest.h>

#include "tests/sim/element/simulation.hpp"

// A core that ends in the middle of a call takes the call with it: both phones are told, as soon as they can be.
namespace roamdesk::sim {
namespace {

class Restart : public testing::Test {
 protected:
  void SetUp() override {
    sim.add_extension("101");
    sim.add_extension("102");
    alice = &sim.add_desk(1, local_site());
    bob = &sim.add_desk(2, branch());
    sim.log_in(*alice, "101");
    sim.log_in(*bob, "102");
    ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(*alice, "101") && sim.is_at_desk(*bob, "102"); }, 60s));
  }
  void they_talk() {
    const auto call = alice->dial("102");
    ASSERT_TRUE(sim.run_until([&] { return alice->call(call) && alice->call(call)->up; }, 10s));
    sim.run_for(1s);
  }
  bool both_idle() const { return alice->idle() && bob->idle(); }

  Simulation sim;
  DeskPhone* alice = nullptr;
  DeskPhone* bob = nullptr;
};

TEST_F(Restart, EndsACallAtBothPhonesWithinFiveSeconds) {
  they_talk();
  sim.restart_core();
  EXPECT_TRUE(sim.run_until([&] { return both_idle(); }, 5s));
  EXPECT_TRUE(sim.run_until([&] { return sim.stored_dialogs() == 0; }, 5s)) << "nothing is left to be done";
}

TEST_F(Restart, LeavesNobodyInALoginDialogue) {
  alice->dial("*77*102*");
  sim.run_for(2s);
  ASSERT_FALSE(alice->idle());
  sim.restart_core();
  EXPECT_TRUE(sim.run_until([&] { return alice->idle(); }, 5s));
}

TEST_F(Restart, SaysNothingOfCallsThatAreOver) {
  they_talk();
  EXPECT_EQ(sim.stored_dialogs(), 2u);
  alice->hang_up();
  ASSERT_TRUE(sim.run_until([&] { return both_idle(); }, 5s));
  EXPECT_TRUE(sim.run_until([&] { return sim.stored_dialogs() == 0; }, 40s));
}

TEST_F(Restart, ReachesAPhoneBehindADeadLineOnceTheLineIsBack) {
  they_talk();
  sim.line_down(branch());
  sim.restart_core();
  sim.run_for(2min);
  EXPECT_TRUE(alice->idle());
  EXPECT_FALSE(bob->idle());
  sim.line_up(branch());
  EXPECT_TRUE(sim.run_until([&] { return bob->idle(); }, 5s));
}

TEST_F(Restart, TwiceInARowEndsTheCallAllTheSame) {
  they_talk();
  sim.restart_core();
  sim.restart_core();  // before a phone has answered the first BYE
  EXPECT_TRUE(sim.run_until([&] { return both_idle(); }, 5s));
}

TEST_F(Restart, IsOverForAPhoneThatNeverComesBack) {
  they_talk();
  bob->power_off();
  sim.restart_core();
  sim.run_for(element::Orphans::patience + 1min);
  EXPECT_EQ(sim.stored_dialogs(), 0u);
}

TEST_F(Restart, ThatIsAskedForLeavesNobodyRinging) {
  bob->habits.answers = false;
  const auto call = alice->dial("102");
  ASSERT_TRUE(sim.run_until([&] { return !bob->idle(); }, 5s));
  EXPECT_TRUE(sim.element().shut_down(sim.now()));
  EXPECT_TRUE(sim.run_until([&] { return both_idle(); }, 2s));
  EXPECT_EQ(alice->over().at(call).status, 503);
  EXPECT_FALSE(sim.element().shut_down(sim.now())) << "nobody waits any more";
}

TEST_F(Restart, IsFollowedByNewCallsAtOnce) {
  they_talk();
  sim.restart_core();
  ASSERT_TRUE(sim.run_until([&] { return both_idle(); }, 5s));
  they_talk();
  EXPECT_FALSE(alice->idle());
}

}  // namespace
}  // namespace roamdesk::sim
