#include "exchange/calls/hunts.hpp"

#include <gtest/gtest.h>

namespace roamdesk::calls {
namespace {

Caller caller(const std::string& number) {
  Caller caller;
  caller.party.number = number;
  return caller;
}
std::string next(Hunts& hunts, std::uint64_t hunt, std::size_t most = 16) {
  const auto contact = hunts.next(hunt, most);
  return contact ? contact->by.party.number + ">" + contact->user : "";
}

TEST(Hunts, TryContactsInTheirOrderWithTheRightsOfWhoNamedThem) {
  Hunts hunts;
  const auto hunt = hunts.add(0, caller("102"), {}, {"103", "104"});
  EXPECT_TRUE(hunts.has(hunt));
  EXPECT_EQ(next(hunts, hunt), "102>103");
  EXPECT_EQ(next(hunts, hunt), "102>104");
  EXPECT_EQ(next(hunts, hunt), "");
  EXPECT_FALSE(hunts.has(hunt));
}

TEST(Hunts, PutWhatAContactNamesInItsPlace) {
  Hunts hunts;
  const auto hunt = hunts.add(0, caller("102"), {}, {"103", "104"});
  EXPECT_EQ(next(hunts, hunt), "102>103");
  EXPECT_EQ(hunts.add(hunt, caller("103"), {}, {"105", "106"}), hunt);
  EXPECT_EQ(next(hunts, hunt), "103>105");
  EXPECT_EQ(next(hunts, hunt), "103>106");
  EXPECT_EQ(next(hunts, hunt), "102>104");
}

TEST(Hunts, OfTwoPhonesGoOnByThemselves) {
  Hunts hunts;
  const auto one = hunts.add(0, caller("102"), {}, {"103"}), other = hunts.add(0, caller("102"), {}, {"104"});
  EXPECT_NE(one, other);
  EXPECT_EQ(next(hunts, other), "102>104");
  EXPECT_EQ(next(hunts, one), "102>103");
}

TEST(Hunts, EndAtTheBoundOfTheCallHoweverManyTheyAre) {
  Hunts hunts;
  const auto one = hunts.add(0, caller("102"), {}, {"1", "2", "3"}),
             other = hunts.add(0, caller("102"), {}, {"4", "5", "6"});
  EXPECT_NE(next(hunts, one, 3), "");
  EXPECT_NE(next(hunts, other, 3), "");
  EXPECT_NE(next(hunts, one, 3), "");
  EXPECT_EQ(next(hunts, one, 3), "");
  EXPECT_EQ(next(hunts, other, 3), "");
  const auto more = hunts.add(other, caller("104"), {}, {"7"});
  EXPECT_EQ(next(hunts, more, 3), "");
  hunts.restart();  // a transfer
  const auto fresh = hunts.add(0, caller("102"), {}, {"8"});
  EXPECT_EQ(next(hunts, fresh, 3), "102>8");
}

TEST(Hunts, OfNobodyAreOver) {
  Hunts hunts;
  EXPECT_FALSE(hunts.has(0));
  EXPECT_EQ(next(hunts, 0), "");
  EXPECT_EQ(next(hunts, 99), "");
}

}  // namespace
}  // namespace roamdesk::calls
