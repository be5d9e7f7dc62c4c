#include "pbx-core/watch/watcher.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "tests/support/fake_domain.hpp"

namespace roamdesk::watch {
namespace {
using namespace std::chrono_literals;
using alarms::Condition;

// A domain whose store answers when the test says so.
class SlowDomain : public test::FakeDomain {
 public:
  void change(Decide decide, api::Actor actor, api::Done done) override {
    if (!holds) return FakeDomain::change(std::move(decide), std::move(actor), std::move(done));
    waiting.push_back([this, decide, actor, done] { FakeDomain::change(decide, actor, done); });
  }
  bool holds = false;
  std::deque<std::function<void()>> waiting;
};

class AWatcher : public testing::Test {
 protected:
  static Condition down(const std::string& sbc) { return {AlarmKind::sbc_down, AlarmSeverity::critical, sbc, sbc, ""}; }
  void pass(Duration time, const std::vector<Condition>& wrong) {
    for (const auto end = now + time; now < end;) {
      now += 5s;
      watcher.look(wrong, now, WallTime{std::chrono::duration_cast<std::chrono::milliseconds>(now - TimePoint{})});
    }
  }
  const std::map<std::string, Alarm>& alarms() const { return std::as_const(domain).directory().all<Alarm>(); }

  SlowDomain domain;
  int last = 0;
  std::vector<alarms::Bulletin> told;
  std::vector<Alarm> shown;
  Watcher watcher{{domain, [this] { return "id-" + std::to_string(++last); },
                   [this](const alarms::Bulletin& bulletin) { told.push_back(bulletin); },
                   [this](const Alarm& alarm) { shown.push_back(alarm); }}};
  TimePoint now{1h};
};

TEST_F(AWatcher, StoresTellsAndShowsWhatIsWrong) {
  pass(2min, {down("berlin")});
  ASSERT_EQ(alarms().size(), 1u);
  EXPECT_EQ(alarms().begin()->second.subject, "berlin");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].news.at(0).alarm.subject, "berlin");
  pass(3min, {});
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[1].news.at(0).turn, alarms::Turn::cleared);
  EXPECT_TRUE(alarms().begin()->second.cleared);
  EXPECT_EQ(shown.size(), 2u);
}

TEST_F(AWatcher, TellsOfAHundredSbcsInOneMessage) {
  std::vector<Condition> wrong;
  for (int i = 0; i < 100; ++i) wrong.push_back(down("sbc-" + std::to_string(i)));
  pass(5min, wrong);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].news.size(), 100u);
  EXPECT_EQ(alarms().size(), 100u);
}

TEST_F(AWatcher, TellsNobodyOfWhatIsNotStored) {
  domain.holds = true;
  pass(5min, {down("berlin")});
  EXPECT_EQ(domain.waiting.size(), 1u) << "one change at a time";
  EXPECT_TRUE(told.empty());
  domain.holds = false;
  domain.waiting.front()();
  pass(30s, {down("berlin")});
  EXPECT_EQ(alarms().size(), 1u);
  EXPECT_EQ(told.size(), 1u);
}

TEST_F(AWatcher, KeepsAnAcknowledgementThatCameMeanwhile) {
  pass(2min, {down("berlin")});
  domain.holds = true;
  pass(1min, {});  // it is to be cleared, and waits
  auto seen = alarms().begin()->second;
  seen.acknowledged = WallTime{1h};
  seen.acknowledged_by = "otto";
  domain.FakeDomain::change([&](const Directory&) { return api::Domain::Decision{Changes{Put<Alarm>{seen}}}; }, {},
                            [](const api::Answer&) {});
  domain.waiting.front()();
  EXPECT_TRUE(alarms().begin()->second.cleared);
  EXPECT_EQ(alarms().begin()->second.acknowledged_by, "otto");
}

TEST_F(AWatcher, KeepsAThousandRecords) {
  for (int i = 0; i < 40; ++i) {
    std::vector<Condition> wrong;
    for (int sbc = 0; sbc < 50; ++sbc) wrong.push_back(down("sbc-" + std::to_string(sbc)));
    pass(40s, wrong);
    pass(40s, {});
  }
  EXPECT_LE(alarms().size(), Watcher::most_records + 50);
  EXPECT_GE(alarms().size(), Watcher::most_records - 50);
}

TEST_F(AWatcher, HearsOfWhatHappens) {
  for (int i = 0; i < 5; ++i)
    watcher.note({.kind = AlarmKind::password_guessing, .subject = "192.0.2.1", .threshold = 5}, now);
  pass(10s, {});
  EXPECT_EQ(alarms().size(), 1u);
}

}  // namespace
}  // namespace roamdesk::watch
