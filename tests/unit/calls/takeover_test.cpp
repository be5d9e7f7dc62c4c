#include "tests/unit/calls/fixture.hpp"

// A consultation that rings when it is handed over: its phones ring on, for the other party (RFC 5589 §7.6).
namespace roamdesk::calls {
namespace {

class TakeOvers : public Calls {
 protected:
  void SetUp() override { talking(a, b); }
  // `b` asks `c`, and hands `a` over while it rings.
  void consult() {
    b.modify("INVITE", "sendonly", world.now, 0);
    world.run(500ms);
    b.dial("103", world.now);
    world.run(500ms);
  }
  void hand_over() {
    b.refer("<sip:103@pbx.example.com?" + b.replaces(1) + ">", world.now, 0);
    world.run(500ms);
  }
  static std::size_t count(const Phone& phone, std::string_view method) {
    std::size_t result = 0;
    for (const auto& m : phone.requests) result += m.method == method;
    return result;
  }
  Phone &a = world.add("101"), &b = world.add("102"), &c = world.add("103");
};

TEST_F(TakeOvers, RingOnWithoutASecondInvite) {
  consult();
  hand_over();
  EXPECT_EQ(count(c, "INVITE"), 1u);
  EXPECT_FALSE(c.at().over);
  EXPECT_EQ(b.at(1).status, 487);
  EXPECT_EQ(plays_to(a), tone);
  EXPECT_EQ(b.sipfrags.back(), "SIP/2.0 180 Ringing\r\n");
  c.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, c));
  EXPECT_EQ(c.dialogs.size(), 1u);
  EXPECT_EQ(b.sipfrags.back(), "SIP/2.0 200 OK\r\n");
  EXPECT_TRUE(plays_to(a).empty());
  world.run(6s);
  EXPECT_TRUE(b.idle());
}

TEST_F(TakeOvers, TellEachOfTheOther) {
  consult();
  EXPECT_EQ(asserted(c.at().invite), "102");
  hand_over();
  // A phone that watches the new party sees who waits for it.
  EXPECT_EQ(world.engine.dialogs("103").front().remote.number, "101");
  c.answer(world.now);
  world.run(500ms);
  EXPECT_EQ(asserted(*last(c, "INVITE")), "101");
  EXPECT_EQ(asserted(*last(a, "INVITE")), "103");
}

TEST_F(TakeOvers, PassTheEarlyMediumOn) {
  c.habits.early_media = true;
  consult();
  hand_over();
  EXPECT_TRUE(plays_to(a).empty());
  const auto* stream = world.stream_at(sim::media_of(a.at().heard));
  ASSERT_TRUE(stream && stream->to);
  EXPECT_EQ(to_string(world.streams.at(stream->to->value()).local), sim::media_of(c.at().heard));
  c.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, c));
}

TEST_F(TakeOvers, AnEarlyMediumInAnotherCodecIsNoise) {
  c.habits.early_media = true;
  c.habits.words = [](sip::Message& m) {
    const auto at = m.body.find(" 8 0 101");
    if (at != m.body.npos) m.body.replace(at, 8, " 18 101");
  };
  consult();
  hand_over();
  EXPECT_EQ(plays_to(a), tone);
}

TEST_F(TakeOvers, OfSeveralPhonesTakeAll) {
  auto& other = world.add("103", "branch-1");
  consult();
  hand_over();
  EXPECT_FALSE(c.at().over || other.at().over);
  other.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, other));
  EXPECT_EQ(c.at().cancel_reason, "SIP;cause=200;text=\"Call completed elsewhere\"");
}

TEST_F(TakeOvers, ThatFailLeaveTheCall) {
  consult();
  hand_over();
  c.reject(486, world.now);
  world.run(500ms);
  EXPECT_EQ(b.sipfrags.back(), "SIP/2.0 486 Busy Here\r\n");
  EXPECT_TRUE(world.talk(a, b, -1, 0));
  EXPECT_TRUE(plays_to(a).empty());
}

TEST_F(TakeOvers, ThatFailComeBackToWhoeverHasGone) {
  consult();
  hand_over();
  b.hang_up(world.now, 0);
  world.run(500ms);
  c.reject(486, world.now);
  world.run(500ms);
  ASSERT_EQ(b.dialogs.size(), 3u);
  EXPECT_EQ(b.at().invite.from.uri.user, "101");
  b.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, b));
}

TEST_F(TakeOvers, EndWithThePartyThatWaits) {
  consult();
  hand_over();
  a.hang_up(world.now);
  world.run(500ms);
  EXPECT_EQ(c.at().status, 487);
}

// What it has asked is no phone of the party that it hands over.
TEST_F(TakeOvers, RingNobodyForHimself) {
  b.dial("101", world.now);
  world.run(500ms);
  b.refer("<sip:101@pbx.example.com?" + b.replaces(1) + ">", world.now, 0);
  world.run(500ms);
  EXPECT_EQ(b.sipfrags.back(), "SIP/2.0 486 Busy Here\r\n");
  EXPECT_TRUE(world.talk(a, b, 0, 0));
  EXPECT_TRUE(a.at(1).over);
}

// A phone that makes no late offer is asked with what the other party can do.
TEST_F(TakeOvers, ConnectAPhoneThatWantsNoLateOffer) {
  consult();
  hand_over();
  c.habits.wants_offers = true;
  c.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, c));
  EXPECT_EQ(asserted(*last(c, "INVITE")), "101");
}

// ---- who is shown

class Identities : public Calls, public testing::WithParamInterface<bool> {
 protected:
  void SetUp() override { GetParam() ? talking(a, b) : talking(b, a); }
  Phone &a = world.add("101"), &b = world.add("102"), &c = world.add("103");
};

TEST_P(Identities, AfterABlindTransferAreTheOthers) {
  b.refer("<sip:103@pbx.example.com>", world.now);
  world.run(500ms);
  EXPECT_EQ(c.at().invite.from.uri.user, "101");
  EXPECT_EQ(c.at().invite.from.display, "Name of 101");
  EXPECT_EQ(asserted(c.at().invite), "101");
  c.answer(world.now);
  world.run(500ms);
  const auto& told = *last(a, "INVITE");
  EXPECT_EQ(asserted(told), "103");
  EXPECT_NE(told.header("Remote-Party-ID").value_or("").find("\"Name of 103\" <sip:103@pbx.example.com>;party="),
            std::string_view::npos);
}

TEST_P(Identities, AfterAnAttendedTransferAreTheOthers) {
  b.dial("103", world.now);
  world.run(500ms);
  c.answer(world.now);
  world.run(500ms);
  b.refer("<sip:103@pbx.example.com?" + b.replaces(1) + ">", world.now, 0);
  world.run(500ms);
  ASSERT_TRUE(world.talk(a, c));
  EXPECT_EQ(asserted(*last(c, "INVITE")), "101");
  EXPECT_EQ(asserted(*last(a, "INVITE")), "103");
}

TEST_P(Identities, OfATransferThatFailsAreAsBefore) {
  b.dial("103", world.now);
  world.run(500ms);
  c.answer(world.now);
  world.run(500ms);
  a.habits.modifies = 488;
  b.refer("<sip:103@pbx.example.com?" + b.replaces(1) + ">", world.now, 0);
  world.run(2s);
  a.habits.modifies = 0;
  ASSERT_TRUE(world.talk(b, c, 1, -1));
  EXPECT_EQ(asserted(c.requests.back()), "102");  // it was shown 101 already
}

TEST_P(Identities, StayWhereThePersonsOtherPhoneCarriesOn) {
  auto& own = world.add("102");
  own.dial("102", world.now, [&](sip::Message& m) {
    m.set_header("Replaces", b.at(0).call_id + ";to-tag=" + b.at(0).local_tag() + ";from-tag=" + b.at(0).remote_tag());
  });
  world.run(500ms);
  ASSERT_TRUE(world.talk(a, own));
  EXPECT_EQ(asserted(*last(a, "INVITE")), "102");
}

TEST_P(Identities, StayThroughRefreshes) {
  a.habits.takes_update = false;
  b.refer("<sip:103@pbx.example.com>", world.now);
  world.run(500ms);
  c.answer(world.now);
  world.run(16min);
  EXPECT_EQ(asserted(a.requests.back()), "103");
  EXPECT_EQ(asserted(c.requests.back()), "101");
}

INSTANTIATE_TEST_SUITE_P(OfCallerAndCallee, Identities, testing::Bool());

}  // namespace
}  // namespace roamdesk::calls
