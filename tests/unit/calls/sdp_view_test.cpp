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

TEST(SdpView, NamesWhatAnOfferAndItsAnswerAgreeUpon) {
  const auto events = "a=rtpmap:101 telephone-event/8000\r\n";
  const auto offer = head + "m=audio 4000 RTP/AVP 101 9 8 0\r\n" + events;
  const auto answer = head + "m=audio 4000 RTP/AVP 8 0 101\r\n" + events;
  EXPECT_EQ(agreed_codec(offer, answer), "PCMA");
  EXPECT_EQ(agreed_codec(answer, offer), "PCMA");
  EXPECT_EQ(agreed_codec(offer, head + "m=audio 4000 RTP/AVP 9\r\n"), "G722");
  EXPECT_EQ(agreed_codec(offer, head + "m=audio 4000 RTP/AVP 18 101\r\n" + events), "") << "events are no codec";
  EXPECT_EQ(agreed_codec(offer, ""), "") << "nothing is agreed yet";
  EXPECT_EQ(agreed_codec(head + "m=image 4000 udptl t38\r\n", head + "m=image 4002 udptl t38\r\n"), "T.38");
}

TEST(SdpView, OfSrtpAloneIsRefused) { EXPECT_FALSE(read(head + "m=audio 4000 RTP/SAVP 0\r\n")); }

}  // namespace
}  // namespace roamdesk::calls::sdp_view
