#include "common/media/named_events.hpp"

#include <gtest/gtest.h>

#include <array>

namespace roamdesk::media {
namespace {

class Events : public testing::Test {
 protected:
  std::optional<char> packet(std::uint8_t event, std::uint32_t timestamp, bool end = false, std::uint32_t ssrc = 1) {
    const std::array<std::uint8_t, 4> bytes{event, static_cast<std::uint8_t>(end ? 0x8a : 0x0a), 0, 160};
    RtpView view;
    view.timestamp = timestamp;
    view.ssrc = ssrc;
    view.payload = bytes;
    return events.received(view);
  }
  NamedEvents events;
};

TEST_F(Events, AreOneDigitForATimestamp) {
  EXPECT_EQ(packet(1, 1000), '1');
  EXPECT_EQ(packet(1, 1000), std::nullopt);
  EXPECT_EQ(packet(1, 1000, true), std::nullopt);
}

TEST_F(Events, CountWhereOnlyTheEndArrives) { EXPECT_EQ(packet(11, 1000, true), '#'); }

TEST_F(Events, OfTheSameKeyTwiceAreTwoDigits) {
  EXPECT_EQ(packet(7, 1000), '7');
  EXPECT_EQ(packet(7, 3000), '7');
}

TEST_F(Events, ThatComeLateAreNoNewDigits) {
  EXPECT_EQ(packet(1, 1000), '1');
  EXPECT_EQ(packet(2, 3000), '2');
  EXPECT_EQ(packet(1, 1000, true), std::nullopt);
  EXPECT_EQ(packet(2, 3000, true), std::nullopt);
}

TEST_F(Events, GoOnWhereTimestampsWrap) {
  EXPECT_EQ(packet(1, 0xffffff00), '1');
  EXPECT_EQ(packet(2, 0x00000700), '2');
  EXPECT_EQ(packet(1, 0xffffff00), std::nullopt);
}

TEST_F(Events, OfANewSourceOrANewCountAreHeard) {
  EXPECT_EQ(packet(1, 3'000'000'000), '1');
  EXPECT_EQ(packet(2, 5, false, 2), '2');
  EXPECT_EQ(packet(3, 3'000'000'000, false, 2), '3');
}

TEST_F(Events, PressedForLongerThanASegmentAreOneDigit) {
  EXPECT_EQ(packet(5, 1000), '5');
  EXPECT_EQ(packet(5, 1000 + 0xffff), std::nullopt);
  EXPECT_EQ(packet(5, 1000 + 2 * 0xffff, true), std::nullopt);
  EXPECT_EQ(packet(5, 1000 + 3 * 0xffff), '5');  // behind an end it is another press
}

TEST_F(Events, ThatArentDigitsAreNone) {
  EXPECT_EQ(packet(16, 1000), std::nullopt);  // flash
  RtpView view;
  const std::array<std::uint8_t, 2> cut{1, 0};
  view.payload = cut;
  EXPECT_EQ(events.received(view), std::nullopt);
}

}  // namespace
}  // namespace roamdesk::media
