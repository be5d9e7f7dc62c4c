#include "tests/sim/element/help.hpp"

// A person hands a colleague over to help; and who is never brought there.
namespace roamdesk::sim {
namespace {

class HelpTransfer : public Help {
 protected:
  HelpTransfer() {
    log_in(*desks[0], "101");
    log_in(*desks[1], "102");
    sim.have(Put<InboundNumber>{{"+4930555101", "+4930555101", ExtensionNumber{"101"}, 0}});
  }
  // 102 has called 101.
  void they_talk() {
    call = desks[1]->dial("101");
    ASSERT_TRUE(is_up(*desks[1], call));
    sim.run_for(1s);
  }
  void hand_over(const std::string& number = "112") {
    desks[0]->sipfrags.clear();
    desks[0]->transfer(number);
    sim.run_for(3s);
  }
  std::string fate() const { return desks[0]->sipfrags.empty() ? "" : desks[0]->sipfrags.back().substr(0, 11); }
  // An outside party has called 101.
  void from_outside() {
    EXPECT_EQ(provider.call("+4930555101", [](sip::Message& m) { m.to.uri.user = "+4930555101"; }), 200);
    sim.run_for(1s);
  }
  std::string call;
};

TEST_P(HelpTransfer, BringsTheColleagueThereWithThePlaceAndNumberOfWhoHandsOver) {
  they_talk();
  for (const char* dialled : {"112", "+49112"}) {
    if (dialled[0] == '+') they_talk();
    provider.heard.clear();
    hand_over(dialled);
    EXPECT_EQ(fate(), "SIP/2.0 200");
    ASSERT_EQ(invites_to("112"), 1u);
    const auto first =
        *std::find_if(provider.heard.begin(), provider.heard.end(), [](const auto& m) { return m.method == "INVITE"; });
    EXPECT_EQ(first.from.uri.user, "+4930555001");
    EXPECT_EQ(value(first, "Priority"), "emergency");
    const auto place = part(first, "application/pidf+xml");
    EXPECT_NE(place.find("<ca:SEAT>" + id_of(*desks[0]) + "</ca:SEAT>"), std::string::npos) << place;
    for (const auto& m : provider.heard)
      EXPECT_EQ(sip::serialise(m).find("102"), std::string::npos) << "no person's number";
    EXPECT_TRUE(desks[1]->call(call)->up);
    ASSERT_FALSE(sim.emergencies.empty());
    EXPECT_EQ(sim.emergencies.back().place.desk, id_of(*desks[0]));
    EXPECT_EQ(sim.emergencies.back().callback, "+4930555001");
    sim.run_for(5s);
    EXPECT_TRUE(desks[0]->idle());
    desks[1]->hang_up();
    sim.run_for(2min);
    ASSERT_FALSE(sim.records.empty());
    EXPECT_TRUE(sim.records.back().emergency) << "the record says that it was one for help";
  }
  EXPECT_EQ(sim.emergencies.size(), 2u) << "told once each";
  EXPECT_EQ(call_back("+4930555001"), 200);
  EXPECT_EQ(rung(), id_of(*desks[0]));
}

TEST_P(HelpTransfer, LeavesTheDeskOfWhoHandedOverFree) {
  they_talk();
  hand_over();
  EXPECT_EQ(fate(), "SIP/2.0 200");
  sim.log_out(*desks[0]);
  EXPECT_TRUE(sim.run_until([&] { return sim.is_idle_desk(*desks[0]); }, 90s));
  EXPECT_TRUE(desks[1]->call(call)->up);
  desks[1]->hang_up();
  sim.run_for(1min);
  EXPECT_TRUE(sim.element().calls().empty());
}

TEST_P(HelpTransfer, ThatFailsLeavesTheCallAsItWasAndTheNextTryRoom) {
  they_talk();
  provider.out.habits.refuses = 500;
  for (std::size_t n = 0; n < emergency::Admission::of_source + 2; ++n) {
    hand_over();
    EXPECT_EQ(fate().substr(0, 9), "SIP/2.0 5") << n;
    EXPECT_TRUE(desks[1]->call(call)->up);
    sim.run_for(1min);  // the server is asked again
  }
  provider.out.habits.refuses = 0;
  EXPECT_EQ(invites_to("112"), emergency::Admission::of_source + 2);
  hand_over();
  EXPECT_EQ(fate(), "SIP/2.0 200");
}

TEST_P(HelpTransfer, WithoutARouteIsRefusedAndTheCallGoesOn) {
  auto nowhere = location("ground", "0", "+4930555001");
  nowhere.trunks.clear();
  sim.have(Put<Location>{nowhere});
  they_talk();
  hand_over();
  EXPECT_EQ(fate(), "SIP/2.0 503");
  EXPECT_TRUE(desks[1]->call(call)->up);
  EXPECT_GE(sim.audits("emergency_call"), 1u) << "it is written down";
}

// Somebody needs help, and nobody hears of it by the call.
TEST_P(HelpTransfer, ThatCanNotLeaveIsToldOfAsACallIs) {
  log_in(*desks[2], "103");
  they_talk();
  const auto hand_over_from = [&](std::vector<std::string> trunks) {
    auto nowhere = location("ground", "0", "+4930555001");
    nowhere.trunks = std::move(trunks);
    nowhere.told = {ExtensionNumber{"103"}};
    sim.have(Put<Location>{nowhere});
    sim.emergencies.clear();
    hand_over();
    EXPECT_EQ(fate(), "SIP/2.0 503");
    EXPECT_TRUE(desks[1]->call(call)->up);
  };
  hand_over_from({});
  ASSERT_EQ(sim.emergencies.size(), 1u);
  const auto told = sim.emergencies[0];
  EXPECT_EQ(told.place.number, "112");
  EXPECT_EQ(told.place.desk, id_of(*desks[0]));
  EXPECT_EQ(told.place.extension, "101") << "who hands over";
  EXPECT_EQ(told.location, "ground");
  EXPECT_FALSE(told.routed);
  EXPECT_FALSE(desks[2]->idle()) << "a phone that is to be told rings";
  // Again and again is told of once a minute.
  hand_over_from({});
  hand_over_from({});
  EXPECT_TRUE(sim.emergencies.empty());
  sim.run_for(2min);
  // A route whose trunk is away is one: it says so.
  provider.go_silent(true);
  sim.run_for(20min);
  hand_over_from({"provider"});
  ASSERT_EQ(sim.emergencies.size(), 1u);
  EXPECT_TRUE(sim.emergencies[0].routed);
}

TEST_P(HelpTransfer, ThatIsRefusedIsToldToNobody) {
  from_outside();
  hand_over();
  EXPECT_EQ(fate(), "SIP/2.0 403");
  EXPECT_TRUE(sim.emergencies.empty());
}

// ---- who is never brought to help through us

TEST_P(HelpTransfer, IsNotForAnOutsideParty) {
  from_outside();
  for (const char* dialled : {"112", "+49112", "0112", "110", "933"}) {
    hand_over(dialled);
    EXPECT_EQ(fate(), "SIP/2.0 403") << dialled;
  }
  EXPECT_EQ(provider.count("INVITE"), 0u);
  EXPECT_TRUE(provider.out.dialogs.back().up && !provider.out.dialogs.back().over);
  EXPECT_TRUE(sim.emergencies.empty());
  EXPECT_GE(sim.audits("emergency_refused"), 1u);
}

TEST_P(HelpTransfer, ADiversionToItLeadsNowhereForWhoeverCalls) {
  OutboundRule odd;
  odd.name = "odd", odd.position = 0, odd.pattern = "72", odd.strip = 2, odd.prepend = "112", odd.trunks = {"provider"};
  sim.have(Put<OutboundRule>{odd});
  for (const char* to : {"112", "+49112", "0112", "110", "933", "72"}) {
    desks[0]->habits.redirects = to;
    EXPECT_GE(outcome(*desks[1], desks[1]->dial("101")), 400) << to;
    EXPECT_GE(provider.call("+4930555101", [](sip::Message& m) { m.to.uri.user = "+4930555101"; }), 400) << to;
    sim.run_for(5s);
  }
  EXPECT_EQ(provider.count("INVITE"), 0u);
  EXPECT_TRUE(sim.emergencies.empty());
}

TEST_P(HelpTransfer, ATrunksReferToItIsRefused) {
  from_outside();
  provider.out.send("REFER", [](sip::Message& m) { m.set_header("Refer-To", "<sip:112@pbx.example>"); });
  for (auto bytes = provider.out.poll_bytes(); bytes; bytes = provider.out.poll_bytes()) sim.say(provider.at(), *bytes);
  sim.run_for(2s);
  EXPECT_EQ(provider.count("INVITE"), 0u);
  EXPECT_TRUE(sim.emergencies.empty());
}

INSTANTIATE_TEST_SUITE_P(From, HelpTransfer, testing::ValuesIn(everywhere),
                         [](const auto& row) { return std::string{row.param.name}; });

}  // namespace
}  // namespace roamdesk::sim
