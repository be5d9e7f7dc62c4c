#include "exchange/element/discoveries.hpp"

#include <gtest/gtest.h>

#include "exchange/element/report_allowance.hpp"

namespace roamdesk::element {
namespace {
using namespace std::chrono_literals;

const SiteId a_branch{"branch-1"};
const Mac a_phone = *Mac::parse("805ec0112233");

class DiscoveriesTest : public testing::Test {
 protected:
  Discoveries::Outcome announce(const Mac& mac, const std::string& ip, const SiteId& site = local_site(),
                                const std::string& model = "") {
    return discoveries.announce(mac, site, *parse_endpoint(ip + ":5060"), {phones::Vendor::yealink, model, ""}, now);
  }
  static Mac mac(unsigned number) {
    char text[13];
    std::snprintf(text, sizeof text, "805ec0%06x", number);
    return *Mac::parse(text);
  }
  void pass(std::chrono::milliseconds time) {
    now.mono += time;
    now.wall += time;
  }
  std::vector<std::string> announced_by(const Mac& mac) const {
    std::vector<std::string> addresses;
    for (const auto& one : discoveries.announced_by(mac, now.mono)) addresses.push_back(to_string(one.at.address));
    return addresses;
  }
  using Addresses = std::vector<std::string>;
  Now now{TimePoint{} + 1000h, WallTime{} + 1000h};
  Discoveries discoveries;
};

TEST_F(DiscoveriesTest, KeepTheFirstOfTwoThatAnnounceOneMac) {
  EXPECT_TRUE(announce(a_phone, "10.0.0.5", local_site(), "T46U").is_new);
  pass(1min);
  const auto second = announce(a_phone, "10.0.0.6", local_site(), "T58W");
  EXPECT_FALSE(second.is_new);
  EXPECT_TRUE(second.changed);
  EXPECT_EQ(announced_by(a_phone), (Addresses{"10.0.0.5", "10.0.0.6"}));
  EXPECT_EQ(discoveries.find(a_phone)->phone.address, "10.0.0.5:5060");
  EXPECT_EQ(discoveries.find(a_phone)->phone.model, "T46U") << "what the second says counts for nothing";
  EXPECT_FALSE(announce(a_phone, "10.0.0.6").changed);
}

TEST_F(DiscoveriesTest, TakeTheSameAddressAtTwoSitesForTwoSources) {
  announce(a_phone, "192.168.1.77", a_branch);
  announce(a_phone, "192.168.1.77", SiteId{"branch-2"});
  EXPECT_EQ(announced_by(a_phone).size(), 2u);
  EXPECT_EQ(discoveries.find(a_phone)->phone.site, a_branch);
}

TEST_F(DiscoveriesTest, LetTheFirstGiveWayOnceItHasBeenSilentForADay) {
  announce(a_phone, "10.0.0.5");
  pass(1h);
  announce(a_phone, "10.0.0.6");
  pass(22h);
  EXPECT_EQ(announced_by(a_phone).size(), 2u);
  pass(1h);
  EXPECT_EQ(announced_by(a_phone), Addresses{"10.0.0.6"});
  EXPECT_TRUE(announce(a_phone, "10.0.0.6").changed);
  EXPECT_EQ(discoveries.find(a_phone)->phone.address, "10.0.0.6:5060");
  pass(48h);
  EXPECT_EQ(announced_by(a_phone), Addresses{"10.0.0.6"}) << "where it was last, however long ago";
}

TEST_F(DiscoveriesTest, OfOneSourceLeaveRoomForEverybodyElses) {
  announce(a_phone, "10.0.0.5");
  announce(mac(0xffffff), "10.0.0.5", a_branch);
  std::size_t forgotten = 0;
  for (unsigned i = 0; i < 10'000; ++i) {
    pass(1ms);
    forgotten += announce(mac(i), "10.0.0.66").forgotten.size();
  }
  EXPECT_EQ(forgotten, 10'000u - 64);
  EXPECT_EQ(discoveries.all().size(), 66u);
  EXPECT_TRUE(discoveries.find(a_phone));
  EXPECT_TRUE(discoveries.find(mac(9'999))) << "the oldest of its own gives way";
  EXPECT_FALSE(discoveries.find(mac(0)));
  EXPECT_TRUE(announce(mac(0xfffffe), "10.0.0.7").is_new);
}

TEST_F(DiscoveriesTest, OfOneSiteWithForgedAddressesLeaveRoomForOtherSites) {
  announce(mac(0xffffff), "10.0.0.5", a_branch);
  for (unsigned i = 0; i < 30'000; ++i) {
    pass(1ms);
    announce(mac(i), to_string(IpAddress{0x0a010000 + i}));
  }
  EXPECT_EQ(discoveries.all().size(), 2001u);
  EXPECT_TRUE(discoveries.find(mac(0xffffff)));
}

TEST_F(DiscoveriesTest, GoByThemselvesAfterDays) {
  announce(a_phone, "10.0.0.5");
  pass(24h * 3);
  announce(mac(1), "10.0.0.5");
  pass(24h * 4);
  EXPECT_EQ(discoveries.deadline(), now.mono);
  EXPECT_EQ(discoveries.handle_timeout(now.mono), std::vector<Mac>{a_phone});
  EXPECT_TRUE(discoveries.find(mac(1)));
}

TEST_F(DiscoveriesTest, AreClearedAllOrOfOneSite) {
  announce(mac(1), "10.0.0.5");
  announce(mac(2), "10.0.0.5", a_branch);
  announce(mac(3), "10.0.0.6", a_branch);
  EXPECT_EQ(discoveries.clear(a_branch).size(), 2u);
  EXPECT_TRUE(discoveries.find(mac(1)));
  EXPECT_EQ(discoveries.clear(std::nullopt).size(), 1u);
  EXPECT_FALSE(discoveries.deadline());
}

TEST(ReportAllowance, SaysEachThingOnceAMinuteAndTheRestAsANumber) {
  ReportAllowance allowance;
  TimePoint now = TimePoint{} + 1h;
  const Source one{local_site(), IpAddress{1}}, other{local_site(), IpAddress{2}}, elsewhere{a_branch, IpAddress{1}};
  EXPECT_TRUE(allowance.take(one, "a", now));
  EXPECT_FALSE(allowance.take(one, "a", now));
  EXPECT_TRUE(allowance.take(one, "b", now));
  EXPECT_TRUE(allowance.take(other, "a", now));
  EXPECT_TRUE(allowance.take(elsewhere, "a", now));
  const auto over = allowance.handle_timeout(now + 60s);
  ASSERT_EQ(over.size(), 1u);
  EXPECT_EQ(over[0].count, 1u);
  EXPECT_TRUE(allowance.take(one, "a", now + 61s));
}

TEST(ReportAllowance, OfASourceAndOfASiteIsBounded) {
  ReportAllowance allowance;
  const TimePoint now = TimePoint{} + 1h;
  std::size_t said = 0;
  for (int i = 0; i < 10'000; ++i) said += allowance.take({local_site(), IpAddress{1}}, std::to_string(i), now) ? 1 : 0;
  EXPECT_EQ(said, ReportAllowance::of_source);
  for (std::uint32_t i = 0; i < 10'000; ++i) said += allowance.take({local_site(), IpAddress{i}}, "x", now) ? 1 : 0;
  EXPECT_EQ(said, ReportAllowance::of_site);
  EXPECT_TRUE(allowance.take({a_branch, IpAddress{1}}, "x", now));
}

TEST_F(DiscoveriesTest, OfOneNetworkOfIpv6LeaveRoomForEverybodyElses) {
  announce(a_phone, "10.0.0.5");
  for (unsigned i = 0; i < 1000; ++i) {
    pass(1ms);
    announce(mac(i), host_of(IpAddress{0x20010db800000001, i + 1}));
  }
  EXPECT_EQ(discoveries.all().size(), 65u);
  EXPECT_TRUE(discoveries.find(a_phone));
  EXPECT_EQ(discoveries.clear(std::nullopt).size(), 65u);
}

TEST_F(DiscoveriesTest, OfTwoAddressesInOneNetworkOfIpv6AreInConflictLikeAnyTwo) {
  announce(a_phone, "[2001:db8::5]");
  announce(a_phone, "[2001:db8::6]");
  EXPECT_EQ(announced_by(a_phone), (Addresses{"2001:db8::5", "2001:db8::6"}));
}

TEST(ReportAllowance, OfIpv6IsOneForAllAddressesOfANetworkOfOneHost) {
  ReportAllowance allowance;
  std::size_t said = 0;
  for (std::uint64_t i = 0; i < 10'000; ++i)
    said += allowance.take({local_site(), {0x20010db800000001, i}}, std::to_string(i), TimePoint{} + 1h) ? 1 : 0;
  EXPECT_EQ(said, ReportAllowance::of_source);
}

}  // namespace
}  // namespace roamdesk::element
