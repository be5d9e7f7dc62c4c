#include "tests/unit/hotdesk/fixture.hpp"

namespace roamdesk::hotdesk {
namespace {

TEST_F(HotDesks, CheckThePinBeforeAnythingElse) {
  const Effects effects =
      submit(LoginRequested{AttemptId{7}, desk_a, alice, Secret{"4711"}, LoginBy::code, "extension:101", "desk"});
  EXPECT_EQ(effects, (Effects{DeskChanged{desk_a}, CheckPin{AttemptId{7}, alice, Secret{"4711"}, false}}));
  EXPECT_EQ(machine.view(desk_a)->state, DeskState::logging_in);
}

TEST_F(HotDesks, StoreALoginBeforeItTakesEffect) {
  const Effects effects = type_pin(desk_a, alice, true);
  const StoreChange change = change_in(effects);
  EXPECT_TRUE(change.ended.empty());
  ASSERT_TRUE(change.started);
  EXPECT_EQ(change.started->extension, alice);
  EXPECT_EQ(change.started->since, now);
  EXPECT_TRUE(all<Bind>(effects).empty());
  EXPECT_TRUE(all<LoginEnded>(effects).empty());
  EXPECT_FALSE(machine.occupant(desk_a));
  EXPECT_EQ(machine.view(desk_a)->state, DeskState::logging_in);
}

TEST_F(HotDesks, BindAndSayYesOnceTheLoginIsStored) {
  submit(PhoneRegistered{desk_a, {}});
  const auto before = machine.view(desk_a)->generation;
  const Effects effects = log_in(desk_a, alice);
  const Identity session = session_at(desk_a);
  ASSERT_TRUE(session);
  EXPECT_EQ(effects[0], Effect{(Bind{desk_a, alice, *session})});
  EXPECT_EQ(effects[1], Effect{(LoginEnded{AttemptId{1}, Granted{true}})});
  EXPECT_EQ(machine.view(desk_a)->generation, before + 1);
  EXPECT_EQ(all<SessionStarted>(effects).size(), 1U);
  EXPECT_EQ(machine.occupant(desk_a), alice);
  EXPECT_EQ(machine.desk_of(alice), desk_a);
  EXPECT_EQ(machine.view(desk_a)->state, DeskState::logged_in);
}

TEST_F(HotDesks, GiveEachSessionItsOwnCredentials) {
  log_in(desk_a, alice);
  const auto first = machine.known_credentials(desk_a);
  ASSERT_EQ(first.size(), 1U);
  EXPECT_FALSE(first[0].old);
  log_out(desk_a);
  log_in(desk_a, alice);
  const auto second = machine.known_credentials(desk_a);
  ASSERT_EQ(second.size(), 2U);
  EXPECT_NE(second[0].credentials.user, first[0].credentials.user);
  EXPECT_TRUE(second[1].old);
}

TEST_F(HotDesks, LogThePreviousPersonOutAtALoginOverASession) {
  log_in(desk_a, alice);
  const Identity old = session_at(desk_a);
  const StoreChange change = change_in(type_pin(desk_a, bob, true));
  ASSERT_EQ(change.ended.size(), 1U);
  EXPECT_EQ(change.ended[0].reason, EndReason::other_login);
  EXPECT_EQ(machine.occupant(desk_a), alice) << "until it is stored";
  const Effects effects = submit(Stored{change.ticket});
  EXPECT_EQ(effects[0], Effect{(Unbind{desk_a, alice, *old})});
  EXPECT_EQ(effects[1], Effect{(Bind{desk_a, bob, *session_at(desk_a)})});
  EXPECT_EQ(all<SessionEnded>(effects).front().reason, EndReason::other_login);
  EXPECT_FALSE(machine.desk_of(alice));
}

TEST_F(HotDesks, MoveAPersonToTheNewDesk) {
  log_in(desk_a, alice);
  const Identity old = session_at(desk_a);
  const auto here = machine.view(desk_a)->generation, there = machine.view(desk_b)->generation;
  const Effects effects = log_in(desk_b, alice);
  EXPECT_EQ(effects[0], Effect{(Unbind{desk_a, alice, *old})});
  EXPECT_EQ(effects[1], Effect{(Bind{desk_b, alice, *session_at(desk_b)})});
  EXPECT_EQ(all<SessionEnded>(effects).front().reason, EndReason::moved);
  EXPECT_EQ(machine.view(desk_a)->generation, here + 1) << "both desks show something else";
  EXPECT_EQ(machine.view(desk_b)->generation, there + 1);
  EXPECT_FALSE(machine.occupant(desk_a));
  EXPECT_EQ(machine.desk_of(alice), desk_b);
}

TEST_F(HotDesks, MoveOverSomebodyElsesSessionInOneChange) {
  log_in(desk_a, alice);
  log_in(desk_b, bob);
  const StoreChange change = change_in(type_pin(desk_b, alice, true));
  ASSERT_EQ(change.ended.size(), 2U);
  EXPECT_EQ(change.ended[0].reason, EndReason::other_login);
  EXPECT_EQ(change.ended[1].reason, EndReason::moved);
  EXPECT_EQ(all<Unbind>(submit(Stored{change.ticket})).size(), 2U);
  EXPECT_FALSE(machine.desk_of(bob));
}

TEST_F(HotDesks, RefuseASecondDeskUnderThatPolicyButOnlyOnceThePinWasRight) {
  submit(PolicyChanged{{false, {}}});
  log_in(desk_a, alice);
  EXPECT_EQ(outcome_of(refused(type_pin(desk_b, alice, false)).front()), LoginOutcome::failed);
  const auto failed = refused(type_pin(desk_b, alice, true));
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(outcome_of(failed[0]), LoginOutcome::elsewhere);
  EXPECT_EQ(machine.desk_of(alice), desk_a);
}

TEST_F(HotDesks, LetSomebodyLogInWhereTheyAreAlready) {
  for (const bool move : {true, false}) {
    submit(PolicyChanged{{move, {}}});
    log_in(desk_a, alice);
    const Identity session = session_at(desk_a);
    const Effects effects = type_pin(desk_a, alice, true);
    EXPECT_EQ(granted(effects), 1U);
    EXPECT_TRUE(all<StoreChange>(effects).empty());
    EXPECT_EQ(session_at(desk_a), session);
    log_out(desk_a);
  }
}

// Contract §4: fails in the same words and in the same time.
TEST_F(HotDesks, AnswerUnknownUnauthorisedAndLockedLikeAWrongPin) {
  for (int i = 0; i < 5; ++i) type_pin(desk_a, alice, false);
  ASSERT_TRUE(machine.locked_until(alice, now));
  const auto shape = [&](const ExtensionNumber& person, bool right) {
    std::vector<std::size_t> kinds;
    const AttemptId attempt{++attempts};
    for (const Effect& effect : submit(LoginRequested{attempt, desk_a, person, Secret{"1"}, LoginBy::code, "x", "y"}))
      kinds.push_back(effect.index());
    for (const Effect& effect : submit(PinChecked{attempt, right})) {
      kinds.push_back(effect.index());
      for (const LoginFault fault : refused({effect})) EXPECT_EQ(outcome_of(fault), LoginOutcome::failed);
    }
    return kinds;
  };
  auto wrong = shape(bob, false);
  // What only a person who exists has comes after the answer, and nothing waits for it.
  ASSERT_EQ(wrong.back(), Effect{FailuresChanged{}}.index());
  wrong.pop_back();
  EXPECT_EQ(shape(nobody, true), wrong) << "unknown, whatever the dummy check says";
  EXPECT_EQ(shape(clerk, true), wrong) << "not authorised";
  EXPECT_EQ(shape(alice, true), wrong) << "locked, even with the right PIN";
}

TEST_F(HotDesks, CheckADoomedTryAgainstADummy) {
  EXPECT_TRUE(dial(desk_a, nobody).dummy);
  EXPECT_TRUE(dial(desk_a, clerk).dummy);
  EXPECT_FALSE(dial(desk_a, alice).dummy);
}

TEST_F(HotDesks, UndoNothingWhenALoginCannotBeStored) {
  log_in(desk_a, alice);
  log_in(desk_b, bob);
  const StoreChange change = change_in(type_pin(desk_b, alice, true));
  const Effects effects = submit(StoreFailed{change.ticket});
  ASSERT_EQ(refused(effects).size(), 1U);
  EXPECT_EQ(outcome_of(refused(effects)[0]), LoginOutcome::unavailable);
  EXPECT_TRUE(all<Unbind>(effects).empty());
  EXPECT_EQ(machine.desk_of(alice), desk_a);
  EXPECT_EQ(machine.desk_of(bob), desk_b);
}

TEST_F(HotDesks, LetLoginsForOneDeskHaveTheirTurns) {
  const CheckPin first = dial(desk_a, alice), second = dial(desk_a, bob);
  const StoreChange change = change_in(submit(PinChecked{first.attempt, true}));
  EXPECT_TRUE(all<StoreChange>(submit(PinChecked{second.attempt, true})).empty()) << "waits";
  const Effects effects = submit(Stored{change.ticket});
  EXPECT_EQ(all<Bind>(effects).size(), 1U);
  const StoreChange next = change_in(effects);
  EXPECT_EQ(next.ended.front().session.extension, alice) << "decided on what is stored";
  submit(Stored{next.ticket});
  EXPECT_EQ(machine.occupant(desk_a), bob);
}

TEST_F(HotDesks, LetLoginsOfOnePersonHaveTheirTurns) {
  const CheckPin first = dial(desk_a, alice), second = dial(desk_b, alice);
  const StoreChange change = change_in(submit(PinChecked{first.attempt, true}));
  EXPECT_TRUE(all<StoreChange>(submit(PinChecked{second.attempt, true})).empty());
  submit(Stored{change_in(submit(Stored{change.ticket})).ticket});
  EXPECT_EQ(machine.desk_of(alice), desk_b);
}

TEST_F(HotDesks, TurnALoginAwayThatWaitsTooLongForItsTurn) {
  submit(Stored{change_in(type_pin(desk_a, alice, true)).ticket});
  submit(StoreFailed{change_in(submit(LogoutRequested{RequestId{1}, desk_a, EndReason::code, "", ""})).ticket});
  EXPECT_TRUE(refused(type_pin(desk_a, bob, true)).empty());
  const auto failed = refused(pass(10s));
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(outcome_of(failed[0]), LoginOutcome::unavailable);
}

TEST_F(HotDesks, FailATryWhosePinCheckNeverAnswers) {
  const CheckPin check = dial(desk_a, alice);
  const auto failed = refused(pass(30s));
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0], LoginFault::no_answer);
  EXPECT_TRUE(submit(PinChecked{check.attempt, true}).empty()) << "too late";
}

TEST_F(HotDesks, BoundTheTriesAtOneDesk) {
  for (int i = 0; i < 8; ++i) dial(desk_a, nobody);
  const Effects effects = submit(LoginRequested{AttemptId{99}, desk_a, alice, Secret{"1"}, LoginBy::code, "", ""});
  EXPECT_EQ(refused(effects).front(), LoginFault::too_many);
  EXPECT_FALSE(dial(desk_b, alice).dummy) << "other desks don't notice";
}

TEST_F(HotDesks, RefuseALoginAtADeskThatIsNone) {
  const Effects effects =
      submit(LoginRequested{AttemptId{1}, HotDeskId{"HD9999"}, alice, Secret{"1"}, LoginBy::code, "", ""});
  EXPECT_EQ(refused(effects).front(), LoginFault::unknown_desk);
}

TEST_F(HotDesks, LetAnAdministratorLogInWithoutAPinAndSayWhetherThePhoneIsThere) {
  const Effects asked = submit(LoginRequested{AttemptId{1}, desk_a, alice, {}, LoginBy::api, "admin", "console"});
  EXPECT_TRUE(all<CheckPin>(asked).empty());
  const Effects effects = submit(Stored{change_in(asked).ticket});
  EXPECT_EQ(all<LoginEnded>(effects).front(), (LoginEnded{AttemptId{1}, Granted{false}}));
  EXPECT_TRUE(all<TellPhone>(effects).empty());
  EXPECT_EQ(all<TellPhone>(submit(PhoneRegistered{desk_a, {}})).size(), 1U) << "told when it comes";
}

TEST_F(HotDesks, TellAnAdministratorWhyALoginFails) {
  const auto fault = [&](const HotDeskId& desk, const ExtensionNumber& person) {
    return refused(submit(LoginRequested{AttemptId{++attempts}, desk, person, {}, LoginBy::admin, "a", "b"})).front();
  };
  EXPECT_EQ(fault(desk_a, nobody), LoginFault::unknown_extension);
  EXPECT_EQ(fault(desk_a, clerk), LoginFault::not_authorised);
  EXPECT_EQ(fault(HotDeskId{"HD0099"}, alice), LoginFault::unknown_desk);
}

TEST_F(HotDesks, EndASessionWhosePersonLostTheRightWhileItWasStored) {
  const StoreChange change = change_in(type_pin(desk_a, alice, true));
  submit(ExtensionChanged{alice, false, "admin"});
  const Effects effects = submit(Stored{change.ticket});
  EXPECT_EQ(all<Bind>(effects).size(), 1U);
  EXPECT_EQ(all<Unbind>(effects).size(), 1U);
  EXPECT_EQ(change_in(effects).ended.front().reason, EndReason::admin);
}

TEST_F(HotDesks, FailATryWhosePersonLostTheRightWhileThePinWasChecked) {
  const CheckPin check = dial(desk_a, alice);
  submit(ExtensionChanged{alice, false, "admin"});
  EXPECT_EQ(outcome_of(refused(submit(PinChecked{check.attempt, true})).front()), LoginOutcome::failed);
}

}  // namespace
}  // namespace roamdesk::hotdesk
