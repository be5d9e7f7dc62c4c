#include "common/sdp/common_answer.hpp"

#include <gtest/gtest.h>

namespace roamdesk::sdp {
namespace {

const Self ours{7, 3, {IpAddress{0x0A000001}, 20000}};

Session offer(const std::string& media) {
  const auto parsed = parse("v=0\r\no=- 1 1 IN IP4 10.0.0.9\r\ns=-\r\nc=IN IP4 10.0.0.9\r\nt=0 0\r\n" + media);
  EXPECT_TRUE(parsed);
  return parsed ? *parsed : Session{};
}
std::string answer(const std::string& asked, const std::string& known) {
  const auto made = common_answer(offer(asked), offer(known), ours);
  return made ? serialise(*made) : "none";
}

TEST(CommonAnswer, HasWhatBothKnowInTheOrderOfTheOffer) {
  const auto text = answer("m=audio 4000 RTP/AVP 9 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\n",
                           "m=audio 5000 RTP/AVP 0 18 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"
                           "a=fmtp:18 annexb=no\r\na=ptime:20\r\n");
  EXPECT_NE(text.find("m=audio 20000 RTP/AVP 8 0 101\r\n"), std::string::npos) << text;
  EXPECT_NE(text.find("a=fmtp:101 0-15\r\n"), std::string::npos);
  EXPECT_NE(text.find("a=ptime:20\r\n"), std::string::npos);
  EXPECT_EQ(text.find("annexb"), std::string::npos);
  EXPECT_EQ(text.find("10.0.0.9"), std::string::npos);
}

TEST(CommonAnswer, TakesNoPayloadTypeThatMeansAnotherCodec) {
  EXPECT_EQ(answer("m=audio 4000 RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\n",
                   "m=audio 5000 RTP/AVP 96\r\na=rtpmap:96 iLBC/8000\r\n"),
            "none");
  const auto text = answer("m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n",
                           "m=audio 5000 RTP/AVP 8 96\r\na=rtpmap:96 telephone-event/8000\r\n");
  EXPECT_NE(text.find("m=audio 20000 RTP/AVP 8\r\n"), std::string::npos) << text;
}

TEST(CommonAnswer, NeedsACodecBesideEvents) {
  EXPECT_EQ(answer("m=audio 4000 RTP/AVP 9 101\r\na=rtpmap:101 telephone-event/8000\r\n",
                   "m=audio 5000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"),
            "none");
  EXPECT_EQ(answer("m=audio 4000 RTP/SAVP 8\r\n", "m=audio 5000 RTP/AVP 8\r\n"), "none");
  EXPECT_EQ(answer("m=audio 4000 RTP/AVP 8\r\n", "m=video 5000 RTP/AVP 31\r\n"), "none");
}

TEST(CommonAnswer, HasTheLinesOfTheOfferInTheirPlaces) {
  const auto text = answer("m=video 4002 RTP/AVP 31\r\nm=audio 4000 RTP/AVP 8\r\n",
                           "m=audio 5000 RTP/AVP 8\r\nm=text 1 RTP/AVP 98\r\n");
  const auto video = text.find("m=video 0 RTP/AVP 31\r\n"), audio = text.find("m=audio 20000 RTP/AVP 8\r\n");
  ASSERT_NE(video, std::string::npos) << text;
  EXPECT_LT(video, audio);
  EXPECT_EQ(text.find("m=text"), std::string::npos);
}

}  // namespace
}  // namespace roamdesk::sdp
