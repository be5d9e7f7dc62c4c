#include "tests/unit/hotdesk/fixture.hpp"

namespace roamdesk::hotdesk {
namespace {

TEST_F(HotDesks, LockAnExtensionAtADeskAfterFiveFailuresInFiveMinutes) {
  for (int i = 0; i < 4; ++i) type_pin(desk_a, alice, false);
  EXPECT_FALSE(machine.locked_until(alice, now));
  const Effects effects = type_pin(desk_a, alice, false);
  EXPECT_EQ(machine.locked_until(alice, now), now + 15min);
  EXPECT_EQ(all<Audit>(effects).back().action, "locked");
  EXPECT_TRUE(dial(desk_a, alice).dummy);
  EXPECT_FALSE(dial(desk_b, alice).dummy) << "there, not everywhere";
  EXPECT_FALSE(dial(desk_a, bob).dummy) << "this extension, not the desk";
}

TEST_F(HotDesks, UnlockAfterFifteenMinutes) {
  for (int i = 0; i < 5; ++i) type_pin(desk_a, alice, false);
  pass(15min - 1s);
  EXPECT_TRUE(dial(desk_a, alice).dummy);
  pass(1s);
  EXPECT_FALSE(dial(desk_a, alice).dummy);
}

TEST_F(HotDesks, ForgetFailuresThatAreOlderThanFiveMinutes) {
  for (int i = 0; i < 4; ++i) type_pin(desk_a, alice, false);
  pass(5min);
  for (int i = 0; i < 4; ++i) type_pin(desk_a, alice, false);
  EXPECT_FALSE(machine.locked_until(alice, now));
}

TEST_F(HotDesks, ClearTheCountOfTheDeskAtASuccess) {
  for (int i = 0; i < 4; ++i) type_pin(desk_a, alice, false);
  log_in(desk_a, alice);
  for (int i = 0; i < 4; ++i) type_pin(desk_a, alice, false);
  EXPECT_FALSE(machine.locked_until(alice, now));
  type_pin(desk_a, alice, false);
  EXPECT_TRUE(machine.locked_until(alice, now));
}

TEST_F(HotDesks, LockAnExtensionEverywhereAfterTwentyFailuresInAnHour) {
  for (int i = 0; i < 19; ++i) {
    type_pin(i % 2 == 0 ? desk_a : desk_b, alice, false);
    pass(2min);  // slow enough for each desk
  }
  EXPECT_FALSE(machine.locked_until(alice, now));
  type_pin(far_desk, alice, false);
  EXPECT_EQ(machine.locked_until(alice, now), now + 15min);
  for (const HotDeskId& desk : {desk_a, desk_b, far_desk}) EXPECT_TRUE(dial(desk, alice).dummy);
}

TEST_F(HotDesks, ASuccessAtADeskDoesNotClearTheCountOfAllDesks) {
  for (int i = 0; i < 19; ++i) {
    type_pin(i % 2 == 0 ? desk_a : desk_b, alice, false);
    pass(2min);
  }
  log_in(desk_a, alice);
  type_pin(far_desk, alice, false);
  EXPECT_TRUE(machine.locked_until(alice, now));
}

TEST_F(HotDesks, EndALockWhenAnAdministratorSaysSo) {
  for (int i = 0; i < 5; ++i) type_pin(desk_a, alice, false);
  EXPECT_EQ(all<Audit>(submit(Unlocked{alice, "admin"})).front().action, "unlock");
  EXPECT_FALSE(machine.locked_until(alice, now));
  EXPECT_FALSE(dial(desk_a, alice).dummy);
}

TEST_F(HotDesks, DoNotLetManyTriesAtOncePastTheLimit) {
  std::size_t in_earnest = 0;
  for (int i = 0; i < 8; ++i) in_earnest += dial(desk_a, alice).dummy ? 0 : 1;
  EXPECT_EQ(in_earnest, 5U);
}

TEST_F(HotDesks, CountTriesUnderWayAsFailuresThatMayCome) {
  const CheckPin slow = dial(desk_a, alice);
  for (int i = 0; i < 4; ++i) type_pin(desk_a, alice, false);
  const CheckPin last = dial(desk_a, alice);
  EXPECT_TRUE(last.dummy) << "the slow one may be the fifth failure";
  submit(PinChecked{last.attempt, false});
  EXPECT_TRUE(all<StoreChange>(submit(PinChecked{slow.attempt, true})).size() == 1U) << "but it was right";
}

TEST_F(HotDesks, DoNotCountTriesWhileLocked) {
  for (int i = 0; i < 5; ++i) type_pin(desk_a, alice, false);
  const auto until = machine.locked_until(alice, now);
  pass(10min);
  for (int i = 0; i < 30; ++i) type_pin(desk_a, alice, false);
  EXPECT_EQ(machine.locked_until(alice, now), until);
}

TEST(Lockouts, KeepNothingOfExtensionsThatSucceed) {
  Lockouts lockouts{{}};
  const TimePoint now{1h};
  for (int i = 0; i < 1000; ++i) lockouts.unlock(ExtensionNumber{std::to_string(i)});
  lockouts.failed(ExtensionNumber{"1"}, HotDeskId{"HD0001"}, now);
  EXPECT_EQ(lockouts.size(), 1U);
  lockouts.unlock(ExtensionNumber{"1"});
  EXPECT_EQ(lockouts.size(), 0U);
}

TEST_F(HotDesks, ForgiveNobodyAtARestart) {
  std::map<ExtensionNumber, std::vector<FailureCount>> stored;
  const auto keep = [&](const Effects& effects) {
    for (const auto& e : all<FailuresChanged>(effects)) stored[e.extension] = e.counts;
  };
  for (int i = 0; i < 5; ++i) keep(type_pin(desk_a, alice, false));
  for (int i = 0; i < 4; ++i) keep(type_pin(desk_a, bob, false));

  Snapshot snapshot;
  for (const HotDeskId& desk : {desk_a, desk_b}) snapshot.desks.push_back({desk, local_site()});
  for (const ExtensionNumber& person : {alice, bob}) snapshot.extensions.push_back({person, true});
  snapshot.failures = stored;
  Machine restarted{{}, [] { return FreshIdentity{}; }};
  restarted.restore(snapshot, now);
  EXPECT_EQ(restarted.locked_until(alice, now), now + 15min);
  const auto dummy = [&](const HotDeskId& desk, const ExtensionNumber& person, std::uint64_t attempt) {
    const auto effects =
        restarted.handle(LoginRequested{AttemptId{attempt}, desk, person, Secret{"1"}, LoginBy::code, "", ""}, now);
    return all<CheckPin>(effects).at(0).dummy;
  };
  EXPECT_TRUE(dummy(desk_a, alice, 1));
  EXPECT_FALSE(dummy(desk_b, alice, 2));
  EXPECT_FALSE(dummy(desk_a, bob, 3));
  restarted.handle(PinChecked{AttemptId{3}, false}, now);  // the fifth
  EXPECT_TRUE(dummy(desk_a, bob, 4));
}

TEST_F(HotDesks, HaveNothingToStoreOfFailuresThatASuccessOrAnAdministratorEnded) {
  type_pin(desk_a, alice, false);
  const Effects unlocked = submit(Unlocked{alice, "admin"});
  EXPECT_TRUE(all<FailuresChanged>(unlocked).at(0).counts.empty());
}

}  // namespace
}  // namespace roamdesk::hotdesk
