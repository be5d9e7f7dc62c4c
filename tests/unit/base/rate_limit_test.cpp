#include "common/base/rate_limit.hpp"

#include <gtest/gtest.h>

namespace roamdesk::net {
namespace {

using namespace std::chrono_literals;

constexpr IpAddress neighbour(std::uint64_t n) { return {0x20010db800000001, n}; }

TEST(RateLimit, OfIpv6IsOneForAllAddressesOfANetworkOfOneHost) {
  const TimePoint now{1h};
  RateLimit limit{{.per_second = 1, .burst = 10, .sources = 100}};
  unsigned passed = 0;
  for (std::uint64_t n = 1; n <= 10'000; ++n) passed += limit.allow(neighbour(n * 0x9e3779b97f4a7c15), now) ? 1 : 0;
  EXPECT_EQ(passed, 10u);
  EXPECT_EQ(limit.size(), 1u) << "nor does it fill the table";
  EXPECT_FALSE(limit.would_allow(neighbour(1), now));
  EXPECT_TRUE(limit.allow(IpAddress(0x20010db800000002, 1), now)) << "the next network";
}

TEST(RateLimit, OfAMappedAddressIsThatOfTheIpv4Address) {
  const TimePoint now{1h};
  RateLimit limit{{.per_second = 1, .burst = 1, .sources = 100}};
  EXPECT_TRUE(limit.allow(*parse_ip("::ffff:192.0.2.1"), now));
  EXPECT_FALSE(limit.allow(*parse_ip("192.0.2.1"), now));
  EXPECT_TRUE(limit.allow(*parse_ip("::ffff:192.0.2.2"), now)) << "mapped addresses are no network of one host";
}

}  // namespace
}  // namespace roamdesk::net
