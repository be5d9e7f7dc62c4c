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

TEST(RtpPorts, OfTheLastProcessAreTakenAgainOnce) {
  PortPool pool;
  const PortRange range{10000, 10003};
  EXPECT_TRUE(pool.claim(far, {face, 10000}, range));
  EXPECT_FALSE(pool.claim(far, {face, 10000}, range)) << "it is taken";
  EXPECT_EQ(pool.allocate(far, face, range)->port, 10002);
  for (const int port : {0, 9998, 10001, 10003, 10004, 65534})
    EXPECT_FALSE(pool.claim(far, {face, static_cast<std::uint16_t>(port)}, range)) << port;
  const SiteId silent{"branch-2"};  // a branch that hasn't said its range
  EXPECT_FALSE(pool.claim(silent, {face, 20001}, std::nullopt));
  EXPECT_TRUE(pool.claim(silent, {face, 20000}, std::nullopt));
  pool.release(far, {face, 10000});
  EXPECT_EQ(pool.allocate(far, face, range)->port, 10000);
}

}  // namespace
}  // namespace roamdesk::element
