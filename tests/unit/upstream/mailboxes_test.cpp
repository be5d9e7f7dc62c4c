#include "tests/unit/upstream/notifier.hpp"

// Mailboxes of accounts upstream.
namespace roamdesk::upstream {
namespace {

class UpstreamMailboxes : public NotifierTest {
 protected:
  static constexpr const char* summary = "message-summary";
};

TEST_F(UpstreamMailboxes, EachIsAskedAboutOnceItsAccountIsRegistered) {
  begin();
  put(101), put(102);
  pass(4s);
  EXPECT_EQ(count(summary), 0u) << "an upstream that tells by itself does so now";
  pass(6s);
  ASSERT_EQ(count(summary), 2u);
  const auto& first = last("101", summary)->message;
  EXPECT_EQ(to_string(first.request_uri), "sip:101@pbx.example");
  EXPECT_EQ(to_string(first.from.uri), "sip:101@pbx.example");
  EXPECT_EQ(first.header("Accept"), "application/simple-message-summary");
  EXPECT_EQ(notify("101", "Messages-Waiting: yes\r\nVoice-Message: 2/1\r\n", summary), 200);
  EXPECT_EQ(mailboxes.at("101").new_messages, 2u);
  EXPECT_FALSE(mailboxes.contains("102")) << "none of another's";
}

TEST_F(UpstreamMailboxes, WhatIsToldUnaskedIsNotAskedFor) {
  begin();
  put(101), put(102);
  pass(1s);
  subscriptions->told_unasked(AccountNumber{101});
  pass(24h);
  EXPECT_EQ(count(summary, "101"), 0u);
  EXPECT_GT(count(summary, "102"), 0u);
  EXPECT_EQ(subscriptions->counts(true).told, 2u);
}

TEST_F(UpstreamMailboxes, EndWithTheRegistration) {
  begin();
  put(101, AccountRegisters::while_logged_in, true);
  pass(10s);
  ASSERT_EQ(count(summary), 1u);
  up->set_someone(AccountNumber{101}, false, now);
  work(), pass(5s);
  EXPECT_TRUE(last("101", summary)->is_last()) << "a subscription for each login would be left behind";
  EXPECT_FALSE(mailbox(101));
  up->set_someone(AccountNumber{101}, true, now);
  work(), pass(10s);
  EXPECT_TRUE(last("101", summary)->is_first());
  EXPECT_EQ(subscriptions->size(), 1u);
}

TEST_F(UpstreamMailboxes, EndWithTheRecord) {
  begin();
  put(101);
  pass(10s);
  up->remove(AccountNumber{101}, now);
  work(), pass(1min);
  EXPECT_EQ(subscriptions->size(), 0u);
}

TEST_F(UpstreamMailboxes, AnUpstreamThatDoesNotKnowThemIsAskedOnceAndNumbersAllTheSame) {
  serve = [this](const Asked& request) {
    return std::optional{request.event() == summary ? refusal(request, 489) : granted(request)};
  };
  begin();
  for (unsigned number = 101; number <= 150; ++number) put(number);
  pass(30min);
  EXPECT_EQ(count(summary), 1u);
  ASSERT_EQ(kinds_refused.size(), 1u);
  EXPECT_TRUE(kinds_refused[0].mailboxes);
  EXPECT_EQ(subscriptions->counts(true).reason, "the upstream answered 489 Bad Event to SUBSCRIBE");
  watch("205");
  pass(5s);
  EXPECT_EQ(subscriptions->counts(false).told, 1u);
  serve = [this](const Asked& request) { return std::optional{granted(request)}; };
  pass(3h);
  EXPECT_EQ(subscriptions->counts(true).told, 50u) << "it was upgraded meanwhile";
  EXPECT_EQ(subscriptions->counts(true).reason, "");
}

TEST_F(UpstreamMailboxes, OneWithoutAMailboxCostsTheOthersNothing) {
  serve = [this](const Asked& request) {
    return std::optional{request.user() == "101" ? refusal(request, 404) : granted(request)};
  };
  begin();
  for (unsigned number = 101; number <= 110; ++number) put(number);
  pass(40min);
  EXPECT_EQ(count(summary, "101"), 1u);
  EXPECT_EQ(subscriptions->counts(true).told, 9u);
  EXPECT_EQ(subscriptions->counts(true).refused, 1u);
}

TEST_F(UpstreamMailboxes, OfTwoThousandAccountsLeaveWithoutAStormAndStaySpread) {
  begin();
  for (unsigned number = 1; number <= 2'000; ++number) put(number);
  pass(5min);
  EXPECT_EQ(subscriptions->counts(true).told, 2'000u);
  const auto before = asked.size();
  pass(1h);
  EXPECT_EQ(subscriptions->counts(true).told, 2'000u);
  EXPECT_LE(asked.size() - before, 2'000u * 14);
  std::size_t most = 0;
  for (std::size_t end = 0, first = 0; end < asked.size(); ++end) {
    while (asked[end].at - asked[first].at >= 1s) ++first;
    most = std::max(most, end - first + 1);
  }
  EXPECT_LE(most, 26u);
}

TEST_F(UpstreamMailboxes, ComeBackWhereTheRegistrationHadRunOut) {
  begin();
  put(101);
  pass(10s);
  bool away = true;
  answer = [&](const Sent& request) { return away ? std::nullopt : std::optional{registrar(request)}; };
  serve = [&](const Asked& request) { return away ? std::nullopt : std::optional{granted(request)}; };
  pass(1h);
  EXPECT_EQ(condition(101), Condition::waiting);
  away = false;
  const auto before = asked.size();
  pass(10min);
  ASSERT_GT(asked.size(), before);
  EXPECT_EQ(subscriptions->counts(true).told, 1u);
}

}  // namespace
}  // namespace roamdesk::upstream
