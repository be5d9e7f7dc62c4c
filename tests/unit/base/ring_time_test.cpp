#include "common/base/ring_time.hpp"

#include <gtest/gtest.h>

#include <set>

namespace roamdesk {
namespace {

using namespace std::chrono_literals;
const TimePoint noon{12h};

TEST(RingTime, IsNeverEarlierAndLessThanAFiftiethLate) {
  for (auto deadline = noon + 1us; deadline < noon + 1s; deadline += 777us) {
    EXPECT_GE(ring_time(deadline, noon), deadline);
    EXPECT_LT(ring_time(deadline, noon), deadline + 20ms);
  }
}

TEST(RingTime, IsAtOnceForWhatIsDue) {
  EXPECT_EQ(ring_time(noon, noon), noon);
  EXPECT_EQ(ring_time(noon - 3ms, noon), noon - 3ms);
}

TEST(RingTime, OfManyDeadlinesIsFiftyTimesASecond) {
  std::set<TimePoint> rings;
  for (auto deadline = noon + 1us; deadline <= noon + 1s; deadline += 100us) rings.insert(ring_time(deadline, noon));
  EXPECT_EQ(rings.size(), 50u);
}

}  // namespace
}  // namespace roamdesk
