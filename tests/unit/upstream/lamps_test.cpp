#include "tests/unit/upstream/notifier.hpp"

// Numbers that are watched upstream.
namespace roamdesk::upstream {
namespace {

class UpstreamLamps : public NotifierTest {
 protected:
  UpstreamLamps() {
    begin();
    put(101), put(102);
    pass(1s);
    // Their mailboxes are another matter.
    for (const unsigned account : {101, 102}) subscriptions->told_unasked(AccountNumber{account});
    pass(9s);
  }
};

TEST_F(UpstreamLamps, ANumberIsAskedOnceAsTheAccountOfWhoWatchesItFirst) {
  watch("205", 102);
  watch("205", 101);
  pass(5s);
  ASSERT_EQ(count("dialog"), 1u);
  const auto& first = asked[0].message;
  EXPECT_EQ(to_string(first.request_uri), "sip:205@pbx.example");
  EXPECT_EQ(to_string(first.from.uri), "sip:102@pbx.example");
  EXPECT_EQ(first.contact.at(0).uri.user, up->account(AccountNumber{102})->self.token);
  EXPECT_TRUE(first.lists("Accept", "application/dialog-info+xml"));
  EXPECT_TRUE(first.header("Authorization")) << "by the nonce of the registration: no challenge comes";
  EXPECT_EQ(notify("205", calls(call("a", "early"))), 200);
  EXPECT_EQ(lamp("205"), 1u);
  EXPECT_EQ(lamps["205"][0].state, presence::DialogState::early);
  EXPECT_EQ(notify("205", calls("")), 200);
  EXPECT_EQ(lamp("205"), 0u);
}

TEST_F(UpstreamLamps, IsRefreshedAtAboutHalfWithinItsDialog) {
  watch("205");
  pass(5s);
  const auto call_id = asked[0].message.call_id;
  pass(260s);
  EXPECT_EQ(count("dialog"), 1u);
  pass(80s);
  ASSERT_EQ(count("dialog"), 2u);
  EXPECT_EQ(asked[1].message.call_id, call_id);
  EXPECT_FALSE(asked[1].is_first());
  EXPECT_EQ(to_string(asked[1].message.request_uri), "sip:notifier@198.51.100.1");
  EXPECT_GT(asked[1].message.cseq.number, asked[0].message.cseq.number);
  pass(1h);
  EXPECT_EQ(std::count_if(asked.begin(), asked.end(), [](const Asked& a) { return a.is_first(); }), 1);
}

TEST_F(UpstreamLamps, ANotifyMayBeFasterThanTheAnswer) {
  latency = 500ms;
  watch("205");
  EXPECT_EQ(notify("205", calls(call("a", "confirmed"))), 200);
  EXPECT_EQ(lamp("205"), 1u);
  pass(1s);
  EXPECT_EQ(notify("205", calls("")), 200) << "it goes on in the dialog of the answer";
  EXPECT_EQ(lamp("205"), 0u);
}

TEST_F(UpstreamLamps, EndsALittleAfterTheLastOneLooksAway) {
  watch("205");
  pass(60s);
  unwatch("205");
  pass(10s);
  watch("205");
  pass(5s);
  EXPECT_TRUE(of("205")) << "a phone that boots subscribes again within seconds";
  EXPECT_EQ(std::count_if(asked.begin(), asked.end(), [](const Asked& a) { return a.is_last(); }), 0);
  notify("205", calls(call("a", "early")));
  unwatch("205");
  pass(40s);
  EXPECT_TRUE(asked.back().is_last());
  EXPECT_FALSE(of("205"));
  EXPECT_EQ(lamp("205"), 0u);
  const auto size = asked.size();
  pass(1h);
  EXPECT_EQ(asked.size(), size);
  EXPECT_EQ(notify("205", calls(call("a", "early"))), 481) << "yesterday's dialog";
}

TEST_F(UpstreamLamps, AWordWithoutABodySaysThatThereAreNoCalls) {
  watch("205");
  pass(5s);
  notify("205", calls(call("a", "confirmed")));
  EXPECT_EQ(notify("205", ""), 200);
  EXPECT_EQ(lamp("205"), 0u);
}

TEST_F(UpstreamLamps, PartialWordsAreJoinedAndAGapIsAskedAbout) {
  watch("205");
  pass(5s);
  notify("205", calls(call("a", "confirmed"), "full", 5));
  notify("205", calls(call("b", "early"), "partial", 6));
  EXPECT_EQ(lamp("205"), 2u);
  notify("205", calls(call("a", "terminated"), "partial", 7));
  EXPECT_EQ(lamp("205"), 1u);
  pass(1s);
  EXPECT_EQ(count("dialog"), 1u);
  notify("205", calls(call("c", "early"), "partial", 9));
  pass(1s);
  EXPECT_EQ(count("dialog"), 2u) << "8 was lost: the whole is asked for";
  for (unsigned version = 11; version < 60; version += 2) notify("205", calls(call("c", "early"), "partial", version));
  pass(1s);
  EXPECT_EQ(count("dialog"), 2u) << "once a minute at most";
  for (unsigned i = 0; i < 1'000; ++i) notify("205", calls(call("d" + std::to_string(i), "early"), "partial", 100 + i));
  EXPECT_LE(*lamp("205"), 64u) << "bounded";
}

TEST_F(UpstreamLamps, AreOffWhileTheUpstreamIsAwayAndComeBackWithIt) {
  watch("205");
  pass(5s);
  notify("205", calls(call("a", "confirmed")));
  up->use(std::nullopt, now);
  work();
  pass(10s);
  EXPECT_EQ(lamp("205"), 1u) << "a connection may come back at once";
  pass(10s);
  EXPECT_EQ(lamp("205"), 0u) << "nothing is known of it";
  const auto before = asked.size();
  pass(1h);
  EXPECT_EQ(asked.size(), before);
  use(1);
  pass(5s);
  ASSERT_GT(asked.size(), before);
  notify("205", calls(call("a", "confirmed")));
  EXPECT_EQ(lamp("205"), 1u);
}

TEST_F(UpstreamLamps, AnotherServerIsAskedAnewAndTheOldDialogIsNobodys) {
  watch("205");
  pass(5s);
  auto old = notification("205", calls(call("a", "confirmed")));
  use(2);
  pass(10s);
  EXPECT_TRUE(last("205")->is_first());
  EXPECT_EQ(subscriptions->notified(old, now), 481);
  EXPECT_EQ(notify("205", calls(call("a", "confirmed"))), 200);
}

TEST_F(UpstreamLamps, AnUpstreamThatHasForgottenThemIsAskedAnew) {
  watch("205");
  pass(5s);
  notify("205", calls(call("a", "confirmed")));
  serve = [this](const Asked& request) {
    return std::optional{request.is_first() ? granted(request) : refusal(request, 481)};
  };
  pass(400s);
  EXPECT_TRUE(last("205")->is_first());
  EXPECT_EQ(count("dialog"), 3u) << "the first, the one that was answered 481, and the next";
  notify("205", calls(""));
  EXPECT_EQ(lamp("205"), 0u);
}

TEST_F(UpstreamLamps, WhatTheUpstreamEndsIsAskedAnewAsItSays) {
  for (const auto& [state, within, asks] :
       std::vector<std::tuple<std::string, Duration, bool>>{{"terminated;reason=timeout", 5s, true},
                                                            {"terminated;reason=deactivated", 5s, true},
                                                            {"terminated", 5s, true},
                                                            {"terminated;reason=giveup;retry-after=60", 59s, false},
                                                            {"terminated;reason=probation;retry-after=60", 90s, true},
                                                            {"terminated;reason=noresource", 50min, false},
                                                            {"terminated;reason=rejected", 50min, false}}) {
    const auto number = "3" + std::to_string(asked.size());
    watch(number);
    pass(60s);
    const auto before = count("dialog", number);
    notify(number, calls(call("a", "early")), "dialog", state);
    pass(within);
    EXPECT_EQ(count("dialog", number) > before, asks) << state;
    unwatch(number);
  }
}

TEST_F(UpstreamLamps, OneThatIsEndedAtOnceAgainAndAgainIsNoStorm) {
  watch("205");
  for (int i = 0; i < 600; ++i) {
    if (of("205") && of("205")->standing) notify("205", "", "dialog", "terminated;reason=deactivated");
    pass(1s);
  }
  EXPECT_LE(count("dialog"), 10u) << "in ten minutes";
}

TEST_F(UpstreamLamps, ARefusalIsRememberedAndSaidAndNotAskedAgainForAnHour) {
  serve = [this](const Asked& request) { return std::optional{refusal(request, 403)}; };
  watch("205");
  pass(50min);
  EXPECT_EQ(count("dialog"), 1u);
  EXPECT_EQ(subscriptions->counts(false).refused, 1u);
  EXPECT_EQ(subscriptions->counts(false).reason, "205: the upstream answered 403 Forbidden to SUBSCRIBE");
  pass(24h);
  EXPECT_LE(count("dialog"), 8u);
  serve = [this](const Asked& request) { return std::optional{granted(request)}; };
  pass(25h);
  EXPECT_EQ(subscriptions->counts(false).refused, 0u);
  EXPECT_EQ(subscriptions->counts(false).told, 1u);
}

TEST_F(UpstreamLamps, OfManyRefusalsTheOthersWaitSinceTheyAreBannedFor) {
  serve = [this](const Asked& request) { return std::optional{refusal(request, 403)}; };
  for (int number = 1'000; number < 1'500; ++number) watch(std::to_string(number));
  pass(9min);
  EXPECT_EQ(count("dialog"), 20u);
  pass(3h);
  EXPECT_LE(count("dialog"), 20u * 19);
}

TEST_F(UpstreamLamps, WhatIsNotServedAtAllIsAskedOnceForAll) {
  for (const int status : {489, 405, 501}) {
    asked.clear();
    serve = [this, status](const Asked& request) { return std::optional{refusal(request, status)}; };
    for (int i = 0; i < 100; ++i) watch(std::to_string(status) + std::to_string(i));
    use(status == 489 ? 2 : status == 405 ? 3 : 4);
    pass(30min);
    EXPECT_LE(count("dialog"), 1u) << status;
    pass(12h);
    EXPECT_LE(count("dialog"), 6u) << status << ": one asks again after an hour, and later and later";
    EXPECT_NE(subscriptions->counts(false).reason, "") << status;
  }
  EXPECT_EQ(kinds_refused.size(), 1u) << "said once";
  EXPECT_FALSE(kinds_refused.at(0).mailboxes);
}

TEST_F(UpstreamLamps, AServerThatIsSilentIsAskedByOneAtATime) {
  serve = [](const Asked&) { return std::nullopt; };
  for (int number = 200; number < 400; ++number) watch(std::to_string(number));
  pass(5min);
  EXPECT_LE(count("dialog"), 11u);
  serve = [this](const Asked& request) { return std::optional{granted(request)}; };
  pass(10min);
  EXPECT_EQ(subscriptions->counts(false).told, 200u);
}

TEST_F(UpstreamLamps, FiveThousandAreAskedWithoutAStormAndNoMoreAreTaken) {
  for (int number = 10'000; number < 16'000; ++number) watch(std::to_string(number));
  EXPECT_EQ(subscriptions->counts(false).all, 5'000u);
  EXPECT_FALSE(subscriptions->takes("15999"));
  EXPECT_TRUE(subscriptions->takes("10000")) << "which is watched already";
  pass(5min);
  EXPECT_EQ(subscriptions->counts(false).told, 5'000u);
  up->use(std::nullopt, now);
  work(), pass(1min);
  use(2);
  pass(5min);
  EXPECT_EQ(subscriptions->counts(false).told, 5'000u);
  std::size_t most = 0;
  for (std::size_t end = 0, first = 0; end < asked.size(); ++end) {
    while (asked[end].at - asked[first].at >= 1s) ++first;
    most = std::max(most, end - first + 1);
  }
  EXPECT_LE(most, 26u);
  unwatch("10000");
  pass(1min);
  EXPECT_TRUE(subscriptions->takes("15999"));
}

TEST_F(UpstreamLamps, GoOnByAnotherAccountWhereTheirsIsGone) {
  put(103, AccountRegisters::while_logged_in, true);
  pass(1s);
  subscriptions->told_unasked(AccountNumber{103});
  watch("205", 103);
  pass(5s);
  EXPECT_EQ(last("205")->message.from.uri.user, "103");
  up->set_someone(AccountNumber{103}, false, now);
  work(), pass(5s);
  const auto& end = asked[asked.size() - 2];
  EXPECT_TRUE(end.is_last()) << "what is 103's ends";
  EXPECT_EQ(end.message.from.uri.user, "103");
  EXPECT_TRUE(last("205")->is_first());
  EXPECT_NE(last("205")->message.from.uri.user, "103");
}

TEST_F(UpstreamLamps, AreAskedOnlyWhileAnAccountIsRegistered) {
  auto off = account_of(101);
  off.enabled = false;
  put(off);
  off = account_of(102);
  off.enabled = false;
  put(off);
  pass(5s);
  asked.clear();
  watch("205");
  pass(1h);
  EXPECT_TRUE(asked.empty());
  put(101);
  pass(10s);
  EXPECT_EQ(count("dialog"), 1u);
}

TEST_F(UpstreamLamps, AChallengeIsAnsweredByTheAccountsPasswordAndNotForEver) {
  unsigned n = 0;
  const auto challenge = [&](const Asked& request, bool stale) {
    auto response = refusal(request, 407);
    response.add_header("Proxy-Authenticate", "Digest realm=\"other\", nonce=\"n" + std::to_string(++n) + "\"" +
                                                  (stale ? ", stale=true" : "") + ", qop=\"auth\"");
    return std::optional{response};
  };
  serve = [&](const Asked& request) {
    return request.message.header("Proxy-Authorization") ? std::optional{granted(request)} : challenge(request, false);
  };
  watch("205");
  pass(5s);
  EXPECT_EQ(count("dialog"), 2u);
  EXPECT_EQ(asked[0].message.call_id, asked[1].message.call_id);
  EXPECT_NE(asked[1].message.header("Proxy-Authorization")->find("username=\"auth-10"), std::string::npos);
  EXPECT_EQ(subscriptions->counts(false).told, 1u);
  serve = [&](const Asked& request) { return challenge(request, true); };
  asked.clear();
  watch("206");
  pass(30min);
  EXPECT_LE(count("dialog", "206"), 4u);
}

}  // namespace
}  // namespace roamdesk::upstream
