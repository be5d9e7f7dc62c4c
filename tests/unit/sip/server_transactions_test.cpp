#include <gmock/gmock.h>

#include "tests/unit/sip/support.hpp"

namespace roamdesk::sip::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Message answer_to(const Message& request, int status) { return make_response(request, status, "", "ours"); }

Message ack(const std::string& branch = "z9hG4bKone", const std::string& tag = "ours") {
  return request("ACK", branch, "", tag);
}

// ---- INVITE, RFC 3261 figure 7 as corrected by RFC 6026

TEST(ServerInvite, SaysTryingAfter200MillisecondsOfSilence) {
  Bench b;
  b.server("INVITE");
  EXPECT_THAT(b.run(199ms), IsEmpty());
  b.now += 1ms;
  b.layer.handle_timeout(b.now);
  const auto sent = b.messages();
  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_EQ(sent[0].status, 100);
  EXPECT_FALSE(sent[0].to.params.has("tag"));
}

TEST(ServerInvite, SaysNoTryingWhereTheUserWasQuicker) {
  Bench b;
  const auto tx = b.server("INVITE");
  b.layer.respond(tx, answer_to(request("INVITE"), 180), b.now);
  EXPECT_THAT(b.sent(), SizeIs(1));
  EXPECT_THAT(b.run(10s), IsEmpty());
}

TEST(ServerInvite, RepeatsTheLastProvisionalToARetransmission) {
  Bench b;
  const auto tx = b.server("INVITE");
  b.layer.respond(tx, answer_to(request("INVITE"), 180), b.now);
  b.sent();
  b.receive(request("INVITE"));
  EXPECT_THAT(b.sent(), ElementsAre(HasSubstr("SIP/2.0 180")));
  EXPECT_THAT(b.events(), IsEmpty());
}

TEST(ServerInvite, RepeatsA2xxUntilItsAckThenHandsTheAckUpOnce) {
  Bench b;
  const auto tx = b.server("INVITE");
  b.layer.respond(tx, answer_to(request("INVITE"), 200), b.now);
  EXPECT_THAT(b.sent(), ElementsAre(HasSubstr("SIP/2.0 200")));
  EXPECT_THAT(b.run(8s), ElementsAre(500, 1500, 3500, 7500));
  b.receive(ack("z9hG4bKack"));
  EXPECT_EQ(b.expect<AckReceived>().ack.method, "ACK");
  b.receive(ack("z9hG4bKack"));
  EXPECT_THAT(b.events(), IsEmpty());
  EXPECT_THAT(b.run(60s), IsEmpty());
  EXPECT_THAT(b.events(), IsEmpty());
  EXPECT_EQ(b.layer.server_transactions(), 0U);
}

TEST(ServerInvite, RepeatsA2xxOverReliableFlowsToo) {
  Bench b{Transport::tcp};
  const auto tx = b.server("INVITE");
  b.layer.respond(tx, answer_to(request("INVITE"), 200), b.now);
  b.sent();
  EXPECT_THAT(b.run(4s), ElementsAre(500, 1500, 3500));
}

TEST(ServerInvite, RepeatsA2xxEvery4SecondsAtMostAndFailsAfter64T1) {
  Bench b;
  const auto tx = b.server("INVITE");
  b.layer.respond(tx, answer_to(request("INVITE"), 200), b.now);
  b.sent();
  EXPECT_THAT(b.run(31999ms), ElementsAre(500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500));
  EXPECT_THAT(b.events(), IsEmpty());
  b.run(1ms);
  EXPECT_EQ(b.expect<ServerTxFailed>().tx, tx);
  EXPECT_EQ(b.layer.server_transactions(), 0U);
}

TEST(ServerInvite, AbsorbsRetransmissionsInAccepted) {
  Bench b;
  const auto tx = b.server("INVITE");
  b.layer.respond(tx, answer_to(request("INVITE"), 200), b.now);
  b.sent();
  b.receive(request("INVITE"));
  EXPECT_THAT(b.sent(), IsEmpty());
  EXPECT_THAT(b.events(), IsEmpty());
}

TEST(ServerInvite, StaysInAcceptedFor64T1SoThatALateRetransmissionIsNoNewCall) {
  Bench b;
  const auto tx = b.server("INVITE");
  b.layer.respond(tx, answer_to(request("INVITE"), 200), b.now);
  b.receive(ack());
  b.events();
  b.run(31s);
  b.receive(request("INVITE"));
  EXPECT_THAT(b.events(), IsEmpty());
  b.run(1s);
  EXPECT_EQ(b.layer.server_transactions(), 0U);
}

TEST(ServerInvite, TakesAnAckOfA2xxThatReusesTheBranch) {
  Bench b;
  const auto tx = b.server("INVITE");
  b.layer.respond(tx, answer_to(request("INVITE"), 200), b.now);
  b.receive(ack("z9hG4bKone"));
  b.expect<AckReceived>();
}

TEST(ServerInvite, TakesNoAckOfAnotherDialogSiteOrCSeq) {
  Bench b;
  const auto tx = b.server("INVITE");
  b.layer.respond(tx, answer_to(request("INVITE"), 200), b.now);
  b.receive(ack("z9hG4bKack", "another"));
  auto later = ack("z9hG4bKack");
  later.cseq.number = 8;
  b.receive(later);
  b.layer.handle_message(flow_of(2, Transport::udp, "branch-1"), ack("z9hG4bKack"), b.now);
  EXPECT_THAT(b.events(), IsEmpty());
}

TEST(ServerInvite, RepeatsARefusalUntilItsAck) {
  Bench b;
  const auto tx = b.server("INVITE");
  b.layer.respond(tx, answer_to(request("INVITE"), 486), b.now);
  EXPECT_THAT(b.sent(), SizeIs(1));
  EXPECT_THAT(b.run(2s), ElementsAre(500, 1500));
  b.receive(request("INVITE"));
  EXPECT_THAT(b.sent(), ElementsAre(HasSubstr("SIP/2.0 486")));
  b.receive(ack());
  EXPECT_THAT(b.events(), IsEmpty());  // not handed up: it belongs to the transaction
  EXPECT_THAT(b.run(1s), IsEmpty());
}

TEST(ServerInvite, AbsorbsInConfirmedUntilTimerI) {
  Bench b;
  const auto tx = b.server("INVITE");
  b.layer.respond(tx, answer_to(request("INVITE"), 486), b.now);
  b.receive(ack());
  b.sent();
  b.run(4999ms);
  b.receive(ack());
  b.receive(request("INVITE"));
  EXPECT_THAT(b.sent(), IsEmpty());
  EXPECT_THAT(b.events(), IsEmpty());
  EXPECT_EQ(b.layer.server_transactions(), 1U);
  b.run(1ms);
  EXPECT_EQ(b.layer.server_transactions(), 0U);
}

TEST(ServerInvite, RepeatsNoRefusalOverReliableFlowsAndEndsAtItsAck) {
  Bench b{Transport::tcp};
  const auto tx = b.server("INVITE");
  b.layer.respond(tx, answer_to(request("INVITE"), 486), b.now);
  b.sent();
  EXPECT_THAT(b.run(20s), IsEmpty());
  b.receive(ack());
  EXPECT_EQ(b.layer.server_transactions(), 0U);
}

TEST(ServerInvite, FailsWhereARefusalHasNoAckIn64T1) {
  Bench b;
  const auto tx = b.server("INVITE");
  b.layer.respond(tx, answer_to(request("INVITE"), 486), b.now);
  b.run(32s);
  EXPECT_EQ(b.expect<ServerTxFailed>().tx, tx);
  EXPECT_EQ(b.layer.server_transactions(), 0U);
}

TEST(ServerInvite, SendsOneFinalAnswerOnly) {
  Bench b;
  const auto tx = b.server("INVITE");
  b.layer.respond(tx, answer_to(request("INVITE"), 486), b.now);
  b.sent();
  b.layer.respond(tx, answer_to(request("INVITE"), 200), b.now);
  EXPECT_THAT(b.sent(), IsEmpty());
}

TEST(ServerInvite, RepeatsAReliableProvisionalUntilItsPrack) {
  Bench b;
  const auto tx = b.server("INVITE");
  auto ringing = answer_to(request("INVITE"), 180);
  ringing.set_header("Require", "100rel");
  ringing.set_header("RSeq", "41");
  b.layer.respond(tx, ringing, b.now);
  b.sent();
  EXPECT_THAT(b.run(4s), ElementsAre(500, 1500, 3500));
  b.layer.prack_received(tx, 40);
  EXPECT_THAT(b.run(4s), SizeIs(1));
  b.layer.prack_received(tx, 41);
  EXPECT_THAT(b.run(60s), IsEmpty());
}

TEST(ServerInvite, ReportsAReliableProvisionalWithoutPrackAndCanStillBeRefused) {
  Bench b;
  const auto tx = b.server("INVITE");
  auto ringing = answer_to(request("INVITE"), 180);
  ringing.set_header("Require", "100rel");
  ringing.set_header("RSeq", "41");
  b.layer.respond(tx, ringing, b.now);
  b.run(32s);
  EXPECT_EQ(b.expect<ServerTxFailed>().tx, tx);
  b.layer.respond(tx, answer_to(request("INVITE"), 504), b.now);
  EXPECT_THAT(b.sent(), ElementsAre(HasSubstr("SIP/2.0 504")));
}

// ---- non-INVITE, RFC 3261 figure 8

TEST(ServerNonInvite, AbsorbsRetransmissionsWhileItHasNothingToSay) {
  Bench b;
  b.server("OPTIONS");
  b.receive(request("OPTIONS"));
  EXPECT_THAT(b.sent(), IsEmpty());
  EXPECT_THAT(b.events(), IsEmpty());
}

TEST(ServerNonInvite, RepeatsItsProvisionalOnRetransmission) {
  Bench b;
  const auto tx = b.server("OPTIONS");
  b.layer.respond(tx, answer_to(request("OPTIONS"), 182), b.now);
  b.sent();
  b.receive(request("OPTIONS"));
  EXPECT_THAT(b.sent(), ElementsAre(HasSubstr("SIP/2.0 182")));
}

TEST(ServerNonInvite, RepeatsItsAnswerOnRetransmissionUntilTimerJ) {
  Bench b;
  const auto tx = b.server("OPTIONS");
  b.layer.respond(tx, answer_to(request("OPTIONS"), 200), b.now);
  b.sent();
  EXPECT_THAT(b.run(31999ms), IsEmpty());
  b.receive(request("OPTIONS"));
  EXPECT_THAT(b.sent(), ElementsAre(HasSubstr("SIP/2.0 200")));
  EXPECT_THAT(b.events(), IsEmpty());
  b.run(1ms);
  EXPECT_EQ(b.layer.server_transactions(), 0U);
}

TEST(ServerNonInvite, EndsWithItsAnswerOverReliableFlows) {
  Bench b{Transport::tls};
  const auto tx = b.server("OPTIONS");
  b.layer.respond(tx, answer_to(request("OPTIONS"), 200), b.now);
  EXPECT_THAT(b.sent(), SizeIs(1));
  EXPECT_EQ(b.layer.server_transactions(), 0U);
}

TEST(ServerNonInvite, SendsOneFinalAnswerOnly) {
  Bench b;
  const auto tx = b.server("OPTIONS");
  b.layer.respond(tx, answer_to(request("OPTIONS"), 200), b.now);
  b.layer.respond(tx, answer_to(request("OPTIONS"), 500), b.now);
  EXPECT_THAT(b.sent(), SizeIs(1));
}

// ---- CANCEL, RFC 3261 §9.2

TEST(Cancel, IsAnsweredAndHandedUpWithTheToTagOfTheInvite) {
  Bench b;
  const auto tx = b.server("INVITE");
  b.receive(request("CANCEL"));
  EXPECT_EQ(b.expect<CancelReceived>().invite, tx);
  const auto ok = b.messages();
  ASSERT_THAT(ok, SizeIs(1));
  EXPECT_EQ(ok[0].status, 200);
  EXPECT_EQ(ok[0].cseq.method, "CANCEL");
  b.layer.respond(tx, make_response(request("INVITE"), 487, "", ""), b.now);
  const auto refused = b.messages();
  ASSERT_THAT(refused, SizeIs(1));
  EXPECT_EQ(refused[0].to.tag(), ok[0].to.tag());
}

TEST(Cancel, OfNoInviteIs481) {
  Bench b;
  b.receive(request("CANCEL"));
  EXPECT_THAT(b.sent(), ElementsAre(HasSubstr("SIP/2.0 481")));
  EXPECT_THAT(b.events(), IsEmpty());
}

TEST(Cancel, OfAnAnsweredInviteChangesNothing) {
  Bench b;
  const auto tx = b.server("INVITE");
  b.layer.respond(tx, answer_to(request("INVITE"), 200), b.now);
  b.sent();
  b.receive(request("CANCEL"));
  EXPECT_THAT(b.sent(), ElementsAre(HasSubstr("SIP/2.0 200")));
  EXPECT_THAT(b.events(), IsEmpty());
}

TEST(Cancel, SentAgainIsAnsweredAgainAndHandedUpOnce) {
  Bench b;
  b.server("INVITE");
  b.receive(request("CANCEL"));
  b.events();
  const auto first = b.sent();
  b.receive(request("CANCEL"));
  EXPECT_EQ(b.sent(), first);
  EXPECT_THAT(b.events(), IsEmpty());
}

TEST(Cancel, OfAnotherBranchIsNotOfThisInvite) {
  Bench b;
  b.server("INVITE");
  b.receive(request("CANCEL", "z9hG4bKtwo"));
  EXPECT_THAT(b.sent(), ElementsAre(HasSubstr("SIP/2.0 481")));
}

// ---- matching, RFC 3261 §17.2.3

TEST(Matching, TellsBranchesOfDifferentSitesApart) {
  Bench b;
  b.server("OPTIONS");
  b.layer.handle_message(flow_of(2, Transport::udp, "branch-1"), request("OPTIONS"), b.now);
  EXPECT_EQ(b.expect<RequestReceived>().flow.address.site, SiteId{"branch-1"});
}

TEST(Matching, TellsOtherSentBysAndMethodsApart) {
  Bench b;
  b.server("OPTIONS");
  auto other = request("OPTIONS");
  other.via.front().port = 5099;
  b.receive(other);
  b.expect<RequestReceived>();
  b.receive(request("INFO"));
  b.expect<RequestReceived>();
}

TEST(Matching, ComparesAllPartsWhereTheMagicCookieIsMissing) {
  for (const auto* branch : {"", "1"}) {
    Bench b;
    b.server("OPTIONS", branch);
    b.receive(request("OPTIONS", branch));
    EXPECT_THAT(b.events(), IsEmpty());
    const auto differs = [&](auto change) {
      auto other = request("OPTIONS", branch);
      change(other);
      b.receive(other);
      return b.events().size() == 1;
    };
    EXPECT_TRUE(differs([](Message& m) { m.cseq.number = 8; }));
    EXPECT_TRUE(differs([](Message& m) { m.call_id = "c2"; }));
    EXPECT_TRUE(differs([](Message& m) { m.from.params.set("tag", "f2"); }));
    EXPECT_TRUE(differs([](Message& m) { m.to.params.set("tag", "t2"); }));
    EXPECT_TRUE(differs([](Message& m) { m.request_uri.user = "103"; }));
  }
}

TEST(Matching, TellsTheAckOfAnOldPeerByItsToTag) {
  Bench b;
  const auto tx = b.server("INVITE", "1");
  b.layer.respond(tx, answer_to(request("INVITE", "1"), 486), b.now);
  b.sent();
  b.receive(ack("1", "another"));
  EXPECT_THAT(b.run(1s), ElementsAre(500));
  b.receive(ack("1", "ours"));
  EXPECT_THAT(b.run(4s), IsEmpty());
}

// ---- the rest

TEST(Requests, AreStampedWithWhereTheyCameFrom) {
  Bench b;
  b.receive(request("OPTIONS"));
  const auto via = b.expect<RequestReceived>().request.via.front();
  EXPECT_EQ(via.params.find("received"), "192.0.2.7");
  EXPECT_EQ(via.params.find("rport"), "5062");
}

TEST(Requests, AreNotStampedWithRportUnasked) {
  Bench b;
  auto plain = request("OPTIONS");
  plain.via.front().params.remove("rport");
  plain.via.front().host = "192.0.2.7";
  b.receive(plain);
  const auto via = b.expect<RequestReceived>().request.via.front();
  EXPECT_FALSE(via.params.has("received"));
  EXPECT_FALSE(via.params.has("rport"));
}

TEST(Responses, GoBackOnTheFlowOfTheRequestWithItsVia) {
  Bench b;
  b.flow = flow_of(77, Transport::udp, "branch-2");
  const auto tx = b.server("OPTIONS");
  auto response = answer_to(request("OPTIONS"), 200);
  response.via.clear();
  b.layer.respond(tx, response, b.now);
  const auto sent = b.layer.poll_transmit();
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->flow, FlowId{77});
  EXPECT_THAT(sent->bytes, HasSubstr("Via: SIP/2.0/UDP 10.0.0.9:5062;branch=z9hG4bKone;rport=5062;received=192.0.2.7"));
}

TEST(Responses, GetAToTagWhereTheUserForgotIt) {
  Bench b;
  const auto tx = b.server("OPTIONS");
  b.layer.respond(tx, make_response(request("OPTIONS"), 404, "", ""), b.now);
  EXPECT_FALSE(b.messages().at(0).to.tag().empty());
}

TEST(Overload, IsRefusedStatelesslyAndWhatIsUnderWayGoesOn) {
  Bench b{Transport::udp, TransactionLimits{1}};
  const auto tx = b.server("INVITE");
  b.receive(request("OPTIONS", "z9hG4bKtwo"));
  const auto sent = b.sent();
  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_THAT(sent[0], HasSubstr("SIP/2.0 503"));
  EXPECT_THAT(sent[0], HasSubstr("Retry-After: 5"));
  EXPECT_EQ(b.layer.server_transactions(), 1U);
  EXPECT_THAT(b.events(), IsEmpty());
  b.receive(request("CANCEL", "z9hG4bKtwo"));
  EXPECT_THAT(b.sent(), ElementsAre(HasSubstr("SIP/2.0 481")));
  EXPECT_EQ(b.layer.server_transactions(), 1U);
  b.receive(request("CANCEL"));
  EXPECT_EQ(b.expect<CancelReceived>().invite, tx);
}

TEST(Overload, OfAnswersForRepetitionsRefusesNobody) {
  TransactionLimits limits;
  limits.answered_bytes = 300'000;
  Bench b{Transport::udp, limits};
  for (int i = 0; i < 100; ++i) {
    const std::string branch = "z9hG4bK" + std::to_string(i);
    const auto tx = b.server("OPTIONS", branch);
    auto answer = answer_to(request("OPTIONS", branch), 200);
    answer.set_header("Subject", std::string(10'000, 'x'));
    b.layer.respond(tx, std::move(answer), b.now);
    b.sent();
  }
  EXPECT_LE(b.layer.server_transactions(), 31U) << "the oldest are forgotten";
  b.receive(request("OPTIONS", "z9hG4bK99"));
  EXPECT_THAT(b.sent(), ElementsAre(HasSubstr("SIP/2.0 200"))) << "the last one is there";
  b.run(32s);
  EXPECT_EQ(b.layer.server_transactions(), 0U);
}

// One desk's credentials, 2,600 REGISTERs a second for longer than timer J.
TEST(Overload, OfRegistrationsByOnePhoneCostsAnotherNothing) {
  Bench b;
  for (int i = 0; i < 100'000; ++i) {
    b.flow = flow_of(static_cast<std::uint64_t>(1 + i % 20), Transport::udp);
    const std::string branch = "z9hG4bK" + std::to_string(i);
    const auto tx = b.server("REGISTER", branch);
    b.layer.respond(tx, answer_to(request("REGISTER", branch), 200), b.now);
    b.sent();
    b.receive(request("REGISTER", branch));
    ASSERT_THAT(b.sent(), ElementsAre(HasSubstr("SIP/2.0 200"))) << "a repetition gets its answer again";
    if (i % 3 == 0) b.now += 1ms;
  }
  EXPECT_EQ(b.layer.server_transactions(), 20U) << "a flow's last one";
  b.flow = flow_of(99, Transport::udp);
  b.server("REGISTER", "z9hG4bKanother");
}

class OfOneFlow : public testing::TestWithParam<const char*> {};

TEST_P(OfOneFlow, OpenRequestsFillItsOwnShareOnly) {
  Bench b;
  for (int i = 0; i < 100; ++i) b.server(GetParam(), "z9hG4bK" + std::to_string(i));
  b.receive(request(GetParam(), "z9hG4bKmore"));
  EXPECT_THAT(b.events(), IsEmpty());
  EXPECT_THAT(b.sent(), ElementsAre(HasSubstr("SIP/2.0 503")));
  b.flow = flow_of(2, Transport::udp);
  b.server(GetParam(), "z9hG4bKanother");
}

TEST(Overload, OfOneFlowDoesNotComeFromCallsThatCameToTheirEnd) {
  Bench b;
  for (int i = 0; i < 500; ++i) {
    const std::string branch = "z9hG4bK" + std::to_string(i);
    const auto tx = b.server("INVITE", branch);
    b.layer.respond(tx, answer_to(request("INVITE", branch), i % 2 ? 486 : 487), b.now);
    b.sent();
    b.receive(request("ACK", branch));
  }
  EXPECT_GE(b.layer.server_transactions(), 500U) << "they absorb what is repeated for 5 s";
}

TEST_P(OfOneFlow, AShareIsFreeAgainWhenItsRequestsAreOver) {
  Bench b;
  for (int i = 0; i < 300; ++i) {
    const std::string branch = "z9hG4bK" + std::to_string(i);
    b.layer.respond_statelessly(b.server(GetParam(), branch), answer_to(request(GetParam(), branch), 404));
    b.sent();
  }
}

INSTANTIATE_TEST_SUITE_P(Methods, OfOneFlow, testing::Values("INVITE", "OPTIONS", "REGISTER", "SUBSCRIBE", "INFO"));

TEST(Overload, OfOneSiteIsNotAnothers) {
  TransactionLimits limits;
  limits.of_site = 5;
  Bench b{Transport::udp, limits};
  for (std::uint64_t i = 0; i < 5; ++i) {
    b.flow = flow_of(10 + i, Transport::udp);
    b.server("INVITE", "z9hG4bK" + std::to_string(i));
  }
  b.flow = flow_of(20, Transport::udp);
  b.receive(request("INVITE", "z9hG4bKmore"));
  EXPECT_THAT(b.sent(), ElementsAre(HasSubstr("SIP/2.0 503")));
  b.flow.address.site = SiteId{"branch-2"};
  b.server("INVITE", "z9hG4bKmore");
}

// ---- RFC 3261 §8.2.7, §26.3.2.4: senders of which nothing is known

TEST(Stateless, AnswersLeaveNothingBehind) {
  for (const char* method : {"INVITE", "REGISTER"}) {
    Bench b;
    const auto tx = b.server(method);
    b.layer.respond_statelessly(tx, make_response(request(method), 401, "", ""));
    EXPECT_THAT(b.sent(), ElementsAre(HasSubstr("SIP/2.0 401")));
    EXPECT_EQ(b.layer.server_transactions(), 0U);
    EXPECT_EQ(b.layer.deadline(), std::nullopt);  // no repetition, and no timer that waits for an ACK
  }
}

TEST(Stateless, AnswersToARetransmissionHaveTheSameTagAndToAnotherRequestAnother) {
  Bench b;
  std::vector<std::string> tags;
  for (const char* branch : {"z9hG4bKone", "z9hG4bKone", "z9hG4bKtwo"}) {
    b.layer.respond_statelessly(b.server("INVITE", branch), make_response(request("INVITE", branch), 401, "", ""));
    tags.push_back(b.messages().at(0).to.tag());
  }
  EXPECT_EQ(tags[0].size(), 24U);
  EXPECT_EQ(tags[1], tags[0]);
  EXPECT_NE(tags[2], tags[0]);
  Bench other;
  other.receive(request("CANCEL"));  // of nothing
  EXPECT_THAT(other.sent(), ElementsAre(HasSubstr("SIP/2.0 481")));
  EXPECT_EQ(other.layer.server_transactions(), 0U);
}

TEST(Stateless, AnAckOfItIsAbsorbed) {
  Bench b;
  b.layer.respond_statelessly(b.server("INVITE"), make_response(request("INVITE"), 401, "", ""));
  const auto tag = b.messages().at(0).to.tag();
  b.receive(ack("z9hG4bKone", tag));
  EXPECT_THAT(b.events(), IsEmpty());
  EXPECT_THAT(b.sent(), IsEmpty());
}

TEST(Stateless, KeepsTheTagOfADialog) {
  Bench b;
  b.receive(request("BYE", "z9hG4bKone", "", "theirs"));
  const auto tx = b.expect<RequestReceived>().tx;
  b.layer.respond_statelessly(tx, make_response(request("BYE", "z9hG4bKone", "", "theirs"), 481, "", ""));
  EXPECT_EQ(b.messages().at(0).to.tag(), "theirs");
}

TEST(FlowClosed, EndsItsServerTransactionsAndNoOthers) {
  Bench b;
  const auto invite = b.server("INVITE");
  const auto answered = b.server("OPTIONS", "z9hG4bKtwo");
  b.layer.respond(answered, answer_to(request("OPTIONS", "z9hG4bKtwo"), 200), b.now);
  b.layer.handle_message(flow_of(2, Transport::udp), request("OPTIONS", "z9hG4bKthree"), b.now);
  b.events();
  b.layer.handle_flow_closed(b.flow.id, b.now);
  EXPECT_EQ(b.expect<ServerTxFailed>().tx, invite);
  EXPECT_EQ(b.layer.server_transactions(), 2U);  // that of the other flow, and the answer until timer J
}

TEST(FlowClosed, LeavesAnswersToThoseWhoComeBackByAnotherFlow) {
  Bench b;
  const auto answered = b.server("REGISTER");
  b.layer.respond(answered, answer_to(request("REGISTER"), 200), b.now);
  b.sent();
  b.layer.handle_flow_closed(b.flow.id, b.now);
  b.layer.handle_message(flow_of(2, Transport::udp), request("REGISTER"), b.now);
  EXPECT_THAT(b.events(), IsEmpty());
  const auto again = b.layer.poll_transmit();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->flow, FlowId{2});
  EXPECT_THAT(again->bytes, HasSubstr("SIP/2.0 200"));
  EXPECT_EQ(b.layer.deadline(), b.now + std::chrono::seconds{32});
  b.layer.handle_timeout(b.now + std::chrono::seconds{32});
  EXPECT_EQ(b.layer.server_transactions(), 0U);
}

TEST(Timeouts, DoNothingBeforeTheirTime) {
  Bench b;
  b.server("INVITE");
  b.layer.handle_timeout(b.now);
  EXPECT_THAT(b.sent(), IsEmpty());
}

}  // namespace
}  // namespace roamdesk::sip::test
