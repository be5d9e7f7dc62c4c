#include <gtest/gtest.h>

#include "tests/sim/element/trunk_office.hpp"

// What a trunk, or somebody who plays one, may do: call numbers of ours, and nothing else. Beside the core, at a
// branch, and beside the core over IPv6, where the stranger has an address in the trunk's own network of 64 bits.
namespace roamdesk::sim {
namespace {

class TrunkAttack : public testing::TestWithParam<const char*>, protected TrunkOffice {
 protected:
  TrunkAttack() : TrunkOffice(site(), trunks_ip()) {
    sim.add_extension("102");
    other = &sim.add_desk(2, site());
    sim.log_in(*other, "102");
    EXPECT_TRUE(sim.run_until([&] { return sim.is_at_desk(*other, "102"); }, 60s));
    put();
  }
  static bool over_ipv6() { return std::string_view{GetParam()} == "ipv6"; }
  static SiteId site() { return over_ipv6() ? local_site() : SiteId{GetParam()}; }
  static const char* trunks_ip() { return over_ipv6() ? "2001:db8:1::10" : "198.51.100.1"; }
  static const char* strangers_ip() { return over_ipv6() ? "2001:db8:1::66" : "203.0.113.66"; }
  static SiteId another_site() { return site() == local_site() ? branch() : local_site(); }

  DeskPhone* other = nullptr;
};

TEST_P(TrunkAttack, AnotherAddressIsNoTrunkWhateverItSays) {
  Provider mallory{sim, site(), strangers_ip()};
  mallory.contact = provider.contact;  // the token that it has overheard
  EXPECT_EQ(mallory.call("+4930123456", to_number), 401) << "a stranger is challenged, as ever";
  mallory.contact.reset();
  EXPECT_EQ(mallory.call("+4930123456", [&](sip::Message& m) { m.from.uri.host = "provider.example"; }), 401);
  EXPECT_TRUE(sim.element().calls().empty());
}

TEST_P(TrunkAttack, ItsAddressAtAnotherSiteIsAnother) {
  Provider there{sim, another_site(), trunks_ip()};
  there.contact = provider.contact;
  EXPECT_EQ(there.call("+4930123456", to_number), 401);
}

TEST_P(TrunkAttack, YesterdaysTokenFromElsewhereIsWorthNothingAndFromItsAddressNoMoreThanTheAddress) {
  const auto yesterdays = *provider.contact;
  trunk.password = Secret{"secret of today"};
  provider.registrar.password = "secret of today";
  sim.put_trunk(trunk);
  sim.run_for(2s);
  ASSERT_NE(provider.contact->user, yesterdays.user);
  Provider mallory{sim, site(), strangers_ip()};
  mallory.contact = yesterdays;
  EXPECT_EQ(mallory.call("+4930123456", to_number), 401);
  provider.contact = yesterdays;
  EXPECT_EQ(provider.call("+4930123456", to_number), 200) << "a call that was on its way";
}

TEST_P(TrunkAttack, ADisabledTrunksAddressIsAStrangers) {
  trunk.enabled = false;
  sim.put_trunk(trunk);
  sim.run_for(2s);
  EXPECT_EQ(provider.call("+4930123456", to_number), 401);
}

TEST_P(TrunkAttack, APhonesCredentialsMakeNoPhoneOfIt) {
  const auto keys = keys_of(*other);
  provider.registrar.only_own_flow = false;
  Handset handset{sim, site(), trunks_ip()};  // at the trunk's very address
  EXPECT_EQ(handset.register_as(keys), 403);
  EXPECT_EQ(handset.subscribe(keys, "101"), 403);
  EXPECT_EQ(handset.invite(keys, "101"), 404) << "an internal number is no outside caller's";
  EXPECT_TRUE(sim.is_at_desk(*other, "102"));
}

TEST_P(TrunkAttack, DialsNoCodeNoEmergencyNumberNoExtensionAndNoOutsideNumber) {
  const auto to = [&](const std::string& user) {
    return [user](sip::Message& m) { m.request_uri.user = m.to.uri.user = user; };
  };
  for (const auto* user : {"*77*", "*77*101*", "*77*5*", "%2A77*", "112", "911", "101", "HD0001", "00493099999"}) {
    provider.contact.reset();
    EXPECT_GE(provider.call(user, to(user)), 400) << user;
    EXPECT_NE(provider.status(), 503) << user << ": no announcement either";
  }
  EXPECT_EQ(
      provider.ask("INVITE", "sos", [](sip::Message& m) { m.request_uri = *sip::parse_uri("sip:sos@x.example"); }), 484)
      << "it names no number";
  EXPECT_TRUE(sim.element().calls().empty());
  EXPECT_EQ(sim.audits("emergency_call"), 0u);
}

TEST_P(TrunkAttack, RegistersSubscribesRefersAndReplacesNothing) {
  for (const auto* method : {"REGISTER", "SUBSCRIBE", "REFER"}) EXPECT_EQ(provider.ask(method, "101"), 403) << method;
  EXPECT_EQ(provider.ask("OPTIONS", ""), 200) << "whether we are there may be asked";
  // A call between two desks, which it would take over as one of them.
  const auto call = other->dial("101");
  ASSERT_TRUE(sim.run_until([&] { return other->call(call) && other->call(call)->up; }, 5s));
  EXPECT_EQ(provider.call("+4930123456",
                          [&](sip::Message& m) {
                            to_number(m);
                            m.from.uri.user = "101";
                            m.add_header("Replaces", "whatever;to-tag=a;from-tag=b");
                          }),
            481);
  EXPECT_TRUE(other->call(call)->up);
}

TEST_P(TrunkAttack, WhoSaysToBeAnExtensionIsShownAsUnknown) {
  trunk.country.clear();  // with one, 102 is read as a number of that country
  sim.put_trunk(trunk);
  EXPECT_EQ(provider.call("+4930123456",
                          [&](sip::Message& m) {
                            to_number(m);
                            m.from.uri.user = "102";
                            m.add_header("P-Asserted-Identity", "<sip:102@pbx.example.com>");
                          }),
            200);
  ASSERT_EQ(sim.element().calls().size(), 1u);
  EXPECT_EQ(sim.element().calls()[0].from.number, "unknown");
}

TEST_P(TrunkAttack, AByeFromAnotherAddressEndsNoCall) {
  ASSERT_EQ(provider.call("+4930123456", to_number), 200);
  sim.run_for(1s);
  auto& dialog = provider.out.at();
  Handset mallory{sim, site(), strangers_ip()};
  provider.out.send("BYE");
  auto bytes = provider.out.poll_bytes();
  ASSERT_TRUE(bytes);
  sim.say(mallory.at(), *bytes);
  sim.run_for(2s);
  EXPECT_EQ(sim.element().calls().size(), 1u) << dialog.call_id;
}

TEST_P(TrunkAttack, AFloodOfItsCallsCostsNoPhoneItsOwn) {
  for (int i = 0; i < 500; ++i)
    provider.call(
        "+49309999", [](sip::Message& m) { m.to.uri.user = "+49309999"; }, 0s);
  const auto call = other->dial("101");
  EXPECT_TRUE(sim.run_until([&] { return other->call(call) && other->call(call)->up; }, 5s));
  std::size_t taken = 0;
  for (const auto& dialog : provider.out.dialogs) taken += dialog.status == 404 ? 1 : 0;
  EXPECT_LT(taken, 150u) << "the rest was 503";
  other->hang_up();
  sim.run_for(5s);
  provider.out.dialogs.clear();
  EXPECT_EQ(provider.call("+4930123456", to_number), 200) << "and the trunk is heard again";
}

INSTANTIATE_TEST_SUITE_P(AtASite, TrunkAttack, testing::Values("local", "branch-1", "ipv6"), [](const auto& row) {
  const std::string_view param{row.param};
  return param == "local" ? "Core" : param == "ipv6" ? "CoreOverIpv6" : "Branch";
});

}  // namespace
}  // namespace roamdesk::sim
