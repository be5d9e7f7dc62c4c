#include <set>

#include "tests/unit/calls/trunk_fixture.hpp"

// Fax: T.38 (RFC 3362) in place of audio, by an ordinary re-INVITE.
namespace roamdesk::calls {
namespace {

const std::string t38 =
    " udptl t38\r\na=T38FaxVersion:0\r\na=T38MaxBitRate:14400\r\na=T38FaxRateManagement:transferredTCF\r\n"
    "a=T38FaxMaxDatagram:400\r\na=T38FaxUdpEC:t38UDPRedundancy\r\n";

class TrunkFax : public TrunkCalls {
 protected:
  TrunkFax() {
    server.habits.image = "m=image 20100" + t38;
    phone.habits.words = [this](sip::Message& m) {
      const auto& heard = phone.at().heard;
      if (heard.find("m=image") == std::string::npos || heard.find("m=image 0") != std::string::npos) return;
      m.body = m.body.substr(0, m.body.find("m=audio")) + "m=image 4100" + t38;
    };
  }
  static std::string head_of(const std::string& sdp) { return sdp.substr(0, sdp.find("m=")); }
  std::string image(const std::string& audio_sdp, const char* port, bool audio_off = false) {
    return head_of(audio_sdp) + (audio_off ? "m=audio 0 RTP/AVP 8\r\n" : "") + "m=image " + port + t38;
  }
  void phone_offers(const std::string& sdp) {
    phone.send("INVITE", world.now, [&](sip::Message& m) {
      m.content_type = "application/sdp";
      m.body = sdp;
    });
    world.run(200ms);
  }
  // The streams that pass datagrams that are no RTP, by where these go.
  std::string image_goes() {
    std::set<std::uint16_t> ports;
    for (const auto& [id, stream] : world.streams)
      if (stream.remote && stream.remote->codec == media::Codec::image) ports.insert(stream.remote->rtp.port);
    std::string all;
    for (const auto port : ports) all += std::to_string(port) + " ";
    return all;
  }
};

TEST_F(TrunkFax, BeginsByAReinviteOfEitherSide) {
  for (const bool audio_off : {false, true}) {
    talking_in();
    server.modify("INVITE", image(server.at().said, "20100", audio_off));
    world.run(200ms);
    const auto& heard = last(phone, "INVITE")->body;
    EXPECT_NE(heard.find(t38), std::string::npos);
    EXPECT_EQ(heard.find("m=image 0"), std::string::npos);
    EXPECT_NE(server.at().heard.find(t38), std::string::npos);
    EXPECT_EQ(server.at().responses.back().status, 200);
    EXPECT_EQ(image_goes(), "4100 20100 ");
    phone.hang_up(world.now);
    world.run(200ms);
  }
  talking_out();
  phone_offers(image(phone.at().said, "4100"));
  EXPECT_NE(server.at().heard.find(t38), std::string::npos);
  EXPECT_EQ(image_goes(), "4100 20100 ");
}

TEST_F(TrunkFax, ThatIsRefusedLeavesTheAudioAsItWas) {
  talking_in();
  const auto before = phone.at().said;
  phone.habits.modifies = 488;
  server.modify("INVITE", image(server.at().said, "20100"));
  world.run(200ms);
  EXPECT_EQ(server.at().responses.back().status, 488);
  EXPECT_EQ(image_goes(), "");
  // And the next re-INVITE finds it there.
  phone.habits.modifies = 0;
  server.modify("INVITE", server.describe());
  world.run(200ms);
  EXPECT_TRUE(world.talk(phone, server));
}

TEST_F(TrunkFax, EndsByAReinviteBackToAudio) {
  talking_in();
  server.modify("INVITE", image(server.at().said, "20100"));
  world.run(200ms);
  ASSERT_EQ(image_goes(), "4100 20100 ");
  server.modify("INVITE", server.describe());
  world.run(200ms);
  EXPECT_EQ(image_goes(), "");
  EXPECT_TRUE(world.talk(phone, server));
}

TEST_F(TrunkFax, OfferedBesideAudioIsSwitchedOff) {
  server.dial("101", [&](sip::Message& m) { m.body += "m=image 20100" + t38; });
  world.run(100ms);
  EXPECT_NE(phone.at().heard.find("m=image 0"), std::string::npos);
  phone.answer(world.now);
  world.run(200ms);
  EXPECT_TRUE(world.talk(phone, server));
  EXPECT_NE(server.at().heard.find("m=image 0 udptl t38"), std::string::npos);
  EXPECT_EQ(image_goes(), "");
}

TEST_F(TrunkFax, IsWhatARefreshRepeats) {
  server.habits.allow = "INVITE, ACK, CANCEL, BYE";
  talking_out();
  server.modify("INVITE", image(server.at().said, "20100"));
  world.run(200ms);
  const auto said = server.at().heard;
  ASSERT_NE(said.find(t38), std::string::npos);
  world.run(920s);  // it agreed on 1800 s last
  ASSERT_GE(server.count("INVITE"), 2u);
  EXPECT_EQ(server.last("INVITE")->body, said);  // the same version too: RFC 3264 §8
  EXPECT_EQ(image_goes(), "4100 20100 ");
}

TEST_F(TrunkFax, IsOneSidedOnlyAsLongAsItIsAskedFor) {
  talking_in();
  phone.habits.modifies = 488;
  for (int n = 0; n < 3; ++n) {
    server.modify("INVITE", image(server.at().said, "20100"));
    world.run(200ms);
    EXPECT_EQ(image_goes(), "") << "no datagram that isn't RTP passes for what was refused";
  }
  phone.habits.modifies = 0;
  server.modify("INVITE", server.describe());
  world.run(200ms);
  EXPECT_TRUE(world.talk(phone, server));
}

TEST_F(TrunkFax, AsG711NeedsNothing) {
  talking_out();
  phone_offers(
      roamdesk::phone::sdp({.address = to_string(phone.flow.address.peer.address), .port = 4900, .codecs = "8"}) +
      "a=silenceSupp:off - - - -\r\n");
  EXPECT_NE(server.at().heard.find("a=silenceSupp:off"), std::string::npos);
}

}  // namespace
}  // namespace roamdesk::calls
