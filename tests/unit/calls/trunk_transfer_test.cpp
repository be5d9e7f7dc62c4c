#include "tests/unit/calls/trunk_fixture.hpp"

// Calls between inside and outside that are handed on: by REFER, and by 3xx.
namespace roamdesk::calls {
namespace {

class TrunkTransfers : public TrunkCalls, public testing::WithParamInterface<bool> {
 protected:
  TrunkTransfers() {
    manner.late_offers = GetParam();
    server.habits.wants_offers = !GetParam();
  }
  Phone& other = world.add("102");

  // As for who is shown in the last request of this method that the server got.
  std::string shown_to_server(std::string_view method) {
    const auto* m = server.last(method);
    return m ? asserted(*m) : "";
  }
};
INSTANTIATE_TEST_SUITE_P(ToATrunk, TrunkTransfers, testing::Values(true, false),
                         [](const auto& kind) { return kind.param ? "ThatMakesLateOffers" : "ThatMakesNone"; });

TEST_P(TrunkTransfers, OfAnOutsideCallToAPhone) {
  for (const bool out : {true, false}) {
    out ? talking_out() : talking_in();
    phone.refer("<sip:102@pbx.example.com>", world.now);
    world.run(200ms);
    other.answer(world.now);
    world.run(500ms);
    EXPECT_TRUE(world.talk(other, server));
    EXPECT_TRUE(phone.sipfrags.back().starts_with("SIP/2.0 200"));
    EXPECT_EQ(shown_to_server("INVITE"), "+4930555102");
    EXPECT_EQ(server.count("REFER"), 0u);
    phone.hang_up(world.now);
    other.hang_up(world.now);
    world.run(200ms);
  }
}

TEST_P(TrunkTransfers, OfAPhoneToAnOutsideNumber) {
  talking(phone, other);
  phone.refer("<sip:0301234@pbx.example.com>", world.now);
  world.run(200ms);
  ASSERT_EQ(server.count("INVITE"), 1u);
  // Who stays is shown, with the rights of who hands over; the latter is no outside party's to know.
  EXPECT_EQ(asserted(server.at().invite), "+4930555102");
  EXPECT_EQ(value(server.at().invite, "Referred-By"), "");
  ASSERT_EQ(world.errands.size(), 1u);
  EXPECT_EQ(world.errands[0].by.party.number, "101");
  EXPECT_EQ(world.errands[0].caller.party.number, "102");
  EXPECT_TRUE(world.errands[0].diverted.empty());
  server.ring();
  server.answer();
  world.run(500ms);
  EXPECT_TRUE(world.talk(other, server));
  EXPECT_TRUE(phone.sipfrags.back().starts_with("SIP/2.0 200"));
}

TEST_P(TrunkTransfers, OfAnOutsideCallToAnOutsideNumber) {
  talking_in();
  phone.refer("<sip:0309999@pbx.example.com>", world.now);
  world.run(200ms);
  ASSERT_EQ(server.dialogs.size(), 2u);
  EXPECT_EQ(asserted(server.at(1).invite), "+49305550301234567");
  server.answer({}, 1);
  world.run(500ms);
  EXPECT_TRUE(world.talk(server, server, 0, 1));
  EXPECT_TRUE(phone.sipfrags.back().starts_with("SIP/2.0 200"));
}

TEST_P(TrunkTransfers, AttendedToAnOutsideParty) {
  talking(phone, other);
  phone.modify("INVITE", "sendonly", world.now);
  world.run(100ms);
  dial();
  server.answer();
  world.run(200ms);
  phone.modify("INVITE", "sendonly", world.now);  // before it hands over, as phones do
  world.run(100ms);
  phone.refer("<sip:0301234@pbx.example.com?" + phone.replaces(1) + ">", world.now, 0);
  world.run(500ms);
  EXPECT_TRUE(world.talk(other, server));
  EXPECT_EQ(sim::direction_of(other.at().heard), "sendrecv");
  EXPECT_EQ(sim::direction_of(server.at().heard), "sendrecv");
  EXPECT_EQ(shown_to_server("INVITE"), "+4930555102");
}

TEST_P(TrunkTransfers, AttendedBetweenTwoOutsideParties) {
  talking_in();
  phone.modify("INVITE", "sendonly", world.now);
  world.run(100ms);
  dial();
  server.answer();
  world.run(200ms);
  phone.refer("<sip:0301234@pbx.example.com?" + phone.replaces(1) + ">", world.now, 0);
  world.run(500ms);
  EXPECT_TRUE(world.talk(server, server, 0, 1));
  EXPECT_TRUE(phone.sipfrags.back().starts_with("SIP/2.0 200"));
}

TEST_P(TrunkTransfers, WhileTheOutsidePartyRings) {
  talking(phone, other);
  dial();
  server.ring();
  world.run(100ms);
  phone.refer("<sip:0301234@pbx.example.com?" + phone.replaces(1) + ">", world.now, 0);
  world.run(200ms);
  server.answer();
  world.run(500ms);
  EXPECT_TRUE(world.talk(other, server));
  EXPECT_EQ(server.count("CANCEL"), 0u);
}

TEST_P(TrunkTransfers, ThatFailLeaveTheCallAsItWas) {
  talking_in();
  phone.refer("<sip:0309999@pbx.example.com>", world.now);
  world.run(200ms);
  server.refuse(486, {}, 1);
  world.run(300ms);
  EXPECT_TRUE(world.talk(phone, server, -1, 0));
  EXPECT_TRUE(phone.sipfrags.back().starts_with("SIP/2.0 486"));
}

TEST_P(TrunkTransfers, WhoHidesStaysHidden) {
  other.dial("101", world.now, [](sip::Message& m) { m.set_header("Privacy", "id"); });
  world.run(100ms);
  phone.answer(world.now);
  world.run(100ms);
  phone.refer("<sip:0301234@pbx.example.com>", world.now);
  world.run(200ms);
  ASSERT_EQ(world.errands.size(), 1u);
  EXPECT_TRUE(world.errands[0].caller.hidden);
  server.answer();
  world.run(500ms);
  EXPECT_TRUE(world.talk(other, server));
  if (GetParam()) return;
  // The trunk is told in a re-INVITE what holds, and still not who it is.
  const auto* again = server.last("INVITE");
  EXPECT_FALSE(again->to.tag().empty());
  EXPECT_EQ(value(*again, "Privacy"), "id");
  EXPECT_EQ(value(*again, "P-Asserted-Identity"), "");
}

TEST_F(TrunkCalls, AreHandedOnByNoTrunk) {
  talking_in();
  server.send("REFER", [](sip::Message& m) { m.set_header("Refer-To", "<sip:0900123@provider.example>"); });
  world.run(100ms);
  EXPECT_EQ(server.at().responses.back().status, 403);
  EXPECT_TRUE(world.errands.empty());
  EXPECT_TRUE(world.talk(phone, server));
  server.send("REFER",
              [&](sip::Message& m) { m.set_header("Refer-To", "<sip:x@y?Replaces=" + phone.at().call_id + ">"); });
  world.run(100ms);
  EXPECT_EQ(server.at().responses.back().status, 403);
}

TEST_F(TrunkCalls, AreHandedOnByATrunkThatMay) {
  manner.may_transfer = true;
  Phone& other = world.add("102");
  talking_in();
  server.send("REFER", [](sip::Message& m) { m.set_header("Refer-To", "<sip:102@provider.example>"); });
  world.run(200ms);
  ASSERT_EQ(world.errands.size(), 1u);
  EXPECT_EQ(world.errands[0].by.peer, server.peer);
  other.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(phone, other));
}

TEST_F(TrunkCalls, AreDivertedOutsideInTheForwardersName) {
  Phone& other = world.add("102");
  phone.habits.rejects = 302;
  phone.habits.redirect = "0301234";
  other.dial("101", world.now);
  world.run(200ms);
  ASSERT_EQ(server.count("INVITE"), 1u);
  ASSERT_EQ(world.errands.size(), 1u);
  EXPECT_EQ(world.errands[0].by.party.number, "101");
  EXPECT_EQ(world.errands[0].caller.party.number, "102");
  ASSERT_EQ(world.errands[0].diverted.size(), 1u);
  EXPECT_EQ(world.errands[0].diverted[0].number, "101");
  EXPECT_EQ(value(server.at().invite, "Diversion"), "<sip:+4930555101@provider.example>");
  EXPECT_EQ(asserted(server.at().invite), "+4930555102");
  server.answer();
  world.run(200ms);
  EXPECT_TRUE(world.talk(other, server));
}

TEST_F(TrunkCalls, AreDivertedOutsideWithAllWhoHaveDiverted) {
  Phone &other = world.add("102"), &third = world.add("103");
  phone.habits.rejects = 302;
  phone.habits.redirect = "103";
  third.habits.rejects = 302;
  third.habits.redirect = "0301234";
  other.dial("101", world.now);
  world.run(200ms);
  ASSERT_EQ(world.errands.size(), 2u);
  const auto& last = world.errands.back().diverted;
  ASSERT_EQ(last.size(), 2u);
  EXPECT_EQ(last[0].number, "101");
  EXPECT_EQ(last[1].number, "103");
  EXPECT_EQ(server.at().invite.headers_named("Diversion").size(), 2u);
}

TEST_F(TrunkCalls, OfOutsideMayBeDivertedOutsideByTheSameTrunk) {
  phone.habits.rejects = 302;
  phone.habits.redirect = "0309999";
  server.dial("101");
  world.run(200ms);
  ASSERT_EQ(server.dialogs.size(), 2u);
  server.answer({}, 1);
  world.run(200ms);
  EXPECT_TRUE(world.talk(server, server, 0, 1));
}

TEST_F(TrunkCalls, ThatAreDivertedInCirclesEndByTheirHistory) {
  phone.habits.rejects = 302;
  phone.habits.redirect = "0309999";
  // The provider forgets Max-Forwards, and sends the call back with what we have said of it.
  server.dial("101");
  world.run(100ms);
  std::size_t rounds = 0;
  for (; rounds < 30; ++rounds) {
    const auto invites = server.count("INVITE");
    if (invites == 0) break;
    const auto came = *server.last("INVITE");
    server.requests.clear();
    server.dial("101", [&](sip::Message& m) {
      for (const auto diversion : came.headers_named("Diversion")) m.add_header("Diversion", std::string{diversion});
      m.add_header("Diversion", "<sip:+49309999@provider.example>;reason=unconditional");
    });
    world.run(100ms);
  }
  EXPECT_LT(rounds, 6u);
  EXPECT_EQ(server.at().status, 480);
}

}  // namespace
}  // namespace roamdesk::calls
