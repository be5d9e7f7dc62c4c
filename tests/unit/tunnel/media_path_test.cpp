#include "common/tunnel/media_path.hpp"

#include <gtest/gtest.h>

namespace roamdesk::tunnel {
namespace {

using namespace std::chrono_literals;
const Endpoint core_at{IpAddress{0x0a000001}, 5090}, home{IpAddress{0x0b000001}, 1111},
    roamed{IpAddress{0x0b000002}, 2222}, thief{IpAddress{0x0c000001}, 666};

// An SBC and a core whose datagrams pass at once, with an address that the SBC's seem to come from.
class MediaPathTest : public testing::Test {
 protected:
  MediaPath sbc{Side::sbc, {}}, core{Side::core, std::array<std::uint8_t, 32>{1}};
  TimePoint now{1h};
  Endpoint outside = home;
  bool passes = true;
  std::vector<MediaPath::Record> to_thief, from_sbc;

  void exchange() {
    for (bool busy = true; busy;) {
      busy = false;
      while (const auto record = sbc.poll_record()) {
        busy = true;
        from_sbc.push_back(*record);
        if (passes) deliver_to_core(*record, outside);
      }
      while (const auto record = core.poll_record()) {
        busy = true;
        if (record->to == thief) to_thief.push_back(*record);
        if (passes && record->to == outside && sbc.accepts(core_at)) sbc.handle_record(record->view(), core_at, now);
      }
    }
  }
  void deliver_to_core(const MediaPath::Record& record, Endpoint from) {
    core.handle_authentic(from, now);
    core.handle_record(record.view(), from, now);
  }
  void pass(Duration time) {
    for (const auto end = now + time; now < end;) {
      now += 10ms;
      sbc.handle_timeout(now);
      core.handle_timeout(now);
      exchange();
    }
  }
  void start() {
    sbc.set_peer(core_at, now);
    exchange();
  }
};

TEST_F(MediaPathTest, IsInUseAfterTheFirstExchange) {
  EXPECT_FALSE(core.peer());
  start();
  EXPECT_EQ(core.peer(), home);
  EXPECT_TRUE(sbc.alive());
  EXPECT_TRUE(core.alive());
  EXPECT_EQ(core.moves(), 0U);
}

TEST_F(MediaPathTest, FollowsTheSbcToAnotherAddress) {
  start();
  outside = roamed;
  pass(600ms);  // the next probe at the latest; with audio the next packet
  EXPECT_EQ(core.peer(), roamed);
  EXPECT_EQ(core.moves(), 1U);
  EXPECT_TRUE(core.alive());
  pass(3s);
  EXPECT_TRUE(sbc.alive());
}

TEST_F(MediaPathTest, ARelayedPacketStealsNothing) {
  start();
  // The thief sends on a packet of the SBC's before the SBC's own copy arrives: it is authentic and fresh, from the
  // thief's address.
  deliver_to_core(from_sbc.front(), thief);
  exchange();
  ASSERT_EQ(to_thief.size(), 1U) << "he is challenged";
  EXPECT_EQ(core.peer(), home);
  // The thief hands the challenge to the SBC from another address: not the core's, so it isn't even opened.
  EXPECT_FALSE(sbc.accepts(thief));
  // Sent on from elsewhere with the core's address it is answered, but the answer comes from the SBC's own address.
  sbc.handle_record(to_thief.front().view(), core_at, now);
  exchange();
  EXPECT_EQ(core.peer(), home);
  EXPECT_EQ(core.moves(), 0U);
}

TEST_F(MediaPathTest, ARelayedProbeGetsNoReply) {
  start();
  const auto probe = from_sbc.front();
  ASSERT_EQ(probe.bytes[0], 1);
  deliver_to_core(probe, thief);
  exchange();
  ASSERT_EQ(to_thief.size(), 1U);
  EXPECT_EQ(to_thief[0].bytes[0], 3) << "a challenge, and nothing else";
}

TEST_F(MediaPathTest, AnAnswerMovesOnlyToTheAddressThatWasChallenged) {
  start();
  core.handle_authentic(roamed, now);
  const auto challenge = core.poll_record();
  ASSERT_TRUE(challenge);
  ASSERT_EQ(challenge->to, roamed);
  auto answer = *challenge;
  answer.bytes[0] = 4;
  core.handle_record(answer.view(), thief, now);
  EXPECT_EQ(core.peer(), home);
  core.handle_record(answer.view(), roamed, now + 3s);
  EXPECT_EQ(core.peer(), home) << "too late";
  core.handle_record(answer.view(), roamed, now);
  EXPECT_EQ(core.peer(), roamed);
}

TEST_F(MediaPathTest, ChallengesAreRateLimitedAndCantBeGuessed) {
  start();
  for (int i = 0; i < 50; ++i) core.handle_authentic(roamed, now);
  const auto first = core.poll_record();
  ASSERT_TRUE(first);
  EXPECT_FALSE(core.poll_record());
  core.handle_authentic(thief, now);
  EXPECT_NE(core.poll_record()->bytes, first->bytes);
}

TEST_F(MediaPathTest, FallsBackWhenUdpStopsPassingAndReturns) {
  start();
  pass(2s);
  passes = false;
  const auto stopped = now;
  while (sbc.alive() || core.alive()) {
    pass(10ms);
    ASSERT_LT(now - stopped, 3s);
  }
  passes = true;
  const auto resumed = now;
  while (!sbc.alive() || !core.alive()) {
    pass(10ms);
    ASSERT_LT(now - resumed, 3s);
  }
  EXPECT_GT(now - resumed, 250ms) << "one lucky probe isn't enough";
}

TEST_F(MediaPathTest, StaysOnTheStreamWhereUdpNeverPasses) {
  passes = false;
  start();
  pass(10s);
  EXPECT_FALSE(sbc.alive());
  EXPECT_FALSE(core.alive());
  EXPECT_FALSE(core.peer());
}

TEST_F(MediaPathTest, OneProbeLostDoesntMatter) {
  start();
  for (int i = 0; i < 20; ++i) {
    passes = i % 3 != 0;
    pass(500ms);
    EXPECT_TRUE(sbc.alive());
    EXPECT_TRUE(core.alive());
  }
}

TEST_F(MediaPathTest, IgnoresMalformedRecordsAndStaleReplies) {
  start();
  const crypto::Bytes records[] = {
      {}, {1}, {1, 0, 0}, {2, 0, 0, 0, 0}, {2, 255, 255, 255, 255}, {3, 1}, {4, 0, 0, 0, 0, 0, 0, 0, 0}, {9, 9}};
  for (const auto& record : records) {
    core.handle_record(record, home, now);
    sbc.handle_record(record, core_at, now);
  }
  EXPECT_FALSE(core.poll_record());
  EXPECT_FALSE(sbc.poll_record());
  EXPECT_EQ(core.peer(), home);
}

}  // namespace
}  // namespace roamdesk::tunnel
