#include "common/rtp/rtp.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "common/rtp/g711.hpp"

namespace roamdesk::media {
namespace {

std::vector<std::uint8_t> packet(std::uint8_t first, std::vector<std::uint8_t> rest = {}) {
  std::vector<std::uint8_t> bytes(12);
  write_rtp_header(std::span{bytes}.first<12>(), {8, true, 0x1234, 0x56789abc, 0xdef01234, {}});
  bytes[0] = first;
  bytes.insert(bytes.end(), rest.begin(), rest.end());
  return bytes;
}

TEST(Rtp, HeaderComesBackAsItWasWritten) {
  const auto bytes = packet(0x80, {1, 2, 3});
  const auto view = parse_rtp(bytes);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->payload_type, 8);
  EXPECT_TRUE(view->marker);
  EXPECT_EQ(view->sequence, 0x1234);
  EXPECT_EQ(view->timestamp, 0x56789abcu);
  EXPECT_EQ(view->ssrc, 0xdef01234u);
  EXPECT_EQ(view->payload.size(), 3u);
}

TEST(Rtp, SkipsSourcesExtensionAndPadding) {
  // Two contributing sources, an extension of one word, three bytes of padding (RFC 3550 §5.1, §5.3.1).
  const auto bytes = packet(0xb2, {0, 0, 0, 1, 0, 0, 0, 2, 0xbe, 0xde, 0, 1, 9, 9, 9, 9, 42, 0, 0, 3});
  const auto view = parse_rtp(bytes);
  ASSERT_TRUE(view);
  ASSERT_EQ(view->payload.size(), 1u);
  EXPECT_EQ(view->payload[0], 42);
}

TEST(Rtp, ThatPromisesMoreThanThereIsIsRefused) {
  EXPECT_FALSE(parse_rtp(packet(0x40)));                      // version 1
  EXPECT_FALSE(parse_rtp(packet(0x81)));                      // a source that isn't there
  EXPECT_FALSE(parse_rtp(packet(0x90)));                      // an extension that isn't there
  EXPECT_FALSE(parse_rtp(packet(0x90, {0, 0, 0xff, 0xff})));  // a longer one than there is
  EXPECT_FALSE(parse_rtp(packet(0xa0, {5})));                 // more padding than payload
  EXPECT_FALSE(parse_rtp(packet(0xa0, {0})));                 // padding of nothing
  EXPECT_FALSE(parse_rtp(Packet{packet(0x80)}.first(11)));    // cut
  EXPECT_FALSE(parse_rtp({}));
}

TEST(Rtcp, IsToldByItsType) {
  std::array<std::uint8_t, 8> report{0x80, 201, 0, 1};
  EXPECT_TRUE(is_rtcp(report));
  report[1] = 8;
  EXPECT_FALSE(is_rtcp(report));
  EXPECT_FALSE(is_rtcp(Packet{report}.first(7)));
}

class Received : public testing::Test {
 protected:
  void packet(std::uint16_t sequence, std::uint32_t late = 0, std::uint32_t ssrc = 1) {
    const std::uint32_t timestamp = 160u * sequence;
    reception.received(sequence, timestamp, ssrc, timestamp + 5000 + late);
  }
  Reception reception;
};

TEST_F(Received, CountsWhatIsMissingOverAWrap) {
  for (std::uint32_t i = 0; i < 100; ++i)
    if (i % 10 != 5) packet(static_cast<std::uint16_t>(65500 + i));
  EXPECT_EQ(reception.packets(), 90u);
  EXPECT_EQ(reception.lost(), 10u);
}

TEST_F(Received, TakesLatePacketsForNoLoss) {
  for (const auto sequence : std::to_array<std::uint16_t>({1, 2, 4, 3, 5})) packet(sequence);
  EXPECT_EQ(reception.lost(), 0u);
}

TEST_F(Received, KeepsTheLossOfAnEarlierSource) {
  packet(1);
  packet(4);
  packet(9000, 0, 2);
  packet(9001, 0, 2);
  EXPECT_EQ(reception.lost(), 2u);
}

TEST_F(Received, IsSteadyWithoutJitterAndNotWith) {
  for (std::uint16_t i = 0; i < 200; ++i) packet(i);
  EXPECT_DOUBLE_EQ(reception.jitter_ms(), 0);
  // RFC 3550 A.8: by turns 10 ms late and in time, the mean deviation is 10 ms.
  for (std::uint16_t i = 200; i < 600; ++i) packet(i, i % 2 ? 80 : 0);
  EXPECT_NEAR(reception.jitter_ms(), 10, 0.1);
}

TEST(G711, ComesBackWithinItsStep) {
  for (int sample = -32000; sample <= 32000; sample += 37) {
    const auto s = static_cast<std::int16_t>(sample);
    const int allowed = std::abs(sample) / 16 + 16;
    EXPECT_NEAR(from_alaw(to_alaw(s)), sample, allowed);
    EXPECT_NEAR(from_ulaw(to_ulaw(s)), sample, allowed);
  }
}

TEST(G711, CodesComeBackAsThemselves) {
  for (int code = 0; code < 256; ++code) {
    const auto c = static_cast<std::uint8_t>(code);
    EXPECT_EQ(to_alaw(from_alaw(c)), c);
    EXPECT_EQ(to_ulaw(from_ulaw(c)), c == 0x7f ? 0xff : c);  // µ-law has two zeros
  }
}

TEST(G711, SilenceIsTheCodeOfTheStandard) {
  EXPECT_EQ(to_alaw(0), 0xd5);
  EXPECT_EQ(to_ulaw(0), 0xff);
}

}  // namespace
}  // namespace roamdesk::media
