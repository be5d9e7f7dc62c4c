#include "exchange/calls/sdp_view.hpp"

#include <gtest/gtest.h>

namespace roamdesk::calls::sdp_view {
namespace {

const std::string head = "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n";

TEST(SdpView, NamesG711WhereAPhonePrefersSomethingElse) {
  // What is played to it goes out as this codec; it was answered with G.711 alone.
  const auto audio = read(head + "m=audio 4000 RTP/AVP 9 101 8 0\r\na=rtpmap:101 telephone-event/8000\r\n");
  ASSERT_TRUE(audio);
  EXPECT_EQ(audio->codec, media::Codec::pcma);
  EXPECT_EQ(audio->codec_payload, 8);
  EXPECT_EQ(audio->event_payload, 101);
}

TEST(SdpView, NamesTheFirstCodecWhereThereIsNoG711) {
  const auto audio = read(head + "m=audio 4000 RTP/AVP 101 9 18\r\na=rtpmap:101 telephone-event/8000\r\n");
  ASSERT_TRUE(audio);
  EXPECT_EQ(audio->codec, media::Codec::g722);
  EXPECT_EQ(audio->codec_payload, 9);
}

TEST(SdpView, OfSrtpAloneIsRefused) { EXPECT_FALSE(read(head + "m=audio 4000 RTP/SAVP 0\r\n")); }

}  // namespace
}  // namespace roamdesk::calls::sdp_view
