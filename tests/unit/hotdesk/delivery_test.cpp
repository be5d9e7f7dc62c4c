#include "tests/unit/hotdesk/fixture.hpp"

namespace roamdesk::hotdesk {
namespace {

class PhonesOfHotDesks : public HotDesks {
 protected:
  static std::vector<Telling> told(const Effects& effects) {
    std::vector<Telling> ways;
    for (const TellPhone& tell : all<TellPhone>(effects)) ways.push_back(tell.how);
    return ways;
  }
  bool settled(const HotDeskId& desk) const { return machine.view(desk)->settled; }
  const std::vector<Telling> nothing{}, resync{Telling::resync}, reboot{Telling::reboot};
};

TEST_F(PhonesOfHotDesks, AreSettledOnceTheyRegisterAsIdleDesks) {
  EXPECT_FALSE(settled(desk_a));
  EXPECT_EQ(submit(PhoneRegistered{desk_a, {}}), (Effects{DeskChanged{desk_a}}));
  EXPECT_TRUE(settled(desk_a));
}

TEST_F(PhonesOfHotDesks, AreToldOnlyOnceTheyHaveNoCallAtAll) {
  submit(PhoneRegistered{desk_a, {}});
  submit(DeskBusy{desk_a});
  EXPECT_EQ(told(log_in(desk_a, alice)), nothing);
  EXPECT_EQ(told(pass(1h)), nothing);
  const auto tells = all<TellPhone>(submit(DeskFree{desk_a}));
  ASSERT_EQ(tells.size(), 1U);
  EXPECT_EQ(tells[0], (TellPhone{desk_a, Telling::resync, machine.view(desk_a)->generation}));
}

TEST_F(PhonesOfHotDesks, SettleByFetchingAndRegisteringAnew) {
  submit(PhoneRegistered{desk_a, {}});
  log_in(desk_a, alice);
  submit(PhoneFetched{desk_a, machine.view(desk_a)->generation});
  EXPECT_FALSE(settled(desk_a));
  submit(PhoneUnregistered{desk_a});
  submit(PhoneRegistered{desk_a, session_at(desk_a)});
  EXPECT_TRUE(settled(desk_a));
  EXPECT_EQ(told(pass(24h)), nothing);
}

TEST_F(PhonesOfHotDesks, AreToldAgainThenRebootedThenReported) {
  submit(PhoneRegistered{desk_a, {}});
  EXPECT_EQ(told(log_in(desk_a, alice)), resync);
  EXPECT_EQ(told(pass(15s)), resync);
  EXPECT_EQ(told(pass(15s)), reboot);
  EXPECT_EQ(told(pass(149s)), nothing);
  const Effects effects = pass(1s);
  EXPECT_EQ(all<ReportDesk>(effects), (std::vector{ReportDesk{desk_a, DeskProblem::not_fetching}}));
  EXPECT_EQ(told(effects), nothing);
  EXPECT_EQ(machine.view(desk_a)->problem, DeskProblem::not_fetching);
}

TEST_F(PhonesOfHotDesks, AreToldQuietlyAfterTheReportAndLessAndLessOften) {
  submit(PhoneRegistered{desk_a, {}});
  log_in(desk_a, alice);
  pass(15s), pass(15s), pass(150s);
  Duration rest = 5min;
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(told(pass(rest - 1s)), nothing);
    EXPECT_EQ(told(pass(1s)), resync) << "no reboots any more";
    const Effects effects = pass(15s);
    EXPECT_TRUE(all<ReportDesk>(effects).empty()) << "reported once";
    rest = std::min<Duration>(rest * 2, 1h);
  }
  phone_follows(desk_a);
  EXPECT_TRUE(settled(desk_a));
  EXPECT_EQ(machine.view(desk_a)->problem, DeskProblem::none);
}

TEST_F(PhonesOfHotDesks, AreToldAgainWhenTheyFetchAndDoNotComeBackAsTheyShould) {
  submit(PhoneRegistered{desk_a, {}});
  log_in(desk_a, alice);
  submit(PhoneFetched{desk_a, machine.view(desk_a)->generation});
  EXPECT_EQ(told(submit(PhoneRegistered{desk_a, {}})), nothing) << "a refresh before it has changed over";
  EXPECT_EQ(told(pass(30s)), resync);
}

TEST_F(PhonesOfHotDesks, AreReportedWhenTheyFetchAndNeverComeBackAsTheyShould) {
  submit(PhoneRegistered{desk_a, {}});
  log_in(desk_a, alice);
  std::vector<ReportDesk> reports;
  for (int i = 0; i < 6 && reports.empty(); ++i) {
    submit(PhoneFetched{desk_a, machine.view(desk_a)->generation});
    reports = all<ReportDesk>(pass(150s));
  }
  EXPECT_EQ(reports, (std::vector{ReportDesk{desk_a, DeskProblem::not_registering}}));
}

TEST_F(PhonesOfHotDesks, AreToldAnotherWayAtOnceWhereTheTellingFails) {
  submit(PhoneRegistered{desk_a, {}});
  log_in(desk_a, alice);
  EXPECT_EQ(told(submit(TellFailed{desk_a})), nothing) << "not in the same moment";
  EXPECT_EQ(told(pass(3s)), resync);
  submit(TellFailed{desk_a});
  EXPECT_EQ(told(pass(3s)), reboot);
}

TEST_F(PhonesOfHotDesks, ThatDoNotAnswerAtAllAreToldWhenTheyRegisterAgain) {
  submit(PhoneRegistered{desk_a, {}});
  pass(1s);
  log_in(desk_a, alice);
  EXPECT_EQ(told(submit(TellFailed{desk_a, true})), nothing) << "nobody would hear it";
  EXPECT_EQ(told(pass(45s)), nothing);
  EXPECT_TRUE(machine.view(desk_a)->registered);
  EXPECT_EQ(told(submit(PhoneRegistered{desk_a, {}})), resync);
  phone_follows(desk_a);
  EXPECT_TRUE(settled(desk_a));
}

// Behind a line that was dead: the phone knows nothing of it, and needn't register before its time.
TEST_F(PhonesOfHotDesks, ThatDidNotHearAreToldWhenTheirLineIsBack) {
  submit(PhoneRegistered{desk_a, {}});
  pass(1s);
  EXPECT_EQ(told(submit(PhoneWithinReach{desk_a})), nothing) << "it is as it should be";
  log_in(desk_a, alice);
  EXPECT_EQ(told(submit(PhoneWithinReach{desk_a})), nothing) << "it was told, and may have heard";
  submit(TellFailed{desk_a, true});
  pass(10s);
  EXPECT_EQ(told(submit(PhoneWithinReach{desk_a})), resync);
  EXPECT_EQ(told(submit(PhoneWithinReach{desk_a})), nothing) << "once";
  phone_follows(desk_a);
  EXPECT_TRUE(settled(desk_a));
  // At once after a telling it is told again, but not in the same moment.
  log_out(desk_a);
  submit(TellFailed{desk_a, true});
  EXPECT_EQ(told(submit(PhoneWithinReach{desk_a})), nothing);
  EXPECT_EQ(told(pass(3s)), resync);
}

TEST_F(PhonesOfHotDesks, ThatRegisterAndNeverAnswerAreReported) {
  submit(PhoneRegistered{desk_a, {}});
  pass(1s);
  log_in(desk_a, alice);
  std::vector<ReportDesk> reports;
  for (int second = 1; second < 300 && reports.empty(); ++second) {
    Effects effects = pass(1s);
    if (second % 10 == 0) effects = submit(TellFailed{desk_a, true});
    reports = all<ReportDesk>(effects);
    if (second % 30 == 0 && reports.empty()) reports = all<ReportDesk>(submit(PhoneRegistered{desk_a, {}}));
  }
  EXPECT_EQ(reports, (std::vector{ReportDesk{desk_a, DeskProblem::not_fetching}}));
}

TEST_F(PhonesOfHotDesks, ThatAreOutOfReachAndFetchAllTheSameAreSettledOnceTheyAreBack) {
  submit(PhoneRegistered{desk_a, {}});
  pass(1s);
  log_in(desk_a, alice);
  submit(TellFailed{desk_a, true});
  submit(PhoneFetched{desk_a, machine.view(desk_a)->generation});
  EXPECT_FALSE(settled(desk_a));
  submit(PhoneRegistered{desk_a, wanted(desk_a)});
  EXPECT_TRUE(settled(desk_a));
}

TEST_F(PhonesOfHotDesks, HoldCallsWhileTheyChangeOverButNotForLong) {
  submit(PhoneRegistered{desk_a, {}});
  log_in(desk_a, alice);
  EXPECT_FALSE(machine.hold_calls(desk_a));
  submit(PhoneUnregistered{desk_a});
  EXPECT_TRUE(machine.hold_calls(desk_a)) << "the fetch is awaited";
  pass(14s);
  EXPECT_TRUE(machine.hold_calls(desk_a));
  pass(1s);
  EXPECT_FALSE(machine.hold_calls(desk_a));
  EXPECT_FALSE(machine.view(desk_a)->registered);
}

TEST_F(PhonesOfHotDesks, HoldCallsUntilTheyAreBack) {
  submit(PhoneRegistered{desk_a, {}});
  log_in(desk_a, alice);
  submit(PhoneFetched{desk_a, machine.view(desk_a)->generation});
  submit(PhoneUnregistered{desk_a});
  EXPECT_TRUE(machine.hold_calls(desk_a));
  submit(PhoneRegistered{desk_a, session_at(desk_a)});
  EXPECT_FALSE(machine.hold_calls(desk_a));
  EXPECT_TRUE(settled(desk_a));
}

TEST_F(PhonesOfHotDesks, HoldNoCallsWhenTheyJustGo) {
  submit(PhoneRegistered{desk_a, {}});
  submit(PhoneUnregistered{desk_a});
  EXPECT_FALSE(machine.hold_calls(desk_a));
  submit(PhoneRegistered{desk_a, {}});
  log_in(desk_a, alice);
  submit(BindingExpired{desk_a});
  EXPECT_FALSE(machine.hold_calls(desk_a));
}

// The contract's late return.
TEST_F(PhonesOfHotDesks, ComeBackAsIdleDesksHoweverLate) {
  submit(PhoneRegistered{desk_a, {}});
  log_in(desk_a, alice);
  phone_follows(desk_a);
  const Identity old = session_at(desk_a);
  pass(1h);
  submit(BindingExpired{desk_a});
  log_out(desk_a, EndReason::admin);
  pass(10min);
  const auto known = machine.known_credentials(desk_a);
  ASSERT_EQ(known.size(), 1U);
  EXPECT_EQ(known[0].identity, old);
  EXPECT_TRUE(known[0].old);
  EXPECT_EQ(told(submit(PhoneRegistered{desk_a, old})), resync) << "in the moment of its return";
  EXPECT_FALSE(machine.occupant(desk_a));
  phone_follows(desk_a);
  EXPECT_TRUE(settled(desk_a));
}

TEST_F(PhonesOfHotDesks, LoseTheirOldCredentialsOnceTheyRegisterAsTheyShould) {
  submit(PhoneRegistered{desk_a, {}});
  log_in(desk_a, alice);
  const std::string user = machine.known_credentials(desk_a).front().credentials.user.str();
  phone_follows(desk_a);
  log_out(desk_a);
  submit(PhoneFetched{desk_a, machine.view(desk_a)->generation});
  submit(PhoneUnregistered{desk_a});
  const Effects effects = submit(PhoneRegistered{desk_a, {}});
  EXPECT_EQ(all<ForgetOldCredentials>(effects), (std::vector{ForgetOldCredentials{desk_a, {user}}}));
  EXPECT_TRUE(machine.known_credentials(desk_a).empty());
}

TEST_F(PhonesOfHotDesks, KeepOldCredentialsWhileTheyMayBeAboutToShowThem) {
  submit(PhoneRegistered{desk_a, {}});
  log_in(desk_a, alice);
  const Identity old = session_at(desk_a);
  submit(PhoneFetched{desk_a, machine.view(desk_a)->generation});  // has them, and hasn't changed over
  log_out(desk_a);
  submit(PhoneRegistered{desk_a, {}});  // a refresh as what it was, which is what it should be now
  EXPECT_FALSE(settled(desk_a));
  EXPECT_EQ(machine.known_credentials(desk_a).size(), 1U);
  submit(PhoneRegistered{desk_a, old});
  EXPECT_EQ(machine.known_credentials(desk_a).size(), 1U) << "so it isn't stranded";
}

TEST_F(PhonesOfHotDesks, AreToldOfANewerGenerationWhileTheyFetchAnOlderOne) {
  submit(PhoneRegistered{desk_a, {}});
  log_in(desk_a, alice);
  const Generation first = machine.view(desk_a)->generation;
  pass(5s);
  EXPECT_EQ(told(log_in(desk_a, bob)), resync);
  submit(PhoneFetched{desk_a, first});
  EXPECT_FALSE(settled(desk_a));
  EXPECT_EQ(told(pass(15s)), resync) << "the older one doesn't count";
}

TEST_F(PhonesOfHotDesks, FetchAnewWhenWhatTheyShowChangesAndLogNobodyOut) {
  submit(PhoneRegistered{desk_a, {}});
  log_in(desk_a, alice);
  phone_follows(desk_a);
  pass(1min);
  const auto before = machine.view(desk_a)->generation;
  const Effects effects = submit(ContentChanged{desk_a});
  EXPECT_EQ(told(effects), resync);
  EXPECT_EQ(machine.view(desk_a)->generation, before + 1);
  EXPECT_TRUE(all<Unbind>(effects).empty());
  EXPECT_FALSE(settled(desk_a));
  submit(PhoneFetched{desk_a, machine.view(desk_a)->generation});
  EXPECT_TRUE(settled(desk_a)) << "it needn't register anew";
}

TEST_F(PhonesOfHotDesks, AreToldAtMostEveryThreeSeconds) {
  submit(PhoneRegistered{desk_a, {}});
  EXPECT_EQ(told(submit(ContentChanged{desk_a})), resync);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(told(submit(ContentChanged{desk_a})), nothing);
  EXPECT_EQ(told(pass(3s)), resync);
}

TEST_F(PhonesOfHotDesks, ThatComeAndGoAllTheTimeCauseNoEndlessTellings) {
  submit(PhoneRegistered{desk_a, {}});
  log_in(desk_a, alice);
  std::size_t tellings = 0;
  for (int i = 0; i < 3600; ++i) {
    submit(BindingExpired{desk_a});
    tellings += told(submit(PhoneRegistered{desk_a, {}})).size();
    tellings += told(pass(1s)).size();
  }
  EXPECT_LT(tellings, 250U);
}

TEST_F(PhonesOfHotDesks, ThatOnlyRebootWhenToldAreReportedAndNotRebootedForEver) {
  submit(PhoneRegistered{desk_a, {}});
  log_in(desk_a, alice);
  std::size_t reboots = 0, reports = 0;
  for (int minute = 0; minute < 120; ++minute) {
    for (int i = 0; i < 12; ++i) {
      const Effects effects = pass(5s);
      reports += all<ReportDesk>(effects).size();
      if (told(effects) != reboot) continue;
      ++reboots;
      submit(BindingExpired{desk_a});
      pass(60s);
      reports += all<ReportDesk>(submit(PhoneRegistered{desk_a, {}})).size();
    }
  }
  EXPECT_EQ(reports, 1U);
  EXPECT_LE(reboots, 2U);
}

TEST_F(PhonesOfHotDesks, ThatAreCalledAfterTheyWereToldAreNotPunished) {
  submit(PhoneRegistered{desk_a, {}});
  log_in(desk_a, alice);
  submit(DeskBusy{desk_a});
  EXPECT_EQ(told(pass(15s)), nothing);
  EXPECT_EQ(told(pass(1h)), nothing);
  EXPECT_EQ(told(submit(DeskFree{desk_a})), resync);
}

TEST_F(PhonesOfHotDesks, ActForTheNewPersonUnderWhateverIdentityTheyHave) {
  submit(PhoneRegistered{desk_a, {}});
  log_in(desk_a, alice);
  phone_follows(desk_a);
  log_in(desk_a, bob);
  EXPECT_EQ(machine.view(desk_a)->registered_as, machine.known_credentials(desk_a).back().identity);
  EXPECT_EQ(machine.occupant(desk_a), bob);
}

TEST_F(PhonesOfHotDesks, ForgetTheOldestCredentialsThatNoPhoneCanHoldWhereThereAreTooMany) {
  submit(PhoneRegistered{desk_a, {}});
  log_in(desk_a, alice);
  phone_follows(desk_a);
  const Identity held = session_at(desk_a);
  submit(BindingExpired{desk_a});
  for (int i = 0; i < 100; ++i) log_in(desk_a, i % 2 == 0 ? bob : alice);
  const auto known = machine.known_credentials(desk_a);
  EXPECT_EQ(known.size(), 65U);
  EXPECT_EQ(known[1].identity, held) << "what its phone has stays";
}

}  // namespace
}  // namespace roamdesk::hotdesk
