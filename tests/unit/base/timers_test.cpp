#include "common/base/timers.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

namespace roamdesk {
namespace {

using namespace std::chrono_literals;
constexpr TimePoint t0{1h};

TEST(Timers, RingInTheOrderOfTheirTimesAndOnceEach) {
  Timers<std::string> timers;
  timers.set("second", t0 + 2s);
  timers.set("first", t0 + 1s);
  timers.set("also first", t0 + 1s);
  EXPECT_EQ(timers.earliest(), t0 + 1s);
  EXPECT_EQ(timers.pop_due(t0), std::nullopt);
  EXPECT_EQ(timers.pop_due(t0 + 9s), "also first");
  EXPECT_EQ(timers.pop_due(t0 + 9s), "first");
  EXPECT_EQ(timers.pop_due(t0 + 9s), "second");
  EXPECT_EQ(timers.pop_due(t0 + 9s), std::nullopt);
  EXPECT_EQ(timers.earliest(), std::nullopt);
}

TEST(Timers, OfOneKeyAreOne) {
  Timers<int> timers;
  timers.set(1, t0 + 1s);
  timers.set(2, t0 + 2s);
  timers.set(1, t0 + 3s);
  EXPECT_EQ(timers.of(1), t0 + 3s);
  EXPECT_EQ(timers.earliest(), t0 + 2s);
  timers.clear(2);
  EXPECT_EQ(timers.of(2), std::nullopt);
  EXPECT_EQ(timers.pop_due(t0 + 2s), std::nullopt);
  EXPECT_EQ(timers.pop_due(t0 + 3s), 1);
}

// Whatever is set, moved and cleared: what rings next is the earliest of what is there.
TEST(Timers, AreWhatAListOfThemWouldBe) {
  std::mt19937 random{7};
  Timers<unsigned> timers;
  std::map<unsigned, TimePoint> there;
  for (int step = 0; step < 20'000; ++step) {
    const auto key = static_cast<unsigned>(random() % 50);
    if (const TimePoint at = t0 + std::chrono::seconds{random() % 30}; random() % 4 > 0) {
      timers.set(key, at);
      there.insert_or_assign(key, at);
    } else if (random() % 2 > 0) {
      timers.clear(key);
      there.erase(key);
    } else if (const auto due = timers.pop_due(at)) {
      ASSERT_TRUE(there.contains(*due));
      for (const auto& [other, time] : there) ASSERT_FALSE(time < there.at(*due)) << other << " was before " << *due;
      ASSERT_LE(there.at(*due), at);
      there.erase(*due);
    } else {
      for (const auto& [other, time] : there) ASSERT_GT(time, at) << other;
    }
    ASSERT_EQ(timers.of(key), there.contains(key) ? std::optional{there.at(key)} : std::nullopt);
  }
}

}  // namespace
}  // namespace roamdesk
