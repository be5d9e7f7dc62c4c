#include "exchange/element/port_pool.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <set>

namespace roamdesk::element {
namespace {

const IpAddress face = *parse_ipv4("192.168.1.5");
const SiteId far{"branch-1"};
const TimePoint begin{};

TEST(RtpPorts, AreEvenAndLeaveRoomForRtcp) {
  PortPool pool;
  const PortRange odd_edges{10001, 10006};
  EXPECT_EQ(pool.allocate(far, face, odd_edges, begin)->port, 10002);
  EXPECT_EQ(pool.allocate(far, face, odd_edges, begin)->port, 10004);
  EXPECT_EQ(pool.allocate(far, face, odd_edges, begin), std::nullopt);  // 10006 has no 10007
}

TEST(RtpPorts, GoRoundBeforeOneIsUsedAgain) {
  PortPool pool;
  const PortRange range{10000, 10007};
  const auto first = pool.allocate(far, face, range, begin);
  pool.release(far, *first, begin);
  EXPECT_EQ(pool.allocate(far, face, range, begin)->port, 10004);
}

TEST(RtpPorts, OfTwoBranchesWithTheSameNetworkDontMix) {
  PortPool pool;
  const PortRange range{10000, 10001};
  EXPECT_TRUE(pool.allocate(far, face, range, begin));
  EXPECT_TRUE(pool.allocate(SiteId{"branch-2"}, face, range, begin));
  EXPECT_FALSE(pool.allocate(far, face, range, begin));
  EXPECT_EQ(pool.in_use(), 2u);
}

TEST(RtpPorts, ThatAreReleasedCanBeHadAgain) {
  PortPool pool;
  const PortRange range{10000, 10001};
  const auto only = pool.allocate(far, face, range, begin);
  pool.release(far, *only, begin);
  EXPECT_EQ(pool.allocate(far, face, range, begin), only);
}

TEST(RtpPorts, OfAnEmptyRangeAreNone) {
  PortPool pool;
  EXPECT_FALSE(pool.allocate(far, face, {}, begin));
  EXPECT_FALSE(pool.allocate(far, face, {10001, 10001}, begin));
}

TEST(RtpPorts, OfTheLastProcessAreTakenAgainOnce) {
  PortPool pool;
  const PortRange range{10000, 10003};
  EXPECT_TRUE(pool.claim(far, {face, 10000}, range));
  EXPECT_FALSE(pool.claim(far, {face, 10000}, range)) << "it is taken";
  EXPECT_EQ(pool.allocate(far, face, range, begin)->port, 10002);
  for (const int port : {0, 9998, 10001, 10003, 10004, 65534})
    EXPECT_FALSE(pool.claim(far, {face, static_cast<std::uint16_t>(port)}, range)) << port;
  const SiteId silent{"branch-2"};  // a branch that hasn't said its range
  EXPECT_FALSE(pool.claim(silent, {face, 20001}, std::nullopt));
  EXPECT_TRUE(pool.claim(silent, {face, 20000}, std::nullopt));
  pool.release(far, {face, 10000}, begin);
  EXPECT_EQ(pool.allocate(far, face, range, begin)->port, 10000);
}

TEST(RtpPorts, OfACallsTwoLegsAreNeighbours) {
  PortPool pool;
  const PortRange range{10000, 10015};
  const auto caller = pool.allocate(local_site(), face, range, begin);
  EXPECT_EQ(pool.allocate(local_site(), face, range, begin, caller)->port, 10002);
  const auto alone = pool.allocate(local_site(), face, range, begin);
  EXPECT_EQ(alone->port, 10004);
  const auto next = pool.allocate(local_site(), face, range, begin);
  EXPECT_EQ(next->port, 10008) << "10006 is for whom the last one calls";
  EXPECT_EQ(pool.allocate(local_site(), face, range, begin)->port, 10012);
  EXPECT_EQ(pool.allocate(local_site(), face, range, begin)->port, 10006) << "where that isn't possible, another one";
  EXPECT_EQ(pool.allocate(local_site(), face, range, begin, next)->port, 10010);
  EXPECT_EQ(pool.allocate(local_site(), face, range, begin, next)->port, 10014);
  EXPECT_FALSE(pool.allocate(local_site(), face, range, begin, next));
  EXPECT_EQ(pool.in_use(), 8u);
}

// Calls of two legs, one after the other: the ports of each.
std::set<std::uint16_t> had_by(PortPool& pool, const SiteId& site, std::size_t calls, Duration apart) {
  const PortRange range{10000, 19999};
  std::set<std::uint16_t> had;
  static TimePoint at = begin;
  for (std::size_t i = 0; i < calls; ++i, at += apart) {
    const auto caller = pool.allocate(site, face, range, at);
    const auto called = pool.allocate(site, face, range, at, caller);
    EXPECT_EQ(caller->port ^ 2, called->port);
    had.insert({caller->port, called->port});
    pool.release(site, *caller, at);
    pool.release(site, *called, at);
  }
  return had;
}

TEST(RtpPorts, BesideTheCoreGoRoundThroughThoseWhoseSocketsAreOpen) {
  PortPool pool;
  EXPECT_EQ(had_by(pool, local_site(), 2000, std::chrono::seconds{1}).size(), PortPool::enough);
  PortPool of_branch;
  EXPECT_EQ(had_by(of_branch, far, 2500, std::chrono::seconds{1}).size(), 5000u) << "nobody keeps a branch's";
}

TEST(RtpPorts, RestBeforeTheNextCallHasThem) {
  PortPool pool;
  // 200 calls a second: 3,200 ports are had in the time that one rests.
  const auto had = had_by(pool, local_site(), 5000, std::chrono::milliseconds{5}).size();
  EXPECT_GE(had, 3200u);
  EXPECT_LE(had, 3204u);
  PortPool crowded;
  EXPECT_EQ(had_by(crowded, local_site(), 5000, std::chrono::milliseconds{1}).size(), 5000u)
      << "the oldest one where all have been had";
}

TEST(RtpPorts, AreFoundAgainAfterThereWereNone) {
  PortPool pool;
  const PortRange range{10000, 10003}, wider{10000, 10007};
  const auto first = pool.allocate(far, face, range, begin);
  ASSERT_TRUE(pool.allocate(far, face, range, begin));
  ASSERT_FALSE(pool.allocate(far, face, range, begin));
  pool.release(far, *first, begin);
  EXPECT_EQ(pool.allocate(far, face, range, begin), first) << "one was given back";
  ASSERT_FALSE(pool.allocate(far, face, range, begin));
  EXPECT_TRUE(pool.allocate(far, face, wider, begin)) << "the range became wider";
}

TEST(RtpPorts, ThatLeftTheRangeAreFreshWhenTheyComeBack) {
  PortPool pool;
  const PortRange all{10000, 10003}, half{10000, 10001};
  const auto first = pool.allocate(local_site(), face, all, begin);
  const auto second = pool.allocate(local_site(), face, all, begin, first);
  ASSERT_EQ(second->port, 10002);
  ASSERT_FALSE(pool.allocate(local_site(), face, all, begin));
  pool.release(local_site(), *second, begin);
  EXPECT_FALSE(pool.allocate(local_site(), face, half, begin));
  EXPECT_EQ(pool.allocate(local_site(), face, all, begin), second);
}

TEST(RtpPorts, AreNotLookedForInVainAtEachCall) {
  PortPool pool;
  const auto cpu_of_calls = [&] {
    const std::clock_t before = std::clock();
    had_by(pool, local_site(), 2400, std::chrono::milliseconds{1});
    return std::clock() - before;
  };
  const auto while_some_are_fresh = cpu_of_calls();
  had_by(pool, local_site(), 200, std::chrono::milliseconds{1});
  EXPECT_LT(cpu_of_calls(), 10 * while_some_are_fresh);
}

}  // namespace
}  // namespace roamdesk::element
