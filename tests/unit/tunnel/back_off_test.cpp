#include "common/tunnel/back_off.hpp"

#include <gtest/gtest.h>

namespace roamdesk::tunnel {
namespace {

using namespace std::chrono_literals;
constexpr std::uint32_t middle = 0x7fffffff, lowest_draw = 0, highest_draw = 0xffffffff;

double ms(Duration wait) { return std::chrono::duration<double, std::milli>(wait).count(); }

TEST(BackOff, DoublesToItsLimit) {
  BackOff back_off;
  for (const double expected : {100, 200, 400, 800, 1600, 3000, 3000})
    EXPECT_NEAR(ms(back_off.next(middle)), expected, 1);
}

TEST(BackOff, VariesByAQuarterEachWay) {
  EXPECT_NEAR(ms(BackOff{}.next(lowest_draw)), 75, 0.1);
  EXPECT_NEAR(ms(BackOff{}.next(highest_draw)), 125, 0.1);
}

// The contract's goal is five seconds from the core's restart to the first call.
TEST(BackOff, NeverWaitsLongerThanFourSeconds) {
  BackOff back_off;
  for (int i = 0; i < 50; ++i) EXPECT_LT(back_off.next(highest_draw), 4s);
}

TEST(BackOff, BeginsAnewAfterAConnectionThatLasted) {
  BackOff back_off;
  for (int i = 0; i < 5; ++i) back_off.next(middle);
  EXPECT_GT(back_off.next(middle, 1s), 1s) << "one that fell at once doesn't count";
  EXPECT_NEAR(ms(back_off.next(middle, 11s)), 100, 1);
}

TEST(BackOff, BeginsAnewWhereTheCoreSaidThatItGoesHoweverOftenItDidSo) {
  BackOff back_off;
  for (int upgrade = 0; upgrade < 5; ++upgrade) {
    EXPECT_NEAR(ms(back_off.after_shutdown(middle)), 100, 1);
    for (const double expected : {200, 400}) EXPECT_NEAR(ms(back_off.next(middle)), expected, 1) << "not back yet";
  }
}

TEST(BackOff, DoesntFightForAnIdentity) { EXPECT_GE(BackOff{}.after_superseded(lowest_draw), 20s); }

}  // namespace
}  // namespace roamdesk::tunnel
