#include "common/rtp/named_events.hpp"

#include <gtest/gtest.h>

#include <array>

namespace roamdesk::media {
namespace {

class Events : public testing::Test {
 protected:
  // The next packet of the phone: `after` behind the last one, its sequence number higher by `step`.
  struct Next {
    bool end = false, marker = false;
    std::uint16_t duration = 160;
    int step = 1;
    std::chrono::milliseconds after{20};
    std::uint32_t ssrc = 1;
  };
  std::optional<char> packet(std::uint8_t event, std::uint32_t timestamp) { return packet(event, timestamp, Next{}); }
  std::optional<char> packet(std::uint8_t event, std::uint32_t timestamp, const Next& next) {
    const std::array<std::uint8_t, 4> bytes{event, static_cast<std::uint8_t>(next.end ? 0x8a : 0x0a),
                                            static_cast<std::uint8_t>(next.duration >> 8),
                                            static_cast<std::uint8_t>(next.duration)};
    RtpView view;
    view.timestamp = timestamp;
    view.ssrc = next.ssrc;
    view.marker = next.marker;
    view.sequence = sequence = static_cast<std::uint16_t>(sequence + next.step);
    view.payload = bytes;
    now += next.after;
    return events.received(view, now);
  }
  TimePoint now{std::chrono::hours{1}};
  std::uint16_t sequence = 65530;
  NamedEvents events;
};

using std::chrono_literals::operator""ms;

TEST_F(Events, AreOneDigitForATimestamp) {
  EXPECT_EQ(packet(1, 1000), '1');
  EXPECT_EQ(packet(1, 1000, {.duration = 320}), std::nullopt);
  EXPECT_EQ(packet(1, 1000, {.end = true, .duration = 320}), std::nullopt);
}

TEST_F(Events, CountWhereOnlyTheEndArrives) { EXPECT_EQ(packet(11, 1000, {.end = true}), '#'); }

TEST_F(Events, OfTheSameKeyTwiceAreTwoDigits) {
  EXPECT_EQ(packet(7, 1000), '7');
  EXPECT_EQ(packet(7, 3000, {.marker = true, .after = 250ms}), '7');
}

TEST_F(Events, ThatComeLateAreNoNewDigits) {
  EXPECT_EQ(packet(1, 1000), '1');
  EXPECT_EQ(packet(2, 3000, {.step = 5}), '2');
  EXPECT_EQ(packet(1, 1000, {.end = true, .step = -2}), std::nullopt);
  EXPECT_EQ(packet(2, 3000, {.end = true, .step = 3}), std::nullopt);
}

TEST_F(Events, ThatComeLateFromTheSourceBeforeAreNoNewDigits) {
  EXPECT_EQ(packet(1, 1000), '1');
  EXPECT_EQ(packet(2, 70000, {.ssrc = 2}), '2');
  EXPECT_EQ(packet(1, 1000, {.end = true, .step = -1}), std::nullopt);
  EXPECT_EQ(packet(2, 70000, {.end = true, .step = 2, .ssrc = 2}), std::nullopt);
}

TEST_F(Events, GoOnWhereTimestampsWrap) {
  EXPECT_EQ(packet(1, 0xffffff00), '1');
  EXPECT_EQ(packet(2, 0x00000700), '2');
  EXPECT_EQ(packet(1, 0xffffff00, {.step = -1}), std::nullopt);
}

TEST_F(Events, OfANewSourceOrANewCountAreHeard) {
  EXPECT_EQ(packet(1, 3'000'000'000), '1');
  EXPECT_EQ(packet(2, 5, {.ssrc = 2}), '2');
  EXPECT_EQ(packet(3, 3'000'000'000, {.ssrc = 2}), '3');
  EXPECT_EQ(packet(4, 1'000, {.step = 9000, .ssrc = 2}), '4');
  EXPECT_EQ(packet(4, 900'000, {.step = -9000, .after = 300ms, .ssrc = 2}), '4');
}

TEST_F(Events, OfASourceThatBeginsAnewWithinAPressAreOneDigit) {
  EXPECT_EQ(packet(5, 1000, {.marker = true}), '5');
  EXPECT_EQ(packet(5, 1000, {.duration = 320}), std::nullopt);
  EXPECT_EQ(packet(5, 88000, {.duration = 480, .step = 777, .ssrc = 2}), std::nullopt);
  EXPECT_EQ(packet(5, 88000, {.end = true, .duration = 480, .ssrc = 2}), std::nullopt);
  EXPECT_EQ(packet(5, 90000, {.marker = true, .after = 150ms, .ssrc = 2}), '5');
}

TEST_F(Events, WhoseClockGoesBackAreHeard) {
  for (const auto key : std::to_array<std::uint8_t>({1, 1, 2})) {
    EXPECT_EQ(packet(key, 50000 - key * 1000u, {.marker = true, .after = 100ms}), static_cast<char>('0' + key));
    EXPECT_EQ(packet(key, 50000 - key * 1000u, {.end = true, .duration = 320}), std::nullopt);
  }
}

TEST_F(Events, OfACountThatBeginsAnewWithEachPressAreHeard) {
  EXPECT_EQ(packet(1, 1000, {.marker = true, .step = 0}), '1');
  EXPECT_EQ(packet(1, 1000, {.end = true, .duration = 320, .step = 1}), std::nullopt);
  EXPECT_EQ(packet(1, 3000, {.marker = true, .step = -1, .after = 100ms}), '1');
  EXPECT_EQ(packet(1, 3000, {.end = true, .duration = 320, .step = 1}), std::nullopt);
}

TEST_F(Events, PressedForLongerThanASegmentAreOneDigit) {
  EXPECT_EQ(packet(5, 1000), '5');
  EXPECT_EQ(packet(5, 1000 + 0xffff, {.after = 8000ms}), std::nullopt);
  EXPECT_EQ(packet(5, 1000 + 2 * 0xffff, {.end = true, .after = 8000ms}), std::nullopt);
  EXPECT_EQ(packet(5, 1000 + 3 * 0xffff, {.after = 8000ms}), '5');  // behind an end it is another press
}

TEST_F(Events, WhoseDurationIsFullAndBeginsAnewAreOneDigit) {
  EXPECT_EQ(packet(5, 1000, {.duration = 0xffa0}), '5');
  EXPECT_EQ(packet(5, 1000, {.duration = 0x0040}), std::nullopt);
}

TEST_F(Events, AreOneDigitThoughItsEndComesLong) {
  EXPECT_EQ(packet(5, 1000), '5');
  EXPECT_EQ(packet(5, 1000, {.end = true, .duration = 320, .step = 60, .after = 1200ms}), std::nullopt);
}

TEST_F(Events, OfTheSameKeyWithoutASecondTimestampAreTwoDigits) {
  EXPECT_EQ(packet(3, 500, {.marker = true}), '3');
  EXPECT_EQ(packet(3, 500, {.duration = 320}), std::nullopt);
  EXPECT_EQ(packet(3, 500, {.duration = 160, .step = 6, .after = 120ms}), '3');  // the duration begins again
  EXPECT_EQ(packet(3, 500, {.duration = 320}), std::nullopt);
  EXPECT_EQ(packet(3, 500, {.end = true, .duration = 480}), std::nullopt);
  EXPECT_EQ(packet(3, 500, {.duration = 640, .step = 6, .after = 120ms}), '3');  // not an end, behind one
  EXPECT_EQ(packet(3, 500, {.end = true, .duration = 640}), std::nullopt);
  EXPECT_EQ(packet(3, 500, {.end = true, .duration = 640, .step = 6, .after = 120ms}), '3');  // audio between two ends
  EXPECT_EQ(packet(3, 500, {.end = true, .duration = 640}), std::nullopt);
}

TEST_F(Events, WithAMarkerInEachPacketAreOneDigit) {
  for (const bool runs : {false, true}) {
    const auto base = runs ? 90000u : 500u;
    EXPECT_EQ(packet(3, base, {.marker = true, .after = 300ms}), '3');
    for (std::uint16_t i = 1; i < 6; ++i)
      EXPECT_EQ(packet(3, base + (runs ? 160u * i : 0u),
                       {.end = i > 3, .marker = true, .duration = static_cast<std::uint16_t>(160 * (i + 1))}),
                std::nullopt);
  }
}

TEST_F(Events, WithAnEndInEachPacketAreOneDigit) {
  EXPECT_EQ(packet(3, 500, {.end = true, .marker = true}), '3');
  for (std::uint16_t i = 1; i < 6; ++i)
    EXPECT_EQ(packet(3, 500, {.end = true, .duration = static_cast<std::uint16_t>(160 * (i + 1))}), std::nullopt);
  EXPECT_EQ(packet(3, 5000, {.end = true, .marker = true, .step = 5, .after = 120ms}), '3');
}

TEST_F(Events, WhoseDurationStandsStillAreOneDigit) {
  for (const auto duration : std::to_array<std::uint16_t>({0, 160})) {
    EXPECT_EQ(packet(3, 500u + duration * 100u, {.marker = true, .duration = duration, .step = 9, .after = 300ms}),
              '3');
    for (int i = 0; i < 5; ++i)
      EXPECT_EQ(packet(3, 500u + duration * 100u, {.end = i > 2, .duration = duration, .after = 50ms}), std::nullopt);
  }
}

TEST_F(Events, ThatArentDigitsAreNone) {
  EXPECT_EQ(packet(16, 1000), std::nullopt);  // flash
  RtpView view;
  const std::array<std::uint8_t, 2> cut{1, 0};
  view.payload = cut;
  EXPECT_EQ(events.received(view, now), std::nullopt);
}

}  // namespace
}  // namespace roamdesk::media
