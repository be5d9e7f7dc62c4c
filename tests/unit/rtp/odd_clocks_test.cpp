#include <gtest/gtest.h>

#include <array>

#include "tests/unit/rtp/typist.hpp"

// Events of phones whose clocks are off, or that leave out what RFC 4733 has.
namespace roamdesk::media {
namespace {

using Clock = Typist::Clock;

struct Way {
  const char* name;
  Typist::Habit habit;
};
void PrintTo(const Way& way, std::ostream* out) { *out << way.name; }

std::vector<Way> ways() {
  std::vector<Way> all;
  const auto add = [&](const char* name, auto change) {
    Typist::Habit habit;
    habit.tones = false;
    change(habit);
    all.push_back({name, habit});
  };
  add("Sound", [](auto&) {});
  add("SoundWithoutMarker", [](auto& h) { h.marker = false; });
  add("SoundWithoutEnds", [](auto& h) { h.ends = 0; });
  add("SoundEndsAlone", [](auto& h) { h.beginning = false; });
  add("SoundEndsApart", [](auto& h) { h.ends_apart = true; });
  add("SoundBesideTones", [](auto& h) { h.tones = true; });
  add("SoundOfManySources", [](auto& h) { h.new_source = true; });
  add("SoundHeldFor10Seconds", [](auto& h) { h.press = 300; });
  add("Stands", [](auto& h) { h.clock = Clock::stands; });
  add("StandsWithoutMarker", [](auto& h) { (h.clock = Clock::stands, h.marker = false); });
  add("StandsWithoutEnds", [](auto& h) { (h.clock = Clock::stands, h.ends = 0); });
  add("StandsWithoutMarkerOrEnds", [](auto& h) { (h.clock = Clock::stands, h.marker = false, h.ends = 0); });
  add("StandsEndsApart", [](auto& h) { (h.clock = Clock::stands, h.ends_apart = true); });
  add("StandsBesideTones", [](auto& h) { (h.clock = Clock::stands, h.tones = true); });
  add("Runs", [](auto& h) { h.clock = Clock::runs; });
  add("RunsWithoutMarker", [](auto& h) { (h.clock = Clock::runs, h.marker = false); });
  add("RunsWithoutEnds", [](auto& h) { (h.clock = Clock::runs, h.ends = 0); });
  add("RunsWithoutMarkerOrEnds", [](auto& h) { (h.clock = Clock::runs, h.marker = false, h.ends = 0); });
  add("RunsEndsApart", [](auto& h) { (h.clock = Clock::runs, h.ends_apart = true); });
  add("RunsOfManySources", [](auto& h) { (h.clock = Clock::runs, h.new_source = true); });
  add("RunsInEnds", [](auto& h) { h.clock = Clock::runs_in_ends; });
  add("RunsInEndsApart", [](auto& h) { (h.clock = Clock::runs_in_ends, h.ends_apart = true); });
  add("RunsInEndsWithoutMarker", [](auto& h) { (h.clock = Clock::runs_in_ends, h.marker = false); });
  add("RunsInEndsBesideTones", [](auto& h) { (h.clock = Clock::runs_in_ends, h.tones = true); });
  return all;
}

class OddClocks : public testing::TestWithParam<Way> {
 protected:
  std::string random_pin() {
    std::string pin;
    const auto size = std::uniform_int_distribution<int>{4, 8}(random);
    // Few digits, so that many come twice in a row.
    for (int i = 0; i < size; ++i) pin += static_cast<char>('0' + std::uniform_int_distribution<int>{0, 2}(random));
    return pin + "#";
  }
  // How many of `tries` PINs don't arrive as they were typed.
  int wrong(int tries, const Network& network, Typist::Habit habit) {
    int count = 0;
    for (int i = 0; i < tries; ++i) {
      const auto pin = random_pin();
      const auto got = heard(carried(Typist{habit}.type(pin), network, random), {event_payload, {}});
      if (got != pin && count++ == 0) ADD_FAILURE_AT(__FILE__, __LINE__) << pin << " became " << got;
    }
    return count;
  }
  std::mt19937 random{20261128};
};

TEST_P(OddClocks, BringEachDigitOnce) {
  EXPECT_EQ(wrong(100, {}, GetParam().habit), 0);
  auto quick = GetParam().habit;
  quick.press = std::min(quick.press, 4);
  quick.pause = 3;
  EXPECT_EQ(wrong(100, {}, quick), 0);
}

TEST_P(OddClocks, BringEachDigitOnceOverANetworkThatDoublesAndReorders) {
  EXPECT_EQ(wrong(100, {.doubling = 0.1, .reordering = 0.05}, GetParam().habit), 0);
}

TEST_P(OddClocks, BringEachDigitOnceOverANetworkThatStalls) {
  EXPECT_EQ(wrong(100, {.stalling = 0.02}, GetParam().habit), 0);
  EXPECT_EQ(wrong(100, {.stalling = 0.01, .stall = std::chrono::seconds{2}}, GetParam().habit), 0);
}

INSTANTIATE_TEST_SUITE_P(Phones, OddClocks, testing::ValuesIn(ways()),
                         [](const auto& given) { return std::string{given.param.name}; });

class LossyClocks : public OddClocks {};

TEST_P(LossyClocks, BringEachDigitOnceAtFivePercentLoss) {
  EXPECT_EQ(wrong(300, {.loss = 0.05, .doubling = 0.05}, GetParam().habit), 0);
}

// A phone that sends more than one witness of each press.
INSTANTIATE_TEST_SUITE_P(Phones, LossyClocks, testing::ValuesIn([] {
                           auto all = ways();
                           std::erase_if(all, [](const Way& way) {
                             const auto& h = way.habit;
                             return h.ends == 0 || !h.beginning || (h.clock != Clock::sound && !h.marker);
                           });
                           return all;
                         }()),
                         [](const auto& given) { return std::string{given.param.name}; });

// A type that no SDP mapped.
class Unmapped : public testing::Test {
 protected:
  static std::string typed(Typist::Habit habit, const PayloadTypes& types) {
    habit.tones = false;
    return heard(Typist{habit}.type("7007#"), types);
  }
};

TEST_F(Unmapped, TypesAreHeardAsWhatTheyLookLike) {
  for (const auto type : std::to_array<std::uint8_t>({96, 101, 103, 127, 35})) {
    EXPECT_EQ(typed({.payload_type = type}, {}), "7007#") << int{type};
    EXPECT_EQ(typed({.payload_type = type}, {std::uint8_t{97}, {}}), "7007#") << int{type};
    EXPECT_EQ(typed({.beginning = false, .payload_type = type}, {}), "7007#") << int{type};
    EXPECT_EQ(typed({.clock = Clock::runs, .payload_type = type}, {}), "7007#") << int{type};
    EXPECT_EQ(typed({.clock = Clock::stands, .payload_type = type}, {}), "7007#") << int{type};
  }
}

TEST_F(Unmapped, TypesThatAreAudioAreNot) {
  EXPECT_EQ(typed({.payload_type = 101}, {std::nullopt, std::bitset<128>{}.set(101)}), "");
  for (const auto type : std::to_array<std::uint8_t>({0, 4, 8, 13, 18, 34, 72}))
    EXPECT_EQ(typed({.payload_type = type}, {}), "") << int{type};
}

TEST_F(Unmapped, TypesWithOtherFramesAreNot) {
  std::mt19937 random{7};
  std::uniform_int_distribution<unsigned> byte{0, 255};
  const auto stream = [&](auto frame) {
    std::vector<Sent> packets;
    for (unsigned i = 0; i < 5000; ++i) {
      Sent packet;
      packet.view.payload_type = 97;
      packet.view.sequence = static_cast<std::uint16_t>(i);
      packet.view.timestamp = 160 * i;
      packet.at = TimePoint{std::chrono::milliseconds{20 * i}};
      packet.bytes = frame(i);
      packets.push_back(std::move(packet));
    }
    return heard(packets, {});
  };
  using Bytes = std::vector<std::uint8_t>;
  EXPECT_EQ(stream([](unsigned) { return Bytes{8, 0, 0, 0}; }), "");  // a frame of silence, again and again
  EXPECT_EQ(stream([](unsigned) { return Bytes{1, 10, 0, 160}; }), "");
  EXPECT_EQ(stream([](unsigned i) { return Bytes{1, 10, 0, static_cast<std::uint8_t>(i), 0}; }), "");
  EXPECT_EQ(stream([](unsigned i) {
              return Bytes{1, 0x4a, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)};
            }),
            "");
  EXPECT_EQ(stream([](unsigned i) {
              return Bytes{16, 10, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)};
            }),
            "");
  EXPECT_EQ(stream([&](unsigned) {
              Bytes bytes(byte(random) % 160);
              for (auto& b : bytes) b = static_cast<std::uint8_t>(byte(random));
              return bytes;
            }),
            "");
}

}  // namespace
}  // namespace roamdesk::media
