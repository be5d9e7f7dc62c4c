#include <gmock/gmock.h>

#include "fixture.hpp"
#include "pbx-core/store/store.hpp"

namespace roamdesk::test {
namespace {

Alarm alarm(const std::string& id, const std::string& subject) {
  return {.id = id,
          .kind = AlarmKind::sbc_down,
          .severity = AlarmSeverity::critical,
          .subject = subject,
          .site = subject,
          .detail = "\"x\"\r\n; DROP TABLE alarms",
          .raised = at(5)};
}

TEST(AlarmRecords, OutliveTheProgram) {
  const TemporaryDirectory directory;
  const store::Store::Options options{.file = directory.path() / "store.sqlite", .vfs = {}};
  auto berlin = alarm("a1", "berlin"), hamburg = alarm("a2", "hamburg");
  AlarmReceiver hook{.name = "hook", .way = AlarmWay::web_hook, .to = "https://example.org/x"};
  hook.least = AlarmSeverity::critical;
  hook.enabled = false;
  hook.signing_key = Secret{"0123456789abcdef"};
  const AlarmReceiver mail{.name = "night", .to = "night@example.org"};
  {
    store::Store store(options);
    ASSERT_TRUE(
        commit(store, {Put<Alarm>{berlin}, Put<Alarm>{hamburg}, Put<AlarmReceiver>{hook}, Put<AlarmReceiver>{mail}})
            .has_value());
    hamburg.cleared = at(9);
    hamburg.acknowledged = at(8);
    hamburg.acknowledged_by = "otto";
    ASSERT_TRUE(commit(store, {Put<Alarm>{hamburg}}).has_value());
  }
  store::Store store(options);
  const auto all = store.load();
  EXPECT_THAT(all.of<Alarm>(), testing::ElementsAre(berlin, hamburg));
  EXPECT_THAT(all.of<AlarmReceiver>(), testing::ElementsAre(hook, mail));
  ASSERT_TRUE(commit(store, {Delete<Alarm>{"a1"}, Delete<AlarmReceiver>{"hook"}}).has_value());
  EXPECT_THAT(store.load().of<Alarm>(), testing::ElementsAre(hamburg));
  EXPECT_THAT(store.load().of<AlarmReceiver>(), testing::ElementsAre(mail));
}

TEST(AlarmRecords, AreOpenOnceForEachKindAndSubject) {
  const TemporaryDirectory directory;
  store::Store store({.file = directory.path() / "store.sqlite", .vfs = {}});
  ASSERT_TRUE(commit(store, {Put<Alarm>{alarm("a1", "berlin")}}).has_value());
  EXPECT_FALSE(commit(store, {Put<Alarm>{alarm("a2", "berlin")}}).has_value());
  auto over = alarm("a1", "berlin");
  over.cleared = at(9);
  EXPECT_TRUE(commit(store, {Put<Alarm>{over}, Put<Alarm>{alarm("a2", "berlin")}}).has_value());
}

TEST(AlarmRecords, AreNeverTornInTwo) {
  const TemporaryDirectory directory;
  store::Store store({.file = directory.path() / "store.sqlite", .vfs = {}});
  auto torn = alarm("a1", "berlin");
  torn.acknowledged = at(9);
  EXPECT_FALSE(commit(store, {Put<Alarm>{torn}}).has_value()) << "acknowledged by nobody";
  const AlarmReceiver unsigned_hook{.name = "hook", .way = AlarmWay::web_hook, .to = "https://example.org/x"};
  EXPECT_FALSE(commit(store, {Put<AlarmReceiver>{unsigned_hook}}).has_value()) << "a web hook without a key";
}

}  // namespace
}  // namespace roamdesk::test
