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
  EXPECT_EQ(desk.at().cancel_reason, "SIP;cause=200;text=\"Call completed elsewhere\"");  // no missed call there
  EXPECT_EQ(world.streams.size(), 2u);
}

TEST_F(Forks, TellTheOthersOfADecline) {
  a.dial("102", world.now);
  world.run(500ms);
  desk.reject(603, world.now);
  world.run(500ms);
  EXPECT_EQ(own.at().cancel_reason, "SIP;cause=603;text=\"Decline\"");
}

TEST_F(Forks, PassTheCallersReasonOnButNotThatSomebodyAnswered) {
  for (const auto& [said, heard] : {std::pair{"Q.850;cause=16", "Q.850;cause=16"},
                                    {"SIP ;cause=200 ;text=\"Call completed elsewhere\"", ""},
                                    {"SIP; cause = 200", ""}}) {
    a.dial("102", world.now);
    world.run(500ms);
    a.cancel(world.now, -1, said);
    world.run(500ms);
    EXPECT_EQ(desk.at().cancel_reason, heard);
  }
}

// The phone that is gone doesn't keep the others from ringing, nor the caller from its answer.
TEST_F(Forks, GiveUpASilentPhoneAlone) {
  desk.habits.silent = true;
  a.dial("102", world.now);
  world.run(10s);
  EXPECT_EQ(a.at().status, 180);
  EXPECT_EQ(world.dialogs_of(desk), 1u);  // waits for its CANCEL
  own.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, own));
}

// A phone that comes back while we still repeat the INVITE isn't left ringing.
TEST_F(Forks, CancelAPhoneThatAnswersTooLate) {
  desk.habits.silent = own.habits.silent = true;
  a.dial("102", world.now);
  world.run(8s);
  EXPECT_EQ(a.at().status, 480);
  desk.habits.silent = false;
  world.run(10s);
  ASSERT_EQ(desk.dialogs.size(), 1u);
  EXPECT_EQ(desk.at().status, 487);
}

TEST_F(Forks, EndTheCallOfAPhoneThatAnswersItselfTooLate) {
  desk.habits.silent = own.habits.silent = true;
  a.dial("102", world.now);
  world.run(8s);
  desk.habits.silent = false;
  desk.habits.rings = false;
  desk.habits.answers = 0ms;
  world.run(10s);
  ASSERT_EQ(desk.dialogs.size(), 1u);
  EXPECT_TRUE(desk.at().acked && desk.at().over);
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
}

}  // namespace
}  // namespace roamdesk::calls
