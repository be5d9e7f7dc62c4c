#include <gmock/gmock.h>

#include "fixture.hpp"
#include "pbx-core/store/store.hpp"

namespace roamdesk::test {
namespace {

TEST(RolloutRecords, OutliveTheProgram) {
  const TemporaryDirectory directory;
  const store::Store::Options options{.file = directory.path() / "store.sqlite", .vfs = {}};
  Rollout rollout{.id = std::string(32, 'a'), .by = "admin", .started = at(5)};
  rollout.versions = {"1.1~deb12 amd64", "1.1~deb12 arm64"};
  rollout.wave = Wave::tenth;
  RolloutBranch berlin{.sbc = "berlin", .step = RolloutStep::watched, .wave = Wave::one, .from = "1.0", .to = "1.1"};
  berlin.why = "\"x\"\r\n; DROP TABLE rollouts";
  berlin.since = at(6);
  berlin.instance = "0123";
  berlin.phones = {"001565000001", "001565000002"};
  const RolloutBranch hamburg{.sbc = "hamburg"};
  {
    store::Store store(options);
    ASSERT_TRUE(
        commit(store, {Put<RolloutBranch>{berlin}, Put<RolloutBranch>{hamburg}, Put<Rollout>{rollout}}).has_value());
    rollout.state = RolloutState::ended;
    rollout.ended = at(9);
    ASSERT_TRUE(commit(store, {Put<Rollout>{rollout}}).has_value());
  }
  store::Store store(options);
  EXPECT_THAT(store.load().of<Rollout>(), testing::ElementsAre(rollout));
  EXPECT_THAT(store.load().of<RolloutBranch>(), testing::ElementsAre(berlin, hamburg));
  ASSERT_TRUE(commit(store, {Delete<Rollout>{rollout.id}, Delete<RolloutBranch>{"berlin"}}).has_value());
  EXPECT_TRUE(store.load().of<Rollout>().empty());
}

TEST(RolloutRecords, AreNeverTornInTwo) {
  const TemporaryDirectory directory;
  store::Store store({.file = directory.path() / "store.sqlite", .vfs = {}});
  Rollout torn{.id = std::string(32, 'a'), .by = "admin"};
  torn.state = RolloutState::ended;
  EXPECT_FALSE(commit(store, {Put<Rollout>{torn}}).has_value()) << "ended, and not when";
  torn.state = RolloutState::running;
  torn.id = "short";
  EXPECT_FALSE(commit(store, {Put<Rollout>{torn}}).has_value());
}

}  // namespace
}  // namespace roamdesk::test
