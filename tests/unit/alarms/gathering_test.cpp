#include "exchange/alarms/gathering.hpp"

#include <gtest/gtest.h>

#include <string>

namespace roamdesk::alarms {
namespace {
using namespace std::chrono_literals;

class AlarmsGathering : public testing::Test {
 protected:
  void add(AlarmKind kind, Turn turn = Turn::raised) {
    gathering.add({turn, {.id = std::to_string(++last), .kind = kind}}, now);
  }
  // What is told from now on within `time`, a look a second.
  std::vector<Bulletin> told_within(Duration time) {
    std::vector<Bulletin> all;
    for (const auto end = now + time; now < end; now += 1s)
      if (auto bulletin = gathering.next(now)) all.push_back(std::move(*bulletin));
    return all;
  }
  Gathering gathering;
  TimePoint now{1h};
  int last = 0;
};

TEST_F(AlarmsGathering, SaysNothingWhereThereIsNothing) { EXPECT_TRUE(told_within(1h).empty()); }

TEST_F(AlarmsGathering, TellsOfAHundredBranchesInOneMessage) {
  std::vector<Bulletin> all;
  for (int i = 0; i < 100; ++i) {
    add(AlarmKind::sbc_down);
    if (i % 10 == 0)
      for (auto& one : told_within(1s)) all.push_back(std::move(one));
  }
  EXPECT_TRUE(all.empty());
  all = told_within(10min);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all.at(0).news.size(), 100u);
}

TEST_F(AlarmsGathering, TellsOnceAMinuteAtMost) {
  std::size_t messages = 0, news = 0;
  for (int i = 0; i < 3600; ++i) {
    add(AlarmKind::sbc_down, i % 2 ? Turn::cleared : Turn::raised);
    for (const auto& one : told_within(1s)) ++messages, news += one.news.size() + one.left_out;
  }
  EXPECT_LE(messages, 61u);
  EXPECT_GE(messages, 55u);
  for (const auto& one : told_within(2min)) news += one.news.size() + one.left_out;
  EXPECT_EQ(news, 3600u) << "nothing is lost";
}

TEST_F(AlarmsGathering, TellsOfACallForHelpAtOnce) {
  add(AlarmKind::sbc_down);
  ASSERT_EQ(told_within(20s).size(), 1u);
  add(AlarmKind::emergency_call);
  const auto all = told_within(1s);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all.at(0).news.at(0).alarm.kind, AlarmKind::emergency_call);
}

TEST_F(AlarmsGathering, IsBoundedAndCountsWhatItLeavesOut) {
  for (int i = 0; i < 10'000; ++i) add(AlarmKind::phone_gone);
  add(AlarmKind::emergency_call);
  const auto all = told_within(1s);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all.at(0).news.size(), Gathering::most);
  EXPECT_EQ(all.at(0).left_out, 10'001 - Gathering::most);
  EXPECT_TRUE(std::any_of(all.at(0).news.begin(), all.at(0).news.end(), [](const News& one) {
    return one.alarm.kind == AlarmKind::emergency_call;
  })) << "a call for help is among those that are named";
}

}  // namespace
}  // namespace roamdesk::alarms
