#include "tests/unit/calls/fixture.hpp"

namespace roamdesk::calls {
namespace {

class Hold : public Calls, public testing::WithParamInterface<std::tuple<const char*, bool>> {};

TEST_P(Hold, PassesThroughAndBack) {
  const auto& [method, by_callee] = GetParam();
  auto &a = world.add("101"), &b = world.add("102");
  talking(a, b);
  auto &holder = by_callee ? b : a, &held = by_callee ? a : b;
  holder.modify(method, "sendonly", world.now);
  world.run(500ms);
  EXPECT_EQ(holder.at().modified, 200);
  EXPECT_EQ(sim::direction_of(held.at().heard), "sendonly");
  EXPECT_EQ(sim::direction_of(holder.at().heard), "recvonly");
  EXPECT_EQ(last(held, method) != nullptr, true);
  EXPECT_EQ(state(), CallState::held);
  ASSERT_EQ(world.engine.dialogs(holder.user).size(), 1u);
  EXPECT_TRUE(world.engine.dialogs(holder.user).front().held);
  EXPECT_FALSE(world.engine.dialogs(held.user).front().held);
  holder.modify(method, "sendrecv", world.now);
  world.run(500ms);
  EXPECT_EQ(holder.at().modified, 200);
  EXPECT_EQ(state(), CallState::up);
  EXPECT_TRUE(world.talk(a, b));
}

INSTANTIATE_TEST_SUITE_P(Calls, Hold,
                         testing::Combine(testing::Values("INVITE", "UPDATE"), testing::Values(false, true)));

TEST_F(Calls, TurnAnUpdateIntoAReInviteForAPhoneThatKnowsNone) {
  auto &a = world.add("101"), &b = world.add("102");
  b.habits.takes_update = false;
  talking(a, b);
  a.modify("UPDATE", "sendonly", world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().modified, 200);
  ASSERT_TRUE(last(b, "INVITE"));
  EXPECT_EQ(sim::direction_of(last(b, "INVITE")->body), "sendonly");
}

TEST_F(Calls, PassALateOfferThrough) {
  auto &a = world.add("101"), &b = world.add("102");
  talking(a, b);
  a.modify_without_offer(world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().modified, 200);
  EXPECT_TRUE(last(b, "INVITE")->body.empty());
  EXPECT_TRUE(world.talk(a, b));
  a.modify("INVITE", "sendonly", world.now);  // the line is free again
  world.run(500ms);
  EXPECT_EQ(a.at().modified, 200);
}

TEST_F(Calls, AnswerGlareWith491) {
  auto &a = world.add("101"), &b = world.add("102");
  talking(a, b);
  a.modify("INVITE", "sendonly", world.now);
  b.modify("INVITE", "sendonly", world.now);
  world.run(2s);
  EXPECT_TRUE((a.at().modified == 491) != (b.at().modified == 491)) << a.at().modified << " " << b.at().modified;
  EXPECT_TRUE(world.engine.calls().size() == 1u);
}

class HeldAtOnce : public Calls, public testing::WithParamInterface<const char*> {
 protected:
  // B holds as soon as it has answered; A's ACK comes from further off.
  void hold_before_the_ack(Phone& a, Phone& b) {
    a.habits.acknowledges_late = true;
    a.dial("102", world.now);
    world.run(500ms);
    b.answer(world.now);
    world.run(200ms);
    b.modify(GetParam(), "sendonly", world.now);
    world.run(200ms);
    EXPECT_EQ(b.at().modified, 0);
  }
};

TEST_P(HeldAtOnce, WaitsForTheCallersAck) {
  auto &a = world.add("101"), &b = world.add("102");
  hold_before_the_ack(a, b);
  a.habits.acknowledges_late = false;
  a.late_ack();
  world.run(500ms);
  EXPECT_EQ(b.at().modified, 200);
  EXPECT_EQ(sim::direction_of(a.at().heard), "sendonly");
  EXPECT_EQ(state(), CallState::held);
}

TEST_P(HeldAtOnce, EndsWithACallThatIsNeverAcknowledged) {
  auto &a = world.add("101"), &b = world.add("102");
  hold_before_the_ack(a, b);
  world.run(40s);
  EXPECT_EQ(b.at().modified, 487);
  EXPECT_TRUE(a.at().over);
  EXPECT_TRUE(b.at().over);
}

TEST_P(HeldAtOnce, EndsWithTheCallersBye) {
  auto &a = world.add("101"), &b = world.add("102");
  hold_before_the_ack(a, b);
  a.hang_up(world.now);
  world.run(500ms);
  EXPECT_EQ(b.at().modified, 487);
  EXPECT_TRUE(b.at().over);
}

INSTANTIATE_TEST_SUITE_P(Calls, HeldAtOnce, testing::Values("INVITE", "UPDATE"));

TEST_F(Calls, StayAsTheyAreWhenTheOtherSideRefusesAChange) {
  auto &a = world.add("101"), &b = world.add("102");
  talking(a, b);
  b.habits.modifies = 488;
  a.modify("INVITE", "sendonly", world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().modified, 488);
  EXPECT_EQ(state(), CallState::up);
  EXPECT_EQ(world.engine.calls().size(), 1u);
}

TEST_F(Calls, EndWhenTheOtherSideKnowsTheDialogNoMore) {
  auto &a = world.add("101"), &b = world.add("102");
  talking(a, b);
  b.at().over = true;  // it has restarted
  a.modify("INVITE", "sendonly", world.now);
  world.run(500ms);
  EXPECT_EQ(a.at().modified, 480);
  EXPECT_TRUE(a.at().over);
  EXPECT_TRUE(world.engine.calls().empty());
}

TEST_F(Calls, PassAByeReasonOn) {
  auto &a = world.add("101"), &b = world.add("102");
  talking(a, b);
  b.at().over = true;
  b.send("BYE", world.now, [](sip::Message& m) { m.set_header("Reason", "Q.850;cause=16"); });
  world.run(500ms);
  EXPECT_EQ(a.at().bye_reason, "Q.850;cause=16");
}

TEST_F(Calls, AnswerOptionsAndPassInfoOn) {
  auto &a = world.add("101"), &b = world.add("102");
  talking(a, b);
  a.send("OPTIONS", world.now);
  a.send("INFO", world.now, [](sip::Message& m) {
    m.content_type = "application/dtmf-relay";
    m.body = "Signal=5\r\nDuration=160\r\n";
  });
  world.run(500ms);
  EXPECT_EQ(a.responses, (std::vector<std::pair<std::string, int>>{{"OPTIONS", 200}, {"INFO", 200}}));
  ASSERT_TRUE(last(b, "INFO"));
  EXPECT_EQ(last(b, "INFO")->body, "Signal=5\r\nDuration=160\r\n");
  EXPECT_FALSE(last(b, "OPTIONS"));
}

TEST_F(Calls, AreRefreshedOnBothLegs) {
  auto &a = world.add("101"), &b = world.add("102");
  talking(a, b);
  world.run(16min);
  ASSERT_TRUE(last(b, "UPDATE"));  // B's 2xx had no Session-Expires: we refresh
  EXPECT_TRUE(last(b, "UPDATE")->body.empty());
  EXPECT_EQ(world.engine.calls().size(), 1u);
  // A said that it knows session timers, and became the refresher; it doesn't refresh: RFC 4028 §10.
  world.run(15min);
  EXPECT_TRUE(a.at().over);
  EXPECT_TRUE(b.at().over);
}

TEST_F(Calls, EndWhenAPhoneHasVanished) {
  auto &a = world.add("101"), &b = world.add("102");
  b.habits.takes_update = false;
  talking(a, b);
  b.habits.silent = true;
  world.run(17min);
  EXPECT_TRUE(a.at().over);
  EXPECT_TRUE(world.engine.calls().empty());
}

TEST_F(Calls, GoOnOverANewFlow) {
  auto &a = world.add("101", "local", sip::Transport::tcp), &b = world.add("102");
  talking(a, b);
  world.close_flow(a);
  EXPECT_EQ(world.engine.calls().size(), 1u);
  world.run(20s);
  EXPECT_EQ(world.engine.calls().size(), 1u);
  world.run(11s);  // no one came back
  EXPECT_TRUE(b.at().over);
  a.at().over = true;
}

TEST_F(Calls, AnsweredReliablyWhereTheCallerRequiresIt) {
  auto &a = world.add("101"), &b = world.add("102");
  b.habits.early_media = true;
  a.dial("102", world.now, [](sip::Message& m) { m.set_header("Require", "100rel"); });
  world.run(500ms);
  EXPECT_EQ(a.at().status, 183);
  EXPECT_EQ(a.responses.back(), (std::pair{std::string{"PRACK"}, 200}));
  b.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, b));
}

TEST_F(Calls, WaitForThePrackOfAnEarlyAnswer) {
  auto &a = world.add("101"), &b = world.add("102");
  b.habits.early_media = true;
  b.habits.answers = 0ms;  // the 200 comes on the heels of the 183
  a.dial("102", world.now, [](sip::Message& m) { m.set_header("Require", "100rel"); });
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, b));
  EXPECT_EQ(a.at().progress.back(), 183);
}

}  // namespace
}  // namespace roamdesk::calls
