#include <gtest/gtest.h>

#include <memory>

#include "tests/unit/media/plane.hpp"

// A phone that talks from another port than it listens at.
namespace roamdesk::media {
namespace {

class Asymmetric : public testing::Test {
 protected:
  Asymmetric() {
    for (const auto& [id, at, phone] : {std::tuple{StreamId{1}, a, named}, {StreamId{2}, b, bob.local()}}) {
      plane.post(OpenStream{id, local_site(), at});
      plane.post(SetRemote{.stream = id, .rtp = phone, .signalling = phone.address, .codec = Codec::pcma});
    }
    plane.post(Connect{StreamId{1}, StreamId{2}});
    plane.settle();
  }
  static std::vector<std::uint8_t> report(std::uint8_t ssrc_low, std::uint8_t ssrc_high = 0x12) {
    return {0x80, 201, 0, 1, 0, 0, ssrc_high, ssrc_low};  // 4711 is 0x1267
  }
  std::uint64_t dropped() {
    plane.post(CloseStream{StreamId{1}});
    return plane.heard.next<StreamQuality>().dropped;
  }

  const Endpoint a{loopback(1), 20000}, b{loopback(1), 20002}, named{loopback(2), 4000};
  PromptLibrary prompts;
  Socket talking{{loopback(2), 4444}}, talking_later{{loopback(2), 5555}}, bob{{loopback(3), 4000}};
  Plane plane{prompts};
};

TEST_F(Asymmetric, PhoneHearsAtTheNamedPort) {
  Socket listening{named};
  EXPECT_GT(share_of(440, talk(talking, a, bob, 440, 1, 5)), 0.9);
  EXPECT_GT(share_of(1000, talk(bob, b, listening, 1000, 1, 5)), 0.9);
  EXPECT_TRUE(talking.receive(0ms).empty());
}

TEST_F(Asymmetric, StreamThatGoesOnFromANewPortIsHeardAtOnce) {
  Socket listening{named};
  talk(listening, a, bob, 440, 1, 5);
  EXPECT_GT(share_of(440, talk(talking, a, bob, 440, 6, 5)), 0.9);
  EXPECT_GT(share_of(440, talk(talking_later, a, bob, 440, 20, 5)), 0.9);  // some are lost
  EXPECT_GT(share_of(440, talk(listening, a, bob, 440, 25, 5)), 0.9);
  EXPECT_EQ(dropped(), 0u);
}

TEST_F(Asymmetric, AnotherStreamIsntHeardWhileThePhoneSpeaks) {
  Socket listening{named}, stranger{{loopback(9), 4000}};
  talk(listening, a, bob, 440, 1000, 5);
  auto other = rtp(1005, tone(2000, 1005));
  other[11] ^= 1;  // its SSRC
  talking.send(a, other);
  talking.send(a, rtp(1004, tone(2000, 1004)));  // said already
  talking.send(a, rtp(1200, tone(2000, 1200)));  // far ahead
  talking.send(a, rtp(900, tone(2000, 900)));
  stranger.send(a, rtp(1005, tone(2000, 1005)));                         // the right one, from elsewhere
  EXPECT_GT(share_of(440, talk(listening, a, bob, 440, 1005, 1)), 0.9);  // the next that bob hears
  EXPECT_EQ(dropped(), 5u);
}

TEST_F(Asymmetric, ReportsGoWithTheirStream) {
  Socket listening{named}, reporting{{loopback(2), 4001}}, other{{loopback(2), 4445}}, bobs{{loopback(3), 4001}};
  const Endpoint at{a.address, 20001};
  talk(listening, a, bob, 440, 1, 1);
  reporting.send(at, report(0x67));
  EXPECT_EQ(bobs.receive(), report(0x67));
  other.send(at, report(0x68));
  other.send(at, report(0x67));
  EXPECT_EQ(bobs.receive(), report(0x67));
  bobs.send({b.address, 20003}, report(7));
  EXPECT_EQ(reporting.receive(), report(7));
  EXPECT_EQ(dropped(), 1u);
}

TEST_F(Asymmetric, GatewayThatWaitsAtAnotherAddressIsSentToFirstWhereAnAdministratorNamedItsPeer) {
  Socket gateway{{loopback(7), 4000}}, its_reports{{loopback(7), 4001}}, bobs{{loopback(3), 4001}};
  std::uint16_t sequence = 0;
  for (const bool at_once : {false, true}) {
    plane.post(SetRemote{.stream = StreamId{1},
                         .rtp = gateway.local(),
                         .signalling = named.address,
                         .codec = Codec::pcma,
                         .at_once = at_once});
    plane.settle();
    ++sequence;
    bob.send(b, rtp(sequence, tone(1000, sequence)));
    bobs.send({b.address, 20003}, report(7));
    const auto patience = at_once ? 2000ms : 200ms;
    EXPECT_EQ(gateway.receive(patience).empty(), !at_once);
    EXPECT_EQ(its_reports.receive(patience).empty(), !at_once);
  }
}

TEST_F(Asymmetric, PhoneThatListensNowhereElseHearsAtThePortThatItTalksFrom) {
  talk(talking, a, bob, 440, 1, 1);
  const auto deadline = std::chrono::steady_clock::now() + 5s;
  std::vector<std::uint8_t> heard;
  for (std::uint16_t i = 1; heard.empty() && std::chrono::steady_clock::now() < deadline; ++i) {
    bob.send(b, rtp(i, tone(1000, i)));
    heard = talking.receive(20ms);
  }
  EXPECT_FALSE(heard.empty());
  for (std::uint16_t i = 1; i < 20; ++i) bob.send(b, rtp(i, tone(1000, i)));
  for (std::uint16_t i = 1; i < 20; ++i) EXPECT_FALSE(talking.receive().empty()) << "none is lost";
}

}  // namespace
}  // namespace roamdesk::media
