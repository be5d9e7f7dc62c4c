#include "exchange/element/port_pool.hpp"

#include <gtest/gtest.h>

namespace roamdesk::element {
namespace {

const IpAddress face = *parse_ipv4("192.168.1.5");
const SiteId far{"branch-1"};

TEST(RtpPorts, AreEvenAndLeaveRoomForRtcp) {
  PortPool pool;
  const PortRange odd_edges{10001, 10006};
  EXPECT_EQ(pool.allocate(far, face, odd_edges)->port, 10002);
  EXPECT_EQ(pool.allocate(far, face, odd_edges)->port, 10004);
  EXPECT_EQ(pool.allocate(far, face, odd_edges), std::nullopt);  // 10006 has no 10007
}

TEST(RtpPorts, GoRoundBeforeOneIsUsedAgain) {
  PortPool pool;
  const PortRange range{10000, 10007};
  const auto first = pool.allocate(far, face, range);
  pool.release(far, *first);
  EXPECT_EQ(pool.allocate(far, face, range)->port, 10002);
}

TEST(RtpPorts, OfTwoBranchesWithTheSameNetworkDontMix) {
  PortPool pool;
  const PortRange range{10000, 10001};
  EXPECT_TRUE(pool.allocate(far, face, range));
  EXPECT_TRUE(pool.allocate(SiteId{"branch-2"}, face, range));
  EXPECT_FALSE(pool.allocate(far, face, range));
  EXPECT_EQ(pool.in_use(), 2u);
}

TEST(RtpPorts, ThatAreReleasedCanBeHadAgain) {
  PortPool pool;
  const PortRange range{10000, 10001};
  const auto only = pool.allocate(far, face, range);
  pool.release(far, *only);
  EXPECT_EQ(pool.allocate(far, face, range), only);
}

TEST(RtpPorts, OfAnEmptyRangeAreNone) {
  PortPool pool;
  EXPECT_FALSE(pool.allocate(far, face, {}));
  EXPECT_FALSE(pool.allocate(far, face, {10001, 10001}));
}

}  // namespace
}  // namespace roamdesk::element
