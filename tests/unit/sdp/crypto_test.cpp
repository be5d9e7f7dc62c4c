#include "common/sdp/crypto.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/sdp/common_answer.hpp"

namespace roamdesk::sdp::keyed {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string head = "v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 1.2.3.4\r\nt=0 0\r\n";
// 30 bytes of RFC 4568 §9.1's example.
const std::string example = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj";
const std::string line_80 = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + example;

Session parsed(const std::string& text) {
  auto session = parse(text);
  EXPECT_TRUE(session) << text;
  return *session;
}

std::vector<Crypto> cryptos(const std::string& lines) {
  return cryptos_of(parsed(head + "m=audio 4000 RTP/SAVP 0\r\n" + lines).media.front());
}

const SrtpKeys keys = [] {
  SrtpKeys made;
  for (std::size_t i = 0; i < srtp_suites; ++i)
    made[i] = Secret{std::string(srtp_key_size(static_cast<SrtpSuite>(i)), static_cast<char>('a' + i))};
  return made;
}();

Self self(Srtp srtp) { return {7, 2, {IpAddress{0x0a000001}, 10000}, srtp, &keys}; }

TEST(Crypto, IsReadWithItsKey) {
  const auto found = cryptos(line_80 + "|2^20\r\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].tag, 1u);
  EXPECT_EQ(found[0].suite, SrtpSuite::aes_cm_128_hmac_sha1_80);
  EXPECT_EQ(found[0].key.reveal(), "wDfvg&T+)xG7@fb5jU,RaA}\\|p0%*#");
}

TEST(Crypto, OfEachSuiteComesBackAsItWasWritten) {
  for (std::size_t i = 0; i < srtp_suites; ++i) {
    const Crypto ours{42, static_cast<SrtpSuite>(i), keys[i]};
    const auto line = crypto_line(ours);
    EXPECT_EQ(cryptos("a=" + line.value + "\r\n"), std::vector{ours}) << line.value;
    auto unpadded = line.value;
    while (unpadded.ends_with('=')) unpadded.pop_back();
    EXPECT_EQ(cryptos("a=" + unpadded + "\r\n"), std::vector{ours}) << unpadded;
  }
}

TEST(Crypto, IsReadAsPhonesWriteIt) {
  for (const auto* line :
       {"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY", "a=crypto: 1  AES_CM_128_HMAC_SHA1_80\tinline:KEY ",
        "a=Crypto:001 aes_cm_128_hmac_sha1_80 INLINE:KEY|2^48",
        "a=crypto:999999999 AES_CM_128_HMAC_SHA1_80 inline:KEY|1048576",
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY WSH=64 -x-unknown KDR=0"}) {
    std::string text{line};
    text.replace(text.find("KEY"), 3, example);
    EXPECT_EQ(cryptos(text + "\r\n").size(), 1u) << text;
  }
}

// What would have to be done otherwise than we do it isn't chosen, nor what can't be read.
TEST(Crypto, ThatWeCannotSpeakByIsPassedOver) {
  for (const auto* line : {"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY|2^20|1:4",
                           "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY|1:4",
                           "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY;inline:KEY",
                           "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEYA",
                           "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:",
                           "a=crypto:1 AES_CM_128_HMAC_SHA1_80 KEY",
                           "a=crypto:1 AES_CM_128_HMAC_SHA1_80",
                           "a=crypto:1",
                           "a=crypto:",
                           "a=crypto:x AES_CM_128_HMAC_SHA1_80 inline:KEY",
                           "a=crypto:-1 AES_CM_128_HMAC_SHA1_80 inline:KEY",
                           "a=crypto:1234567890 AES_CM_128_HMAC_SHA1_80 inline:KEY",
                           "a=crypto:1 F8_128_HMAC_SHA1_80 inline:KEY",
                           "a=crypto:1 AES_256_CM_HMAC_SHA1_80 inline:KEY",
                           "a=crypto:1 AEAD_AES_128_GCM inline:KEY",
                           "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY UNENCRYPTED_SRTP",
                           "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY UNENCRYPTED_SRTCP",
                           "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY UNAUTHENTICATED_SRTP",
                           "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY KDR=1",
                           "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY FEC_ORDER=FEC_SRTP",
                           "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:%0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"}) {
    std::string text{line};
    for (auto at = text.find("KEY"); at != text.npos; at = text.find("KEY")) text.replace(at, 3, example);
    EXPECT_TRUE(cryptos(text + "\r\n").empty()) << text;
  }
}

TEST(Crypto, LinesAreCounted) {
  std::string lines;
  for (int i = 0; i < 300; ++i) lines += line_80 + "\r\n";
  EXPECT_EQ(cryptos(lines).size(), 16u);
}

TEST(Crypto, DecidesWhichLineIsTheAudio) {
  struct Case {
    std::string lines;
    int off, optional, required;  // index of the line; -1: none
  };
  const std::string crypto = line_80 + "\r\n", bad = "a=crypto:1 F8_128_HMAC_SHA1_80 inline:x\r\n";
  const std::vector<Case> cases{{"m=audio 4 RTP/AVP 0\r\n", 0, 0, -1},
                                {"m=audio 4 RTP/AVP 0\r\n" + crypto, 0, 0, 0},
                                {"m=audio 4 RTP/SAVP 0\r\n" + crypto, -1, 0, 0},
                                {"m=audio 4 RTP/SAVP 0\r\n", -1, -1, -1},
                                {"m=audio 4 RTP/SAVP 0\r\n" + bad, -1, -1, -1},
                                {"m=audio 4 RTP/AVP 0\r\n" + bad, 0, 0, -1},
                                {"m=audio 4 RTP/SAVPF 0\r\n" + crypto, -1, 0, 0},
                                {"m=audio 4 UDP/TLS/RTP/SAVP 0\r\n" + crypto, -1, -1, -1},
                                {"m=audio 4 RTP/AVP 0\r\nm=audio 6 RTP/SAVP 0\r\n" + crypto, 0, 1, 1},
                                {"m=audio 6 RTP/SAVP 0\r\n" + crypto + "m=audio 4 RTP/AVP 0\r\n", 1, 0, 0},
                                {"m=audio 6 RTP/SAVP 0\r\n" + bad + "m=audio 4 RTP/AVP 0\r\n", 1, 1, -1},
                                {"m=video 6 RTP/SAVP 0\r\n" + crypto + "m=audio 4 RTP/AVP 0\r\n", 1, 1, -1}};
  for (const auto& [lines, off, optional, required] : cases) {
    const auto session = parsed(head + lines);
    const auto place = [&](Srtp srtp) {
      const auto* audio = audio_of(session, srtp);
      return audio ? static_cast<int>(audio - session.media.data()) : -1;
    };
    EXPECT_EQ(place(Srtp::off), off) << lines;
    EXPECT_EQ(place(Srtp::optional), optional) << lines;
    EXPECT_EQ(place(Srtp::required), required) << lines;
  }
}

TEST(Crypto, OffersAreOursAsIsSet) {
  const auto theirs = parsed(head + "m=audio 4000 RTP/SAVP 0\r\n" + line_80 + "\r\n");
  const auto off = serialise(reword(theirs, self(Srtp::off)));
  EXPECT_THAT(off, HasSubstr("m=audio 10000 RTP/AVP 0\r\n"));
  EXPECT_THAT(off, Not(HasSubstr("crypto")));
  for (const auto srtp : {Srtp::optional, Srtp::required}) {
    const auto offer = reword(theirs, self(srtp));
    EXPECT_EQ(offer.media[0].protocol, srtp == Srtp::optional ? "RTP/AVP" : "RTP/SAVP");
    const auto lines = cryptos_of(offer.media[0]);
    ASSERT_EQ(lines.size(), srtp_suites);
    for (std::size_t i = 0; i < srtp_suites; ++i) {
      EXPECT_EQ(lines[i].tag, i + 1);
      EXPECT_EQ(lines[i].key, keys[i]);
    }
    EXPECT_THAT(serialise(offer), Not(HasSubstr(example)));
  }
  auto agreed = self(Srtp::optional);
  agreed.suite = SrtpSuite::aead_aes_128_gcm;
  EXPECT_EQ(cryptos_of(reword(theirs, agreed).media[0]).size(), 1u);
  EXPECT_EQ(cryptos_of(offer_g711(self(Srtp::required)).media[0]).size(), srtp_suites);
}

TEST(Crypto, AnswersTakeTheFirstLineThatWeSpeakUnderItsTag) {
  const auto offer =
      parsed(head +
             "m=audio 4 RTP/AVP 0\r\nm=audio 4000 RTP/SAVP 0 8\r\na=crypto:7 F8_128_HMAC_SHA1_80 inline:x\r\n"
             "a=crypto:9 AES_CM_128_HMAC_SHA1_32 inline:" +
             example + "\r\n" + line_80 + "\r\n");
  const auto plain = parsed(head + "m=audio 6000 RTP/AVP 8\r\n");
  const auto check = [&](const Session& answer) {
    ASSERT_EQ(answer.media.size(), 2u);
    EXPECT_EQ(answer.media[0].port, 0);
    EXPECT_EQ(answer.media[1].port, 10000);
    EXPECT_EQ(answer.media[1].protocol, "RTP/SAVP");
    const auto ours = cryptos_of(answer.media[1]);
    ASSERT_EQ(ours.size(), 1u);
    EXPECT_EQ(ours[0], (Crypto{9, SrtpSuite::aes_cm_128_hmac_sha1_32, keys[3]}));
  };
  check(reword_answer(plain, offer, self(Srtp::optional)));
  check(*answer_g711(offer, self(Srtp::required)));
  check(*common_answer(offer, plain, self(Srtp::optional)));
}

TEST(Crypto, AnswersToRtpAvpWithKeysStayRtpAvpWithAKey) {
  const auto offer = parsed(head + "m=audio 4000 RTP/AVP 8\r\n" + line_80 + "\r\n");
  const auto answer = answer_g711(offer, self(Srtp::optional));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->media[0].protocol, "RTP/AVP");
  EXPECT_EQ(cryptos_of(answer->media[0]).size(), 1u);
  EXPECT_TRUE(cryptos_of(answer_g711(offer, self(Srtp::off))->media[0]).empty());
  EXPECT_FALSE(answer_g711(parsed(head + "m=audio 4000 RTP/AVP 8\r\n"), self(Srtp::required)));
}

}  // namespace
}  // namespace roamdesk::sdp::keyed
