#include "exchange/trace/redact.hpp"

#include <gtest/gtest.h>

namespace roamdesk::trace {

TEST(Redact, LeavesWhatIsNoSecretAsItIs) {
  const std::string message =
      "INVITE sip:101@pbx.example SIP/2.0\r\nCall-ID: a\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\n\r\n"
      "v=0\r\nm=audio 4000 RTP/AVP 8\r\n";
  EXPECT_EQ(redact(message), message);
}

TEST(Redact, TakesCredentialsOutFoldedOnesToo) {
  const auto text = redact(
      "INVITE sip:101@x SIP/2.0\r\nAUTHORIZATION: Digest username=\"u\",\r\n  response=\"deadbeef\"\r\n"
      "Proxy-Authorization : Digest response=\"cafe\"\r\nCSeq: 1 INVITE\r\n\r\n");
  EXPECT_EQ(text.find("deadbeef"), std::string::npos);
  EXPECT_EQ(text.find("cafe"), std::string::npos);
  EXPECT_EQ(text.find("username"), std::string::npos);
  EXPECT_NE(text.find("CSeq: 1 INVITE"), std::string::npos);
}

TEST(Redact, TakesTheDigitsOfAnInfoOut) {
  const auto text = redact("INFO sip:x@y SIP/2.0\r\nCSeq: 7 INFO\r\n\r\nSignal=4\r\nDuration=100\r\n");
  EXPECT_EQ(text.find("Signal"), std::string::npos);
  EXPECT_NE(text.find("CSeq: 7 INFO"), std::string::npos);
  EXPECT_EQ(redact("INFO sip:x@y SIP/2.0\r\nCSeq: 7\r\n INFO\r\n\r\nSignal=4\r\n").find("Signal"), std::string::npos);
}

TEST(Redact, TakesMediaKeysOut) {
  const auto text =
      redact("SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\n\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0\r\n");
  EXPECT_EQ(text.find("c2VjcmV0"), std::string::npos);
  EXPECT_NE(text.find("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:"), std::string::npos);
}

// Every way of writing one that a reader could take for a key.
TEST(Redact, TakesMediaKeysOutHoweverTheyAreWritten) {
  for (const std::string line :
       {"a=Crypto:1 AES_CM_128_HMAC_SHA1_80 INLINE:c2VjcmV0",
        "a= crypto:1 AES_CM_128_HMAC_SHA1_80\tinline:c2VjcmV0|2^20|1:4",
        "a=CRYPTO: 1 AEAD_AES_128_GCM inline:c2VjcmV0;inline:c2VjcmV0", "A=crypto:1 X c2VjcmV0", " a=crypto:c2VjcmV0",
        "a=crypto c2VjcmV0", "a=cryptoc2VjcmV0", "k=clear:c2VjcmV0", "k=base64:c2VjcmV0", " K=prompt c2VjcmV0"}) {
    const auto text = redact("INVITE sip:1@x SIP/2.0\r\nCSeq: 1 INVITE\r\n\r\nv=0\r\n" + line + "\r\na=sendrecv\r\n");
    EXPECT_EQ(text.find("c2VjcmV0"), std::string::npos) << line;
    EXPECT_NE(text.find("a=sendrecv"), std::string::npos) << line;
    EXPECT_EQ(redact(text), text) << line;
  }
}

TEST(Redact, ChangesNothingOfALineThatHasBeenRead) {
  for (const std::string line : {"a=crypto", "a=crypto:", "a=crypto:1", "k=", "a=crypto:1 inline:"}) {
    const auto text = redact("INVITE sip:1@x SIP/2.0\r\n\r\n" + line + "\r\n");
    EXPECT_EQ(redact(text), text) << line;
  }
}

TEST(Redact, KeepsACodeAndItsExtensionAndDropsWhatIsBehind) {
  EXPECT_EQ(redact_number("101"), "101");
  EXPECT_EQ(redact_number("*77*"), "*77*");
  EXPECT_EQ(redact_number("*77*101*"), "*77*101*");
  EXPECT_EQ(redact_number("*77*101*4711#"), "*77*101*...");
  EXPECT_EQ(redact_number("%2A77%2a101%2A4711"), "%2A77%2a101%2A...");
  const auto text = redact(
      "INVITE sip:*77*101*4711@pbx SIP/2.0\r\nTo: <SIP:*77*101*4711@pbx>\r\nFrom: <Sips:*77*101*4711@pbx>\r\n"
      "Refer-To: <tel:*77*101*4711>\r\n\r\n");
  EXPECT_EQ(text.find("4711"), std::string::npos);
}

TEST(Redact, TakesThePasswordOfAUriOutAndNoPort) {
  const auto text =
      redact("INVITE sip:101:hunter2@pbx SIP/2.0\r\nContact: <sip:10.0.0.2:5062>, <sip:b@c:5060>\r\n\r\n");
  EXPECT_EQ(text, "INVITE sip:101:(taken out)@pbx SIP/2.0\r\nContact: <sip:10.0.0.2:5062>, <sip:b@c:5060>\r\n\r\n");
}

}  // namespace roamdesk::trace
