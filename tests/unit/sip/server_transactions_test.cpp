#include <gmock/gmock.h>

#include "tests/unit/sip/support.hpp"

// The machines: RFC 3261 figures 7 and 8.
namespace roamdesk::sip::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

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

}  // namespace
}  // namespace roamdesk::sip::test
