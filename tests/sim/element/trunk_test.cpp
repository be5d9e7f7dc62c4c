#include <gtest/gtest.h>

#include "tests/sim/element/handset.hpp"
#include "tests/sim/element/provider.hpp"

// A trunk, from the name to a call in either direction; at the core's own networks and at a branch.
namespace roamdesk::sim {
namespace {

class TrunkTest : public testing::TestWithParam<const char*> {
 protected:
  TrunkTest() {
    sim.add_extension("101");
    desk = &sim.add_desk(1, site());
    sim.log_in(*desk, "101");
    EXPECT_TRUE(sim.run_until([&] { return sim.is_at_desk(*desk, "101"); }, 60s));
    sim.have(Put<InboundNumber>{{"+4930123456", "+4930123456", ExtensionNumber{"101"}, 0}});
    OutboundRule rule;
    rule.name = "all";
    rule.position = 1;
    rule.pattern = "0.";
    rule.trunks = {"provider"};
    sim.have(Put<OutboundRule>{rule});
  }
  static SiteId site() { return SiteId{GetParam()}; }

  static Trunk registering() {
    Trunk trunk;
    trunk.name = "provider";
    trunk.site = site();
    trunk.domain = "provider.example";
    trunk.user = "4930123";
    trunk.password = Secret{"secret"};
    trunk.country = "DE";
    trunk.area_code = "30";
    return trunk;
  }
  static Trunk by_address() {
    auto trunk = registering();
    trunk.kind = TrunkKind::address;
    trunk.ping = 30s;
    return trunk;
  }
  void located_at(const std::vector<const Provider*>& servers) {
    names::Located located;
    located.ttl = 300s;
    for (const auto* server : servers) located.targets.push_back(server->target());
    sim.names["provider.example"] = located;
  }
  void start(Trunk trunk) {
    if (!sim.names.contains("provider.example")) located_at({&provider});
    sim.put_trunk(trunk);
    sim.run_for(2s);
  }
  trunks::Status status(const std::string& name = "provider") const {
    const auto& trunks = sim.element().outside().trunks();
    return trunks.machine(*trunks.find(name))->status();
  }
  trunks::Condition condition() const { return status().condition; }
  // The final answer that the phone at the desk hears.
  int dial(const std::string& number, Duration patience = 5s) {
    const auto call = desk->dial(number);
    sim.run_until([&] { return desk->call(call) && desk->call(call)->status >= 200; }, patience);
    return desk->call(call) ? desk->call(call)->status : 0;
  }
  void hang_up() {
    desk->hang_up();
    sim.run_for(1s);
  }

  Simulation sim;
  DeskPhone* desk = nullptr;
  Provider provider{sim, site(), "198.51.100.1"};
};

TEST_P(TrunkTest, RegistersWhereItsNameLeads) {
  start(registering());
  EXPECT_EQ(condition(), trunks::Condition::registered);
  ASSERT_TRUE(provider.contact);
  EXPECT_EQ(to_string(provider.last("REGISTER")->request_uri), "sip:provider.example");
  EXPECT_EQ(provider.contact->host, to_string(sim.face(site()).address));
  EXPECT_EQ(sim.standing_at(provider.at()), sip::Standing::peer) << "the edges keep its flow";
  sim.run_for(30min);
  EXPECT_TRUE(provider.contact);
  EXPECT_GE(provider.count("REGISTER"), 5u);
}

TEST_P(TrunkTest, SaysAWrongPasswordInWordsAndKeepsItsRegistrationsExchangeWithoutSecrets) {
  provider.registrar.password = "another";
  start(registering());
  EXPECT_EQ(condition(), trunks::Condition::refused);
  EXPECT_EQ(status().reason, "wrong password: the provider answered 401 Unauthorized to REGISTER");
  const auto said = sim.element().outside().last_registration("provider");
  ASSERT_EQ(said.size(), 4u) << "REGISTER, 401, REGISTER, 401";
  EXPECT_TRUE(said[0].text.starts_with("REGISTER sip:provider.example")) << said[0].text;
  EXPECT_TRUE(said[3].text.starts_with("SIP/2.0 401")) << said[3].text;
  for (const auto& one : said) {
    EXPECT_EQ(one.text.find("response="), std::string::npos);
    EXPECT_EQ(one.text.find("nonce=\""), std::string::npos) << one.text;
  }
  EXPECT_EQ(sim.audits("trunk.changed"), 1u);
}

TEST_P(TrunkTest, OneAccountThatIsRefusedLeavesTheOthersRegistered) {
  Provider second{sim, site(), "198.51.100.2"};
  second.registrar.refuses = 403;
  sim.names["second.example"] = {{second.target()}, 300s, std::nullopt, false};
  start(registering());
  auto other = registering();
  other.name = "second";
  other.domain = "second.example";
  start(other);
  sim.run_for(10min);
  EXPECT_EQ(condition(), trunks::Condition::registered);
  EXPECT_EQ(status("second").condition, trunks::Condition::refused);
  EXPECT_LE(second.count("REGISTER"), 3u);
}

TEST_P(TrunkTest, ACallFromOutsideRingsAtTheDeskOfWhoseNumberItIs) {
  start(registering());
  EXPECT_EQ(provider.call("+4930123456", [](sip::Message& m) { m.to.uri.user = "+4930123456"; }), 200);
  const auto calls = sim.element().calls();
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].to.number, "101");
  EXPECT_EQ(calls[0].from.number, "+49301234567");
  provider.out.hang_up();
  for (auto bytes = provider.out.poll_bytes(); bytes; bytes = provider.out.poll_bytes()) sim.say(provider.at(), *bytes);
  sim.run_for(2s);
  EXPECT_TRUE(sim.element().calls().empty());
  EXPECT_EQ(provider.call("+4930999999", [](sip::Message& m) { m.to.uri.user = "+4930999999"; }), 404)
      << "a number that is nobody's";
}

TEST_P(TrunkTest, ByAddressTheRequestUriHasTheNumber) {
  provider.account.clear();
  start(by_address());
  EXPECT_EQ(condition(), trunks::Condition::ready);
  EXPECT_EQ(provider.call("004930123456"), 200);
}

TEST_P(TrunkTest, SaysThatItsNameDoesNotExist) {
  sim.names["unrelated"] = {};
  auto trunk = registering();
  trunk.domain = "nowhere.example";
  sim.put_trunk(trunk);
  sim.run_for(1s);
  EXPECT_EQ(condition(), trunks::Condition::not_located);
  EXPECT_NE(status().reason.find("nowhere.example"), std::string::npos);
}

TEST_P(TrunkTest, ACallToAnOutsideNumberGoesByTheFlowThatIsRegistered) {
  start(registering());
  EXPECT_EQ(dial("0301234567"), 200);
  const auto* invite = provider.last("INVITE");
  ASSERT_TRUE(invite);
  EXPECT_EQ(to_string(invite->request_uri), "sip:+49301234567@provider.example") << "the name, not the address";
  EXPECT_EQ(invite->contact.at(0).uri, *provider.contact) << "what is registered";
  hang_up();
  EXPECT_EQ(provider.count("BYE"), 1u);
}

TEST_P(TrunkTest, AChallengeToAnInviteIsAnswered) {
  start(registering());
  provider.out.challenges = calls::sim::Challenging{};
  EXPECT_EQ(dial("0301234567"), 200);
  EXPECT_EQ(provider.count("INVITE"), 2u);
  hang_up();
  EXPECT_EQ(dial("0301234567"), 200);
  EXPECT_EQ(provider.count("INVITE"), 3u) << "the next one brings its answer along";
}

TEST_P(TrunkTest, WithoutARegistrationACallIsRefusedAtOnce) {
  provider.registrar.password = "another";
  start(registering());
  EXPECT_EQ(dial("0301234567"), 503);
  EXPECT_EQ(provider.count("INVITE"), 0u);
}

TEST_P(TrunkTest, AServerThatDiesInTheNightCostsTheNextCallOneTimeoutAndTheOneAfterNothing) {
  Provider second{sim, site(), "198.51.100.2"};
  second.registrar.only_own_flow = false;
  located_at({&provider, &second});
  start(registering());
  ASSERT_EQ(status().server->key(), (trunks::ServerKey{sip::Transport::udp, provider.at().peer}));
  provider.go_silent(true);
  const auto begun = sim.time();
  EXPECT_EQ(dial("0301234567", 10s), 200);
  EXPECT_LT(sim.time() - begun, 6s);
  EXPECT_EQ(second.count("INVITE"), 1u);
  hang_up();
  sim.run_for(1s);
  EXPECT_EQ(status().server->key().endpoint, second.at().peer) << "the registration has followed";
  const auto next = sim.time();
  EXPECT_EQ(dial("0301234567"), 200);
  EXPECT_LT(sim.time() - next, 3s);
  hang_up();
  provider.go_silent(false);
  sim.run_for(10min);
  EXPECT_EQ(status().server->key().endpoint, provider.at().peer) << "back at the first";
}

TEST_P(TrunkTest, AllServersSaying503EndTheCallInUnder2sWithOneInviteEach) {
  Provider second{sim, site(), "198.51.100.2"}, third{sim, site(), "198.51.100.3"};
  for (auto* each : {&provider, &second, &third}) {
    each->account.clear();
    each->out.habits.refuses = 503;
  }
  located_at({&provider, &second, &third});
  start(by_address());
  const auto begun = sim.time();
  EXPECT_GE(dial("0301234567"), 500);
  EXPECT_LT(sim.time() - begun, 2s);
  sim.run_for(40s);
  for (auto* each : {&provider, &second, &third}) {
    EXPECT_EQ(each->count("INVITE"), 1u);
    EXPECT_EQ(each->count("ACK"), 1u);
  }
}

TEST_P(TrunkTest, AProcessThatEndsInACallSendsAByeToTheProviderAsWell) {
  start(registering());
  ASSERT_EQ(dial("0301234567"), 200);
  sim.run_for(1s);
  sim.restart_core();
  sim.run_for(10s);
  EXPECT_EQ(provider.count("BYE"), 1u);
  EXPECT_EQ(sim.stored_dialogs(), 0u);
  EXPECT_EQ(condition(), trunks::Condition::registered);
}

TEST_P(TrunkTest, WhatAPersonMayNotCallIsRefusedHoweverItIsWritten) {
  start(registering());
  for (const auto* number :
       {"0033142685300", "00-33-1-42-68-53-00", "09001234567", "00499001234567", "*31*09001234567"})
    EXPECT_EQ(dial(number), 403) << number;
  EXPECT_EQ(dial("+33142685300"), 404) << "no rule takes it";
  EXPECT_EQ(provider.count("INVITE"), 0u);
  Extension person;
  person.number = ExtensionNumber{"101"};
  person.may_call.insert(NumberClass::international);
  sim.have(PutExtension{person});
  EXPECT_EQ(dial("0033142685300"), 200);
  EXPECT_EQ(provider.last("INVITE")->request_uri.user, "+33142685300");
}

TEST_P(TrunkTest, APersonHasFourCallsOutsideAtOnceAndAsManyAgainWhenTheyAreOver) {
  start(registering());
  for (int round = 0; round < 2; ++round) {
    for (int n = 0; n < 4; ++n) EXPECT_EQ(dial("0301234567"), 200) << n;
    EXPECT_EQ(dial("0301234567"), 403);
    hang_up();
  }
  EXPECT_EQ(provider.count("INVITE"), 8u);
}

TEST_P(TrunkTest, ATrunkThatIsFullTakesNoMoreCallsInEitherDirection) {
  auto trunk = registering();
  trunk.calls = 1;
  start(trunk);
  EXPECT_EQ(dial("0301234567"), 200);
  EXPECT_EQ(dial("0301234567"), 486);
  EXPECT_EQ(provider.call("+4930123456"), 486);
  hang_up();
  EXPECT_EQ(dial("0301234567"), 200);
}

TEST_P(TrunkTest, BehindTheCodeThatHidesItACallShowsNoNumber) {
  auto trunk = registering();
  trunk.main_number = "+4930123456";
  start(trunk);
  EXPECT_EQ(dial("0301234567"), 200);
  EXPECT_EQ(provider.last("INVITE")->from.uri.user, "+4930123456");
  hang_up();
  EXPECT_EQ(dial("*31*0301234567"), 200);
  const auto* invite = provider.last("INVITE");
  EXPECT_EQ(invite->request_uri.user, "+49301234567");
  EXPECT_EQ(invite->from.uri.user, "anonymous");
  EXPECT_EQ(invite->header("Privacy"), "id");
}

TEST_P(TrunkTest, IsGoneWhenItIsDeleted) {
  start(registering());
  sim.delete_trunk("provider");
  sim.run_for(1s);
  EXPECT_FALSE(provider.contact) << "it said good-bye";
  EXPECT_TRUE(sim.element().outside().trunks().empty());
  EXPECT_NE(provider.call("+4930123456"), 200);
}

INSTANTIATE_TEST_SUITE_P(AtASite, TrunkTest, testing::Values("local", "branch-1"),
                         [](const auto& row) { return std::string{row.param} == "local" ? "Core" : "Branch"; });

// ---- over connections

class TrunkConnection : public testing::Test {
 protected:
  TrunkConnection() {
    sim.names["provider.example"] = {
        {{sip::Transport::tls, provider.at().peer, "sip1.example", 300s}}, 300s, std::nullopt, false};
    Trunk trunk;
    trunk.name = "provider";
    trunk.domain = "provider.example";
    trunk.user = "4930123";
    trunk.password = Secret{"secret"};
    sim.put_trunk(trunk);
    sim.run_for(2s);
  }
  trunks::Status status() const {
    const auto& trunks = sim.element().outside().trunks();
    return trunks.machine(*trunks.find("provider"))->status();
  }
  Simulation sim;
  Provider provider{sim, local_site(), "198.51.100.1", 5061, sip::Transport::tls};
};

TEST_F(TrunkConnection, OverTlsTheDomainsNameIsWantedWhateverSrvSays) {
  EXPECT_EQ(status().condition, trunks::Condition::registered);
  EXPECT_EQ(sim.tls_names.at(provider.at()).name, "provider.example");
}

TEST_F(TrunkConnection, ACertificateThatDoesNotFitIsSaid) {
  sim.listen(provider.at(), nullptr);
  sim.run_for(1min);
  provider.close("its certificate is for another name");
  sim.run_for(50ms);
  EXPECT_EQ(status().condition, trunks::Condition::unreachable);
  EXPECT_EQ(status().reason.substr(0, 16), "no connection to");
}

}  // namespace
}  // namespace roamdesk::sim
