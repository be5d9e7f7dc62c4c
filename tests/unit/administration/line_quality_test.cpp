#include "pbx-core/administration/line_quality.hpp"

#include <gtest/gtest.h>

namespace roamdesk::administration {
namespace {

TEST(LineQuality, OfAPerfectLineIsG711sBest) { EXPECT_NEAR(estimated_mos(0, 0, 0), 4.39, 0.02); }

TEST(LineQuality, FallsWithLossDelayAndJitter) {
  const double good = estimated_mos(40, 2, 0);
  EXPECT_GT(good, 4.3);
  EXPECT_LT(estimated_mos(40, 2, 0.02), good - 0.15);
  EXPECT_LT(estimated_mos(600, 2, 0), good - 0.4);
  EXPECT_LT(estimated_mos(40, 150, 0), good - 0.4);
  // G.107 with G.711, 5 % random loss and concealment: about 3.6.
  EXPECT_NEAR(estimated_mos(40, 0, 0.05), 3.88, 0.3);
}

TEST(LineQuality, StaysBetweenOneAndTheBest) {
  EXPECT_EQ(estimated_mos(5000, 1000, 1), 1);
  EXPECT_EQ(estimated_mos(0, 0, 7), estimated_mos(0, 0, 1));
}

}  // namespace
}  // namespace roamdesk::administration
