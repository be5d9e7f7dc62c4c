#include "common/media/latch.hpp"

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
}

TEST_F(Latching, TakesAnotherPortOfTheSignallingsAddressAndAnswersThere) {
  EXPECT_TRUE(latch.accept(other_port, now));
  EXPECT_EQ(latch.target(), other_port);
}

TEST_F(Latching, RefusesStrangers) { EXPECT_FALSE(latch.accept(stranger, now)); }

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

TEST_F(Latching, BeginsAnewOnNewSdp) {
  latch.accept(named, now);
  latch.set_remote(stranger, named.address);
  EXPECT_TRUE(latch.accept(stranger, now));
}

TEST_F(Latching, StaysOnSdpThatSaysTheSame) {
  latch.accept(other_port, now);
  latch.set_remote(named, named.address);
  EXPECT_EQ(latch.target(), other_port);
}

TEST_F(Latching, HasNoTargetUntilOneIsNamed) {
  Latch fresh;
  fresh.set_remote({named.address, 0}, named.address);
  EXPECT_EQ(fresh.target(), std::nullopt);
}

}  // namespace
}  // namespace roamdesk::media
