#include "common/rtp/digits.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/rtp/typist.hpp"

namespace roamdesk::media {
namespace {

std::string random_pin(std::mt19937& random) {
  std::string pin(std::uniform_int_distribution<std::size_t>{4, 8}(random), '0');
  for (char& digit : pin) digit = static_cast<char>('0' + std::uniform_int_distribution<int>{0, 9}(random));
  return pin + "#";
}

class Pins : public testing::TestWithParam<bool> {
 protected:
  std::string typed(Typist::Habit habit, const std::string& pin, const Network& network) {
    habit.alaw = GetParam();
    return heard(carried(Typist{habit}.type(pin), network, random),
                 {habit.events ? std::optional{event_payload} : std::nullopt, {}});
  }
  std::mt19937 random{20261122};
};

TEST_P(Pins, TypedInBothWaysAtOnceArriveOnceEachAtFivePercentLoss) {
  for (int i = 0; i < 1000; ++i) {
    const auto pin = random_pin(random);
    EXPECT_EQ(typed({}, pin, {.loss = 0.05}), pin);
  }
}

TEST_P(Pins, TypedQuicklyOverANetworkThatDoublesAndReordersArriveOnceEach) {
  for (int i = 0; i < 300; ++i) {
    const auto pin = random_pin(random);
    EXPECT_EQ(typed({.press = 4, .pause = 3}, pin, {.loss = 0.03, .doubling = 0.05, .reordering = 0.05}), pin);
  }
}

TEST_P(Pins, TypedAsEventsAloneArriveOnceEach) {
  for (int i = 0; i < 1000; ++i) {
    const auto pin = random_pin(random);
    EXPECT_EQ(typed({.tones = false}, pin, {.loss = 0.05, .doubling = 0.05}), pin);
  }
}

TEST_P(Pins, TypedAsTonesAloneArriveOnceEachAsFastAsQ24Allows) {
  for (int i = 0; i < 100; ++i) {
    const auto pin = random_pin(random);
    EXPECT_EQ(typed({.events = false, .press = 3, .pause = 2}, pin, {}), pin);
  }
}

TEST_P(Pins, TypedAsTonesAloneByAHandArriveOnceEachAtFivePercentLoss) {
  for (int i = 0; i < 300; ++i) {
    const auto pin = random_pin(random);
    EXPECT_EQ(typed({.events = false}, pin, {.loss = 0.05}), pin);
  }
}

TEST_P(Pins, OfAPhoneThatNegotiatesEventsButSendsTonesArriveOnceEach) {
  for (int i = 0; i < 100; ++i) {
    const auto pin = random_pin(random);
    Typist phone{{.alaw = GetParam(), .events = false, .press = 3, .pause = 2}};
    EXPECT_EQ(heard(phone.type(pin), {event_payload, {}}), pin);
  }
}

INSTANTIATE_TEST_SUITE_P(Codecs, Pins, testing::Bool(),
                         [](const auto& given) { return std::string{given.param ? "ALaw" : "MuLaw"}; });

class Digits : public testing::Test {
 protected:
  void hear(const std::vector<Sent>& packets) {
    for (const auto& packet : packets) {
      RtpView view = packet.view;
      view.payload = packet.bytes;
      if (const auto digit = collector.received(view, {event_payload, {}}, packet.at)) digits += *digit;
    }
  }
  DigitCollector collector;
  std::string digits;
};

TEST_F(Digits, OfTheSourceThatCameSecondAreIgnored) {
  hear(Typist{{.events = false}}.type("1"));
  hear(Typist{{.tones = false}}.type("23"));
  EXPECT_EQ(digits, "1");
}

TEST_F(Digits, ComeAsEventsEvenWhereTheFirstOfThemAreLost) {
  auto packets = Typist{{}}.type("1");
  for (int lost = 0; lost < 4; ++lost)
    packets.erase(std::find_if(packets.begin(), packets.end(),
                               [](const Sent& sent) { return sent.view.payload_type == event_payload; }));
  hear(packets);
  auto events = Typist{{.tones = false}}.type("123");  // the same clock; its first key is the one above
  hear(events);
  EXPECT_EQ(digits, "123");
}

}  // namespace
}  // namespace roamdesk::media
