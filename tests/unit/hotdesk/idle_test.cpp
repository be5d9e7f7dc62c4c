#include "tests/unit/hotdesk/fixture.hpp"

// A desk's idle credentials are new whenever a person logs in or out: an attacker who learnt them yesterday has nothing
// today.
namespace roamdesk::hotdesk {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class IdleCredentials : public HotDesks {
 protected:
  static Identity replaced(const std::string& user) { return SessionId{user}; }
  std::vector<std::string> known(const HotDeskId& desk) const {
    std::vector<std::string> users;
    for (const Machine::Known& each : machine.known_credentials(desk)) users.push_back(each.credentials.user.str());
    return users;
  }
};

TEST_F(IdleCredentials, AreOthersAfterEachLoginLogoutAndReset) {
  submit(PhoneRegistered{desk_a, {}});
  std::set<std::string> seen{idle_of(desk_a).user.str()};
  const auto draws = [&](const StoreChange& change) {
    ASSERT_THAT(change.idle, SizeIs(1));
    EXPECT_EQ(change.idle[0].desk, desk_a);
    EXPECT_TRUE(seen.insert(change.idle[0].credentials.user.str()).second) << "used before";
  };
  const auto login = change_in(type_pin(desk_a, alice, true));
  draws(login);
  submit(Stored{login.ticket});
  const auto logout = change_in(submit(LogoutRequested{RequestId{1}, desk_a, EndReason::code, "someone", "desk"}));
  draws(logout);
  submit(Stored{logout.ticket});
  submit(BindingExpired{desk_a});
  draws(change_in(submit(PhoneReset{desk_a})));
}

TEST_F(IdleCredentials, OfTheDeskThatSomebodyLeavesForAnotherAreReplacedToo) {
  log_in(desk_a, alice);
  const auto change = change_in(type_pin(desk_b, alice, true));
  std::set<HotDeskId> desks;
  for (const FreshIdle& fresh : change.idle) desks.insert(fresh.desk);
  EXPECT_THAT(desks, ElementsAre(desk_a, desk_b));
}

TEST_F(IdleCredentials, ThatThePhoneHasAreOldOnesUntilItIsBack) {
  submit(PhoneFetched{desk_a, machine.view(desk_a)->generation});
  submit(PhoneRegistered{desk_a, {}});
  log_in(desk_a, alice);
  EXPECT_EQ(machine.view(desk_a)->registered_as, replaced(idle_of(desk_a).user.str()));
  EXPECT_THAT(known(desk_a), Contains(idle_of(desk_a).user.str()));
  submit(PhoneRegistered{desk_a, replaced(idle_of(desk_a).user.str())});
  EXPECT_FALSE(machine.view(desk_a)->settled);
  submit(PhoneFetched{desk_a, machine.view(desk_a)->generation});
  const Effects effects = submit(PhoneRegistered{desk_a, session_at(desk_a)});
  EXPECT_EQ(all<ForgetOldCredentials>(effects),
            (std::vector{ForgetOldCredentials{desk_a, {idle_of(desk_a).user.str()}}}));
  EXPECT_THAT(known(desk_a), SizeIs(1)) << "the session's";
}

TEST_F(IdleCredentials, ThatNoPhoneHasFetchedAreForgottenAtOnce) {
  submit(PhoneRegistered{desk_a, {}});
  const auto login = change_in(type_pin(desk_a, alice, true));
  submit(Stored{login.ticket});
  phone_follows(desk_a);
  const Effects effects = log_out(desk_a);
  EXPECT_EQ(all<ForgetOldCredentials>(effects),
            (std::vector{ForgetOldCredentials{desk_a, {login.idle[0].credentials.user.str()}}}));
}

// Its person is out, and the store hasn't said so yet: what it fetches now is replaced in the next moment.
TEST_F(IdleCredentials, ThatAPhoneFetchedWhileALogoutWasBeingStoredLetItIn) {
  submit(PhoneRegistered{desk_a, {}});
  const auto login = change_in(type_pin(desk_a, alice, true));
  submit(Stored{login.ticket});
  phone_follows(desk_a);
  const auto logout = change_in(submit(LogoutRequested{RequestId{1}, desk_a, EndReason::code, "someone", "desk"}));
  submit(PhoneFetched{desk_a, machine.view(desk_a)->generation});
  submit(PhoneRegistered{desk_a, {}});
  submit(Stored{logout.ticket});
  EXPECT_THAT(known(desk_a), Contains(login.idle[0].credentials.user.str()));
  submit(PhoneFetched{desk_a, machine.view(desk_a)->generation});
  EXPECT_FALSE(machine.view(desk_a)->settled) << "it still shows what was replaced";
  EXPECT_THAT(known(desk_a), Contains(login.idle[0].credentials.user.str()));
}

TEST_F(IdleCredentials, StayWhereTheStoreFails) {
  submit(PhoneRegistered{desk_a, {}});
  const auto login = change_in(type_pin(desk_a, alice, true));
  submit(StoreFailed{login.ticket});
  EXPECT_THAT(known(desk_a), IsEmpty());
  EXPECT_EQ(machine.view(desk_a)->registered_as, Identity{});
}

TEST_F(IdleCredentials, OfALogoutThatIsStoredAgainAreTheSame) {
  log_in(desk_a, alice);
  const auto first = change_in(submit(LogoutRequested{RequestId{1}, desk_a, EndReason::code, "someone", "desk"}));
  submit(StoreFailed{first.ticket});
  EXPECT_EQ(change_in(pass(1s)).idle, first.idle);
}

TEST_F(IdleCredentials, OfAPhoneThatIsOffForManyPeopleAreKeptWithinABound) {
  submit(PhoneRegistered{desk_a, {}});
  submit(PhoneFetched{desk_a, machine.view(desk_a)->generation});
  submit(BindingExpired{desk_a});
  for (int i = 0; i < 200; ++i) {
    log_in(desk_a, i % 2 == 0 ? bob : alice);
    log_out(desk_a);
  }
  EXPECT_THAT(known(desk_a), SizeIs(64));
  EXPECT_THAT(known(desk_a), Contains(idle_of(desk_a).user.str())) << "what its phone has stays";
}

}  // namespace
}  // namespace roamdesk::hotdesk
