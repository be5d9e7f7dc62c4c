#include "tests/unit/hotdesk/fixture.hpp"

namespace roamdesk::hotdesk {
namespace {

TEST_F(HotDesks, TakeTheRightsAtOnceAndAnswerOnceTheLogoutIsStored) {
  log_in(desk_a, alice);
  const Identity session = session_at(desk_a);
  const auto before = machine.view(desk_a)->generation;
  const Effects asked = submit(LogoutRequested{RequestId{9}, desk_a, EndReason::code, "extension:101", "desk"});
  EXPECT_EQ(asked[0], Effect{(Unbind{desk_a, alice, *session})});
  EXPECT_TRUE(all<LogoutEnded>(asked).empty());
  EXPECT_FALSE(machine.occupant(desk_a));
  EXPECT_TRUE(machine.known_credentials(desk_a).front().old) << "idle rights from this moment on";
  const Effects effects = submit(Stored{change_in(asked).ticket});
  EXPECT_EQ(all<LogoutEnded>(effects).front(), (LogoutEnded{RequestId{9}, true}));
  EXPECT_EQ(all<SessionEnded>(effects).front().reason, EndReason::code);
  EXPECT_EQ(all<Audit>(effects).front().detail, "code");
  EXPECT_EQ(machine.view(desk_a)->generation, before + 1);
}

TEST_F(HotDesks, AnswerALogoutOfAnIdleDesk) {
  const Effects effects = submit(LogoutRequested{RequestId{1}, desk_a, EndReason::code, "", ""});
  EXPECT_EQ(effects, (Effects{LogoutEnded{RequestId{1}, false}}));
}

TEST_F(HotDesks, StoreALogoutAgainUntilItIsStored) {
  log_in(desk_a, alice);
  StoreChange change = change_in(submit(LogoutRequested{RequestId{1}, desk_a, EndReason::code, "", ""}));
  for (const auto wait : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
    EXPECT_TRUE(submit(StoreFailed{change.ticket}).empty());
    EXPECT_FALSE(machine.occupant(desk_a)) << "never taken back";
    EXPECT_TRUE(pass(wait - 1ms).empty());
    change = change_in(pass(1ms));
  }
  EXPECT_EQ(all<LogoutEnded>(submit(Stored{change.ticket})).size(), 1U);
}

TEST_F(HotDesks, IgnoreAnswersOfTheStoreToNothing) {
  log_in(desk_a, alice);
  const StoreChange change = change_in(submit(LogoutRequested{RequestId{1}, desk_a, EndReason::code, "", ""}));
  submit(StoreFailed{change.ticket});
  EXPECT_TRUE(submit(Stored{change.ticket}).empty()) << "it said that it failed";
  EXPECT_TRUE(submit(Stored{Ticket{999}}).empty());
  EXPECT_TRUE(submit(StoreFailed{Ticket{999}}).empty());
}

TEST_F(HotDesks, LogOutWhoeverIsThereOnceALoginUnderWayIsStored) {
  const StoreChange login = change_in(type_pin(desk_a, alice, true));
  EXPECT_TRUE(submit(LogoutRequested{RequestId{1}, desk_a, EndReason::admin, "", ""}).empty());
  const Effects effects = submit(Stored{login.ticket});
  EXPECT_EQ(all<Bind>(effects).size(), 1U);
  EXPECT_EQ(all<Unbind>(effects).size(), 1U);
  submit(Stored{change_in(effects).ticket});
  EXPECT_EQ(machine.view(desk_a)->state, DeskState::logged_out);
}

TEST_F(HotDesks, EndASessionThatIsTooLong) {
  submit(PolicyChanged{{true, 10h}});
  log_in(desk_a, alice);
  EXPECT_EQ(machine.deadline(), now + 10h);
  EXPECT_TRUE(all<StoreChange>(pass(10h - 1s)).empty());
  EXPECT_EQ(change_in(pass(1s)).ended.front().reason, EndReason::max_session);
}

TEST_F(HotDesks, MeasureSessionsThatAreUpWhenThePolicyChanges) {
  log_in(desk_a, alice);
  pass(3h);
  submit(PolicyChanged{{true, 2h}});
  EXPECT_EQ(change_in(pass(0s)).ended.front().reason, EndReason::max_session);
}

TEST_F(HotDesks, EndTheSessionOfADeletedExtension) {
  log_in(desk_a, alice);
  const Effects effects = submit(ExtensionDeleted{alice, "admin"});
  EXPECT_EQ(change_in(effects).ended.front().reason, EndReason::deleted);
  submit(Stored{change_in(effects).ticket});
  EXPECT_TRUE(dial(desk_a, alice).dummy);
}

TEST_F(HotDesks, EndTheSessionOfAnExtensionThatMayNotAnyMore) {
  log_in(desk_a, alice);
  EXPECT_EQ(change_in(submit(ExtensionChanged{alice, false, "admin"})).ended.front().reason, EndReason::admin);
}

TEST_F(HotDesks, LeaveTheSessionAloneWhenAnExtensionChangesOtherwise) {
  log_in(desk_a, alice);
  EXPECT_TRUE(submit(ExtensionChanged{alice, true, "admin"}).empty());
}

TEST_F(HotDesks, EndTheSessionOfARemovedDeskAndForgetIt) {
  log_in(desk_a, alice);
  const Effects effects = submit(DeskRemoved{desk_a, "admin"});
  EXPECT_EQ(all<Unbind>(effects).size(), 1U);
  EXPECT_EQ(change_in(effects).ended.front().reason, EndReason::deleted);
  submit(Stored{change_in(effects).ticket});
  EXPECT_FALSE(machine.view(desk_a));
  EXPECT_FALSE(machine.desk_of(alice));
}

TEST_F(HotDesks, TellTheRemovedDesksPhoneNothing) {
  submit(PhoneRegistered{desk_a, {}});
  log_in(desk_a, alice);
  submit(DeskRemoved{desk_a, "admin"});
  EXPECT_TRUE(all<TellPhone>(pass(1min)).empty());
}

TEST_F(HotDesks, FailTheTriesAtARemovedDesk) {
  const CheckPin check = dial(desk_a, alice);
  EXPECT_EQ(all<LoginEnded>(submit(DeskRemoved{desk_a, "admin"})),
            (std::vector{LoginEnded{check.attempt, Refused{LoginFault::unknown_desk}}}));
}

TEST_F(HotDesks, EndTheSessionWhenItsPhoneIsUnconfiguredAgain) {
  log_in(desk_a, alice);
  const Effects effects = submit(PhoneReset{desk_a});
  EXPECT_EQ(change_in(effects).ended.front().reason, EndReason::reset);
  EXPECT_TRUE(all<RenewToken>(effects).empty()) << "after it is stored";
  EXPECT_EQ(all<RenewToken>(submit(Stored{change_in(effects).ticket})).size(), 1U);
}

TEST_F(HotDesks, RefuseAndReportAnUnconfiguredPhoneWhileTheDeskIsRegistered) {
  log_in(desk_a, alice);
  submit(PhoneRegistered{desk_a, {}});
  EXPECT_EQ(submit(PhoneReset{desk_a}), (Effects{ReportDesk{desk_a, DeskProblem::reset_refused}}));
  EXPECT_EQ(machine.occupant(desk_a), alice);
}

TEST_F(HotDesks, RenewTheTokenOfAnIdleDesksPhoneOnceItsCredentialsAreStored) {
  const Effects effects = submit(PhoneReset{desk_a});
  EXPECT_TRUE(all<RenewToken>(effects).empty());
  EXPECT_EQ(all<RenewToken>(submit(Stored{change_in(effects).ticket})), (std::vector{RenewToken{desk_a}}));
}

}  // namespace
}  // namespace roamdesk::hotdesk
