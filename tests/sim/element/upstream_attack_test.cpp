#include "tests/sim/element/upstream_office.hpp"

// Whose account a call uses, and what somebody may do who sits at the upstream's address or says to.
namespace roamdesk::sim {
namespace {

class UpstreamAttack : public UpstreamOffice {
 protected:
  // That no call by anybody's account has left.
  void expect_no_call(const char* why) {
    EXPECT_EQ(pbx.count("INVITE"), 0u) << why;
    pbx.heard.clear();
  }
};

TEST_P(UpstreamAttack, NobodyCallsByAnothersAccount) {
  EXPECT_EQ(dial(*other, "205"), 404) << "103 has none, and 101's isn't for it";
  expect_no_call("without an account");
  // Whatever From says, it is the account of who authenticated.
  Handset handset{sim, site(), "10.0.0.77"};
  auto keys = keys_of(*other);
  keys.aor = "101";
  EXPECT_NE(handset.invite(keys, "205"), 200);
  expect_no_call("with another's name");
  sim.log_out(*other);
  sim.run_for(20s);
  EXPECT_EQ(dial(*other, "205"), 403) << "an idle desk";
  expect_no_call("from an idle desk");
}

TEST_P(UpstreamAttack, YesterdaysCredentialsCallNobodyThere) {
  const auto keys = keys_of(*desk);
  sim.log_out(*desk);
  sim.run_for(30s);
  Handset handset{sim, site(), "10.0.0.77"};
  EXPECT_NE(handset.invite(keys, "205"), 200);
  Handset there{sim, site(), to_string(desk->own().address), 5999};
  EXPECT_NE(there.invite(keys, "205"), 200);
  expect_no_call("of a session that has ended");
}

TEST_P(UpstreamAttack, WhoSitsAtTheDeskNowCallsByNoAccountOfWhoSatThere) {
  sim.log_in(*desk, "103");
  sim.run_for(60s);
  ASSERT_TRUE(sim.is_at_desk(*desk, "103"));
  EXPECT_EQ(dial(*desk, "205"), 404);
  expect_no_call("of who sat there before");
}

TEST_P(UpstreamAttack, ATokenFromElsewhereIsAStrangersAndAtAnotherSiteToo) {
  Provider mallory{sim, site(), "203.0.113.66"};
  EXPECT_EQ(call_contact(mallory, pbx.contacts.at("101")), 401) << "overheard";
  Provider there{sim, another_site(), "198.51.100.1"};
  EXPECT_EQ(call_contact(there, pbx.contacts.at("101")), 401);
  EXPECT_EQ(call_contact(there, pbx.contacts.at("101"), [](sip::Message& m) { m.from.uri.host = "pbx.example"; }), 401);
  EXPECT_TRUE(sim.element().calls().empty());
}

TEST_P(UpstreamAttack, AtItsAddressWithoutATokenThereIsOnlyWhatATrunkGets) {
  for (const auto* user :
       {"101", "102", "103", "HD0001", "*77*", "*77*101*", "112", "0301234567", "u00000000000000000000000", "u"}) {
    auto contact = pbx.contacts.at("101");
    contact.user = user;
    const auto status = call_contact(pbx, contact);
    EXPECT_GE(status, 400) << user;
    EXPECT_NE(status, 480) << user << ": not even whether somebody is there";
  }
  for (const auto* method : {"REGISTER", "SUBSCRIBE", "REFER"}) {
    EXPECT_EQ(pbx.ask(method, "101"), 403) << method;
    EXPECT_EQ(pbx.ask(method, pbx.contacts.at("101").user), 403) << method;
  }
  EXPECT_TRUE(sim.element().calls().empty());
  EXPECT_EQ(sim.audits("emergency_call"), 0u);
}

TEST_P(UpstreamAttack, FromAndToMakeNoAccountOfACall) {
  auto contact = pbx.contacts.at("101");
  contact.user = "102";
  EXPECT_EQ(call_contact(pbx, contact,
                         [&](sip::Message& m) {
                           m.from.uri = pbx.contacts.at("101");
                           m.to.uri = pbx.contacts.at("101");
                           m.add_header("P-Called-Party-ID", "<sip:101@pbx.example>");
                         }),
            404);
}

TEST_P(UpstreamAttack, YesterdaysTokensAreNobodys) {
  const auto old = pbx.contacts.at("101");
  auto changed = account("101");
  changed.password = Secret{"another"};
  pbx.registrar.passwords["101"] = "another";
  put(changed);
  sim.run_for(2s);
  ASSERT_NE(pbx.contacts.at("101").user, old.user);
  EXPECT_EQ(call_contact(pbx, old), 404) << "of another password";
  const auto removed = pbx.contacts.at("102");
  sim.have(Delete<UpstreamAccount>{"102"});
  sim.run_for(2s);
  EXPECT_EQ(call_contact(pbx, removed), 404) << "of an account that isn't there";
  EXPECT_EQ(call_account("101"), 200);
}

TEST_P(UpstreamAttack, AnUpstreamAndATrunkAtOneAddressAreToldApartByTheContact) {
  Trunk carrier;
  carrier.name = "a-carrier";
  carrier.kind = TrunkKind::address;
  carrier.site = site();
  carrier.domain = "198.51.100.1";
  carrier.country = "DE";
  sim.names["198.51.100.1"] = {{pbx.target()}, 300s, std::nullopt, false};
  sim.put_trunk(carrier);
  sim.have(Put<InboundNumber>{{"+4930123456", "+4930123456", ExtensionNumber{"103"}, 0}});
  sim.run_for(2s);
  ASSERT_EQ(call_account("101"), 200);
  ASSERT_EQ(sim.element().calls().size(), 1u);
  EXPECT_EQ(sim.element().calls()[0].to.number, "101");
  auto number = pbx.contacts.at("101");
  number.user = "+4930123456";
  EXPECT_EQ(call_contact(pbx, number, [](sip::Message& m) { m.to.uri.user = "+4930123456"; }), 200);
  const auto& trunks = sim.element().outside().trunks();
  EXPECT_EQ(trunks.calls(*trunks.find("old-pbx")), 1u);
  EXPECT_EQ(trunks.calls(*trunks.find("a-carrier")), 1u) << "the call without a token is the trunk's";
}

TEST_P(UpstreamAttack, AnotherUpstreamsTokenIsNoneHere) {
  Provider second{sim, site(), "198.51.100.2"};
  sim.names["second.example"] = {{second.target()}, 300s, std::nullopt, false};
  auto another = trunk;
  another.name = "second";
  another.domain = "second.example";
  sim.put_trunk(another);
  sim.run_for(2s);
  EXPECT_EQ(call_contact(second, pbx.contacts.at("101")), 404);
}

TEST_P(UpstreamAttack, NobodyElseLightsALamp) {
  Handset lamp{sim, site(), to_string(desk->own().address), 5999};
  ASSERT_EQ(lamp.subscribe(keys_of(*desk), "101", "message-summary"), 200);
  sim.run_for(1s);
  const auto before = lamp.mailbox;
  const auto tell = [&](Provider& from) {
    const auto status = from.ask("NOTIFY", pbx.contacts.at("101").user, [&](sip::Message& m) {
      m.to.uri.user = "101";
      m.from.uri.host = "pbx.example";
      m.add_header("Event", "message-summary");
      m.add_header("Subscription-State", "active");
      m.body = "Messages-Waiting: yes\r\nVoice-Message: 2/1\r\n";
    });
    sim.run_for(1s);
    return status;
  };
  Provider mallory{sim, site(), "203.0.113.66"}, there{sim, another_site(), "198.51.100.1"};
  EXPECT_NE(tell(mallory), 200);
  EXPECT_NE(tell(there), 200);
  auto carrier = trunk;
  carrier.name = "carrier";
  carrier.kind = TrunkKind::address;
  carrier.domain = "carrier.example";
  Provider provider{sim, site(), "198.51.100.9"};
  sim.names["carrier.example"] = {{provider.target()}, 300s, std::nullopt, false};
  sim.put_trunk(carrier);
  sim.run_for(1s);
  EXPECT_NE(tell(provider), 200) << "a trunk that isn't that upstream";
  EXPECT_EQ(lamp.mailbox, before);
}

TEST_P(UpstreamAttack, ItTakesOverNobodysCall) {
  const auto call = other->dial("101");
  ASSERT_TRUE(sim.run_until([&] { return other->call(call) && other->call(call)->up; }, 5s));
  EXPECT_EQ(call_account("101", [](sip::Message& m) { m.add_header("Replaces", "whatever;to-tag=a;from-tag=b"); }),
            481);
  EXPECT_TRUE(other->call(call)->up);
}

TEST_P(UpstreamAttack, WhoSaysToBeAnExtensionOfOursIsNotTakenForIt) {
  ASSERT_EQ(call_account("101", [](sip::Message& m) { m.from.uri.user = "103"; }), 200);
  ASSERT_EQ(sim.element().calls().size(), 1u);
  EXPECT_EQ(sim.element().calls()[0].from.number, "unknown") << "no lamp, no record, no call back is 103's";
  EXPECT_EQ(sim.element().calls()[0].from.display, "103") << "but it is shown who it says to be";
}

TEST_P(UpstreamAttack, AByeFromAnotherAddressEndsNoCall) {
  ASSERT_EQ(call_account("101"), 200);
  sim.run_for(1s);
  Handset mallory{sim, site(), "203.0.113.66"};
  pbx.out.send("BYE");
  const auto bytes = pbx.out.poll_bytes();
  ASSERT_TRUE(bytes);
  sim.say(mallory.at(), *bytes);
  sim.run_for(2s);
  EXPECT_EQ(sim.element().calls().size(), 1u);
}

TEST_P(UpstreamAttack, AFloodOfItsCallsCostsNoPhoneItsOwn) {
  const auto contact = pbx.contacts.at("102");
  for (int i = 0; i < 500; ++i) {
    pbx.contact = contact;
    pbx.call("102", {}, 0s);
  }
  const auto call = other->dial("101");
  EXPECT_TRUE(sim.run_until([&] { return other->call(call) && other->call(call)->up; }, 5s));
  std::size_t taken = 0;
  for (const auto& dialog : pbx.out.dialogs) taken += dialog.status == 480 ? 1 : 0;
  EXPECT_LT(taken, 150u) << "the rest was 503";
}

TEST_P(UpstreamAttack, AWrongPasswordOfOneCostsTheOthersNothing) {
  pbx.registrar.passwords["102"] = "another";
  sim.run_for(30min);
  EXPECT_EQ(condition("102"), upstream::Condition::refused);
  EXPECT_EQ(condition("101"), upstream::Condition::registered);
  EXPECT_EQ(sim.audits("upstream_account.changed_state"), 1u);
  EXPECT_EQ(call_account("101"), 200);
}

INSTANTIATE_TEST_SUITE_P(AtASite, UpstreamAttack, testing::Values("local", "branch-1"),
                         [](const auto& row) { return std::string{row.param} == "local" ? "Core" : "Branch"; });

}  // namespace
}  // namespace roamdesk::sim
