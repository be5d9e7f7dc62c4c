#include "exchange/alarms/watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace roamdesk::alarms {
namespace {
using namespace std::chrono_literals;
using testing::HasSubstr;

// Alarms and their records, as a core keeps them, in simulated time: a look every five seconds.
class AlarmsWatch : public testing::Test {
 protected:
  static Condition down(const std::string& sbc, AlarmSeverity severity = AlarmSeverity::critical) {
    return {AlarmKind::sbc_down, severity, sbc, sbc, "no tunnel"};
  }
  static Condition disk(AlarmSeverity severity) { return {AlarmKind::disk_full, severity, "/var", "", ""}; }

  void look(const std::vector<Condition>& wrong) {
    const auto verdict = watch.look(wrong, alarms, now);
    for (const auto& one : verdict.raise) {
      ++told;
      const auto id = std::to_string(++last);
      alarms[id] = {.id = id,
                    .kind = one.kind,
                    .severity = one.severity,
                    .subject = one.subject,
                    .site = one.site,
                    .detail = one.detail,
                    .raised = wall()};
    }
    for (const auto& one : verdict.worse) ++told, alarms.at(one.id).severity = one.now.severity;
    for (const auto& one : verdict.differ) ++differed, alarms.at(one.id).detail = one.now.detail;
    for (const auto& id : verdict.clear) ++told, alarms.at(id).cleared = wall();
  }
  void pass(Duration time, const std::vector<Condition>& wrong) {
    for (const auto end = now + time; now < end;) {
      now += 5s;
      look(wrong);
    }
  }
  std::size_t open() const {
    return static_cast<std::size_t>(
        std::count_if(alarms.begin(), alarms.end(), [](const auto& one) { return !one.second.cleared; }));
  }
  WallTime wall() const { return WallTime{std::chrono::duration_cast<std::chrono::milliseconds>(now - TimePoint{})}; }

  Watch watch;
  std::map<std::string, Alarm> alarms;
  TimePoint now{1h};
  int told = 0, differed = 0, last = 0;
};

TEST_F(AlarmsWatch, RaisesWhatHasHeldForItsTime) {
  pass(30s, {down("berlin")});
  EXPECT_EQ(open(), 0u);
  pass(5s, {down("berlin")});
  EXPECT_EQ(open(), 1u);
  EXPECT_EQ(alarms.at("1").subject, "berlin");
  pass(24h, {down("berlin")});
  EXPECT_EQ(told, 1) << "once, however long it is so";
}

TEST_F(AlarmsWatch, ForgetsWhatWasWrongForAMomentOnly) {
  for (int i = 0; i < 100; ++i) {
    pass(25s, {down("berlin")});
    pass(5s, {});
  }
  EXPECT_EQ(told, 0);
  EXPECT_EQ(watch.size(), 0u);
}

TEST_F(AlarmsWatch, ClearsWhatHasBeenWellForItsTime) {
  pass(40s, {down("berlin")});
  pass(30s, {});
  EXPECT_EQ(open(), 1u);
  pass(5s, {});
  EXPECT_EQ(open(), 0u);
  EXPECT_EQ(told, 2);
}

TEST_F(AlarmsWatch, DoesNotFlap) {
  pass(40s, {down("berlin")});
  for (int i = 0; i < 1000; ++i) {
    pass(20s, {});
    pass(10s, {down("berlin")});
  }
  EXPECT_EQ(open(), 1u);
  EXPECT_EQ(told, 1) << "a line that comes and goes all day is one alarm";
}

TEST_F(AlarmsWatch, IsAnotherAlarmTheNextTime) {
  pass(40s, {down("berlin")});
  pass(40s, {});
  pass(40s, {down("berlin")});
  EXPECT_EQ(alarms.size(), 2u);
  EXPECT_EQ(open(), 1u);
}

TEST_F(AlarmsWatch, TellsAgainWhereItGetsWorseAndNeverWhereItGetsBetter) {
  pass(65s, {disk(AlarmSeverity::warning)});
  ASSERT_EQ(told, 1);
  for (int i = 0; i < 100; ++i) {
    pass(30s, {disk(AlarmSeverity::critical)});
    pass(30s, {disk(AlarmSeverity::warning)});
  }
  EXPECT_EQ(told, 2);
  EXPECT_EQ(alarms.at("1").severity, AlarmSeverity::critical);
}

TEST_F(AlarmsWatch, GoesOnAfterARestart) {
  pass(40s, {down("berlin"), down("hamburg")});
  watch = {};  // the program starts again; the records are there
  pass(1h, {down("berlin")});
  EXPECT_EQ(told, 3) << "nobody is told again of berlin; hamburg is well";
  EXPECT_EQ(open(), 1u);
}

TEST_F(AlarmsWatch, KeepsWhoHasAcknowledgedIt) {
  pass(40s, {down("berlin")});
  alarms.at("1").acknowledged = wall();
  alarms.at("1").acknowledged_by = "otto";
  pass(1h, {down("berlin")});
  pass(1h, {});
  EXPECT_EQ(told, 2);
  EXPECT_EQ(alarms.at("1").acknowledged_by, "otto");
}

TEST_F(AlarmsWatch, TellsKindsAndSubjectsApart) {
  auto line = down("berlin");
  line.kind = AlarmKind::line_bad;
  pass(3min, {down("berlin"), down("hamburg"), line});
  EXPECT_EQ(open(), 3u);
}

TEST_F(AlarmsWatch, TakesTheSameConditionTwiceForOne) {
  pass(40s, {down("berlin"), down("berlin")});
  EXPECT_EQ(open(), 1u);
}

TEST_F(AlarmsWatch, IsBoundedInAFlood) {
  std::vector<Condition> flood;
  for (int i = 0; i < 20'000; ++i) flood.push_back(down("sbc-" + std::to_string(i)));
  pass(1min, flood);
  EXPECT_EQ(open(), Watch::most_of_kind + 1);
  EXPECT_LE(watch.size(), Watch::most_of_kind + 1);
  const auto shared =
      std::find_if(alarms.begin(), alarms.end(), [](const auto& one) { return one.second.subject.empty(); });
  ASSERT_NE(shared, alarms.end());
  EXPECT_THAT(shared->second.detail, HasSubstr("19900 more: "));
  EXPECT_LT(shared->second.detail.size(), 200u);
  EXPECT_EQ(told, static_cast<int>(Watch::most_of_kind) + 1);
  pass(2min, {});
  EXPECT_EQ(open(), 0u);
  EXPECT_EQ(watch.size(), 0u);
}

TEST_F(AlarmsWatch, KeepsThePlacesOfThoseThatHaveThem) {
  pass(40s, {down("zz")});
  std::vector<Condition> flood{down("zz")};
  for (int i = 0; i < 500; ++i) flood.push_back(down("a" + std::to_string(i)));
  pass(1min, flood);
  EXPECT_FALSE(alarms.at("1").cleared);
}

TEST_F(AlarmsWatch, HearsOfAFloodInOtherKinds) {
  std::vector<Condition> flood;
  for (int i = 0; i < 500; ++i) flood.push_back({AlarmKind::attack, AlarmSeverity::warning, std::to_string(i), "", ""});
  flood.push_back(down("berlin"));
  pass(1min, flood);
  EXPECT_EQ(std::count_if(alarms.begin(), alarms.end(), [](const auto& one) { return one.second.subject == "berlin"; }),
            1);
}

TEST_F(AlarmsWatch, GivesEachKindATime) {
  for (std::size_t i = 0; i < words<AlarmKind>.size(); ++i) {
    const auto times = times_of(static_cast<AlarmKind>(i));
    EXPECT_GE(times.raise + times.clear, 0s);
    EXPECT_LE(times.raise, 5min) << words<AlarmKind>[i];
    EXPECT_LE(times.clear, 5min) << words<AlarmKind>[i];
  }
}

TEST(OldAlarms, GoWhereTooManyAreKept) {
  std::map<std::string, Alarm> alarms;
  for (int i = 0; i < 20; ++i) {
    const auto id = "a" + std::to_string(i);
    alarms[id] = {.id = id};
    if (i % 2) alarms[id].cleared = WallTime{std::chrono::seconds{100 - i}};
  }
  EXPECT_TRUE(to_forget(alarms, 20).empty());
  EXPECT_EQ(to_forget(alarms, 18), (std::vector<std::string>{"a19", "a17"})) << "those that were cleared first";
  EXPECT_EQ(to_forget(alarms, 3).size(), 10u) << "one that is open stays";
}

}  // namespace
}  // namespace roamdesk::alarms
