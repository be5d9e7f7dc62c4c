#include "common/rtp/latch.hpp"

#include <gtest/gtest.h>

namespace roamdesk::media {
namespace {

using namespace std::chrono_literals;

class Latching : public testing::Test {
 protected:
  Latching() { latch.set_remote(named, named.address); }
  Endpoint named = *parse_endpoint("192.0.2.7:4000"), other_port = *parse_endpoint("192.0.2.7:4444"),
           stranger = *parse_endpoint("192.0.2.8:4000");
  TimePoint now{1h};
  Latch latch;
};

TEST_F(Latching, TakesTheAddressThatSdpNamed) {
  EXPECT_EQ(latch.target(), named);
  EXPECT_TRUE(latch.accept(named, now));
  EXPECT_EQ(latch.target(), named);
}

TEST_F(Latching, TakesAnotherPortOfTheSignallingsAddressAndAnswersWhereSdpSays) {
  EXPECT_TRUE(latch.accept(other_port, now));
  EXPECT_EQ(latch.target(), named);
}

TEST_F(Latching, RefusesStrangers) {
  EXPECT_FALSE(latch.accept(stranger, now));
  EXPECT_FALSE(latch.follow(stranger, now));
  latch.accept(named, now);
  EXPECT_FALSE(latch.accept(stranger, now + 10s));
  EXPECT_FALSE(latch.follow(stranger, now + 10s));
  EXPECT_EQ(latch.target(), named);
}

TEST_F(Latching, StaysWithTheFirstWhileItSpeaks) {
  latch.accept(named, now);
  EXPECT_FALSE(latch.accept(other_port, now + 1999ms));
  EXPECT_TRUE(latch.accept(named, now + 1999ms));
  EXPECT_FALSE(latch.accept(other_port, now + 3900ms));
}

TEST_F(Latching, TakesAnotherAfterTwoSecondsOfSilence) {
  latch.accept(named, now);
  EXPECT_TRUE(latch.accept(other_port, now + 2s));
}

TEST_F(Latching, FollowsAStreamThatGoesOnFromAnotherPortAtOnce) {
  latch.accept(named, now);
  EXPECT_TRUE(latch.follow(other_port, now + 20ms));
  EXPECT_TRUE(latch.accept(other_port, now + 40ms));
  EXPECT_EQ(latch.target(), named);
}

TEST_F(Latching, FollowsNobodyWhereNobodyWasHeard) { EXPECT_FALSE(latch.follow(other_port, now)); }

TEST_F(Latching, GivesThePlaceBackToTheNamedAddressAtOnce) {
  latch.accept(other_port, now);
  EXPECT_TRUE(latch.accept(named, now + 20ms));
  EXPECT_FALSE(latch.accept(other_port, now + 40ms));
}

TEST_F(Latching, BeginsAnewOnNewSdp) {
  latch.accept(named, now);
  latch.set_remote(stranger, named.address);
  EXPECT_EQ(latch.target(), std::nullopt);  // at another IP it has to be heard first
  EXPECT_TRUE(latch.accept(stranger, now));
  EXPECT_EQ(latch.target(), stranger);
}

TEST_F(Latching, StaysOnSdpThatSaysTheSame) {
  latch.accept(other_port, now);
  latch.set_remote(named, named.address);
  EXPECT_FALSE(latch.accept(*parse_endpoint("192.0.2.7:5555"), now + 20ms));
}

TEST_F(Latching, HasNoTargetUntilOneIsNamedOrHeard) {
  for (const auto& nowhere : {Endpoint{named.address, 0}, Endpoint{{}, 4000}}) {
    Latch fresh;
    fresh.set_remote(nowhere, named.address);
    EXPECT_EQ(fresh.target(), std::nullopt);
    EXPECT_TRUE(fresh.accept(other_port, now));
    EXPECT_EQ(fresh.target(), other_port);
  }
}

TEST_F(Latching, AnswersAPhoneBehindATranslatorWhereItIsHeard) {
  for (const auto* address : {"10.1.2.3:4000", "172.16.0.9:4000", "172.31.255.9:4000", "192.168.1.9:4000",
                              "100.64.0.9:4000", "169.254.1.9:4000", "127.0.0.1:4000"}) {
    const auto inside = *parse_endpoint(address);
    latch.set_remote(inside, named.address);
    EXPECT_EQ(latch.target(), std::nullopt);
    EXPECT_TRUE(latch.accept(other_port, now));
    EXPECT_EQ(latch.target(), other_port) << address;
    EXPECT_TRUE(latch.accept(inside, now));
    EXPECT_EQ(latch.target(), inside) << address;
  }
}

// An SDP may name any address: a host in the data centre, in the SBC's other network, on the Internet.
TEST_F(Latching, SendsToAnotherAddressOnlyWhenItWasHeardFromThere) {
  for (const auto* address :
       {"192.0.2.99:4000", "10.0.0.5:4000", "172.32.0.1:4000", "100.128.0.1:4000", "8.8.8.8:53"}) {
    const auto elsewhere = *parse_endpoint(address);
    latch.set_remote(elsewhere, named.address);
    EXPECT_EQ(latch.target(), std::nullopt) << address;
    EXPECT_TRUE(latch.accept(other_port, now));
    EXPECT_EQ(latch.target(), other_port) << address;  // the phone that says so pays for it
    EXPECT_TRUE(latch.accept(elsewhere, now));
    EXPECT_EQ(latch.target(), elsewhere) << address;  // a phone with two addresses
  }
}

// A trunk's gateway may wait for our first packet.
TEST_F(Latching, SendsAtOnceToWhereAPeerThatAnAdministratorNamedSays) {
  for (const auto* address : {"192.0.2.99:4000", "10.0.0.5:4000", "8.8.8.8:4000"}) {
    const auto gateway = *parse_endpoint(address);
    const Endpoint its_other_port{gateway.address, 4444};
    Latch trunk;
    trunk.set_remote(gateway, named.address, true);
    EXPECT_EQ(trunk.target(), gateway) << address;
    EXPECT_FALSE(trunk.accept(stranger, now));
    EXPECT_EQ(trunk.target(), gateway) << address;
    EXPECT_TRUE(trunk.accept(its_other_port, now));
    EXPECT_FALSE(trunk.accept(stranger, now + 10s));
    EXPECT_TRUE(trunk.accept(gateway, now));
    EXPECT_EQ(trunk.target(), gateway) << address;
  }
}

TEST_F(Latching, KeepsWhomItHearsWhenThePeerIsBelievedOnlyLater) {
  const auto gateway = *parse_endpoint("192.0.2.99:4000");
  latch.set_remote(gateway, named.address);
  EXPECT_TRUE(latch.accept(other_port, now));
  latch.set_remote(gateway, named.address, true);
  EXPECT_EQ(latch.target(), gateway);
  EXPECT_FALSE(latch.accept({gateway.address, 4444}, now + 20ms)) << "the one that speaks has the place";
  latch.set_remote(gateway, named.address);
  EXPECT_EQ(latch.target(), other_port);
}

TEST_F(Latching, NoTrunkMakesItSendToThisHostOrToAGroup) {
  const auto none = Endpoint{stranger.address, 0};
  for (const auto* address : {"127.0.0.1", "127.9.9.9", "224.0.0.1", "239.1.2.3", "255.255.255.255", "0.0.0.0"})
    for (const auto& named_by_trunk : {Endpoint{*parse_ipv4(address), 4000}, none}) {
      Latch trunk;
      trunk.set_remote(named_by_trunk, named.address, true);
      EXPECT_EQ(trunk.target(), std::nullopt) << to_string(named_by_trunk);
    }
}

TEST_F(Latching, AnswersWhereItHearsThePhoneIfNobodyListensAtTheNamedPortForASecond) {
  latch.accept(other_port, now);
  latch.unreachable(named, now);
  latch.unreachable(named, now + 999ms);
  EXPECT_EQ(latch.target(), named);
  latch.unreachable(named, now + 1s);
  EXPECT_EQ(latch.target(), other_port);
  EXPECT_TRUE(latch.accept(named, now + 1s));  // it speaks there: it is there
  EXPECT_EQ(latch.target(), named);
}

TEST_F(Latching, KeepsToTheNamedPortThatWasClosedOnlyNowAndThen) {
  latch.accept(other_port, now);
  latch.unreachable(named, now);
  latch.unreachable(named, now + 10s);
  latch.unreachable(other_port, now + 11s);
  latch.unreachable(stranger, now + 12s);
  EXPECT_EQ(latch.target(), named);
}

TEST_F(Latching, HasNobodyElseToAnswerWhereNobodyIsHeard) {
  latch.unreachable(named, now);
  latch.unreachable(named, now + 2s);
  EXPECT_EQ(latch.target(), named);
}

TEST(LatchingOverIpv6, IsTheSameAsOverIpv4) {
  const auto named = *parse_endpoint("[2001:db8::7]:4000"), other_port = *parse_endpoint("[2001:db8::7]:4444"),
             neighbour = *parse_endpoint("[2001:db8::8]:4000");
  const TimePoint now{1h};
  Latch latch;
  latch.set_remote(named, named.address);
  EXPECT_EQ(latch.target(), named);
  EXPECT_FALSE(latch.accept(neighbour, now)) << "in one network of 64 bits, and a stranger";
  EXPECT_TRUE(latch.accept(other_port, now));
  EXPECT_FALSE(latch.follow(neighbour, now));
  for (const auto* text : {"[::1]:4000", "[ff02::1]:4000", "[::]:4000"}) {
    Latch trunk;
    trunk.set_remote(*parse_endpoint(text), named.address, true);
    EXPECT_FALSE(trunk.target()) << text;
  }
  Latch translated;  // a unique local address, behind something that translates
  translated.set_remote(*parse_endpoint("[fd00::1]:4000"), named.address);
  EXPECT_TRUE(translated.accept(other_port, now));
  EXPECT_EQ(translated.target(), other_port);
}

}  // namespace
}  // namespace roamdesk::media
