#include <algorithm>

#include "tests/unit/trunks/provider.hpp"

namespace roamdesk::trunks {
namespace {

class Registration : public MachineTest {};

TEST_F(Registration, AsksTheBareDomainForTheAccountAndRefreshesAtAboutHalf) {
  begin(registering());
  ASSERT_EQ(count("REGISTER"), 1u);
  const auto& request = sent[0].message;
  EXPECT_EQ(to_string(request.request_uri), "sip:provider.example") << "RFC 3261 §10.2: no user";
  EXPECT_EQ(request.from.uri.user + "@" + request.from.uri.host, "4930123@provider.example");
  EXPECT_EQ(request.to.uri, request.from.uri);
  EXPECT_EQ(request.expires, 600u);
  EXPECT_TRUE(request.route.empty()) << "the domain's own server";
  ASSERT_EQ(request.contact.size(), 1u);
  EXPECT_EQ(request.contact[0].uri.host, "10.0.0.1");
  EXPECT_GE(request.contact[0].uri.user.size(), 20u) << "a token that can't be guessed";
  EXPECT_EQ(condition(), Condition::registered);
  pass(269s);
  EXPECT_EQ(count("REGISTER"), 1u);
  pass(62s);
  ASSERT_EQ(count("REGISTER"), 2u) << "between 45 and 55 of 100";
  EXPECT_EQ(sent.back().message.call_id, request.call_id);
  EXPECT_GT(sent.back().message.cseq.number, request.cseq.number);
}

TEST_F(Registration, TheTokenStaysThroughAStartAndChangesWithThePassword) {
  const auto token = contact_token(registering());
  EXPECT_EQ(contact_token(registering()), token);
  auto other = registering();
  other.password = Secret{"another"};
  EXPECT_NE(contact_token(other), token);
  other = registering();
  other.contact_user = "4930123";
  EXPECT_EQ(contact_user(other), "4930123") << "some registrars deliver by the number alone";
}

TEST_F(Registration, LastsAsTheExpiresOfItsOwnContactSaysWhateverElseIsListed) {
  struct Case {
    const char* what;
    std::function<sip::Message(const Sent&)> answer;
    Duration lasts;
  };
  const auto other = [](const char* uri, const char* expires) {
    sip::NameAddr contact;
    contact.uri = *sip::parse_uri(uri);
    contact.params.set("expires", expires);
    return contact;
  };
  const std::vector<Case> cases = {
      {"ours", [](const Sent& r) { return ok(r, 120); }, 120s},
      {"behind others",
       [&](const Sent& r) {
         auto response = ok(r, 120);
         response.contact.insert(response.contact.begin(), other("sip:4930123@192.0.2.77", "3000"));
         return response;
       },
       120s},
      {"rewritten on the way",
       [&](const Sent& r) {
         auto response = ok(r, 120);
         response.contact[0].uri.host = "203.0.113.9";
         response.contact[0].uri.port = 33333;
         response.contact.insert(response.contact.begin(), other("sip:4930123@192.0.2.77", "3000"));
         return response;
       },
       120s},
      {"in the header",
       [](const Sent& r) {
         auto response = reply(r, 200);
         response.contact = r.message.contact;
         response.expires = 240;
         return response;
       },
       240s},
      {"nowhere", [](const Sent& r) { return reply(r, 200); }, 600s},
  };
  for (const auto& each : cases) {
    answer = each.answer;
    begin(registering());
    EXPECT_EQ(condition(), Condition::registered) << each.what;
    EXPECT_EQ(*machine->status().until - now, each.lasts) << each.what;
  }
}

TEST_F(Registration, AsksForMoreTimeWhereTheRegistrarWantsIt) {
  answer = [](const Sent& r) {
    if (*r.message.expires >= 3600) return ok(r, 3600);
    auto response = reply(r, 423);
    response.add_header("Min-Expires", "3600");
    return response;
  };
  begin(registering());
  EXPECT_EQ(condition(), Condition::registered);
  EXPECT_EQ(count("REGISTER"), 2u);
  pass(1h);
  EXPECT_EQ(condition(), Condition::registered);
  EXPECT_LE(count("REGISTER"), 4u);
  EXPECT_EQ(sent.back().message.expires, 3600u) << "and remembers it";
}

TEST_F(Registration, DoesNotFollowARegistrarThatNeverHasEnough) {
  answer = [](const Sent& r) {
    auto response = reply(r, 423);
    response.add_header("Min-Expires", std::to_string(*r.message.expires + 1));
    return response;
  };
  begin(registering());
  EXPECT_LE(count("REGISTER"), 4u);
  EXPECT_NE(condition(), Condition::registered);
  answer = [](const Sent& r) {
    auto response = reply(r, 423);
    response.add_header("Min-Expires", "99999999999999");
    return response;
  };
  begin(registering());
  EXPECT_EQ(condition(), Condition::refused);
}

class Challenged : public MachineTest, public testing::WithParamInterface<bool> {};

TEST_P(Challenged, AnswersAnyRealmWithTheAccountsUserAndThePasswordOnce) {
  answer = [this](const Sent& r) { return challenging(r, "right", GetParam(), "some.other.realm"); };
  auto trunk = registering();
  trunk.expires = 300s;
  begin(trunk);
  EXPECT_EQ(condition(), Condition::registered);
  EXPECT_EQ(count("REGISTER"), 2u);
  const auto given = sip::find_digest_answer(sent[1].message, "some.other.realm", GetParam());
  ASSERT_TRUE(given);
  EXPECT_EQ(given->user, "auth-4930123");
  EXPECT_EQ(given->uri, "sip:provider.example");
  EXPECT_EQ(sent[1].message.cseq.number, sent[0].message.cseq.number + 1);
  pass(170s);
  EXPECT_EQ(count("REGISTER"), 3u) << "the refresh isn't challenged: it brings the answer with it";
}

TEST_P(Challenged, ASecondChallengeIsAWrongPasswordAndIsNotTriedMoreThanThreeTimesInTenMinutes) {
  answer = [this](const Sent& r) { return challenging(r, "another", GetParam()); };
  begin(registering());
  EXPECT_EQ(condition(), Condition::refused);
  EXPECT_EQ(reason(), std::string{"wrong password: the provider answered "} +
                          (GetParam() ? "407 Proxy Authentication Required" : "401 Unauthorized") + " to REGISTER");
  EXPECT_EQ(with_credentials, 1u);
  const auto next = machine->status().next;
  ASSERT_TRUE(next);
  EXPECT_GE(*next - now, 5min);
  std::vector<TimePoint> tries;
  for (int minute = 0; minute < 24 * 60; ++minute) {
    const auto before = with_credentials;
    pass(1min);
    for (auto i = before; i < with_credentials; ++i) tries.push_back(now);
  }
  EXPECT_GE(tries.size(), 200u) << "it never gives up";
  for (std::size_t i = 3; i < tries.size(); ++i) EXPECT_GT(tries[i] - tries[i - 3], 10min);
  answer = [this](const Sent& r) { return challenging(r, "right", GetParam()); };
  pass(11min);
  EXPECT_EQ(condition(), Condition::registered);
}

INSTANTIATE_TEST_SUITE_P(ByServerOrProxy, Challenged, testing::Bool());

TEST_F(Registration, AWrongPasswordThatIsChangedAgainAndAgainIsNotTriedMoreOften) {
  answer = [this](const Sent& r) { return challenging(r, "right"); };
  auto trunk = registering();
  trunk.password = Secret{"wrong 0"};
  begin(trunk);
  for (int i = 1; i < 20; ++i) {
    trunk.password = Secret{"wrong " + std::to_string(i)};
    machine->change(trunk, now);
    work();
    pass(5s);
  }
  EXPECT_LE(with_credentials, 3u);
  EXPECT_EQ(condition(), Condition::refused);
}

TEST_F(Registration, AStaleNonceCountsAsNoFailure) {
  int stale = 0;
  answer = [&](const Sent& r) {
    if (stale++ < 2) {
      auto response = reply(r, 401);
      response.add_header("WWW-Authenticate", "Digest realm=\"r\", nonce=\"n" + std::to_string(stale) +
                                                  "\", qop=\"auth\"" + (stale > 1 ? ", stale=TRUE" : ""));
      return response;
    }
    return ok(r);
  };
  begin(registering());
  EXPECT_EQ(condition(), Condition::registered);
  EXPECT_EQ(count("REGISTER"), 3u);
}

TEST_F(Registration, AServerThatCallsEachNonceStaleIsNotFollowedForEver) {
  int nonce = 0;
  answer = [&](const Sent& r) {
    auto response = reply(r, 401);
    response.add_header("WWW-Authenticate",
                        "Digest realm=\"r\", nonce=\"n" + std::to_string(++nonce) + "\", qop=\"auth\", stale=true");
    return response;
  };
  begin(registering());
  EXPECT_LE(count("REGISTER"), 4u);
  EXPECT_NE(condition(), Condition::registered);
}

TEST_F(Registration, ANonceThatHasBecomeUselessIsAskedForAgainWithoutBeingAWrongPassword) {
  answer = [this](const Sent& r) { return challenging(r); };
  begin(registering());
  // The provider has booted, and doesn't say stale.
  answer = [this](const Sent& r) { return challenging(r, "right", false, "realm.after"); };
  pass(330s);
  EXPECT_EQ(condition(), Condition::registered);
}

TEST_F(Registration, TakesTheStrongestAlgorithmThatItKnows) {
  answer = [](const Sent& r) {
    if (r.message.header("Authorization")) return ok(r);
    auto response = reply(r, 401);
    response.add_header("WWW-Authenticate", "Digest realm=\"r\", nonce=\"a\", algorithm=SHA-512-256, qop=\"auth\"");
    response.add_header("WWW-Authenticate", "Digest realm=\"r\", nonce=\"b\", algorithm=MD5, qop=\"auth\"");
    response.add_header("WWW-Authenticate", "Digest realm=\"r\", nonce=\"c\", algorithm=SHA-256, qop=\"auth\"");
    return response;
  };
  begin(registering());
  EXPECT_EQ(condition(), Condition::registered);
  EXPECT_NE(sent[1].message.header("Authorization")->find("nonce=\"c\""), std::string_view::npos);
}

TEST_F(Registration, AnswersAChallengeWithoutQop) {
  answer = [](const Sent& r) {
    if (r.message.header("Authorization")) return ok(r);
    auto response = reply(r, 401);
    response.add_header("WWW-Authenticate", "Digest realm=\"r\", nonce=\"a\"");
    return response;
  };
  begin(registering());
  EXPECT_EQ(condition(), Condition::registered);
  EXPECT_EQ(sent[1].message.header("Authorization")->find("qop"), std::string_view::npos);
}

TEST_F(Registration, SaysWhatARefusalMeans) {
  struct Case {
    int status;
    const char* reason;
    const char* says;
  };
  for (const auto& each : {Case{403, "Forbidden", "wrong password: the provider answered 403 Forbidden to REGISTER"},
                           Case{404, "Not Found", "no such account: the provider answered 404 Not Found to REGISTER"},
                           Case{488, "", "refused: the provider answered 488 Not Acceptable Here to REGISTER"},
                           Case{603, "No\x01 way", "refused: the provider answered 603 No? way to REGISTER"}}) {
    answer = [&](const Sent& r) {
      if (r.message.header("Authorization")) return reply(r, each.status, each.reason);
      auto response = reply(r, 401);
      response.add_header("WWW-Authenticate", "Digest realm=\"r\", nonce=\"a\", qop=\"auth\"");
      return response;
    };
    begin(registering());
    EXPECT_EQ(condition(), Condition::refused);
    EXPECT_EQ(reason(), each.says);
  }
}

TEST_F(Registration, ARefusalIsNotTriedAtTheNextServer) {
  answer = [](const Sent& r) { return reply(r, 403); };
  begin(registering(), {target(1), target(2), target(3)});
  EXPECT_EQ(count("REGISTER"), 1u);
  pass(4min);
  EXPECT_EQ(count("REGISTER"), 1u);
}

TEST_F(Registration, HeedsRetryAfter) {
  answer = [](const Sent& r) {
    auto response = reply(r, 503);
    response.add_header("Retry-After", "1200");
    return response;
  };
  begin(registering());
  EXPECT_EQ(condition(), Condition::unreachable);
  pass(1199s);
  EXPECT_EQ(count("REGISTER"), 1u);
  pass(2s);
  EXPECT_EQ(count("REGISTER"), 2u);
}

TEST_F(Registration, IsEndedWhenTheTrunkIsDisabledDeletedOrChanged) {
  answer = [this](const Sent& r) { return challenging(r); };
  for (int way = 0; way < 3; ++way) {
    begin(registering());
    const auto contact = sent.back().message.contact;
    sent.clear();
    auto changed = registering();
    if (way == 0) changed.enabled = false;
    if (way == 1) changed.user = "4930999";
    if (way == 2)
      machine->remove(now);
    else
      machine->change(changed, now);
    EXPECT_EQ(condition(), way == 1 ? Condition::locating : Condition::off) << "before anything was answered";
    work();
    ASSERT_GE(sent.size(), 1u);
    EXPECT_EQ(sent[0].message.expires, 0u);
    EXPECT_EQ(sent[0].message.contact, contact) << "the one that stands";
    EXPECT_EQ(sent[0].message.from.uri.user, "4930123");
    EXPECT_EQ(condition(), way == 1 ? Condition::registered : Condition::off);
    EXPECT_EQ(sent.back().message.from.uri.user, way == 1 ? "4930999" : "4930123") << "and then the new one";
    EXPECT_EQ(machine->is_over(), way == 2);
  }
}

TEST_F(Registration, AProviderThatDoesNotAnswerAGoodByeHoldsNothingUp) {
  begin(registering());
  answer = nullptr;
  auto changed = registering();
  changed.domain = "other.example";
  told.clear();
  machine->change(changed, now);
  work();
  EXPECT_EQ(condition(), Condition::locating);
  answer = [](const Sent& r) { return ok(r); };
  pass(6s);
  EXPECT_EQ(condition(), Condition::registered);
  EXPECT_EQ(sent.back().message.request_uri.host, "other.example");
  for (const auto& status : told) EXPECT_NE(status.condition, Condition::off) << "it was never switched off";
}

TEST_F(Registration, GoesByTheOutboundProxy) {
  auto trunk = registering();
  trunk.server = "proxy.example:5070";
  begin(trunk);
  EXPECT_EQ(queries.at(0).host, "proxy.example");
  EXPECT_EQ(queries.at(0).port, 5070);
  EXPECT_EQ(to_string(sent[0].message.request_uri), "sip:provider.example");
  ASSERT_EQ(sent[0].message.route.size(), 1u);
  EXPECT_EQ(to_string(sent[0].message.route[0]), "<sip:proxy.example:5070;lr>");
}

TEST_F(Registration, SaysTheAddressThatANatMakesOfOurs) {
  answer = [](const Sent& r) {
    auto response = ok(r);
    response.via.front().params.set("received", "203.0.113.5");
    response.via.front().params.set("rport", "40123");
    return response;
  };
  begin(registering());
  ASSERT_EQ(count("REGISTER"), 2u) << "once more, and not for ever";
  EXPECT_EQ(sent[1].message.contact[0].uri.host, "203.0.113.5");
  EXPECT_EQ(sent[1].message.contact[0].uri.port, 40123);
  pass(330s);
  EXPECT_EQ(count("REGISTER"), 3u);
}

TEST_F(Registration, KeepsTheFlowAlive) {
  begin(registering());
  pass(4min);
  EXPECT_GE(kept_alive.size(), 9u);
  for (std::size_t i = 1; i < kept_alive.size(); ++i) EXPECT_LT(kept_alive[i].first - kept_alive[i - 1].first, 30s);
}

TEST_F(Registration, OffersOneContactForAllNumbersWhereTheRegistrarRequiresIt) {
  answer = [](const Sent& r) {
    if (r.message.lists("Require", "gin")) return ok(r);
    auto response = reply(r, 421);
    response.add_header("Require", "gin");
    return response;
  };
  begin(registering());
  EXPECT_EQ(condition(), Condition::registered);
  EXPECT_EQ(sent[1].message.contact[0].uri.user, "");
  EXPECT_TRUE(sent[1].message.contact[0].uri.params.has("bnc"));
  EXPECT_TRUE(sent[1].message.lists("Proxy-Require", "gin"));
}

}  // namespace
}  // namespace roamdesk::trunks
