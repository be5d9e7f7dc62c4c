#include <algorithm>

#include "tests/unit/calls/fixture.hpp"

namespace roamdesk::calls {
namespace {

class Forks : public Calls {
 protected:
  Phone &a = world.add("101"), &desk = world.add("102"), &own = world.add("102");
};

TEST_F(Forks, RingEverywhereAndTheFirstAnswerWins) {
  a.dial("102", world.now);
  world.run(500ms);
  ASSERT_EQ(desk.dialogs.size(), 1u);
  ASSERT_EQ(own.dialogs.size(), 1u);
  own.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, own));
  EXPECT_EQ(desk.at().status, 487);
  EXPECT_EQ(world.streams.size(), 2u);
}

TEST_F(Forks, EndTheLateAnswer) {
  a.dial("102", world.now);
  world.run(500ms);
  own.answer(world.now);
  desk.answer(world.now);  // crosses the CANCEL
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, own) != world.talk(a, desk));
  EXPECT_TRUE(own.at().acked && desk.at().acked);
  EXPECT_TRUE(own.at().over != desk.at().over);  // ACK, then BYE
}

TEST_F(Forks, AnswerWithTheBestRefusal) {
  a.dial("102", world.now);
  world.run(500ms);
  desk.reject(480, world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().status, 180);
  own.reject(486, world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().status, 486);
}

TEST_F(Forks, EndEverywhereWithADecline) {
  a.dial("102", world.now);
  world.run(500ms);
  desk.reject(603, world.now);
  world.run(500ms);
  EXPECT_EQ(own.at().status, 487);
  EXPECT_EQ(a.at().status, 603);
}

TEST_F(Forks, AreAForkToTheCallerWhereAnotherPhonesEarlyMediaWasHeard) {
  desk.habits.early_media = true;
  a.dial("102", world.now);
  world.run(500ms);
  EXPECT_EQ(std::count(a.at().progress.begin(), a.at().progress.end(), 183), 1);
  own.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, own));
}

TEST_F(Forks, FollowARedirection) {
  auto& c = world.add("103");
  desk.habits.rejects = own.habits.rejects = 302;
  desk.habits.redirect = own.habits.redirect = "103";
  a.dial("102", world.now);
  world.run(500ms);
  ASSERT_EQ(c.dialogs.size(), 1u);  // once
  c.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, c));
}

TEST_F(Forks, ShowLamps) {
  a.dial("102", world.now);
  world.run(500ms);
  auto of_caller = world.engine.dialogs("101");
  ASSERT_EQ(of_caller.size(), 1u);
  EXPECT_EQ(of_caller.front().direction, presence::Direction::initiator);
  EXPECT_EQ(of_caller.front().state, presence::DialogState::early);
  EXPECT_EQ(of_caller.front().remote.number, "102");
  auto of_callee = world.engine.dialogs("102");
  ASSERT_EQ(of_callee.size(), 2u);
  EXPECT_EQ(of_callee.front().direction, presence::Direction::recipient);
  EXPECT_EQ(of_callee.front().remote.number, "101");
  own.answer(world.now);
  world.run(500ms);
  of_callee = world.engine.dialogs("102");
  ASSERT_EQ(of_callee.size(), 1u);
  EXPECT_EQ(of_callee.front().state, presence::DialogState::confirmed);
  EXPECT_EQ(of_callee.front().local_tag, own.at().local.tag());
}

}  // namespace
}  // namespace roamdesk::calls
