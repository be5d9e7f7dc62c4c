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
  EXPECT_EQ(sim.standing_at(provider.at()), sip::Standing::registered) << "the edges keep its flow";
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
  EXPECT_EQ(calls[0].from.number, "0301234567");
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
