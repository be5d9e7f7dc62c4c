#include "tests/unit/calls/fixture.hpp"

namespace roamdesk::calls {
namespace {

class Transfers : public Calls, public testing::WithParamInterface<bool> {
 protected:
  void SetUp() override { talking(a, b); }
  // Parametrised tests: who transfers, the caller or the callee.
  Phone& from() { return GetParam() ? a : b; }
  Phone& staying() { return GetParam() ? b : a; }
  Phone &a = world.add("101"), &b = world.add("102"), &c = world.add("103");
};

TEST_P(Transfers, BlindConnectsTheOthers) {
  from().modify("INVITE", "sendonly", world.now);
  world.run(500ms);
  from().refer("<sip:103@pbx.example.com>", world.now);
  world.run(500ms);
  EXPECT_EQ(from().responses.back(), (std::pair{std::string{"REFER"}, 202}));
  ASSERT_EQ(c.dialogs.size(), 1u);
  EXPECT_EQ(c.at().invite.from.uri.user, staying().user);
  c.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(staying(), c));
  EXPECT_EQ(sim::direction_of(staying().at().heard), "sendrecv");
  EXPECT_EQ(from().sipfrags.front(), "SIP/2.0 100 Trying\r\n");
  EXPECT_EQ(from().sipfrags.back(), "SIP/2.0 200 OK\r\n");
  EXPECT_EQ(last(from(), "NOTIFY")->header("Subscription-State"), "terminated;reason=noresource");
  EXPECT_FALSE(from().at().over);
  world.run(6s);
  EXPECT_TRUE(from().at().over);  // it didn't hang up itself
  EXPECT_EQ(state(), CallState::up);
  EXPECT_EQ(world.streams.size(), 2u);
}

TEST_P(Transfers, BlindGoesOnAfterTheTransferorHasHungUp) {
  from().refer("<sip:103@pbx.example.com>", world.now);
  world.run(500ms);
  from().hang_up(world.now);
  world.run(500ms);
  EXPECT_FALSE(staying().at().over);
  c.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(staying(), c));
}

// The callee's REFER overtakes the caller's ACK, which comes by another way.
TEST_F(Calls, MayBeTransferredBeforeTheAckIsThere) {
  Phone &a = world.add("101"), &b = world.add("102"), &c = world.add("103");
  a.habits.acknowledges_late = true;
  a.dial("102", world.now);
  world.run(500ms);
  b.answer(world.now);
  world.run(100ms);
  b.refer("<sip:103@pbx.example.com>", world.now);
  world.run(100ms);
  EXPECT_EQ(b.responses.back(), (std::pair{std::string{"REFER"}, 202}));
  a.late_ack();
  a.habits.acknowledges_late = false;
  c.answer(world.now);
  world.run(3s);
  EXPECT_TRUE(world.talk(a, c));
  EXPECT_EQ(b.sipfrags.back(), "SIP/2.0 200 OK\r\n");
}

TEST_P(Transfers, BlindThatFailsLeavesTheCall) {
  c.habits.rejects = 486;
  from().refer("<sip:103@pbx.example.com>", world.now);
  world.run(500ms);
  EXPECT_EQ(from().sipfrags.back(), "SIP/2.0 486 Busy Here\r\n");
  EXPECT_TRUE(world.talk(a, b));
}

TEST_P(Transfers, TheStayingPartyMayHangUpMeanwhile) {
  from().refer("<sip:103@pbx.example.com>", world.now);
  world.run(500ms);
  staying().hang_up(world.now);
  world.run(500ms);
  EXPECT_EQ(c.at().status, 487);
  EXPECT_TRUE(from().at().over);
}

TEST_P(Transfers, TheNewPartyEndsWhereTheStayingOneRefusesTheOffer) {
  staying().habits.modifies = 488;
  from().refer("<sip:103@pbx.example.com>", world.now);
  world.run(500ms);
  c.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(c.at().over);
  EXPECT_EQ(from().sipfrags.back(), "SIP/2.0 488 Not Acceptable Here\r\n");
  EXPECT_TRUE(world.talk(a, b));
}

TEST_P(Transfers, AttendedConnectsTheOthers) {
  const int first = static_cast<int>(from().dialogs.size()) - 1;
  from().modify("INVITE", "sendonly", world.now);
  world.run(500ms);
  from().dial("103", world.now);
  world.run(500ms);
  c.answer(world.now);
  world.run(500ms);
  ASSERT_TRUE(world.talk(from(), c));
  from().refer("<sip:103@pbx.example.com?" + from().replaces(first + 1) + ">", world.now, first);
  world.run(500ms);
  EXPECT_TRUE(world.talk(staying(), c));
  EXPECT_EQ(from().sipfrags.back(), "SIP/2.0 200 OK\r\n");
  EXPECT_TRUE(from().at(first + 1).over);
  world.run(6s);
  EXPECT_TRUE(from().idle());
  EXPECT_EQ(state(), CallState::up);
  EXPECT_EQ(world.engine.calls().front().to.number, "103");
}

TEST_P(Transfers, AttendedSurvivesTheTransferorsHaste) {
  const int first = static_cast<int>(from().dialogs.size()) - 1;
  from().dial("103", world.now);
  world.run(500ms);
  c.answer(world.now);
  world.run(500ms);
  from().refer("<sip:103@pbx.example.com?" + from().replaces(first + 1) + ">", world.now, first);
  world.run(6ms);
  from().hang_up(world.now, first);
  from().hang_up(world.now, first + 1);
  world.run(500ms);
  EXPECT_TRUE(world.talk(staying(), c));
}

INSTANTIATE_TEST_SUITE_P(ByCallerAndCallee, Transfers, testing::Bool());

TEST_F(Calls, TransferToAForbiddenNumberFails) {
  auto &a = world.add("101"), &b = world.add("102");
  talking(a, b);
  a.refer("<sip:forbidden@pbx.example.com>", world.now);
  world.run(500ms);
  EXPECT_EQ(a.sipfrags.back(), "SIP/2.0 403 Forbidden\r\n");
  a.refer("<sip:103@pbx.example.com?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2>", world.now);
  world.run(500ms);
  EXPECT_NE(a.sipfrags.back().find("481"), std::string::npos);
  a.send("REFER", world.now);
  world.run(500ms);
  EXPECT_EQ(a.responses.back(), (std::pair{std::string{"REFER"}, 400}));
  EXPECT_TRUE(world.talk(a, b));
}

TEST_F(Calls, NobodyHandsOverSomebodyElsesDialog) {
  auto &a = world.add("101"), &b = world.add("102"), &c = world.add("103"), &d = world.add("104");
  talking(a, b);
  talking(c, d);
  a.refer("<sip:103@pbx.example.com?" + c.replaces(0) + ">", world.now);
  world.run(500ms);
  EXPECT_NE(a.sipfrags.back().find("481"), std::string::npos);
  EXPECT_TRUE(world.talk(a, b));
  EXPECT_TRUE(world.talk(c, d));
}

}  // namespace
}  // namespace roamdesk::calls
