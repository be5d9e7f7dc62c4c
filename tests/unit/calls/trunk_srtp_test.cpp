#include <gmock/gmock.h>

#include "common/sdp/crypto.hpp"
#include "tests/unit/calls/fixture.hpp"

// A trunk's leg by SRTP: its record decides, and its transport.
namespace roamdesk::calls {
namespace {

using testing::HasSubstr;
using testing::Not;

class SealedTrunk : public Calls {
 protected:
  void set(Srtp srtp) { world.srtp_of["provider"] = srtp; }
  // A provider's keys in its answer to `offer` (RFC 4568 §5.1.2), or in its own offer, under RTP/SAVP.
  static std::string sealed(std::string sdp, const std::string& offer = {}) {
    std::uint32_t tag = 1;
    auto suite = SrtpSuite::aes_cm_128_hmac_sha1_80;
    std::string protocol = "RTP/SAVP";
    if (const auto asked = sdp::parse(offer)) {
      const auto* audio = sdp::audio_of(*asked, Srtp::required);
      const auto lines = audio ? sdp::cryptos_of(*audio) : std::vector<sdp::Crypto>{};
      if (lines.empty()) return sdp;
      tag = lines.back().tag;
      suite = lines.back().suite;
      protocol = audio->protocol;
    }
    sdp.replace(sdp.find("RTP/AVP"), 7, protocol);
    const Secret key{std::string(srtp_key_size(suite), 's')};
    return sdp + "a=" + sdp::crypto_line({tag, suite, key}).value + "\r\n";
  }
  void answers_with_keys() {
    server.habits.words = [this](sip::Message& m) { m.body = sealed(m.body, server.at().heard); };
  }
  std::optional<media::Sealing> ordered() {
    const auto* stream = world.stream_at(sim::media_of(server.at().heard));
    return stream && stream->remote ? stream->remote->srtp : std::nullopt;
  }
  void dial() {
    phone.dial("0301234", world.now);
    world.run(50ms);
  }
  void call_in(const std::string& sdp) {
    server.dial("101", [&](sip::Message& m) { m.body = sdp; });
    world.run(200ms);
  }
  static std::string warning(const sim::Outside& server) {
    for (const auto& dialog : server.dialogs)
      for (const auto& response : dialog.responses)
        if (response.status >= 300) return std::string{response.header("Warning").value_or("")};
    return {};
  }

  Phone& phone = world.add("101");
  sim::Outside& server = world.add_server("provider", "local", sip::Transport::tls);
};

TEST_F(SealedTrunk, OffersKeysAndTakesTheProviders) {
  answers_with_keys();
  for (const auto srtp : {Srtp::optional, Srtp::required}) {
    set(srtp);
    dial();
    EXPECT_THAT(server.at().heard, HasSubstr(srtp == Srtp::required ? "RTP/SAVP " : "RTP/AVP "));
    EXPECT_THAT(server.at().heard, HasSubstr("a=crypto"));
    server.answer();
    world.run(200ms);
    ASSERT_TRUE(world.talk(phone, server)) << phone.at().status << " " << world.broken;
    ASSERT_TRUE(ordered());
    EXPECT_EQ(ordered()->theirs, Secret{std::string(srtp_key_size(ordered()->suite), 's')});
    EXPECT_THAT(phone.at().heard, Not(HasSubstr("crypto"))) << "its own leg is as it is set";
    phone.hang_up(world.now);
    world.run(100ms);
  }
  set(Srtp::off);
  dial();
  EXPECT_THAT(server.at().heard, Not(HasSubstr("crypto")));
}

TEST_F(SealedTrunk, RequiredEndsACallThatIsAnsweredInTheClear) {
  set(Srtp::required);
  dial();
  server.ring(183, server.describe());  // early media in the clear
  world.run(50ms);
  EXPECT_FALSE(ordered());
  EXPECT_EQ(plays_to(phone), std::vector<std::string>{}) << "it isn't told of media that it can't hear";
  server.answer([](sip::Message& m) { m.body.replace(m.body.find("RTP/AVP"), 7, "RTP/SAVP"); });  // without keys
  world.run(200ms);
  EXPECT_EQ(phone.at().status, 488);
  EXPECT_THAT(phone.warning, HasSubstr("SRTP is required here"));
  EXPECT_TRUE(server.at().over) << "it gets a BYE";
  EXPECT_TRUE(world.streams.empty());
  dial();
  server.answer();
  world.run(200ms);
  EXPECT_EQ(phone.at().status, 488);
  EXPECT_TRUE(world.streams.empty());
}

TEST_F(SealedTrunk, OptionalTalksInTheClearWithWhoHasNoKeys) {
  set(Srtp::optional);
  dial();
  server.answer();
  world.run(200ms);
  EXPECT_TRUE(world.talk(phone, server));
  EXPECT_FALSE(ordered());
}

TEST_F(SealedTrunk, RequiredTakesNoCallInTheClear) {
  set(Srtp::required);
  call_in(server.describe());
  EXPECT_EQ(server.at().status, 488);
  EXPECT_THAT(warning(server), HasSubstr("SRTP is required here"));
  call_in(sealed(server.describe()));
  phone.answer(world.now);
  world.run(200ms);
  EXPECT_TRUE(world.talk(phone, server));
  EXPECT_TRUE(ordered());
}

TEST_F(SealedTrunk, TakesTheLineWithKeysOfAnOfferWithBoth) {
  for (const auto srtp : {Srtp::optional, Srtp::required})
    for (const bool first : {true, false}) {
      set(srtp);
      const auto plain = server.describe(), secure = sealed(server.describe());
      const auto head = plain.substr(0, plain.find("m=audio"));
      const auto one = plain.substr(head.size()), other = secure.substr(secure.find("m=audio"));
      call_in(head + (first ? other + one : one + other));
      phone.answer(world.now);
      world.run(200ms);
      ASSERT_EQ(server.at().status, 200);
      EXPECT_TRUE(world.streams.size() == 2);
      const auto session = sdp::parse(server.at().heard);
      ASSERT_TRUE(session && session->media.size() == 2);
      EXPECT_EQ(session->media[first ? 1 : 0].port, 0);
      EXPECT_EQ(sdp::cryptos_of(session->media[first ? 0 : 1]).size(), 1u);
      server.hang_up();
      world.run(200ms);
    }
}

TEST_F(SealedTrunk, RequiredIsNotGivenUpInTheMiddleOfACall) {
  set(Srtp::required);
  answers_with_keys();
  dial();
  server.answer();
  world.run(200ms);
  const auto before = ordered();
  ASSERT_TRUE(before);
  for (const auto* method : {"INVITE", "UPDATE"}) {
    server.modify(method, server.describe("sendonly"));
    world.run(200ms);
    EXPECT_EQ(server.at().responses.back().status, 488) << method;
  }
  EXPECT_FALSE(phone.at().over);
  EXPECT_FALSE(server.at().over);
}

// T.38 has no SRTP: over such a trunk a fax goes as audio.
TEST_F(SealedTrunk, RequiredTakesNoFaxInTheClear) {
  phone.habits.modifies = 488;  // a desk phone takes no fax
  for (const auto srtp : {Srtp::required, Srtp::optional}) {
    set(srtp);
    answers_with_keys();
    dial();
    server.answer();
    world.run(200ms);
    ASSERT_TRUE(ordered());
    server.modify("INVITE",
                  "v=0\r\no=- 1 9 IN IP4 10.0.1.12\r\ns=-\r\nc=IN IP4 10.0.1.12\r\nt=0 0\r\nm=image 20010 udptl "
                  "t38\r\na=T38FaxVersion:0\r\n");
    world.run(200ms);
    const auto* asked = last(phone, "INVITE");
    EXPECT_EQ(asked && asked->body.find("m=image") != asked->body.npos, srtp == Srtp::optional);
    if (srtp == Srtp::required) {
      EXPECT_EQ(server.at().responses.back().status, 488);
      EXPECT_TRUE(ordered()) << "the call goes on as it was";
    }
    EXPECT_FALSE(phone.at().over);
    phone.hang_up(world.now);
    world.run(200ms);
  }
}

// Whatever is set, and over whatever its phone signals.
TEST_F(SealedTrunk, ACallForHelpIsRefusedForNoKeys) {
  world.srtp_of["101"] = Srtp::required;
  world.manners["provider"].help = true;
  world.helps["0112"] = Help{.takes_line = true, .prompt = "no_emergency_route"};
  for (const auto srtp : {Srtp::off, Srtp::optional}) {
    set(srtp);
    phone.dial("0112", world.now);
    world.run(50ms);
    server.answer();
    world.run(200ms);
    EXPECT_TRUE(world.talk(phone, server)) << phone.at().status << " " << world.broken;
    phone.hang_up(world.now);
    world.run(200ms);
  }
}

// Everybody on the way would have them.
TEST_F(SealedTrunk, SaysNoKeyOverUdpAndTcp) {
  for (const auto transport : {sip::Transport::udp, sip::Transport::tcp}) {
    const auto name = std::string{transport == sip::Transport::udp ? "udp" : "tcp"};
    auto& other = world.add_server(name, "local", transport);
    world.srtp_of[name] = Srtp::required;
    other.dial("101", [&](sip::Message& m) { m.body = sealed(m.body); });
    world.run(200ms);
    EXPECT_EQ(other.at().status, 488);
    EXPECT_THAT(warning(other), HasSubstr("need SIP over TLS"));
    world.srtp_of[name] = Srtp::optional;
    other.dial("101", [&](sip::Message& m) { m.body = sealed(m.body); });
    world.run(200ms);
    EXPECT_EQ(other.at().status, 488) << "nor are any taken from there";
    other.dial("101");
    world.run(200ms);
    phone.answer(world.now);
    world.run(200ms);
    EXPECT_EQ(other.at().status, 200);
    EXPECT_THAT(other.at().heard, Not(HasSubstr("crypto")));
    other.hang_up();
    world.run(200ms);
  }
}

// The next server of a trunk may be reached in the open.
TEST_F(SealedTrunk, FailingOverToAServerWithoutTlsTakesNoKeysThere) {
  auto& second = world.add_server("provider", "local", sip::Transport::tcp);
  server.habits.refuses = 503;
  for (const auto srtp : {Srtp::optional, Srtp::required}) {
    set(srtp);
    const auto before = second.count("INVITE");
    dial();
    world.run(1s);
    EXPECT_THAT(server.last("INVITE")->body, HasSubstr("a=crypto"));
    if (srtp == Srtp::required) {
      EXPECT_EQ(second.count("INVITE"), before);
      EXPECT_GE(phone.at().status, 400);
    } else {
      ASSERT_NE(second.last("INVITE"), nullptr);
      EXPECT_THAT(second.last("INVITE")->body, Not(HasSubstr("a=crypto")));
      second.answer();
      world.run(200ms);
      EXPECT_TRUE(world.talk(phone, second));
      phone.hang_up(world.now);
      world.run(200ms);
    }
  }
}

}  // namespace
}  // namespace roamdesk::calls
