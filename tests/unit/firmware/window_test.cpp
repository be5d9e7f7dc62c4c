#include "exchange/firmware/window.hpp"

#include <gtest/gtest.h>

namespace roamdesk::firmware {
namespace {
using namespace std::chrono_literals;

TEST(Window, IsReadAsATimeOfDay) {
  EXPECT_EQ(time_of_day("00:00"), 0min);
  EXPECT_EQ(time_of_day("20:30"), 1230min);
  for (const char* bad : {"", "24:00", "12:60", "8:00", "08:0", "08.00", "-1:00", "08:000", "ab:cd"})
    EXPECT_FALSE(time_of_day(bad)) << bad;
}

TEST(Window, IsOpenSinceItsBeginWasStruckLater) {
  const auto from = 20h, until = 5h;
  const auto at = [&](std::chrono::minutes since_from, std::chrono::minutes since_until) {
    return window_state(from, until, since_from, since_until);
  };
  EXPECT_EQ(at(1min, 15h + 1min), (WindowState{true, true})) << "20:01";
  EXPECT_EQ(at(8h, 23h), (WindowState{true, true})) << "04:00";
  EXPECT_EQ(at(9h - 14min, 24h - 14min), (WindowState{true, false})) << "04:46: a phone wouldn't be back";
  EXPECT_EQ(at(9h, 0min), (WindowState{false, false})) << "05:00";
  EXPECT_EQ(at(16h, 7h), (WindowState{false, false})) << "noon";
}

TEST(Window, IsTheWholeDayWhereItsEndIsItsBegin) { EXPECT_EQ(window_state(8h, 8h, 3h, 3h), (WindowState{true, true})); }

}  // namespace
}  // namespace roamdesk::firmware
