#include "common/media/digits.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "common/media/g711.hpp"

namespace roamdesk::media {
namespace {

constexpr std::string_view keys = "0123456789*#ABCD";
constexpr std::uint8_t event_payload = 101;

struct Sent {
  RtpView view;
  std::vector<std::uint8_t> bytes;
};

// A phone that types: each key for 160 ms as a named event with three end packets, and as a tone in the audio beside
// it.
class Typist {
 public:
  Typist(bool alaw, bool events, bool tones) : alaw_(alaw), events_(events), tones_(tones) {}

  std::vector<Sent> type(std::string_view digits) {
    std::vector<Sent> sent;
    for (const char digit : digits) {
      const auto key = static_cast<std::uint8_t>(keys.find(digit));
      const auto start = timestamp_;
      for (int frame = 0; frame < 8; ++frame) {
        if (tones_) audio(sent, digit);
        if (events_)
          for (int copy = 0; copy < (frame == 7 ? 3 : 1); ++copy) event(sent, key, start, frame);
        timestamp_ += 160;
      }
      for (int frame = 0; frame < 5; ++frame) {
        audio(sent, 0);
        timestamp_ += 160;
      }
    }
    return sent;
  }

 private:
  void push(std::vector<Sent>& sent, std::uint8_t payload_type, std::uint32_t timestamp,
            std::vector<std::uint8_t> bytes) {
    Sent packet;
    packet.view.payload_type = payload_type;
    packet.view.sequence = sequence_++;
    packet.view.timestamp = timestamp;
    packet.bytes = std::move(bytes);
    sent.push_back(std::move(packet));
  }
  void event(std::vector<Sent>& sent, std::uint8_t key, std::uint32_t start, int frame) {
    const int duration = (frame + 1) * 160;
    push(sent, event_payload, start,
         {key, static_cast<std::uint8_t>(frame == 7 ? 0x8a : 0x0a), static_cast<std::uint8_t>(duration >> 8),
          static_cast<std::uint8_t>(duration)});
  }
  void audio(std::vector<Sent>& sent, char digit) {
    static constexpr int low[] = {697, 770, 852, 941}, high[] = {1209, 1336, 1477, 1633};
    static constexpr std::string_view grid = "123A456B789C*0#D";
    std::vector<std::uint8_t> bytes(160);
    for (std::size_t i = 0; i < bytes.size(); ++i, ++clock_) {
      double value = 0;
      if (digit != 0) {
        const auto at = grid.find(digit);
        const double t = 2 * std::numbers::pi * static_cast<double>(clock_) / 8000;
        value = 6000 * (std::sin(t * low[at / 4]) + std::sin(t * high[at % 4]));
      }
      bytes[i] = alaw_ ? to_alaw(static_cast<std::int16_t>(value)) : to_ulaw(static_cast<std::int16_t>(value));
    }
    push(sent, alaw_ ? 8 : 0, timestamp_, std::move(bytes));
  }

  bool alaw_, events_, tones_;
  std::uint16_t sequence_ = 65500;  // wraps soon
  std::uint32_t timestamp_ = 0xffff0000;
  std::uint64_t clock_ = 0;
};

std::string heard(const std::vector<Sent>& packets, double loss, std::mt19937& random,
                  std::optional<std::uint8_t> negotiated) {
  DigitCollector collector;
  std::bernoulli_distribution lost{loss};
  std::string digits;
  for (const auto& packet : packets) {
    if (lost(random)) continue;
    RtpView view = packet.view;
    view.payload = packet.bytes;
    if (const auto digit = collector.received(view, negotiated)) digits += *digit;
  }
  return digits;
}

std::string random_pin(std::mt19937& random) {
  std::string pin;
  for (std::uniform_int_distribution<int> digit{0, 9}, length{4, 8};
       pin.size() < static_cast<std::size_t>(length(random));)
    pin += static_cast<char>('0' + digit(random));
  return pin + "#";
}

class Pins : public testing::TestWithParam<bool> {};

TEST_P(Pins, TypedInBothWaysAtOnceArriveOnceEachAtFivePercentLoss) {
  std::mt19937 random{20261122};
  for (int i = 0; i < 1000; ++i) {
    const auto pin = random_pin(random);
    EXPECT_EQ(heard(Typist{GetParam(), true, true}.type(pin), 0.05, random, event_payload), pin);
  }
}

TEST_P(Pins, TypedAsTonesAloneArriveOnceEach) {
  std::mt19937 random{7};
  for (int i = 0; i < 200; ++i) {
    const auto pin = random_pin(random);
    EXPECT_EQ(heard(Typist{GetParam(), false, true}.type(pin), 0, random, std::nullopt), pin);
  }
}

INSTANTIATE_TEST_SUITE_P(Codecs, Pins, testing::Bool(),
                         [](const auto& info) { return std::string{info.param ? "ALaw" : "MuLaw"}; });

TEST(NamedEvents, OfTheSameKeyTwiceAreTwoDigits) {
  std::mt19937 random{1};
  EXPECT_EQ(heard(Typist{true, true, false}.type("1122"), 0, random, event_payload), "1122");
}

TEST(NamedEvents, ThatComeLateAreNoNewDigits) {
  auto packets = Typist{true, true, false}.type("12");
  std::vector<Sent> events;
  for (auto& packet : packets)
    if (packet.view.payload_type == event_payload) events.push_back(packet);
  events.push_back(events.front());
  std::mt19937 random{1};
  EXPECT_EQ(heard(events, 0, random, event_payload), "12");
}

TEST(NamedEvents, ThatArentDigitsAreNone) {
  NamedEvents events;
  const std::uint8_t flash[] = {16, 0, 0, 160}, short_one[] = {1, 0};
  EXPECT_EQ(events.received(1, flash), std::nullopt);
  EXPECT_EQ(events.received(2, short_one), std::nullopt);
}

TEST(G711, ComesBackWithinItsStep) {
  for (int sample = -32000; sample <= 32000; sample += 37) {
    const auto s = static_cast<std::int16_t>(sample);
    const int allowed = std::abs(sample) / 16 + 16;
    EXPECT_NEAR(from_alaw(to_alaw(s)), sample, allowed);
    EXPECT_NEAR(from_ulaw(to_ulaw(s)), sample, allowed);
  }
}

}  // namespace
}  // namespace roamdesk::media
