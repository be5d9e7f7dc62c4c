#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/sdp/session.hpp"

// Descriptions that are off, as phones send them.
namespace roamdesk::sdp::field {
namespace {

using testing::HasSubstr;

const Self self{7, 2, *parse_endpoint("10.0.0.1:10000")};
const IpAddress signalling = *parse_ipv4("192.0.2.7");
const std::string top = "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\n";
const std::string head = top + "c=IN IP4 192.0.2.7\r\nt=0 0\r\n";

Session parsed(const std::string& text) {
  auto result = parse(text);
  EXPECT_TRUE(result) << text;
  return result ? *result : Session{};
}

std::optional<Endpoint> endpoint(const std::string& text) {
  const auto session = parsed(text);
  const Media* audio = audio_of(session);
  return audio ? endpoint_of(session, *audio, signalling) : std::nullopt;
}

std::string lines_of_media(const Session& session) {
  std::string out;
  for (const auto& media : session.media) {
    out += media.kind + ' ' + std::to_string(media.port) + ' ' + media.protocol;
    for (const auto& format : media.formats) out += ' ' + format;
    out += '\n';
  }
  return out;
}

TEST(FieldSdp, WithASwitchedOffLineThatHasNoFormatsIsTaken) {
  for (const auto* line :
       {"m=video 0 RTP/AVP", "m=audio 0 RTP/AVP", "m=video 0 RTP/AVP ", "m=application 9 TCP/MRCPv2"})
    for (const bool before : {true, false}) {
      const std::string odd = std::string{line} + "\r\n", audio = "m=audio 4000 RTP/AVP 0\r\n";
      const auto session = parsed(head + (before ? odd + audio : audio + odd));
      EXPECT_EQ(endpoint(serialise(session)), parse_endpoint("192.0.2.7:4000")) << line;
      // To others it is said as RFC 4566 has it.
      EXPECT_THAT(lines_of_media(reword(session, self)), HasSubstr(" 0\n")) << line;
      EXPECT_EQ(reword(session, self).media.size(), 2u);
      EXPECT_TRUE(parse(serialise(*answer_g711(session, self))));
    }
}

TEST(FieldSdp, WithAudioThatHasNoFormatsHasNone) {
  const auto session = parsed(head + "m=audio 4000 RTP/AVP\r\n");
  EXPECT_TRUE(codecs_of(*audio_of(session)).empty());
  EXPECT_FALSE(answer_g711(session, self));
}

TEST(FieldSdp, NamesItsAddressInManyWays) {
  for (const auto* c : {"c=IN IP4 192.0.2.9", "c=IN IP4 192.0.2.9 ", "c=IN  IP4  192.0.2.9", "c=IN\tIP4 192.0.2.9\t",
                        "c=in ip4 192.0.2.9", "c=IN IP4 192.0.2.9/127", "c= IN IP4 192.0.2.9"}) {
    EXPECT_EQ(endpoint(top + c + "\r\nm=audio 4000 RTP/AVP 0\r\n"), parse_endpoint("192.0.2.9:4000")) << c;
    EXPECT_EQ(endpoint(top + "c=IN IP6 ::1\r\nm=audio 4000 RTP/AVP 0\r\n" + c + "\r\n"),
              parse_endpoint("192.0.2.9:4000"))
        << c;
  }
}

TEST(FieldSdp, WithANameOrWithoutAnAddressMeansWhereItCameFrom) {
  for (const auto* c :
       {"c=IN IP4 phone-1.example.test\r\n", "c=IN IP4 desk_7\r\n", "c=IN  ip4 PHONE.example.test \r\n", ""}) {
    const auto text = top + c + "m=audio 4000 RTP/AVP 0\r\n";
    EXPECT_EQ(endpoint(text), parse_endpoint("192.0.2.7:4000")) << c;
    EXPECT_EQ(direction_of(parsed(text), parsed(text).media[0]), Direction::sendrecv);
    EXPECT_THAT(serialise(reword(parsed(text), self)), HasSubstr("c=IN IP4 10.0.0.1\r\n"));
  }
}

TEST(FieldSdp, OfAnotherAddressFamilyNamesNoPlace) {
  for (const auto* c : {"c=IN IP6 2001:db8::1", "c=IN IP6 phone.example.test", "c=IN IP4 300.1.1.1", "c=IN IP4 a:b",
                        "c=ATM NSAP 47.0091"}) {
    EXPECT_EQ(endpoint(top + c + "\r\nm=audio 4000 RTP/AVP 0\r\n"), std::nullopt) << c;
  }
}

TEST(FieldSdp, LacksLinesOrOrderAndGetsThem) {
  for (const auto* text : {"v=0\r\nm=audio 4000 RTP/AVP 0\r\n",
                           "v=0\nc=IN IP4 192.0.2.7\no=- 1 1 IN IP4 192.0.2.7\nm=audio 4000 RTP/AVP 0",
                           "\r\nv=0\r\ns=\r\nt=0 0\r\nc=IN IP4 192.0.2.7\r\nm=audio 4000 RTP/AVP 0\r\n",
                           "v=0 \r\no=- 1  1 IN IP4 192.0.2.7 \r\ns= \r\nt=0 0 \r\nm=audio  4000\tRTP/AVP 0  \r\n"})
    EXPECT_EQ(
        serialise(reword(parsed(text), self)),
        "v=0\r\no=roamdesk 7 2 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 10000 RTP/AVP 0\r\n")
        << text;
}

TEST(FieldSdp, WithLinesThatNobodyKnowsIsTakenWithoutThem) {
  const auto session = parsed(head + "A=foo\r\ny=0100000001\r\nfoo\r\n=\r\nm=audio 4000 RTP/AVP 0\r\nf=v/2\r\na\r\n");
  EXPECT_EQ(serialise(session), head + "m=audio 4000 RTP/AVP 0\r\n");
}

TEST(FieldSdp, OfAPhoneWithManyAddressesAndMediaIsTaken) {
  std::string text = head + "m=audio 4000 RTP/AVP 0\r\n";
  for (int i = 0; i < 300; ++i)
    text += "a=candidate:" + std::to_string(i) + " 1 UDP 2130706431 10.0.0.7 40000 typ host\r\n";
  for (int i = 0; i < 20; ++i) text += "m=video 0 RTP/AVP 96\r\n";
  EXPECT_EQ(endpoint(text), parse_endpoint("192.0.2.7:4000"));
  EXPECT_LT(serialise(reword(parsed(text), self)).size(), 1000u);
}

TEST(FieldSdp, InSmallLettersIsSaidInTheUsualOnes) {
  const auto text = serialise(reword(parsed(head + "m=AUDIO 4000 rtp/avp 0\r\n"), self));
  EXPECT_THAT(text, HasSubstr("m=audio 10000 RTP/AVP 0\r\n"));
}

TEST(FieldSdp, MapsEventsInManyWays) {
  const std::pair<const char*, int> ways[] = {
      {"m=audio 4 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n", 101},
      {"m=audio 4 RTP/AVP 0 101\r\na=rtpmap:101  telephone-event/8000\r\n", 101},
      {"m=audio 4 RTP/AVP 0 101\r\na=rtpmap:101\ttelephone-event/8000\r\n", 101},
      {"m=audio 4 RTP/AVP 0 101\r\na=rtpmap: 101 TELEPHONE-EVENT/8000/1 \r\n", 101},
      {"m=audio 4 RTP/AVP 0 101\r\na=RTPMAP:101 Telephone-Event/8000\r\n", 101},
      {"m=audio 4 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event\r\n", 101},
      {"m=audio 4 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/16000\r\na=rtpmap:101 telephone-event/8000\r\n", 101},
      {"m=audio 4 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=rtpmap:101 telephone-event/16000\r\n", 101},
      {"m=audio 4 RTP/AVP 0 100 101\r\na=rtpmap:100 telephone-event/48000\r\na=rtpmap:101 telephone-event/8000\r\n",
       101},
      {"m=audio 4 RTP/AVP 0 101\r\na=fmtp:101 0-15\r\n", 101},
      {"m=audio 4 RTP/AVP 0 101\r\n", 101},
      {"m=audio 4 RTP/AVP 0 97\r\na=fmtp:97 0-11,16\r\n", 97},
  };
  for (const auto& [text, payload] : ways) {
    const auto session = parsed(head + text);
    EXPECT_EQ(event_payload_of(*audio_of(session)), payload) << text;
    EXPECT_THAT(serialise(*answer_g711(session, self)),
                HasSubstr("a=rtpmap:" + std::to_string(payload) + " telephone-event/8000\r\n"));
  }
}

TEST(FieldSdp, DoesntTakeACodecForEvents) {
  for (const auto* text :
       {"m=audio 4 RTP/AVP 0 101\r\na=rtpmap:101 speex/8000\r\n", "m=audio 4 RTP/AVP 0 97\r\na=fmtp:97 mode=20\r\n",
        "m=audio 4 RTP/AVP 0 97\r\n", "m=audio 4 RTP/AVP 0 18\r\na=fmtp:18 0-15\r\n"})
    EXPECT_EQ(event_payload_of(parsed(head + text).media[0]), std::nullopt) << text;
}

class Answers : public testing::Test {
 protected:
  static std::string mended(const std::string& offer, const std::string& answer) {
    return lines_of_media(reword_answer(parsed(head + answer), parsed(head + offer), self));
  }
};

TEST_F(Answers, WithTooFewLinesGetThoseOfTheOffer) {
  EXPECT_EQ(mended("m=video 5000 RTP/AVP 96\r\nm=audio 4000 RTP/AVP 0 8\r\nm=application 9 TCP/MRCPv2\r\n",
                   "m=audio 6000 RTP/AVP 8\r\n"),
            "video 0 RTP/AVP 96\naudio 10000 RTP/AVP 8\napplication 0 TCP/MRCPv2 0\n");
}

TEST_F(Answers, WithTooManyOrMisplacedLinesGetThoseOfTheOffer) {
  EXPECT_EQ(
      mended("m=audio 4000 RTP/AVP 0 8\r\n", "m=audio 0 RTP/AVP\r\nm=audio 6000 RTP/AVP 0\r\nm=video 0 RTP/AVP\r\n"),
      "audio 10000 RTP/AVP 0\n");
}

TEST_F(Answers, KeepTheOffersProtocol) {
  EXPECT_EQ(mended("m=audio 4000 RTP/SAVP 0\r\nm=audio 4002 RTP/AVPF 0\r\n", "m=audio 6000 RTP/AVP 0\r\n"),
            "audio 0 RTP/SAVP 0\naudio 10000 RTP/AVPF 0\n");
}

TEST_F(Answers, OfOnePlaceAreAsTheyCame) {
  EXPECT_EQ(mended("m=audio 4000 RTP/AVP 0 8 101\r\n", "m=audio 6000 RTP/AVP 8 101\r\na=inactive\r\n"),
            "audio 10000 RTP/AVP 8 101\n");
}

}  // namespace
}  // namespace roamdesk::sdp::field
