#include "exchange/element/asking_allowance.hpp"

#include <gtest/gtest.h>

namespace roamdesk::element {
namespace {
using namespace std::chrono_literals;

class AskingAllowanceTest : public testing::Test {
 protected:
  const SiteId flooded{"branch-1"}, other{"branch-2"};
  const TimePoint start = TimePoint{} + 1h;
  AskingAllowance allowance;
};

TEST_F(AskingAllowanceTest, TakesABuildingWhosePowerReturnsAndBoundsTheSiteThatAsksOnAndOn) {
  for (std::uint32_t i = 0; i < 2000; ++i) EXPECT_TRUE(allowance.take(flooded, IpAddress{0x0a000000 + i}, start));
  EXPECT_FALSE(allowance.take(flooded, IpAddress{0x0b000000}, start));
  EXPECT_TRUE(allowance.take(other, IpAddress{0x0a000000}, start));
  for (std::uint32_t i = 0; i < 50; ++i) EXPECT_TRUE(allowance.take(flooded, IpAddress{0x0c000000 + i}, start + 1s));
  EXPECT_FALSE(allowance.take(flooded, IpAddress{0x0d000000}, start + 1s));
}

TEST_F(AskingAllowanceTest, OfOneAddressLeavesItsSitesToTheOthers) {
  unsigned taken = 0;
  for (int i = 0; i < 10'000; ++i) taken += allowance.take(flooded, IpAddress{1}, start) ? 1 : 0;
  EXPECT_EQ(taken, 100u);
  EXPECT_TRUE(allowance.take(flooded, IpAddress{2}, start));
  EXPECT_TRUE(allowance.take(other, IpAddress{1}, start)) << "the same address at another site is another one";
  EXPECT_TRUE(allowance.take(flooded, IpAddress{1}, start + 1s));
}

TEST_F(AskingAllowanceTest, IsBoundedInMemoryAndForgetsThoseThatAskNoMore) {
  TimePoint now = start;
  for (std::uint32_t i = 0; i < 100'000; ++i) allowance.take(flooded, IpAddress{i}, now += 10ms);
  EXPECT_TRUE(allowance.take(other, IpAddress{1}, now + 1min));
}

TEST_F(AskingAllowanceTest, OfIpv6IsOneForAllAddressesOfANetworkOfOneHost) {
  unsigned taken = 0;
  for (std::uint64_t n = 0; n < 10'000; ++n)
    taken += allowance.take(flooded, IpAddress{0x20010db800000001, n}, start) ? 1 : 0;
  EXPECT_EQ(taken, 100u);
  EXPECT_TRUE(allowance.take(flooded, IpAddress{0x20010db800000002, 1}, start));
}

}  // namespace
}  // namespace roamdesk::element
