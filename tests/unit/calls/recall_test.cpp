#include "tests/unit/calls/fixture.hpp"

// A transfer that isn't answered: what the party that waits hears, and its way back.
namespace roamdesk::calls {
namespace {

// `b` hands over `a`, its caller or its callee, and hangs up.
class Recalls : public Calls, public testing::WithParamInterface<bool> {
 protected:
  void SetUp() override {
    GetParam() ? talking(a, b) : talking(b, a);
    b.modify("INVITE", "sendonly", world.now);
    world.run(500ms);
  }
  void hand_over(const std::string& number = "103") {
    b.refer("<sip:" + number + "@pbx.example.com>", world.now);
    world.run(20ms);
    b.hang_up(world.now);
    world.run(500ms);
  }
  void comes_back() {
    EXPECT_FALSE(a.at().over);
    EXPECT_EQ(plays_to(a), tone);
    ASSERT_EQ(b.dialogs.size(), 2u);
    EXPECT_EQ(b.at().invite.from.uri.user, "101");  // it sees who comes back
    EXPECT_EQ(asserted(b.at().invite), "101");
    b.answer(world.now);
    world.run(500ms);
    EXPECT_TRUE(world.talk(a, b));
    EXPECT_TRUE(plays_to(a).empty());
    EXPECT_EQ(state(), CallState::up);
  }
  Phone &a = world.add("101"), &b = world.add("102"), &c = world.add("103");
};

TEST_P(Recalls, FollowAnyRefusal) {
  for (const int status : {486, 480, 404, 408, 488, 500, 503, 600, 603, 606}) {
    SCOPED_TRACE(status);
    c.habits.rejects = 0;
    hand_over();
    EXPECT_EQ(plays_to(a), tone);
    c.reject(status, world.now);
    world.run(500ms);
    comes_back();
    b.modify("INVITE", "sendonly", world.now);
    world.run(500ms);
    b.dialogs.pop_front();
  }
}

TEST_P(Recalls, FollowARefusalThatCrossesTheTransferorsBye) {
  c.habits.rejects = 486;
  hand_over();
  comes_back();
}

TEST_P(Recalls, FollowWhereNobodyIsThere) {
  world.absent.insert("103");
  hand_over();
  comes_back();
}

TEST_P(Recalls, FollowWhereTheNumberMayNotBeCalled) {
  hand_over("forbidden");
  comes_back();
}

TEST_P(Recalls, FollowAPhoneThatRingsAndRings) {
  hand_over();
  world.run(28s);
  EXPECT_EQ(b.dialogs.size(), 1u);
  EXPECT_EQ(plays_to(a), tone);
  world.run(2s);
  EXPECT_EQ(c.at().status, 487);
  comes_back();
}

TEST_P(Recalls, FollowAPhoneThatIsGone) {
  c.habits.silent = true;
  hand_over();
  world.run(8s);
  comes_back();
}

TEST_P(Recalls, FollowANewPartyWhoseOfferTheOldOneRefuses) {
  hand_over();
  a.habits.modifies = 488;
  c.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(c.at().over);
  a.habits.modifies = 0;
  comes_back();
}

TEST_P(Recalls, RingWhereverTheTransferorIsNow) {
  auto& elsewhere = world.add("102", "branch-1");
  hand_over();
  c.reject(486, world.now);
  world.run(500ms);
  ASSERT_EQ(elsewhere.dialogs.size(), 1u);
  elsewhere.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, elsewhere));
  EXPECT_EQ(b.at().status, 487);
}

// It has logged out meanwhile, and sits at another desk.
TEST_P(Recalls, DontNeedTheTransferorsDesk) {
  hand_over();
  world.idle.insert("102");
  c.reject(486, world.now);
  world.run(500ms);
  comes_back();
}

TEST_P(Recalls, ThatNobodyTakesEndWithAReason) {
  hand_over();
  c.reject(486, world.now);
  world.run(59s);
  EXPECT_FALSE(a.at().over);
  EXPECT_EQ(plays_to(a), tone);
  world.run(2s);
  EXPECT_TRUE(a.at().over);
  EXPECT_EQ(a.at().bye_reason, "SIP;cause=480;text=\"Temporarily Unavailable\"");
}

TEST_P(Recalls, ThatAreRefusedEndWithAReason) {
  hand_over();
  b.habits.rejects = 486;
  c.reject(480, world.now);
  world.run(500ms);
  EXPECT_TRUE(a.at().over);
  EXPECT_EQ(a.at().bye_reason, "SIP;cause=486;text=\"Busy Here\"");
  EXPECT_EQ(b.dialogs.size(), 2u);  // once
}

TEST_P(Recalls, EndWithThePartyThatWaits) {
  hand_over();
  c.reject(486, world.now);
  world.run(500ms);
  a.hang_up(world.now);
  world.run(500ms);
  EXPECT_EQ(b.at().status, 487);
}

TEST_P(Recalls, AreNotForATransferorThatStayed) {
  c.habits.rejects = 486;
  b.refer("<sip:103@pbx.example.com>", world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, b));
  EXPECT_TRUE(plays_to(a).empty());
  b.modify("INVITE", "sendrecv", world.now);
  world.run(100ms);
  b.hang_up(world.now);
  world.run(500ms);
  EXPECT_TRUE(a.at().over);
  EXPECT_EQ(b.dialogs.size(), 1u);
}

TEST_P(Recalls, AreNotForATransferorThatTalksOn) {
  b.modify("INVITE", "sendrecv", world.now);
  world.run(500ms);
  c.habits.rejects = 486;
  b.refer("<sip:103@pbx.example.com>", world.now);
  world.run(1s);
  b.hang_up(world.now);
  world.run(500ms);
  EXPECT_TRUE(a.at().over);
  EXPECT_EQ(b.dialogs.size(), 1u);
}

TEST_P(Recalls, AreNotForATransferorThatHangsUpLater) {
  c.habits.rejects = 486;
  b.refer("<sip:103@pbx.example.com>", world.now);
  world.run(6s);
  b.hang_up(world.now);
  world.run(500ms);
  EXPECT_TRUE(a.at().over);
  EXPECT_EQ(b.dialogs.size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(OfCallerAndCallee, Recalls, testing::Bool());

TEST_P(Recalls, EndWhereTheTransferorIsNoMore) {
  hand_over();
  world.absent.insert("102");
  c.reject(486, world.now);
  world.run(500ms);
  EXPECT_TRUE(a.at().over);
  EXPECT_EQ(a.at().bye_reason, "SIP;cause=480;text=\"Temporarily Unavailable\"");
}

// Some phones hold with a=inactive: then the other one has to be asked to listen.
TEST_P(Recalls, AreHeardToRingByAPartyThatHeardNothing) {
  b.modify("INVITE", "inactive", world.now);
  world.run(500ms);
  EXPECT_EQ(sim::direction_of(a.at().heard), "inactive");
  hand_over();
  EXPECT_EQ(plays_to(a), tone);
  EXPECT_EQ(sim::direction_of(a.at().heard), "sendonly");
  EXPECT_TRUE(world.stream_at(sim::media_of(a.at().heard))->remote->send);
  c.answer(world.now);
  world.run(3s);
  EXPECT_TRUE(world.talk(a, c));
  EXPECT_EQ(sim::direction_of(a.at().heard), "sendrecv");
}

TEST_P(Recalls, StopTheToneWhenTheNewPartyIsThere) {
  hand_over();
  EXPECT_EQ(plays_to(a), tone);
  c.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, c));
  EXPECT_TRUE(plays_to(a).empty());
}

}  // namespace
}  // namespace roamdesk::calls
