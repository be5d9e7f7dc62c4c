#include <gtest/gtest.h>

#include "exchange/trunks/trunks.hpp"

namespace roamdesk::trunks {
namespace {

using namespace std::chrono_literals;

// Which trunk a request is from: by its address, then by the Contact that it is sent to.
class Attribution : public testing::Test {
 protected:
  TrunkNumber have(const std::string& name, std::vector<Endpoint> servers, std::vector<std::string> sources = {},
                   sip::Transport transport = sip::Transport::udp, SiteId site = local_site()) {
    Trunk trunk;
    trunk.name = name;
    trunk.kind = TrunkKind::address;
    trunk.domain = name + ".example";
    trunk.site = std::move(site);
    trunk.sources = std::move(sources);
    trunks.put(trunk, now);
    const auto number = *trunks.find(name);
    names::Located located{{}, 300s, std::nullopt, false};
    for (const auto& at : servers) located.targets.push_back({transport, at, "", 300s});
    run(number);
    trunks.located(number, located, now);
    run(number);
    return number;
  }
  void run(TrunkNumber) {
    while (auto effect = trunks.poll_effect())
      if (const auto* dial = std::get_if<Dial>(&effect->second))
        trunks.dialled(effect->first, dial->server,
                       flow(dial->server.endpoint, dial->server.transport, trunks.machine(effect->first)->trunk().site),
                       now);
  }
  sip::Flow flow(const Endpoint& peer, sip::Transport transport = sip::Transport::udp, SiteId site = local_site()) {
    const sip::FlowAddress address{std::move(site), transport, {{0x0a000001}, 5060}, peer};
    return {flows.try_emplace(address, sip::FlowId{flows.size() + 1}).first->second, address};
  }
  static Endpoint at(unsigned last, std::uint16_t port = 5060) { return {{0xc6336400U + last}, port}; }

  TimePoint now{100h};
  unsigned tokens = 0;
  Trunks trunks{"test", [this] { return std::string(24, 'a') + std::to_string(10'000'000 + ++tokens); }};
  std::map<sip::FlowAddress, sip::FlowId> flows;
};

TEST_F(Attribution, IsByTheServersAddressAndPort) {
  const auto trunk = have("a", {at(1)});
  EXPECT_EQ(trunks.attribute(flow(at(1)), "x", Neighbours::at_port), trunk) << "whatever else is there";
  EXPECT_EQ(trunks.attribute(flow(at(2)), "x", Neighbours::none), std::nullopt);
  EXPECT_EQ(trunks.attribute(flow(at(1), sip::Transport::udp, SiteId{"branch-1"}), "x", Neighbours::none),
            std::nullopt);
}

TEST_F(Attribution, IsByTheIpAloneOnlyWhereNoPhoneIs) {
  const auto trunk = have("a", {at(1)});
  EXPECT_EQ(trunks.attribute(flow(at(1, 40000)), "x", Neighbours::none), trunk);
  EXPECT_EQ(trunks.attribute(flow(at(1, 40000), sip::Transport::tcp), "x", Neighbours::none), trunk);
  EXPECT_EQ(trunks.attribute(flow(at(1, 40000)), "x", Neighbours::at_address), std::nullopt);
}

TEST_F(Attribution, IsByTheSourcesThatAreNamedButNeverAtAPhonesOwnPort) {
  const auto trunk = have("a", {at(1)}, {"203.0.113.0/28", "192.0.2.7", "nonsense", "0.0.0.0/0"});
  const auto from = [&](const char* ip, Neighbours phones) {
    return trunks.attribute(flow({*parse_ipv4(ip), 50000}), "x", phones);
  };
  EXPECT_EQ(from("203.0.113.15", Neighbours::none), trunk);
  EXPECT_EQ(from("203.0.113.15", Neighbours::at_address), trunk);
  EXPECT_EQ(from("203.0.113.15", Neighbours::at_port), std::nullopt);
  EXPECT_EQ(from("203.0.113.16", Neighbours::none), std::nullopt);
  EXPECT_EQ(from("192.0.2.7", Neighbours::none), trunk);
  EXPECT_EQ(from("192.0.2.8", Neighbours::none), std::nullopt) << "the whole world is no source";
}

TEST_F(Attribution, OfTwoAtOneAddressIsTheOneWhoseContactIsCalled) {
  const auto a = have("a", {at(1)}), b = have("b", {at(1)});
  const auto token_of = [&](TrunkNumber trunk) { return trunks.machine(trunk)->contact_user(); };
  EXPECT_EQ(trunks.attribute(flow(at(1)), token_of(a), Neighbours::none), a);
  EXPECT_EQ(trunks.attribute(flow(at(1)), token_of(b), Neighbours::none), b);
  EXPECT_EQ(trunks.attribute(flow(at(1)), "4930123", Neighbours::none), a) << "the number decides, not the trunk";
  EXPECT_EQ(trunks.attribute(flow(at(9)), token_of(b), Neighbours::none), std::nullopt) << "a token lets nobody in";
}

TEST_F(Attribution, OfATrunkAndAnUpstreamAtOneAddressIsTheUpstreamWhereAnAccountsContactIsCalled) {
  const auto upstream = have("a", {at(1)});
  auto record = trunks.machine(upstream)->trunk();
  record.kind = TrunkKind::accounts;
  trunks.put(record, now);
  run(upstream);
  trunks.located(upstream, {{{sip::Transport::udp, at(1), "", 300s}}, 300s, std::nullopt, false}, now);
  const auto trunk = have("b", {at(1)});
  EXPECT_EQ(trunks.attribute(flow(at(1)), "u1", Neighbours::none, upstream), upstream);
  EXPECT_EQ(trunks.attribute(flow(at(1)), "+4930123", Neighbours::none), trunk);
  EXPECT_EQ(trunks.attribute(flow(at(1)), trunks.machine(upstream)->contact_user(), Neighbours::none), trunk)
      << "it has no Contact of its own";
  EXPECT_EQ(trunks.attribute(flow(at(2)), "u1", Neighbours::none, upstream), std::nullopt) << "a token lets nobody in";
}

TEST_F(Attribution, OfATrunkThatIsOffOrGoneIsNone) {
  const auto trunk = have("a", {at(1)});
  auto off = trunks.machine(trunk)->trunk();
  off.enabled = false;
  trunks.put(off, now);
  EXPECT_EQ(trunks.attribute(flow(at(1)), "x", Neighbours::none), std::nullopt);
  trunks.remove("a", now);
  run(trunk);
  EXPECT_TRUE(trunks.empty());
}

TEST_F(Attribution, BoundsTheInvitesOfEachTrunkByItself) {
  const auto a = have("a", {at(1)}), b = have("b", {at(2)});
  unsigned taken = 0;
  for (int i = 0; i < 1000; ++i) taken += trunks.take_invite(a, now) ? 1 : 0;
  EXPECT_EQ(taken, 60u);
  EXPECT_TRUE(trunks.take_invite(b, now));
  EXPECT_TRUE(trunks.take_invite(a, now + 1s));
}

TEST_F(Attribution, IsByTheSourcesOfIpv6) {
  const auto trunk = have(
      "a", {}, {"2001:db8:1::7", "2001:db8:2::/48", "2001:db8:3::f0/124", "::/0", "2001::/16", "::ffff:192.0.2.9"});
  const auto from = [&](const char* ip) {
    return trunks.attribute(flow({*parse_ip(ip), 50000}), "x", Neighbours::none);
  };
  for (const auto* ours : {"2001:db8:1::7", "2001:DB8:1:0::7", "2001:db8:2:ffff::1", "2001:db8:3::ff", "192.0.2.9"})
    EXPECT_EQ(from(ours), trunk) << ours;
  for (const auto* strange : {"2001:db8:1::8", "2001:db8:3::1", "2001:db8:3::100", "2001:db8:4::1", "2001:1::1", "::1",
                              "192.0.2.8", "0.0.0.7"})
    EXPECT_EQ(from(strange), std::nullopt) << strange << ": a neighbour in its network, or anybody else";
}

TEST_F(Attribution, OfAMappedAddressIsThatOfTheIpv4Address) {
  const auto trunk = have("a", {at(1)}, {"203.0.113.0/28"});
  EXPECT_EQ(trunks.attribute(flow({*parse_ip("::ffff:198.51.100.1"), 5060}), "x", Neighbours::at_port), trunk);
  EXPECT_EQ(trunks.attribute(flow({*parse_ip("::ffff:203.0.113.15"), 50000}), "x", Neighbours::none), trunk);
  EXPECT_EQ(trunks.attribute(flow({*parse_ip("::ffff:203.0.113.16"), 50000}), "x", Neighbours::none), std::nullopt);
  EXPECT_EQ(trunks.attribute(flow({*parse_ip("::203.0.113.15"), 50000}), "x", Neighbours::none), std::nullopt)
      << "which is another form";
}

TEST_F(Attribution, AtABranchTakesTheIpv4AddressesOfAName) {
  const auto trunk = have("a", {{*parse_ip("2001:db8::1"), 5060}, at(1)}, {}, sip::Transport::udp, SiteId{"branch-1"});
  EXPECT_EQ(trunks.attribute(flow(at(1), sip::Transport::udp, SiteId{"branch-1"}), "x", Neighbours::none), trunk);
  const auto six = have("b", {{*parse_ip("2001:db8::1"), 5060}}, {}, sip::Transport::udp, SiteId{"branch-1"});
  EXPECT_EQ(trunks.machine(six)->status().condition, Condition::not_located);
  EXPECT_NE(trunks.machine(six)->status().reason.find("IPv4"), std::string::npos);
}

}  // namespace
}  // namespace roamdesk::trunks
