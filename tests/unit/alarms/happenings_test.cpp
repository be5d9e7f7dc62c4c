#include "exchange/alarms/happenings.hpp"

#include <gtest/gtest.h>

namespace roamdesk::alarms {
namespace {
using namespace std::chrono_literals;

class AlarmsHappenings : public testing::Test {
 protected:
  void guess(const std::string& who, double count = 1) {
    happenings.note({.kind = AlarmKind::password_guessing, .subject = who, .count = count, .threshold = 5}, now);
  }
  std::size_t wrong() { return happenings.conditions(now).size(); }
  Happenings happenings;
  TimePoint now{1h};
};

TEST_F(AlarmsHappenings, AreAConditionWhereTheyComeTogether) {
  for (int i = 0; i < 4; ++i) guess("192.0.2.1");
  EXPECT_EQ(wrong(), 0u) << "a person who mistypes";
  guess("192.0.2.1");
  ASSERT_EQ(wrong(), 1u);
  EXPECT_EQ(happenings.conditions(now).at(0).subject, "192.0.2.1");
}

TEST_F(AlarmsHappenings, AreNoneWhereTheyComeNowAndThen) {
  for (int i = 0; i < 100; ++i, now += 2min) {
    guess("192.0.2.1");
    EXPECT_EQ(wrong(), 0u);
  }
}

TEST_F(AlarmsHappenings, HoldUntilNoneHaveComeForAWhile) {
  for (int i = 0; i < 20; ++i, now += 10min) {
    guess("192.0.2.1", 5);
    EXPECT_EQ(wrong(), 1u);
  }
  now += 6min;
  EXPECT_EQ(wrong(), 0u);
  EXPECT_EQ(happenings.size(), 0u) << "and are forgotten";
}

TEST_F(AlarmsHappenings, AreCountedForEachSubject) {
  for (int i = 0; i < 4; ++i) guess("192.0.2.1"), guess("192.0.2.2");
  EXPECT_EQ(wrong(), 0u);
}

TEST_F(AlarmsHappenings, AreBoundedInAFloodFromEverywhere) {
  for (int i = 0; i < 100'000; ++i) guess("2001:db8::" + std::to_string(i), 5);
  EXPECT_EQ(wrong(), Happenings::most_of_kind + 1);
  const auto all = happenings.conditions(now);
  EXPECT_EQ(std::count_if(all.begin(), all.end(), [](const Condition& one) { return one.subject.empty(); }), 1);
  happenings.note({.kind = AlarmKind::attack, .subject = "sip"}, now);
  EXPECT_EQ(wrong(), Happenings::most_of_kind + 2) << "other kinds have places of their own";
  now += 16min;
  EXPECT_EQ(wrong(), 0u);
}

}  // namespace
}  // namespace roamdesk::alarms
