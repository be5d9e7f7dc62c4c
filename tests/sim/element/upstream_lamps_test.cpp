#include "tests/sim/element/upstream_lamp_office.hpp"

// Lamps that the exchange which a company has already feeds, and who else would like to.
namespace roamdesk::sim {
namespace {

class UpstreamLamps : public UpstreamLampOffice {};

TEST_P(UpstreamLamps, AKeyThatWatchesANumberThereIsFedByOneSubscriptionHoweverManyWatch) {
  auto& third = sim.add_desk(3, site());
  sim.log_in(third, "102");
  ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(third, "102"); }, 60s));
  auto first = at_desk(*desk), second = at_desk(third);
  ASSERT_EQ(first.subscribe(keys_of(*desk), "205"), 200);
  ASSERT_EQ(second.subscribe(keys_of(third), "205"), 200);
  sim.run_for(2s);
  const auto subscribes = asked("205");
  ASSERT_EQ(subscribes.size(), 1u);
  EXPECT_EQ(to_string(subscribes[0].from.uri), "sip:101@pbx.example");
  ASSERT_EQ(notify(pbx, subscribes[0], told(presence::DialogState::early)), 200);
  for (const auto* phone : {&first, &second}) {
    EXPECT_TRUE(is_lit(*phone)) << phone->lamp;
    EXPECT_NE(phone->lamp.find("entity=\"sip:205@pbx.example.com\""), std::string::npos) << "as the phone asked";
    EXPECT_NE(phone->lamp.find("display=\"Carla\""), std::string::npos);
  }
  EXPECT_EQ(notify(pbx, subscribes[0], idle()), 200);
  EXPECT_FALSE(is_lit(first));
  EXPECT_FALSE(is_lit(second));
}

TEST_P(UpstreamLamps, AMailboxIsAskedForAndLightsThatPersonsLamp) {
  ASSERT_EQ(asked("101", "message-summary").size(), 1u);
  auto lamp = at_desk(*desk);
  ASSERT_EQ(lamp.subscribe(keys_of(*desk), "101", "message-summary"), 200);
  ASSERT_EQ(notify(pbx, asked("101", "message-summary")[0], "Messages-Waiting: yes\r\nVoice-Message: 2/1\r\n"), 200);
  EXPECT_NE(lamp.mailbox.find("Voice-Message: 2/1"), std::string::npos) << lamp.mailbox;
  ASSERT_EQ(asked("102", "message-summary").size(), 1u);
  ASSERT_EQ(notify(pbx, asked("102", "message-summary")[0], "Messages-Waiting: yes\r\nVoice-Message: 9/9\r\n"), 200);
  EXPECT_NE(lamp.mailbox.find("Voice-Message: 2/1"), std::string::npos) << lamp.mailbox;
  sim.log_out(*desk);
  sim.run_for(20s);
  EXPECT_EQ(asked("101", "message-summary").back().expires, 0u) << "it ends with the registration";
}

TEST_P(UpstreamLamps, AnUpstreamWithoutMailboxesIsAskedOnceAndThatIsSaid) {
  pbx.registrar.subscriptions = 489;
  pbx.heard.clear();
  sim.restart_core();
  sim.run_for(30min);
  EXPECT_EQ(asked("101", "message-summary").size() + asked("102", "message-summary").size(), 1u);
  EXPECT_EQ(sim.audits("upstream.subscriptions_refused"), 1u);
}

TEST_P(UpstreamLamps, AreOffWhileItIsAwayAndComeBackWithIt) {
  auto lamp = at_desk(*desk);
  ASSERT_EQ(lamp.subscribe(keys_of(*desk), "205"), 200);
  sim.run_for(1s);
  ASSERT_EQ(notify(pbx, asked("205").back(), told(presence::DialogState::early)), 200);
  ASSERT_TRUE(is_lit(lamp));
  const auto yesterdays = asked("205").back();
  pbx.go_silent(true);
  sim.run_for(11min);
  EXPECT_FALSE(is_lit(lamp)) << "nothing is known of it";
  pbx.go_silent(false);
  const auto before = asked("205").size();
  sim.run_for(6min);
  ASSERT_GT(asked("205").size(), before);
  EXPECT_EQ(notify(pbx, yesterdays, told(presence::DialogState::early)), 481) << "yesterday's dialog";
  EXPECT_FALSE(is_lit(lamp));
  EXPECT_EQ(notify(pbx, asked("205").back(), told(presence::DialogState::early)), 200);
  EXPECT_TRUE(is_lit(lamp));
}

TEST_P(UpstreamLamps, WhoHasNoAccountWatchesWhatTheOutboundRulesLeadThere) {
  auto lamp = at_desk(*other);
  EXPECT_EQ(lamp.subscribe(keys_of(*other), "205"), 404) << "no account, no rule";
  OutboundRule rule;
  rule.name = "stayed";
  rule.position = 1;
  rule.pattern = "2xx";
  rule.trunks = {"old-pbx"};
  sim.have(Put<OutboundRule>{rule});
  EXPECT_EQ(lamp.subscribe(keys_of(*other), "205"), 404) << "a rule that isn't for such numbers of 103's";
  auto person = *sim.element().directory().extension(ExtensionNumber{"103"});
  person.may_call.insert(NumberClass::unknown);
  sim.have(PutExtension{person});
  EXPECT_EQ(lamp.subscribe(keys_of(*other), "205"), 200);
  sim.run_for(1s);
  ASSERT_EQ(asked("205").size(), 1u);
  ASSERT_EQ(notify(pbx, asked("205").back(), told(presence::DialogState::early)), 200);
  EXPECT_TRUE(is_lit(lamp));
}

TEST_P(UpstreamLamps, NobodyWatchesWhatHeMayNotCall) {
  auto lamp = at_desk(*desk);
  for (const auto* number : {"112", "*77*", "*31*112"})
    EXPECT_EQ(lamp.subscribe(keys_of(*desk), number), 404) << number;
  EXPECT_EQ(lamp.subscribe(keys_of(*desk), "205", "message-summary"), 404) << "another's mailbox";
  EXPECT_EQ(lamp.subscribe(keys_of(*desk), "102", "message-summary"), 404) << "another's mailbox";
  const auto yesterdays = keys_of(*desk);
  sim.log_out(*desk);
  sim.run_for(30s);
  EXPECT_NE(lamp.subscribe(keys_of(*desk), "205"), 200) << "an idle desk";
  EXPECT_NE(lamp.subscribe(yesterdays, "205"), 200) << "yesterday's credentials";
  EXPECT_TRUE(asked("205").empty());
}

TEST_P(UpstreamLamps, WhoHasNoAccountAnyMoreWatchesNoMore) {
  auto lamp = at_desk(*desk);
  ASSERT_EQ(lamp.subscribe(keys_of(*desk), "205"), 200);
  sim.run_for(1s);
  sim.have(Delete<UpstreamAccount>{"101"});
  sim.run_for(2s);
  EXPECT_EQ(lamp.lamps_over, 1u);
  sim.run_for(1min);
  EXPECT_EQ(asked("205").back().expires, 0u) << "and nobody is told any more";
}

TEST_P(UpstreamLamps, ANumberThatMovesHereIsOursFromThenOn) {
  auto lamp = at_desk(*desk);
  ASSERT_EQ(lamp.subscribe(keys_of(*desk), "205"), 200);
  sim.run_for(1s);
  sim.add_extension("205");
  sim.run_for(2s);
  EXPECT_EQ(lamp.lamps_over, 1u) << "the phone asks again";
  const auto size = asked("205").size();
  ASSERT_EQ(lamp.subscribe(keys_of(*desk), "205"), 200);
  sim.run_for(5s);
  EXPECT_EQ(asked("205").size(), size);
}

// ---- what somebody else says

TEST_P(UpstreamLamps, NobodyElseLightsThemThoughHeKnowsAllNamesOfTheDialog) {
  auto lamp = at_desk(*desk);
  ASSERT_EQ(lamp.subscribe(keys_of(*desk), "205"), 200);
  sim.run_for(1s);
  const auto subscribe = asked("205").back();
  Trunk carrier;
  carrier.name = "a-carrier";
  carrier.kind = TrunkKind::address;
  carrier.site = site();
  carrier.domain = "carrier.example";
  Provider provider{sim, site(), "198.51.100.9"};
  sim.names["carrier.example"] = {{provider.target()}, 300s, std::nullopt, false};
  sim.put_trunk(carrier);
  Provider second_pbx{sim, site(), "198.51.100.2"};
  sim.names["second.example"] = {{second_pbx.target()}, 300s, std::nullopt, false};
  auto second = trunk;
  second.name = "second";
  second.domain = "second.example";
  sim.put_trunk(second);
  sim.run_for(2s);
  Provider mallory{sim, site(), "203.0.113.66"}, there{sim, another_site(), "198.51.100.1"};
  for (auto* forger : {&provider, &second_pbx, &mallory, &there}) {
    EXPECT_EQ(notify(*forger, subscribe, told(presence::DialogState::early)), 403) << to_string(forger->at().peer);
    EXPECT_EQ(notify(*forger, subscribe, "",
                     [](sip::Message& m) { m.set_header("Subscription-State", "terminated;reason=rejected"); }),
              403);
    EXPECT_FALSE(is_lit(lamp));
  }
  EXPECT_EQ(notify(pbx, subscribe, told(presence::DialogState::early)), 200) << "nothing has ended by it";
  EXPECT_TRUE(is_lit(lamp));
}

TEST_P(UpstreamLamps, WithAWrongTagItIsRefusedFromItsOwnAddressToo) {
  auto lamp = at_desk(*desk);
  ASSERT_EQ(lamp.subscribe(keys_of(*desk), "205"), 200);
  ASSERT_EQ(lamp.subscribe(keys_of(*desk), "206"), 200);
  sim.run_for(1s);
  const auto subscribe = asked("205").back(), another = asked("206").back();
  const auto early = told(presence::DialogState::early);
  EXPECT_EQ(notify(pbx, subscribe, early, [](sip::Message& m) { m.to.params.set("tag", "x"); }), 481);
  EXPECT_EQ(notify(pbx, subscribe, early, [](sip::Message& m) { m.from.params.set("tag", "x"); }), 481);
  EXPECT_EQ(notify(pbx, subscribe, early, [](sip::Message& m) { m.call_id = "x"; }), 481);
  EXPECT_EQ(notify(pbx, subscribe, early, [&](sip::Message& m) { m.to = another.from; }), 481);
  EXPECT_FALSE(is_lit(lamp));
}

TEST_P(UpstreamLamps, ADeskThatAsksForEverythingFillsItsOwnShareOnly) {
  auto lamp = at_desk(*desk);
  int refused = 0;
  for (int number = 1'000; number < 1'250; ++number)
    refused += lamp.subscribe(keys_of(*desk), std::to_string(number)) == 200 ? 0 : 1;
  EXPECT_EQ(refused, 50) << "200 keys a phone";
  sim.run_for(30s);
  EXPECT_LE(pbx.count("SUBSCRIBE"), 205u);
}

INSTANTIATE_TEST_SUITE_P(AtASite, UpstreamLamps, testing::Values("local", "branch-1"),
                         [](const auto& row) { return std::string{row.param} == "local" ? "Core" : "Branch"; });

}  // namespace
}  // namespace roamdesk::sim
