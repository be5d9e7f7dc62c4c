#include "common/media/engine.hpp"

#include <gtest/gtest.h>

#include "tests/unit/media/plane.hpp"

// T.38: datagrams that are no RTP.
namespace roamdesk::media {
namespace {

using Bytes = std::vector<std::uint8_t>;

class Fax : public testing::Test {
 protected:
  Fax() {
    open(StreamId{1}, a, one);
    open(StreamId{2}, b, other);
    plane.post(Connect{StreamId{1}, StreamId{2}});
    plane.settle();
  }
  void open(StreamId id, Endpoint at, const Socket& peer) {
    plane.post(OpenStream{id, local_site(), at});
    agree(id, peer, Codec::pcma);
  }
  void agree(StreamId id, const Socket& peer, Codec codec) {
    plane.post(SetRemote{.stream = id, .rtp = peer.local(), .signalling = peer.local().address, .codec = codec});
  }
  void fax() {
    agree(StreamId{1}, one, Codec::image);
    agree(StreamId{2}, other, Codec::image);
    plane.settle();
  }
  static Bytes ifp(std::uint8_t sequence) { return {0x00, sequence, 0x01, 0xc2, 0x00, 0x00}; }
  // What comes within a moment; empty for nothing.
  static Bytes next(Socket& at) { return at.receive(200ms); }

  const Endpoint a{loopback(1), 21000}, b{loopback(1), 21002};
  PromptLibrary prompts;
  Socket one{{loopback(2), 4100}}, other{{loopback(3), 4100}}, stranger{{loopback(4), 4100}},
      neighbour{{loopback(2), 4200}};
  Plane plane{prompts};
};

TEST_F(Fax, PassesAsItIsBothWays) {
  fax();
  for (std::uint8_t n = 0; n < 3; ++n) {
    one.send(a, ifp(n));
    EXPECT_EQ(next(other), ifp(n));
    other.send(b, ifp(n));
    EXPECT_EQ(next(one), ifp(n));
  }
}

TEST_F(Fax, PassesForAStreamThatWasNegotiatedSoAlone) {
  one.send(a, ifp(1));
  EXPECT_TRUE(next(other).empty()) << "both are audio";
  agree(StreamId{1}, one, Codec::image);
  plane.settle();
  one.send(a, ifp(2));
  EXPECT_TRUE(next(other).empty()) << "the other one hasn't agreed";
  other.send(b, ifp(3));
  EXPECT_TRUE(next(one).empty());
  fax();
  one.send(a, ifp(4));
  EXPECT_EQ(next(other), ifp(4));
  agree(StreamId{1}, one, Codec::pcma);
  agree(StreamId{2}, other, Codec::pcma);
  plane.settle();
  one.send(a, ifp(5));
  EXPECT_TRUE(next(other).empty()) << "back at audio";
  one.send(a, rtp(1, tone(440, 1)));
  EXPECT_EQ(next(other), rtp(1, tone(440, 1)));
}

TEST_F(Fax, ComesFromItsPeerAlone) {
  fax();
  one.send(a, ifp(1));
  ASSERT_EQ(next(other), ifp(1));
  for (const auto* who : {&stranger, &neighbour}) {
    who->send(a, ifp(2));
    EXPECT_TRUE(next(other).empty()) << to_string(who->local());
    who->send(a, rtp(1, tone(440, 1)));
    EXPECT_TRUE(next(other).empty()) << to_string(who->local());
  }
  Endpoint control = a;
  ++control.port;
  one.send(control, ifp(3));
  EXPECT_TRUE(next(other).empty()) << "RTCP's port has none";
  one.send(a, {});
  one.send(a, ifp(4));
  EXPECT_EQ(next(other), ifp(4));
}

}  // namespace
}  // namespace roamdesk::media
