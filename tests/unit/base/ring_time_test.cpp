#include "common/base/ring_time.hpp"

#include <gtest/gtest.h>

#include <set>

namespace roamdesk {
namespace {

using namespace std::chrono_literals;
const TimePoint now{1h};

TEST(RingTime, IsNeverEarlierAndLessThanAFiftiethLate) {
  for (auto deadline = now + 1us; deadline < now + 1s; deadline += 777us) {
    EXPECT_GE(ring_time(deadline, now), deadline);
    EXPECT_LT(ring_time(deadline, now), deadline + 20ms);
  }
}

TEST(RingTime, IsAtOnceForWhatIsDue) {
  EXPECT_EQ(ring_time(now, now), now);
  EXPECT_EQ(ring_time(now - 3ms, now), now - 3ms);
}

TEST(RingTime, OfManyDeadlinesIsFiftyTimesASecond) {
  std::set<TimePoint> rings;
  for (auto deadline = now + 1us; deadline <= now + 1s; deadline += 100us) rings.insert(ring_time(deadline, now));
  EXPECT_EQ(rings.size(), 50u);
}

}  // namespace
}  // namespace roamdesk
