#include "common/sdp/session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

namespace roamdesk::sdp {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string yealink =
    "v=0\r\no=- 20001 20001 IN IP4 192.168.1.20\r\ns=SDP data\r\nc=IN IP4 192.168.1.20\r\nt=0 0\r\n"
    "m=audio 11780 RTP/AVP 8 0 9 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:9 G722/8000\r\n"
    "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n";
const Self self{7, 2, *parse_endpoint("10.0.0.1:10000")};

Session parsed(const std::string& text) {
  auto result = parse(text);
  EXPECT_TRUE(result) << text;
  return result ? *result : Session{};
}

TEST(Sdp, OfAPhoneIsUnderstood) {
  const auto session = parsed(yealink);
  const Media* audio = audio_of(session);
  ASSERT_NE(audio, nullptr);
  EXPECT_EQ(endpoint_of(session, *audio), parse_endpoint("192.168.1.20:11780"));
  EXPECT_EQ(event_payload_of(*audio), 101);
  EXPECT_EQ(codecs_of(*audio).front().name, "PCMA");
  EXPECT_EQ(direction_of(session, *audio), Direction::sendrecv);
}

TEST(Sdp, SurvivesARoundTripUnchanged) { EXPECT_EQ(serialise(parsed(yealink)), yealink); }

TEST(Sdp, RewordedNamesOnlyUs) {
  const auto text = serialise(reword(parsed(yealink), self));
  EXPECT_THAT(text, Not(HasSubstr("192.168.1.20")));
  EXPECT_THAT(text, HasSubstr("o=roamdesk 7 2 IN IP4 10.0.0.1\r\n"));
  EXPECT_THAT(text, HasSubstr("c=IN IP4 10.0.0.1\r\n"));
  EXPECT_THAT(text, HasSubstr("m=audio 10000 RTP/AVP 8 0 9 101\r\n"));
  EXPECT_THAT(text, HasSubstr("a=rtpmap:9 G722/8000\r\n"));
}

TEST(Sdp, RewordedSwitchesOtherMediaOffInTheirPlace) {
  const auto text = serialise(
      reword(parsed("v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nt=0 0\r\nm=video 4000 RTP/AVP 96\r\nc=IN IP4 1.2.3.4\r\n"
                    "m=audio 4002 RTP/AVP 0\r\nc=IN IP4 1.2.3.4\r\na=rtcp:4003\r\na=candidate:1 1 UDP 1 1.2.3.4 4002 "
                    "typ host\r\n"),
             self));
  EXPECT_THAT(text, HasSubstr("m=video 0 RTP/AVP 96\r\nm=audio 10000 RTP/AVP 0\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("1.2.3.4")));
  EXPECT_THAT(text, Not(HasSubstr("rtcp:")));
}

TEST(Sdp, HoldInTheOldWayIsSaidInTheNewOne) {
  const auto session =
      parsed("v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\nm=audio 4 RTP/AVP 0\r\n");
  EXPECT_EQ(direction_of(session, *audio_of(session)), Direction::sendonly);
  EXPECT_THAT(serialise(reword(session, self)), HasSubstr("a=sendonly\r\n"));
}

TEST(Sdp, AnswerTakesG711AndTheOffersEventPayload) {
  const auto answer = answer_g711(parsed(yealink), self);
  ASSERT_TRUE(answer);
  const auto text = serialise(*answer);
  EXPECT_THAT(text, HasSubstr("m=audio 10000 RTP/AVP 8 0 101\r\n"));
  EXPECT_THAT(text, HasSubstr("a=fmtp:101 0-15\r\n"));
}

TEST(Sdp, AnswerMirrorsTheDirection) {
  auto text = yealink;
  text.replace(text.find("sendrecv"), 8, "sendonly");
  EXPECT_THAT(serialise(*answer_g711(parsed(text), self)), HasSubstr("a=recvonly\r\n"));
}

TEST(Sdp, WithoutG711HasNoAnswer) {
  EXPECT_FALSE(answer_g711(parsed("v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 1.2.3.4\r\nt=0 0\r\n"
                                  "m=audio 4 RTP/AVP 18\r\n"),
                           self));
  EXPECT_FALSE(answer_g711(parsed("v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 1.2.3.4\r\nt=0 0\r\n"
                                  "m=audio 4 RTP/SAVP 0\r\n"),
                           self));
}

const std::string head = "v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 1.2.3.4\r\nt=0 0\r\n";

TEST(Sdp, WithNothingButSrtpHasNoAudio) {
  EXPECT_EQ(audio_of(parsed(head + "m=audio 4 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n")),
            nullptr);
  EXPECT_EQ(audio_of(parsed(head + "m=audio 4 UDP/TLS/RTP/SAVPF 0\r\n")), nullptr);
}

TEST(Sdp, WithSrtpBesidePlainAudioIsTakenAtThePlainOne) {
  const auto session = parsed(head +
                              "m=audio 4000 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:secret\r\n"
                              "m=audio 4002 RTP/AVP 0\r\n");
  const auto text = serialise(reword(session, self));
  EXPECT_THAT(text, HasSubstr("m=audio 0 RTP/SAVP 0\r\nm=audio 10000 RTP/AVP 0\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("secret")));
  const auto answer = answer_g711(session, self);
  ASSERT_TRUE(answer);
  EXPECT_THAT(serialise(*answer), HasSubstr("m=audio 0 RTP/SAVP 0\r\nm=audio 10000 RTP/AVP 0\r\n"));
}

// What is read in any case of letters must not go on in any: the keys of one side would be read as ours by the other.
TEST(Sdp, NothingOfTheirWayGoesOnInWhateverCaseItIsWritten) {
  for (const std::string name : {"crypto:1 AES_CM_128_HMAC_SHA1_80 inline:", "candidate:", "ice-pwd:", "fingerprint:",
                                 "rtcp:", "remote-candidates:", "zrtp-hash:", "tls-id:"}) {
    auto capital = name, loud = name;
    capital[0] = static_cast<char>(std::toupper(capital[0]));
    std::transform(loud.begin(), loud.begin() + 4, loud.begin(),
                   [](char c) { return static_cast<char>(std::toupper(c)); });
    for (const auto& written : {name, capital, loud}) {
      const auto line = "a=" + written + "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n";
      const auto session = parsed("v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 1.2.3.4\r\nt=0 0\r\n" + line +
                                  "m=audio 4 RTP/AVP 0\r\n" + line + "m=audio 6 RTP/AVP 0\r\n" + line);
      EXPECT_THAT(serialise(reword(session, self)), Not(HasSubstr("d0Rmdmcm"))) << line;
      EXPECT_THAT(serialise(reword_answer(session, session, self)), Not(HasSubstr("d0Rmdmcm"))) << line;
    }
  }
}

TEST(Sdp, RewordedKeepsTheOrderOfItsLines) {
  const auto text =
      serialise(reword(parsed("v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\ni=about\r\nb=AS:80\r\nt=0 0\r\na=tool:x\r\n"
                              "a=group:BUNDLE 0\r\nm=audio 4 RTP/AVP 0\r\nc=IN IP4 1.2.3.4\r\na=mid:0\r\n"),
                       self));
  EXPECT_EQ(text,
            "v=0\r\no=roamdesk 7 2 IN IP4 10.0.0.1\r\ns=-\r\ni=about\r\nc=IN IP4 10.0.0.1\r\nb=AS:80\r\nt=0 0\r\n"
            "a=tool:x\r\nm=audio 10000 RTP/AVP 0\r\na=mid:0\r\n");
}

TEST(Sdp, RewordedNamesOurAddressEvenWhereLinesAreMissing) {
  EXPECT_THAT(serialise(reword(parsed("v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\nm=audio 4 RTP/AVP 0\r\n"), self)),
              HasSubstr("s=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 10000"));
}

TEST(Sdp, OfARefusedAudioStaysRefused) {
  EXPECT_THAT(serialise(reword(parsed(head + "m=audio 0 RTP/AVP 0\r\n"), self)), HasSubstr("m=audio 0 RTP/AVP 0\r\n"));
}

TEST(Sdp, DirectionOfTheLineGoesBeforeTheSessions) {
  const auto session = parsed(head + "a=sendonly\r\nm=audio 4 RTP/AVP 0\r\na=inactive\r\nm=audio 6 RTP/AVP 0\r\n");
  EXPECT_EQ(direction_of(session, session.media[0]), Direction::inactive);
  EXPECT_EQ(direction_of(session, session.media[1]), Direction::sendonly);
  EXPECT_EQ(direction_of(parsed(yealink), parsed(yealink).media[0]), Direction::sendrecv);
}

TEST(Sdp, ReceivingOnHoldAndNowhereToSendIsInactive) {
  const auto session = parsed(
      "v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nt=0 0\r\nm=audio 4 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\na=recvonly\r\n");
  EXPECT_EQ(direction_of(session, session.media[0]), Direction::inactive);
}

TEST(Sdp, CodecsNeedNoRtpmapWhereTheirTypeIsStatic) {
  const auto codecs =
      codecs_of(parsed(head + "m=audio 4 RTP/AVP 0 8 9 96 200 x\r\na=rtpmap:96 opus/48000/2\r\n").media[0]);
  ASSERT_EQ(codecs.size(), 4u);
  EXPECT_EQ(codecs[0].name, "PCMU");
  EXPECT_EQ(codecs[2].name, "G722");
  EXPECT_EQ(codecs[3].name, "OPUS");
  EXPECT_EQ(codecs[3].rate, 48000u);
}

TEST(Sdp, LineOfMediaIsReadStrictly) {
  EXPECT_TRUE(parse(head + "m=audio 49170/2 RTP/AVP 0\r\n"));
  for (const auto* line :
       {"audio 65536 RTP/AVP 0", "audio -1 RTP/AVP 0", "audio 4", "", "a,b 4 RTP/AVP 0", "audio 4 RTP/AVP 0 a,b"})
    EXPECT_FALSE(parse(head + "m=" + line + "\r\n")) << line;
}

TEST(Sdp, OurOwnOfferParses) { EXPECT_TRUE(parse(serialise(offer_g711(self)))); }

TEST(Sdp, ThatHangsSofiaSipIsRefused) {
  // reference/sofia.md §5: a byte that is no token in an m= line's formats makes its parser allocate for ever.
  EXPECT_EQ(parse("v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nt=0 0\r\nm=audio 5000 TCP/\xc4/MSRP 3 97\r\n").error(),
            SdpFault::malformed);
}

TEST(Sdp, IsBounded) {
  EXPECT_EQ(parse(std::string(33000, 'a')).error(), SdpFault::too_large);
  std::string many = "v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\n";
  for (int i = 0; i < 513; ++i) many += "a=x\r\n";
  EXPECT_EQ(parse(many).error(), SdpFault::too_large);
  std::string media = "v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\n";
  for (int i = 0; i < 33; ++i) media += "m=audio 4 RTP/AVP 0\r\n";
  EXPECT_EQ(parse(media).error(), SdpFault::too_large);
}

TEST(Sdp, WithControlBytesIsRefused) {
  EXPECT_EQ(parse(std::string("v=0\r\no=- 1\0 1\r\n", 16)).error(), SdpFault::control_bytes);
  EXPECT_EQ(parse("hello\r\n").error(), SdpFault::malformed);
  EXPECT_EQ(parse("").error(), SdpFault::malformed);
}

TEST(Sdp, OverIpv6NamesAddressesOfIpv6) {
  const std::string theirs =
      "v=0\r\no=- 1 1 IN IP6 2001:db8::20\r\ns=-\r\nc=IN IP6 2001:db8::20\r\nt=0 0\r\nm=audio 11780 RTP/AVP 8\r\n";
  const auto signalling = *parse_ip("2001:db8::21");
  const auto session = parsed(theirs);
  EXPECT_EQ(endpoint_of(session, *audio_of(session), signalling), parse_endpoint("[2001:db8::20]:11780"));
  const Self six{7, 2, *parse_endpoint("[2001:db8::1]:10000")};
  const auto text = serialise(reword(parsed(yealink), six));
  EXPECT_THAT(text, HasSubstr("o=roamdesk 7 2 IN IP6 2001:db8::1\r\n"));
  EXPECT_THAT(text, HasSubstr("c=IN IP6 2001:db8::1\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("IP4")));
  EXPECT_THAT(serialise(reword(session, self)), Not(HasSubstr("IP6"))) << "to the phone on IPv4";
}

TEST(Sdp, OfTheOtherFamilyThanTheSignallingsCannotBeAnswered) {
  const auto endpoint = [](const std::string& c, const char* signalling) {
    const auto session =
        parsed("v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=" + c + "\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n");
    return endpoint_of(session, *audio_of(session), *parse_ip(signalling));
  };
  EXPECT_FALSE(endpoint("IN IP4 192.0.2.1", "2001:db8::1"));
  EXPECT_FALSE(endpoint("IN IP6 2001:db8::1", "192.0.2.1"));
  EXPECT_FALSE(endpoint("IN IP6 ::ffff:192.0.2.1", "192.0.2.1")) << "said as IPv6, which it isn't";
  EXPECT_FALSE(endpoint("IN IP6 ::ffff:192.0.2.1", "2001:db8::1"));
  EXPECT_FALSE(endpoint("IN IP6 192.0.2.1", "2001:db8::1"));
  EXPECT_FALSE(endpoint("IN IP4 2001:db8::1", "2001:db8::1"));
  EXPECT_EQ(endpoint("IN IP6 sip.example.com", "2001:db8::1"), parse_endpoint("[2001:db8::1]:4000"));
  const auto held = parsed("v=0\r\no=- 1 1 IN IP6 ::1\r\ns=-\r\nc=IN IP6 ::\r\nt=0 0\r\nm=audio 4 RTP/AVP 0\r\n");
  EXPECT_EQ(direction_of(held, *audio_of(held)), Direction::sendonly);
}

}  // namespace
}  // namespace roamdesk::sdp
