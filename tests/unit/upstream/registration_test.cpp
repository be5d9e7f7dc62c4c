#include "tests/unit/upstream/registrar.hpp"

namespace roamdesk::upstream {
namespace {

class UpstreamRegistration : public RegistrarTest {};

TEST_F(UpstreamRegistration, RegistersEachAccountAsItselfAndRefreshesAtAboutHalf) {
  begin();
  put(101), put(102);
  pass(1s);
  ASSERT_EQ(registered(), 2u);
  EXPECT_EQ(condition(101), Condition::registered);
  const auto& first = sent[0].message;
  EXPECT_EQ(to_string(first.request_uri), "sip:pbx.example");
  EXPECT_EQ(to_string(first.to.uri), "sip:101@pbx.example");
  EXPECT_EQ(first.from.uri, first.to.uri);
  EXPECT_GE(first.contact[0].uri.user.size(), 20u) << "a token that can't be guessed";
  EXPECT_NE(bound["101"].begin()->first, bound["102"].begin()->first);
  const auto count = sent.size();
  pass(265s);
  EXPECT_EQ(sent.size(), count);
  pass(66s);
  EXPECT_EQ(sent.size(), count + 2) << "between 45 and 55 of 100, and without a challenge: by the nonce that is known";
  EXPECT_EQ(most_bound, 1u);
  EXPECT_GE(kept_alive, 12u);
}

TEST_F(UpstreamRegistration, IsTheSameAfterAStart) {
  begin();
  put(101);
  pass(1s);
  const auto before = sent.back().message;
  up.emplace(
      upstream_record(), "Roamdesk/test", [this] { return token(); }, 90'000);
  use(1);
  put(101);
  pass(1s);
  EXPECT_EQ(sent.back().message.call_id, before.call_id);
  EXPECT_EQ(sent.back().message.contact[0].uri, before.contact[0].uri);
  EXPECT_GT(sent.back().message.cseq.number, before.cseq.number);
  EXPECT_EQ(most_bound, 1u);
}

TEST_F(UpstreamRegistration, StandsOnlyWhileSomebodyIsThereIfItIsToldSo) {
  begin();
  put(101, AccountRegisters::while_logged_in);
  pass(1s);
  EXPECT_TRUE(sent.empty());
  EXPECT_EQ(condition(101), Condition::logged_out);
  up->set_someone(AccountNumber{101}, true, now);
  work(), pass(1s);
  EXPECT_EQ(registered(), 1u);
  up->set_someone(AccountNumber{101}, false, now);
  work(), pass(1s);
  EXPECT_EQ(registered(), 0u) << "so that voicemail and forwarding there do their work";
  EXPECT_EQ(condition(101), Condition::logged_out);
  // In and out again while a REGISTER is under way.
  up->set_someone(AccountNumber{101}, true, now);
  up->set_someone(AccountNumber{101}, false, now);
  work(), pass(1s);
  EXPECT_EQ(registered(), 0u);
  up->set_someone(AccountNumber{101}, true, now);
  work(), pass(10ms);
  up->set_someone(AccountNumber{101}, false, now);
  up->set_someone(AccountNumber{101}, true, now);
  work(), pass(1s);
  EXPECT_EQ(registered(), 1u);
  EXPECT_EQ(most_bound, 1u);
}

TEST_F(UpstreamRegistration, EndsWithTheRecord) {
  begin();
  put(101), put(102);
  pass(1s);
  up->remove(AccountNumber{101}, now);
  work(), pass(1s);
  EXPECT_TRUE(bound["101"].empty());
  EXPECT_EQ(up->account(AccountNumber{101}), nullptr);
  auto off = account_of(102);
  off.enabled = false;
  put(off), pass(1s);
  EXPECT_TRUE(bound["102"].empty());
  EXPECT_EQ(condition(102), Condition::off);
  const auto count = sent.size();
  pass(1h);
  EXPECT_EQ(sent.size(), count);
}

TEST_F(UpstreamRegistration, EndsWithTheUpstreamAlsoWhereItsServerIsGivenUpAtOnce) {
  begin();
  for (unsigned number = 101; number <= 110; ++number) put(number);
  pass(5s);
  ASSERT_EQ(registered(), 10u);
  auto off = upstream_record();
  off.enabled = false;
  up->change(off, now);
  up->use(std::nullopt, now);
  work(), pass(5s);
  EXPECT_EQ(registered(), 0u);
  EXPECT_EQ(condition(101), Condition::off);
}

TEST_F(UpstreamRegistration, EndsWhatStoodByTheOldPasswordBeforeItRegistersByTheNewOne) {
  begin();
  put(101);
  pass(1s);
  const auto old = sent.back().message;
  auto changed = account_of(101);
  changed.user = "1010";
  changed.password = Secret{"another"};
  passwords["1010"] = "another";
  put(changed), pass(2s);
  EXPECT_TRUE(bound["101"].empty());
  ASSERT_EQ(bound["1010"].size(), 1u);
  EXPECT_NE(bound["1010"].begin()->first, to_string(old.contact[0].uri)) << "another password, another token";
  EXPECT_FALSE(up->find(old.contact[0].uri.user)) << "yesterday's token is nobody's";
  EXPECT_TRUE(up->find(sent.back().message.contact[0].uri.user));
}

TEST_F(UpstreamRegistration, NobodysTokenIsKnownThatWasRemoved) {
  begin();
  put(101), put(102);
  pass(1s);
  const auto token = up->account(AccountNumber{101})->self.token;
  EXPECT_EQ(up->find(token), AccountNumber{101});
  up->remove(AccountNumber{101}, now);
  EXPECT_FALSE(up->find(token)) << "at once, also before the registrar has heard of it";
  work(), pass(1s);
  EXPECT_FALSE(up->find(token));
  EXPECT_FALSE(up->find("101"));
  EXPECT_FALSE(up->find(""));
}

TEST_F(UpstreamRegistration, AsksForMoreTimeOnceForAll) {
  answer = [this](const Sent& request) {
    if (*request.message.expires >= 3600) return std::optional{registrar(request)};
    auto response = reply(request, 423);
    response.add_header("Min-Expires", "3600");
    return std::optional{response};
  };
  begin();
  put(101);
  pass(1s);
  put(102);
  pass(1s);
  EXPECT_EQ(registered(), 2u);
  EXPECT_EQ(sent_by("102"), 2u) << "the challenge only";
}

TEST_F(UpstreamRegistration, NeverFollowsARegistrarThatIsNeverContent) {
  begin();
  for (const char* what : {"423", "401"}) {
    sent.clear();
    answer = [what](const Sent& request) {
      const bool time = std::string{what} == "423";
      auto response = reply(request, time ? 423 : 401);
      if (time)
        response.add_header("Min-Expires", std::to_string(*request.message.expires + 1));
      else
        response.add_header("WWW-Authenticate", "Digest realm=\"x\", nonce=\"" +
                                                    std::to_string(request.message.cseq.number) +
                                                    "\", stale=true, qop=\"auth\"");
      return std::optional{response};
    };
    put(std::string{what} == "423" ? 103U : 104U);
    pass(9min);
    EXPECT_LE(sent.size(), 12u) << what;
  }
}

TEST_F(UpstreamRegistration, SaysTheAddressThatANatMakesOfOursAndLeavesNoOtherBehind) {
  answer = [this](const Sent& request) {
    auto response = registrar(request);
    response.via.front().params.set("received", "203.0.113.7");
    response.via.front().params.set("rport", "33000");
    return std::optional{response};
  };
  begin();
  put(101);
  pass(1s);
  ASSERT_EQ(bound["101"].size(), 1u);
  EXPECT_NE(bound["101"].begin()->first.find("@203.0.113.7:33000"), std::string::npos) << bound["101"].begin()->first;
  EXPECT_EQ(sent.size(), 2u) << "the challenge showed it";
}

}  // namespace
}  // namespace roamdesk::upstream
