#include <gtest/gtest.h>

#include <memory>

#include "tests/sim/element/trunk_office.hpp"

// A provider whose calls come from other addresses than its server's: they may say as much as the server may
// (sip::Standing::peer), once they have shown that they hear us, and a bounded number of them.
namespace roamdesk::sim {
namespace {

class TrunkSource : public testing::TestWithParam<const char*>, protected TrunkOffice {
 protected:
  TrunkSource() : TrunkOffice(site(), "198.51.100.1") {
    trunk.sources = {"198.51.100.64/26"};
    put();
  }
  static SiteId site() { return SiteId{GetParam()}; }
  // The final answer to a call from there.
  int call_from(Provider& there) {
    there.contact = provider.contact;
    const int status = there.call("+4930123456", to_number);
    sim.run_for(1s);
    there.out.send("BYE");
    for (auto bytes = there.out.poll_bytes(); bytes; bytes = there.out.poll_bytes()) sim.say(there.at(), *bytes);
    sim.run_for(1s);
    return status;
  }
  std::size_t peers(const std::vector<std::unique_ptr<Provider>>& all) const {
    return static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [&](const auto& each) { return sim.standing_at(each->at()) == sip::Standing::peer; }));
  }
};

TEST_P(TrunkSource, ThatHearsUsMaySayAsMuchAsTheServer) {
  Provider source{sim, site(), "198.51.100.70"};
  EXPECT_EQ(sim.standing_at(provider.at()), sip::Standing::peer);
  EXPECT_EQ(call_from(source), 200);
  EXPECT_EQ(sim.standing_at(source.at()), sip::Standing::peer);
}

TEST_P(TrunkSource, OfAnotherAddressIsAStranger) {
  Provider outsider{sim, site(), "198.51.100.130"};
  EXPECT_EQ(call_from(outsider), 401);
  EXPECT_EQ(sim.standing_at(outsider.at()), sip::Standing::unproven);
}

// Anybody can send in a source's name over UDP: only who has it hears our tag.
TEST_P(TrunkSource, ThatIsForgedGetsNoMoreThanItHad) {
  Provider source{sim, site(), "198.51.100.70"};
  ASSERT_EQ(call_from(source), 200);
  const auto invite = [&](std::uint16_t port, const std::string& tag) {
    const auto at = "198.51.100.71:" + std::to_string(port), n = std::to_string(port);
    return "INVITE " + to_string(*provider.contact) + " SIP/2.0\r\nVia: SIP/2.0/UDP " + at + ";branch=z9hG4bK" + n +
           "\r\nFrom: <sip:x@provider.example>;tag=f" + n + "\r\nTo: <sip:+4930123456@provider.example>" + tag +
           "\r\nCall-ID: forged-" + n + "\r\nCSeq: 1 INVITE\r\nContact: <sip:x@" + at +
           ">\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
  };
  for (std::uint16_t port = 2000; port < 2100; ++port) {
    const sip::FlowAddress forged{site(), sip::Transport::udp, sim.face(site()),
                                  *parse_endpoint("198.51.100.71:" + std::to_string(port))};
    sim.say(forged, invite(port, ""));
    auto ack = invite(port, ";tag=guessed");
    for (auto at = ack.find("INVITE"); at != std::string::npos; at = ack.find("INVITE")) ack.replace(at, 6, "ACK");
    sim.say(forged, ack);
    sim.run_for(100ms);
    EXPECT_NE(sim.standing_at(forged), sip::Standing::peer) << port;
  }
  EXPECT_EQ(sim.standing_at(source.at()), sip::Standing::peer) << "nor does it cost the true one its own";
}

TEST_P(TrunkSource, IsOneOfABoundedNumberAndTheLongestSilentOneGivesWay) {
  std::vector<std::unique_ptr<Provider>> sources;
  for (int i = 0; i < 20; ++i) {
    sources.push_back(std::make_unique<Provider>(sim, site(), "198.51.100." + std::to_string(65 + i)));
    ASSERT_EQ(call_from(*sources.back()), 200) << i;
  }
  EXPECT_EQ(peers(sources), element::Outside::most_sources);
  EXPECT_EQ(sim.standing_at(sources.front()->at()), sip::Standing::proven);
  EXPECT_EQ(sim.standing_at(sources.back()->at()), sip::Standing::peer);
  EXPECT_EQ(sim.standing_at(provider.at()), sip::Standing::peer) << "a server never";
  ASSERT_EQ(call_from(provider), 200);
  EXPECT_EQ(peers(sources), element::Outside::most_sources) << "nor does it take a place";
  // Whose source it is no more has no more than others.
  trunk.sources = {"198.51.100.84"};
  sim.put_trunk(trunk);
  sim.run_for(1s);
  EXPECT_EQ(peers(sources), 0u);
  EXPECT_EQ(call_from(*sources[18]), 401);
  EXPECT_EQ(call_from(*sources[19]), 200) << "65 + 19";
  EXPECT_EQ(peers(sources), 1u);
}

TEST_P(TrunkSource, ThatCallsOftenHasOnePlaceAlone) {
  Provider rare{sim, site(), "198.51.100.70"}, busy{sim, site(), "198.51.100.71"};
  ASSERT_EQ(call_from(rare), 200);
  for (std::size_t i = 0; i <= element::Outside::most_sources; ++i) ASSERT_EQ(call_from(busy), 200) << i;
  EXPECT_EQ(sim.standing_at(rare.at()), sip::Standing::peer);
}

TEST_P(TrunkSource, ThatHasBecomeAServerKeepsWhatAServerHas) {
  Provider source{sim, site(), "198.51.100.70"};
  ASSERT_EQ(call_from(source), 200);
  sim.names["provider.example"] = {{source.target()}, 300s, std::nullopt, false};
  sim.run_for(6min);
  ASSERT_TRUE(source.contact) << "we are registered there now";
  provider.contact = source.contact;
  std::vector<std::unique_ptr<Provider>> sources;
  for (std::size_t i = 0; i <= element::Outside::most_sources; ++i) {
    sources.push_back(std::make_unique<Provider>(sim, site(), "198.51.100." + std::to_string(80 + i)));
    ASSERT_EQ(call_from(*sources.back()), 200) << i;
  }
  EXPECT_EQ(sim.standing_at(source.at()), sip::Standing::peer);
}

TEST_P(TrunkSource, OfBothTrunksLosesNothingWithOneOfThem) {
  Trunk second = trunk;
  second.name = "second", second.user = "4930999", second.sources = {"198.51.100.70"};
  sim.put_trunk(second);
  sim.run_for(2s);
  Provider source{sim, site(), "198.51.100.70"};
  for (const auto* user : {"4930123", "4930999"}) {
    provider.contact = provider.contacts.at(user);
    ASSERT_EQ(call_from(source), 200) << user;
  }
  sim.delete_trunk("second");
  sim.run_for(1s);
  EXPECT_EQ(sim.standing_at(source.at()), sip::Standing::peer) << "it is the first one's still";
  trunk.sources.clear();
  sim.put_trunk(trunk);
  sim.run_for(1s);
  EXPECT_NE(sim.standing_at(source.at()), sip::Standing::peer);
}

// Two accounts at one provider.
TEST_P(TrunkSource, OfTwoTrunksKeepsWhatItHasWhenOneOfThemGoes) {
  Trunk second = trunk;
  second.name = "second", second.user = "4930999", second.sources = {"198.51.100.70", "198.51.100.1"};
  sim.put_trunk(second);
  sim.run_for(2s);
  Provider source{sim, site(), "198.51.100.70"};
  ASSERT_EQ(call_from(source), 200);
  trunk.sources.clear();
  sim.put_trunk(trunk);
  sim.run_for(1s);
  ASSERT_EQ(call_from(source), 200) << "by the other one";
  EXPECT_EQ(sim.standing_at(source.at()), sip::Standing::peer);
  sim.delete_trunk("second");
  sim.run_for(1s);
  EXPECT_NE(sim.standing_at(source.at()), sip::Standing::peer);
  EXPECT_EQ(sim.standing_at(provider.at()), sip::Standing::peer) << "one's server is no source of the other's";
}

INSTANTIATE_TEST_SUITE_P(AtASite, TrunkSource, testing::Values("local", "branch-1"),
                         [](const auto& row) { return std::string_view{row.param} == "local" ? "Core" : "Branch"; });

}  // namespace
}  // namespace roamdesk::sim
