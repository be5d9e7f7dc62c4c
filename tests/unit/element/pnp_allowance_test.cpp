#include "pbx-core/element/pnp_allowance.hpp"

#include <gtest/gtest.h>

namespace roamdesk::element {
namespace {
using namespace std::chrono_literals;

TEST(PnpAllowance, TakesABuildingWhosePowerReturnsAndBoundsTheSiteThatAsksOnAndOn) {
  PnpAllowance allowance;
  const SiteId flooded{"branch-1"}, other{"branch-2"};
  const TimePoint start{};
  for (int i = 0; i < 2000; ++i) EXPECT_TRUE(allowance.take(flooded, start));
  EXPECT_FALSE(allowance.take(flooded, start));
  EXPECT_TRUE(allowance.take(other, start));
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(allowance.take(flooded, start + 1s));
  EXPECT_FALSE(allowance.take(flooded, start + 1s));
}

}  // namespace
}  // namespace roamdesk::element
