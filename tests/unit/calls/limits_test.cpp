#include "tests/unit/calls/fixture.hpp"

// What the caller's INVITE says of its own life.
namespace roamdesk::calls {
namespace {

class CallersLimits : public Calls {
 protected:
  Phone &a = world.add("101"), &b = world.add("102"), &c = world.add("103");
};

// RFC 3261 §16.3 item 3, §16.6 step 3: as a proxy would.
TEST_F(CallersLimits, MaxForwardsGoesOnOneLower) {
  for (const auto& [said, heard] : {std::pair{70, 69}, {2, 1}, {1, 0}, {255, 254}}) {
    a.dial("102", world.now, [s = said](sip::Message& m) { m.max_forwards = s; });
    world.run(500ms);
    EXPECT_EQ(b.at().invite.max_forwards, heard);
    a.hang_up(world.now);
    world.run(500ms);
  }
  b.habits.rejects = 302;
  b.habits.redirect = "103";
  a.dial("102", world.now, [](sip::Message& m) { m.max_forwards = 5; });
  world.run(500ms);
  EXPECT_EQ(c.at().invite.max_forwards, 4);
}

TEST_F(CallersLimits, AtNoMaxForwardsNobodyRings) {
  a.dial("102", world.now, [](sip::Message& m) { m.max_forwards = 0; });
  world.run(500ms);
  EXPECT_EQ(a.at().status, 483);
  EXPECT_TRUE(b.dialogs.empty());
}

// A phone that passes its calls on to another that passes them back: the loop ends by itself.
TEST_F(CallersLimits, ALoopThroughOthersEnds) {
  std::optional<int> hops = 70;
  int rounds = 0;
  while (rounds < 100) {
    a.dial("102", world.now, [&](sip::Message& m) { m.max_forwards = hops; });
    world.run(500ms);
    if (a.at().status == 483) break;
    ++rounds;
    hops = b.at().invite.max_forwards;
    a.hang_up(world.now);
    world.run(500ms);
  }
  EXPECT_EQ(rounds, 70);
}

// RFC 3261 §13.3.1 item 1.
TEST_F(CallersLimits, ExpiresEndsAnInviteThatRings) {
  a.dial("102", world.now, [](sip::Message& m) { m.expires = 10; });
  world.run(9s);
  EXPECT_EQ(a.at().status, 180);
  world.run(2s);
  EXPECT_EQ(a.at().status, 487);
  EXPECT_EQ(b.at().status, 487);
  EXPECT_EQ(b.at().cancel_reason, "SIP;cause=487;text=\"Request Terminated\"");
}

TEST_F(CallersLimits, ExpiresIsNoLimitOfTheCall) {
  a.dial("102", world.now, [](sip::Message& m) { m.expires = 10; });
  world.run(500ms);
  b.answer(world.now);
  world.run(60s);
  EXPECT_TRUE(world.talk(a, b));
}

TEST_F(CallersLimits, ExpiresMayCrossTheAnswer) {
  for (const auto before : {5ms, 10ms, 15ms, 20ms}) {
    a.dial("102", world.now, [](sip::Message& m) { m.expires = 10; });
    world.run(10s - before);
    b.answer(world.now);
    world.run(2s);
    // Both think the same of it.
    EXPECT_EQ(a.at().up, !b.at().over);
    a.hang_up(world.now);
    world.run(500ms);
  }
}

TEST_F(CallersLimits, AnInviteThatIsOverRingsNobody) {
  a.dial("102", world.now, [](sip::Message& m) { m.expires = 0; });
  world.run(500ms);
  EXPECT_EQ(a.at().status, 487);
  EXPECT_TRUE(b.dialogs.empty());
}

TEST_F(CallersLimits, ALongExpiresLeavesOurOwnLimit) {
  a.dial("102", world.now, [](sip::Message& m) { m.expires = 4294967295U; });
  world.run(121s);
  EXPECT_EQ(a.at().status, 480);
}

// None of it keeps a caller from help.
TEST_F(CallersLimits, AreNoneOfAnEmergencyCall) {
  a.dial("112", world.now, [](sip::Message& m) {
    m.max_forwards = 0;
    m.expires = 0;
    m.set_header("Privacy", "id");
    m.set_header("Proxy-Require", "privacy");
  });
  world.run(500ms);
  EXPECT_EQ(a.at().status, 183);
  EXPECT_EQ(plays_to(a), std::vector<std::string>{"no_emergency_route"});
}

// The phone is at fault (RFC 3261 §13.2.1), and is understood.
TEST_F(CallersLimits, AnAnswerThatOnlyAnEarlyResponseBroughtCounts) {
  b.habits.early_media = true;
  b.habits.early_answer_only = true;
  a.dial("102", world.now);
  world.run(500ms);
  b.answer(world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().status, 200);
  EXPECT_TRUE(world.talk(a, b));
}

TEST_F(CallersLimits, AnAnswerThatNothingBroughtIsNone) {
  b.habits.early_answer_only = true;
  a.dial("102", world.now);
  world.run(500ms);
  b.answer(world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().status, 488);
}

}  // namespace
}  // namespace roamdesk::calls
