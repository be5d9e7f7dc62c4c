#include "common/media/pace.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace roamdesk::media {
namespace {

using namespace std::chrono_literals;
using Rate = std::chrono::nanoseconds;  // between two packets

// A loop in simulated time that hears packets `every` so often and takes no time for them.
struct Loop {
  struct Result {
    std::uint64_t packets = 0, turns = 0, pauses = 0;
    std::chrono::nanoseconds longest_wait{};
  };
  Result run(Rate every, std::chrono::nanoseconds length) {
    Result result;
    const auto end = now + length;
    auto due = now;  // of the next packet
    while (now < end) {
      now = std::max(now, due);
      unsigned found = 0;
      for (; due <= now; due += every, ++found) result.longest_wait = std::max(result.longest_wait, now - due);
      result.packets += found;
      ++result.turns;
      if (const auto until = pace.next(now, found)) {
        ++result.pauses;
        now = std::max(now, *until);
      }
    }
    return result;
  }
  Pace pace;
  TimePoint now{1h};
};

TEST(Pace, LetsNothingWaitAtLowLoad) {
  for (const auto every : {20ms, 10ms, 5ms, 1ms}) {
    Loop loop;
    const auto result = loop.run(every, 10s);
    EXPECT_EQ(result.pauses, 0u) << every.count();
    EXPECT_EQ(result.turns, result.packets);
    EXPECT_EQ(result.longest_wait, 0ns);
  }
}

TEST(Pace, LetsPacketsGatherAtHighLoadForLessThanAMillisecond) {
  for (const Rate every : {200us, 100us, 50us, 20us, 1us}) {
    Loop loop;
    loop.run(every, 100ms);
    const auto result = loop.run(every, 1s);
    EXPECT_LT(result.turns * 2, result.packets) << every.count();
    EXPECT_LE(result.longest_wait, Pace::longest);
    EXPECT_LT(result.longest_wait, 1ms);
  }
}

TEST(Pace, PausesNoMoreSoonAfterTheLoadIsGone) {
  Loop loop;
  EXPECT_GT(loop.run(50us, 1s).pauses, 0u);
  loop.run(1ms, 2 * Pace::window);
  EXPECT_EQ(loop.run(1ms, 1s).pauses, 0u);
  EXPECT_GT(loop.run(50us, 1s).pauses, 0u);
  loop.now += 1h;
  EXPECT_EQ(loop.run(1ms, 1s).pauses, 0u) << "the load of an hour ago";
}

TEST(Pace, DoesNotPauseAfterATurnThatFoundNothing) {
  Loop loop;
  loop.run(50us, 1s);
  EXPECT_FALSE(loop.pace.next(loop.now, 0));
}

// Whatever comes and whenever it is asked: never longer than promised.
TEST(Pace, NeverPausesLonger) {
  std::mt19937 random{1};
  Pace pace;
  TimePoint now{1h};
  for (int i = 0; i < 100'000; ++i) {
    now += std::chrono::microseconds{random() % (i % 100 == 0 ? 20'000 : 900)};
    const auto until = pace.next(now, static_cast<unsigned>(random() % 40));
    if (!until) continue;
    EXPECT_GT(*until, now);
    EXPECT_LE(*until, now + Pace::longest);
  }
}

}  // namespace
}  // namespace roamdesk::media
