#include "common/base/places.hpp"

#include <gtest/gtest.h>

namespace roamdesk {
namespace {

using namespace std::chrono_literals;
using Standing = Places::Standing;

constexpr IpAddress address(std::uint32_t n) { return IpAddress{0x0a000000 + n}; }

class PlacesTest : public testing::Test {
 protected:
  std::optional<Places::Entered> enter(IpAddress from, bool vouched = false) {
    return places.enter(from, vouched, now);
  }
  bool has_place(Places::Id id) {
    const auto before = places.size();
    places.leave(id);
    return places.size() < before;
  }
  TimePoint now{1h};
  Places places{
      {.in_all = 8, .reserved = 2, .per_address = 3, .per_known_address = 5, .remembered = 4, .remembers_for = 24h}};
};

TEST_F(PlacesTest, OfOneAddressTheOldestGivesWay) {
  const auto first = enter(address(1)), second = enter(address(1));
  enter(address(1));
  const auto fourth = enter(address(1));
  EXPECT_EQ(fourth->gives_way, first->place);
  EXPECT_EQ(enter(address(1))->gives_way, second->place);
  EXPECT_EQ(places.of(address(1)), 3u);
}

TEST_F(PlacesTest, WhoHasBegunGivesWayAfterWhoHasNot) {
  const auto first = enter(address(1)), second = enter(address(1));
  enter(address(1));
  places.set_standing(first->place, Standing::begun);
  EXPECT_EQ(enter(address(1))->gives_way, second->place);
}

TEST_F(PlacesTest, WhoStaysGivesWayToNobody) {
  for (int i = 0; i < 3; ++i) places.set_standing(enter(address(1))->place, Standing::stays);
  EXPECT_FALSE(enter(address(1)));
  EXPECT_TRUE(enter(address(2)));
}

TEST_F(PlacesTest, OneAddressThatComesAgainAndAgainNeverPushesOutAnother) {
  const auto mine = enter(address(9));
  for (int i = 0; i < 1000; ++i) enter(address(1));
  EXPECT_TRUE(has_place(mine->place));
}

TEST_F(PlacesTest, OfIpv6AllAddressesOfANetworkOfOneHostAreOne) {
  const auto mine = enter(address(9));
  for (std::uint64_t n = 1; n <= 1000; ++n) enter(IpAddress{0x20010db800000001, n});
  EXPECT_EQ(places.of({0x20010db800000001, 77}), 3u);
  EXPECT_TRUE(has_place(mine->place));
  places.remember({0x20010db800000001, 1}, now);
  EXPECT_TRUE(places.remembers({0x20010db800000001, 2}, now)) << "it may change its address (RFC 8981)";
  EXPECT_FALSE(places.remembers({0x20010db800000002, 1}, now));
}

TEST_F(PlacesTest, ManyAddressesPushOutEachOtherBeforeSomebodyWithOnePlace) {
  for (std::uint32_t i = 0; i < 6; ++i) enter(address(1 + i % 3));  // strangers' places are full: two each
  const auto mine = enter(address(9));
  ASSERT_TRUE(mine && mine->gives_way);
  for (std::uint32_t i = 0; i < 1000; ++i) enter(address(1 + i % 3));
  EXPECT_TRUE(has_place(mine->place));
}

TEST_F(PlacesTest, AddressesWithOnePlaceEachGiveWayInTheirOrder) {
  const auto oldest = enter(address(1));
  for (std::uint32_t i = 2; i <= 6; ++i) enter(address(i));
  EXPECT_EQ(enter(address(7))->gives_way, oldest->place);
}

TEST_F(PlacesTest, StrangersDontGetWhatIsReserved) {
  for (std::uint32_t i = 1; i <= 100; ++i) enter(address(i));
  EXPECT_EQ(places.size(), 6u);
  places.remember(address(200), now);
  EXPECT_EQ(enter(address(200))->gives_way, std::nullopt);
  EXPECT_EQ(enter(address(201), true)->gives_way, std::nullopt);
  EXPECT_EQ(places.size(), 8u);
}

TEST_F(PlacesTest, WhoIsKnownGivesWayToNoStranger) {
  places.remember(address(200), now);
  const auto known = enter(address(200));
  enter(address(200));
  for (std::uint32_t i = 1; i <= 100; ++i) enter(address(i));
  EXPECT_EQ(places.of(address(200)), 2u);
  EXPECT_TRUE(has_place(known->place));
}

TEST_F(PlacesTest, WhoIsKnownComesInWhereAllOthersStay) {
  for (std::uint32_t i = 1; i <= 6; ++i) places.set_standing(enter(address(i))->place, Standing::stays);
  EXPECT_FALSE(enter(address(7)));
  EXPECT_TRUE(enter(address(8), true));
}

TEST_F(PlacesTest, KnownOnesAloneShareByTheSameRule) {
  for (std::uint32_t i = 0; i < 5; ++i) enter(address(1), true);
  for (std::uint32_t i = 0; i < 3; ++i) enter(address(2), true);
  const auto newcomer = enter(address(3), true);
  ASSERT_TRUE(newcomer && newcomer->gives_way);
  EXPECT_EQ(places.of(address(1)), 4u);
}

TEST_F(PlacesTest, AMemoryEndsAndIsBounded) {
  places.remember(address(1), now);
  EXPECT_TRUE(places.remembers(address(1), now + 23h));
  EXPECT_FALSE(places.remembers(address(1), now + 24h));
  for (std::uint32_t i = 2; i <= 5; ++i) places.remember(address(i), now + std::chrono::seconds{i});
  EXPECT_FALSE(places.remembers(address(1), now));
  EXPECT_TRUE(places.remembers(address(5), now + 1min));
}

TEST_F(PlacesTest, ALeftPlaceIsFreeAndLeavingTwiceIsNothing) {
  const auto first = enter(address(1));
  places.leave(first->place);
  places.leave(first->place);
  EXPECT_EQ(places.size(), 0u);
  EXPECT_EQ(places.of(address(1)), 0u);
}

}  // namespace
}  // namespace roamdesk
