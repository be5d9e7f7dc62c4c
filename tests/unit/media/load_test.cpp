#include <gtest/gtest.h>

#include "common/media/pace.hpp"
#include "tests/unit/media/plane.hpp"

// What is heard under load, and when.
namespace roamdesk::media {
namespace {

class Load : public testing::Test {
 protected:
  Load() {
    connect(StreamId{1}, a, alice, StreamId{2}, b, bob);
    connect(StreamId{3}, c, carol, StreamId{4}, d, dave);
    plane.settle();
  }
  void connect(StreamId one, Endpoint at, const Socket& phone, StreamId other, Endpoint other_at,
               const Socket& other_phone) {
    for (const auto& [id, local, socket] : {std::tuple{one, at, &phone}, {other, other_at, &other_phone}}) {
      plane.post(OpenStream{id, local_site(), local});
      plane.post(SetRemote{.stream = id, .rtp = socket->local(), .signalling = socket->local().address});
    }
    plane.post(Connect{one, other});
  }
  // `count` packets at once, and that all of them are heard in their order.
  void burst(int count) {
    for (int i = 0; i < count; ++i) alice.send(a, rtp(++said_, {1}));
    for (int i = count; i > 0; --i) {
      const auto view = parse_rtp(bob.receive());
      ASSERT_TRUE(view) << i << " aren't there";
      ASSERT_EQ(view->sequence, static_cast<std::uint16_t>(said_ - i + 1));
    }
  }

  const Endpoint a{loopback(1), 20000}, b{loopback(1), 20002}, c{loopback(1), 20004}, d{loopback(1), 20006};
  PromptLibrary prompts;
  Socket alice{{loopback(2), 4000}}, bob{{loopback(3), 4000}}, carol{{loopback(4), 4000}}, dave{{loopback(5), 4000}};
  Plane plane{prompts};
  std::uint16_t said_ = 0;
};

TEST_F(Load, OfAFewPacketsIsCarriedWithoutAPause) {
  for (unsigned i = 0; i < Pace::busy - 1; ++i) burst(1);
  const auto counts = plane.engine.counts();
  EXPECT_EQ(counts.pauses, 0u);
  EXPECT_LE(counts.turns, Pace::busy);
}

TEST_F(Load, OfManyPacketsIsGatheredAndAllAreHeardInOrder) {
  constexpr int size = 16;
  int bursts = 0;
  for (; bursts < 1000 && plane.engine.counts().pauses < 20; ++bursts) burst(size);
  const auto counts = plane.engine.counts();
  EXPECT_GE(counts.pauses, 20u);
  EXPECT_LE(counts.turns, counts.packets);
  plane.post(CloseStream{StreamId{1}});
  const auto quality = plane.heard.next<StreamQuality>();
  EXPECT_EQ(quality.received, static_cast<std::uint64_t>(bursts * size));
  EXPECT_EQ(quality.lost, 0u);
}

TEST_F(Load, OfAFloodAtOneStreamTakesNothingFromAnother) {
  Socket stranger{{loopback(9), 4000}};
  const auto junk = std::vector<std::uint8_t>(172, 0x80);
  talk(alice, a, bob, 440, 1, 1);
  for (std::uint16_t round = 1; round <= 100; ++round) {
    for (int i = 0; i < 60; ++i) stranger.send(a, junk);
    carol.send(c, rtp(round, {1}));
    for (int i = 0; i < 60; ++i) stranger.send(a, junk);
    const auto view = parse_rtp(dave.receive());
    ASSERT_TRUE(view) << "in round " << round;
    EXPECT_EQ(view->sequence, round);
  }
}

// A stranger's datagrams wait in the kernel by the hundred while orders close their stream and open it again.
TEST_F(Load, OfAFloodOutlivesNoStream) {
  Socket stranger{{loopback(9), 4000}};
  StreamId id{1};
  for (int round = 0; round < 100; ++round) {
    for (int i = 0; i < 100; ++i) stranger.send(a, rtp(1, {1}));
    plane.post(CloseStream{id});
    id = StreamId{static_cast<std::uint32_t>(100 + round)};
    plane.post(OpenStream{id, local_site(), a});  // the port is free at once
    plane.post(SetRemote{.stream = id, .rtp = alice.local(), .signalling = alice.local().address});
    plane.post(Connect{id, StreamId{2}});
    plane.heard.next<StreamQuality>();
  }
  plane.settle();
  EXPECT_EQ(plane.heard.count<StreamFailed>(), 0);
  burst(3);
}

// An address that can't be reached from a loopback address, a port where nobody listens: only what goes there is lost.
TEST_F(Load, OfPacketsThatCantBeSentCostsNoOther) {
  const auto to = [&](Endpoint there) {
    plane.post(SetRemote{.stream = StreamId{2}, .rtp = there, .signalling = there.address, .at_once = true});
    plane.settle();
    for (int i = 0; i < 20; ++i) alice.send(a, rtp(++said_, {1}));
  };
  for (const auto there :
       {Endpoint{loopback(77), 9}, Endpoint{IpAddress{0xcb007101}, 4000}, Endpoint{IpAddress{0xffffffff}, 4000}}) {
    to(there);
    for (std::uint16_t i = 0; i < 5; ++i) {
      carol.send(c, rtp(i, {1}));
      EXPECT_FALSE(dave.receive().empty());
    }
  }
  to(bob.local());
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(bob.receive().empty()) << i;
}

}  // namespace
}  // namespace roamdesk::media
