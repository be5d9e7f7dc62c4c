#include <set>

#include "tests/unit/upstream/registrar.hpp"

// Many accounts at once, and what one of them costs the others.
namespace roamdesk::upstream {
namespace {

class UpstreamCrowd : public RegistrarTest {
 protected:
  void put_all(unsigned count) {
    for (unsigned number = 1; number <= count; ++number) put(number);
  }
};

TEST_F(UpstreamCrowd, TwoThousandRegisterWithoutAStormAndStaySpread) {
  begin();
  put_all(2'000);
  pass(100s);
  EXPECT_EQ(registered(), 2'000u);
  EXPECT_LE(most_in_a_second(), 50u);
  const auto count = sent.size();
  pass(1h);
  EXPECT_EQ(registered(), 2'000u) << "at every moment";
  EXPECT_LE(most_in_a_second(count), 30u) << "the steady state: 2,000 within about 300 s";
  EXPECT_LE(sent.size() - count, 2'000u * 14) << "no challenge comes to who answers it beforehand";
  EXPECT_EQ(most_bound, 1u);
  EXPECT_EQ(up->counts(now).registered, 2'000u);
  EXPECT_TRUE(told.empty());
}

TEST_F(UpstreamCrowd, AllComeBackOneAfterTheOtherToAnUpstreamThatWasAwayAndHasForgottenThem) {
  begin();
  put_all(2'000);
  pass(200s);
  bool away = true;
  answer = [&](const Sent& request) { return away ? std::nullopt : std::optional{registrar(request)}; };
  const auto before = sent.size();
  pass(20min);
  EXPECT_LE(sent.size() - before, 32u + 20 * 4) << "those under way, then one at a time";
  EXPECT_EQ(up->counts(now).registered, 0u);
  EXPECT_EQ(condition(77), Condition::waiting);
  EXPECT_NE(status(77).reason.find("198.51.100.1:5060 doesn't answer REGISTER"), std::string::npos)
      << status(77).reason;
  bound.clear();
  away = false;
  const auto back = sent.size();
  pass(2min);
  EXPECT_EQ(registered(), 2'000u);
  EXPECT_LE(most_in_a_second(back), 50u);
  EXPECT_EQ(most_bound, 1u);
}

TEST_F(UpstreamCrowd, AShortLossIsOverWithoutAnybodyRegisteringTwice) {
  begin();
  put_all(200);
  pass(30s);
  bool away = true;
  answer = [&](const Sent& request) { return away ? std::nullopt : std::optional{registrar(request)}; };
  pass(280s);
  EXPECT_FALSE(lost.empty());
  away = false;
  pass(60s);
  EXPECT_EQ(registered(), 200u);
  EXPECT_EQ(most_bound, 1u);
}

TEST_F(UpstreamCrowd, OneThatNeverGetsAnAnswerCostsTheOthersNothing) {
  answer = [this](const Sent& request) {
    return request.message.to.uri.user == "1" ? std::nullopt : std::optional{registrar(request)};
  };
  begin();
  put_all(100);
  pass(60s);
  EXPECT_EQ(registered(), 99u);
  const auto losses = lost.size();
  EXPECT_LE(losses, 1u) << "where it was the first of all, nothing else was known of the server";
  pass(1h);
  EXPECT_EQ(lost.size(), losses);
  EXPECT_EQ(registered(), 99u);
  EXPECT_LE(sent_by("1"), 20u);
}

TEST_F(UpstreamCrowd, OneThatIsAlways503CostsTheOthersNothing) {
  answer = [this](const Sent& request) {
    return std::optional{request.message.to.uri.user == "5" ? reply(request, 503) : registrar(request)};
  };
  begin();
  put_all(100);
  pass(1h);
  EXPECT_TRUE(lost.empty());
  EXPECT_EQ(registered(), 99u);
}

TEST_F(UpstreamCrowd, AServerThatSays503ToEverybodyIsLeftAloneAsLongAsItWants) {
  begin();
  put_all(100);
  pass(30s);
  answer = [](const Sent& request) {
    auto response = reply(request, 503);
    response.set_header("Retry-After", "120");
    return std::optional{response};
  };
  const auto count = sent.size();
  pass(10min);
  EXPECT_LE(sent.size() - count, 50u);
  ASSERT_GE(lost.size(), 2u);
  EXPECT_GE(lost[1].first - lost[0].first, 120s);
}

TEST_F(UpstreamCrowd, AWrongPasswordIsTriedThreeTimesInTenMinutesWhateverIsChangedAndTheOthersStay) {
  passwords["7"] = "what it really is";
  begin();
  put_all(50);
  pass(10s);
  EXPECT_EQ(condition(7), Condition::refused);
  EXPECT_NE(status(7).reason.find("wrong password"), std::string::npos);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].extension, "7");
  for (int guess = 0; guess < 20; ++guess) {
    auto account = account_of(7);
    account.password = Secret{"guess " + std::to_string(guess)};
    put(account), pass(20s);
  }
  pass(1h);
  EXPECT_GE(wrong.size(), 3u);
  for (const auto& [when, user] : wrong) EXPECT_EQ(user, "7");
  for (std::size_t i = 3; i < wrong.size(); ++i)
    EXPECT_GE(wrong[i].first - wrong[i - 3].first, 10min) << "the fourth within ten minutes";
  EXPECT_EQ(registered(), 49u);
  auto right = account_of(7);
  right.password = Secret{"what it really is"};
  put(right), pass(11min);
  EXPECT_EQ(condition(7), Condition::registered);
  EXPECT_EQ(told.back().status.condition, Condition::registered);
}

TEST_F(UpstreamCrowd, ASheetFullOfWrongPasswordsDoesNotGetOurAddressBanned) {
  for (unsigned number = 101; number <= 500; ++number) passwords[std::to_string(number)] = "another";
  begin();
  put_all(100);
  pass(20s);
  ASSERT_EQ(registered(), 100u);
  for (unsigned number = 101; number <= 500; ++number) put(number);
  pass(9min);
  EXPECT_LE(wrong.size(), 20u + 32) << "and those that were under way";
  EXPECT_EQ(condition(500), Condition::waiting);
  EXPECT_NE(status(500).reason.find("too many accounts were refused"), std::string::npos);
  EXPECT_EQ(registered(), 100u);
  // Who was registered before isn't held up by them.
  passwords.clear();
  pass(2h);
  EXPECT_EQ(registered(), 500u);
}

TEST_F(UpstreamCrowd, AnotherServerOrConnectionIsRegisteredAtWithoutAStorm) {
  begin();
  up->use(std::nullopt, now);
  use(1, sip::Transport::tcp);
  put_all(500);
  pass(60s);
  ASSERT_EQ(registered(), 500u);
  auto count = sent.size();
  close(1, sip::Transport::tcp);
  EXPECT_TRUE(lost.empty()) << "it has stood long enough: another one is made";
  use(1, sip::Transport::tcp);
  pass(30s);
  EXPECT_EQ(sent.size() - count, 500u) << "the registrar reaches us by the new one alone";
  EXPECT_LE(most_in_a_second(count), 50u);
  count = sent.size();
  use(2, sip::Transport::tcp);
  pass(30s);
  EXPECT_EQ(sent.size() - count, 500u);
  EXPECT_LE(most_in_a_second(count), 50u);
  EXPECT_EQ(most_bound, 1u);
}

TEST_F(UpstreamCrowd, AConnectionThatClosesAtOnceIsNotMadeAgainAndAgain) {
  begin();
  up->use(std::nullopt, now);
  answer = [](const Sent&) { return std::nullopt; };
  server_pause = 0s;
  use(1, sip::Transport::tls);
  put_all(10);
  close(1, sip::Transport::tls, "its certificate is for another name");
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_NE(lost[0].second.find("its certificate is for another name"), std::string::npos);
  EXPECT_EQ(status(3).reason, lost[0].second);
}

TEST_F(UpstreamCrowd, TheEveningsLogoutOfAllEndsAllWithoutAStorm) {
  begin();
  for (unsigned number = 1; number <= 1'000; ++number) put(number, AccountRegisters::while_logged_in, true);
  pass(60s);
  ASSERT_EQ(registered(), 1'000u);
  const auto count = sent.size();
  for (unsigned number = 1; number <= 1'000; ++number) up->set_someone(AccountNumber{number}, false, now);
  work(), pass(40s);
  EXPECT_EQ(registered(), 0u);
  EXPECT_LE(most_in_a_second(count), 50u);
}

TEST_F(UpstreamCrowd, AllAreTakenFromADomainThatIsNotUsedAnyMoreAlsoWhereItIsDead) {
  begin();
  put_all(100);
  pass(20s);
  auto moved = upstream_record();
  moved.domain = "new.example";
  answer = [](const Sent& request) {
    return request.message.to.uri.host == "pbx.example" ? std::nullopt : std::optional{[&] {
      auto response = reply(request, 200);
      response.contact = request.message.contact;
      return response;
    }()};
  };
  up->change(moved, now);
  use(2);
  const auto count = sent.size();
  pass(30s);
  EXPECT_EQ(up->counts(now).registered, 100u);
  EXPECT_LE(sent.size() - count, 100u + 40) << "a dead server is asked once, not once for each account";
}

}  // namespace
}  // namespace roamdesk::upstream
