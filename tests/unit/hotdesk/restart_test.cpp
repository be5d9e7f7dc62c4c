#include "tests/unit/hotdesk/fixture.hpp"

namespace roamdesk::hotdesk {
namespace {

class RestartedHotDesks : public ::testing::Test {
 protected:
  SessionInfo session(const std::string& id, const HotDeskId& desk, const ExtensionNumber& person) {
    return {SessionId{id}, desk, person, Credentials{"user-" + id, Secret{"password"}}, now - 2h};
  }
  Machine restarted() {
    return Machine{Rules{}, [] { return FreshIdentity{SessionId{"new"}, Credentials{"user-new", Secret{"x"}}}; }};
  }
  const HotDeskId desk_a{"HD0001"}, desk_b{"HD0002"};
  const ExtensionNumber alice{"101"}, bob{"102"};
  TimePoint now{100h};
  Snapshot snapshot{{{desk_a, local_site()}, {desk_b, local_site()}}, {{alice, true}, {bob, true}}, {}, {}};
};

TEST_F(RestartedHotDesks, AreBoundAsTheStoreSays) {
  snapshot.sessions = {session("s1", desk_a, alice)};
  Machine machine = restarted();
  EXPECT_EQ(machine.restore(snapshot, now), (Effects{Bind{desk_a, alice, SessionId{"s1"}}}));
  EXPECT_EQ(machine.occupant(desk_a), alice);
  EXPECT_EQ(machine.view(desk_a)->session->since, now - 2h);
}

TEST_F(RestartedHotDesks, AreSettledWhenTheirPhonesAreWhatTheyShouldBe) {
  snapshot.sessions = {session("s1", desk_a, alice)};
  Machine machine = restarted();
  machine.restore(snapshot, now);
  EXPECT_TRUE(all<TellPhone>(machine.handle(PhoneRegistered{desk_a, SessionId{"s1"}}, now)).empty());
  EXPECT_TRUE(machine.view(desk_a)->settled);
}

TEST_F(RestartedHotDesks, TellPhonesThatStillHaveAnOldIdentity) {
  const SessionInfo old = session("s0", desk_a, alice);
  snapshot.old = {{old.id, desk_a, alice, old.credentials}};
  Machine machine = restarted();
  machine.restore(snapshot, now);
  ASSERT_EQ(machine.known_credentials(desk_a).size(), 1U);
  EXPECT_EQ(all<TellPhone>(machine.handle(PhoneRegistered{desk_a, old.id}, now)).size(), 1U);
}

// It may have fetched the session's configuration just before the crash, and be about to show it.
TEST_F(RestartedHotDesks, LetAPhoneFetchBeforeTheyForgetOldCredentials) {
  const SessionInfo old = session("s0", desk_a, alice);
  snapshot.old = {{old.id, desk_a, alice, old.credentials}};
  Machine machine = restarted();
  machine.restore(snapshot, now);
  const Effects effects = machine.handle(PhoneRegistered{desk_a, {}}, now);
  EXPECT_TRUE(all<ForgetOldCredentials>(effects).empty());
  EXPECT_EQ(all<TellPhone>(effects).size(), 1U);
  EXPECT_EQ(all<ForgetOldCredentials>(machine.handle(PhoneFetched{desk_a, 1}, now)).size(), 1U);
}

TEST_F(RestartedHotDesks, EndSessionsOfThoseWhoMayNotAnyMore) {
  snapshot.sessions = {session("s1", desk_a, alice)};
  snapshot.extensions[0].hot_desking = false;
  Machine machine = restarted();
  const Effects effects = machine.restore(snapshot, now);
  EXPECT_EQ(all<Unbind>(effects).size(), 1U);
  EXPECT_EQ(all<StoreChange>(effects).front().ended.front().reason, EndReason::admin);
}

TEST_F(RestartedHotDesks, MeasureLongSessionsFromTheirBeginning) {
  snapshot.sessions = {session("s1", desk_a, alice)};
  Machine machine = restarted();
  machine.restore(snapshot, now);
  machine.handle(PolicyChanged{{true, 3h}}, now);
  EXPECT_EQ(machine.deadline(), now + 1h);
}

TEST_F(RestartedHotDesks, RefuseToStartOnAnImpossibleStore) {
  snapshot.sessions = {session("s1", desk_a, alice), session("s2", desk_a, bob)};
  EXPECT_THROW(restarted().restore(snapshot, now), std::invalid_argument);
  snapshot.sessions = {session("s1", desk_a, alice), session("s2", desk_b, alice)};
  EXPECT_THROW(restarted().restore(snapshot, now), std::invalid_argument);
}

}  // namespace
}  // namespace roamdesk::hotdesk
