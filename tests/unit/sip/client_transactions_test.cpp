#include <gmock/gmock.h>

#include "tests/unit/sip/support.hpp"

namespace roamdesk::sip::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct Invited : Bench {
  explicit Invited(const std::string& method = "INVITE", Transport transport = Transport::udp) : Bench(transport) {
    tx = layer.send_request(flow, outgoing(method), Owner{}, now);
    bytes = sent().at(0);
  }
  void answered(int status, const std::string& tag = "peer") { receive(answer(bytes, status, tag)); }
  ClientTx tx;
  std::string bytes;
};

// ---- INVITE, RFC 3261 figure 5 as corrected by RFC 6026

TEST(ClientInvite, WritesItsViaAndMaxForwards) {
  const Invited i;
  const auto sent = parsed(i.bytes);
  ASSERT_THAT(sent.via, SizeIs(1));
  EXPECT_EQ(to_string(sent.via.front()), "SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKu1;rport");
  EXPECT_EQ(sent.max_forwards, 70);
}

// Whatever becomes of a request, only its owner hears of it; of a CANCEL, which is the layer's own, no owner does.
TEST(ClientTransactions, TellWhoSentTheRequest) {
  Bench bench;
  const std::vector<Owner> owners{Owner{3}, Owner{0}, Owner{255}, Owner{7}};
  for (const Owner owner : owners) bench.layer.send_request(bench.flow, outgoing("OPTIONS"), owner, bench.now);
  bench.layer.send_request(bench.flow, outgoing("INVITE"), Owner{9}, bench.now);
  const auto sent = bench.sent();
  ASSERT_THAT(sent, SizeIs(owners.size() + 1));
  for (const std::size_t each : {2U, 0U, 1U}) {
    bench.receive(bench.answer(sent[each], 200));
    EXPECT_EQ(bench.expect<ResponseReceived>().owner, owners[each]);
  }
  bench.run(32s);
  std::vector<Owner> timed_out;
  for (const auto& event : bench.events()) timed_out.push_back(std::get<ClientTxFailed>(event).owner);
  EXPECT_THAT(timed_out, testing::UnorderedElementsAre(owners[3], Owner{9}));
  const auto tx = bench.layer.send_request(bench.flow, outgoing("INVITE"), Owner{9}, bench.now);
  const auto invite = bench.sent().at(0);
  bench.receive(bench.answer(invite, 180));
  EXPECT_EQ(bench.expect<ResponseReceived>().owner, Owner{9});
  bench.layer.cancel(tx, bench.now);
  bench.receive(bench.answer(bench.sent().at(0), 200));
  EXPECT_THAT(bench.events(), IsEmpty());
  bench.layer.handle_flow_closed(bench.flow.id, bench.now);
  EXPECT_EQ(bench.expect<ClientTxFailed>().owner, Owner{9}) << "its flow is gone";
}

TEST(ClientInvite, DoublesItsIntervalUntilTimerB) {
  Invited i;
  EXPECT_THAT(i.run(31999ms), ElementsAre(500, 1500, 3500, 7500, 15500, 31500));
  EXPECT_THAT(i.events(), IsEmpty());
  i.run(1ms);
  const auto failed = i.expect<ClientTxFailed>();
  EXPECT_EQ(failed.tx, i.tx);
  EXPECT_TRUE(failed.timed_out);
  EXPECT_EQ(i.layer.client_transactions(), 0U);
}

TEST(ClientInvite, RepeatsNothingOverReliableFlowsButTimesOut) {
  Invited i{"INVITE", Transport::tcp};
  EXPECT_THAT(i.run(32s), IsEmpty());
  EXPECT_TRUE(i.expect<ClientTxFailed>().timed_out);
}

TEST(ClientInvite, WaitsForEverAfterAProvisional) {
  Invited i;
  i.answered(180);
  EXPECT_EQ(i.expect<ResponseReceived>().response.status, 180);
  EXPECT_THAT(i.run(10min), IsEmpty());
  i.answered(183);
  EXPECT_EQ(i.expect<ResponseReceived>().response.status, 183);
}

TEST(ClientInvite, AcknowledgesARefusalInItsTransactionAndRepeatsTheAck) {
  Invited i;
  i.answered(486);
  EXPECT_EQ(i.expect<ResponseReceived>().response.status, 486);
  const auto sent = i.sent();
  ASSERT_THAT(sent, SizeIs(1));
  const auto ack = parsed(sent[0]), invite = parsed(i.bytes);
  EXPECT_EQ(ack.method, "ACK");
  EXPECT_EQ(ack.via, invite.via);
  EXPECT_EQ(ack.request_uri, invite.request_uri);
  EXPECT_EQ(ack.cseq, (CSeq{7, "ACK"}));
  EXPECT_EQ(ack.to.tag(), "peer");
  i.run(31999ms);
  i.answered(486);
  EXPECT_EQ(i.sent(), sent);
  EXPECT_THAT(i.events(), IsEmpty());
  i.run(1ms);
  EXPECT_EQ(i.layer.client_transactions(), 0U);
}

TEST(ClientInvite, EndsWithARefusalOverReliableFlows) {
  Invited i{"INVITE", Transport::tcp};
  i.answered(486);
  EXPECT_THAT(i.sent(), ElementsAre(HasSubstr("ACK ")));
  EXPECT_EQ(i.layer.client_transactions(), 0U);
}

TEST(ClientInvite, RepeatsTheAckOfARepeated2xx) {
  Invited i;
  i.answered(200);
  const auto response = i.expect<ResponseReceived>().response;
  i.answered(200);  // before the dialog has made its ACK
  EXPECT_THAT(i.sent(), IsEmpty());
  auto ack = outgoing("ACK");
  ack.to = response.to;
  i.layer.acknowledge(i.tx, ack, i.now);
  const auto sent = i.sent();
  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_NE(parsed(sent[0]).via.front().branch(), parsed(i.bytes).via.front().branch());
  i.answered(200);
  EXPECT_EQ(i.sent(), sent);
  EXPECT_THAT(i.events(), IsEmpty());
}

TEST(ClientInvite, HandsUpEach2xxOfAForkOnce) {
  Invited i;
  i.answered(200, "a");
  i.answered(200, "b");
  i.answered(200, "a");
  const auto events = i.events();
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(std::get<ResponseReceived>(events[1]).response.to.tag(), "b");
  EXPECT_EQ(std::get<ResponseReceived>(events[1]).tx, i.tx);
}

TEST(ClientInvite, BoundsTheForksOfOneInvite) {
  Invited i;
  for (int n = 0; n < 100; ++n) i.answered(200, "t" + std::to_string(n));
  EXPECT_THAT(i.events(), SizeIs(16));
}

TEST(ClientInvite, StaysInAcceptedFor64T1) {
  for (const auto transport : {Transport::udp, Transport::tcp}) {
    Invited i{"INVITE", transport};
    i.answered(200, "a");
    i.answered(180, "b");
    i.answered(486, "b");
    EXPECT_THAT(i.events(), SizeIs(1));
    EXPECT_THAT(i.run(31999ms), IsEmpty());
    EXPECT_EQ(i.layer.client_transactions(), 1U);
    i.run(1ms);
    EXPECT_EQ(i.layer.client_transactions(), 0U);
    EXPECT_THAT(i.events(), IsEmpty());
  }
}

TEST(ClientInvite, FailsWithItsFlow) {
  Invited i;
  i.layer.handle_flow_closed(FlowId{9}, i.now);
  EXPECT_THAT(i.events(), IsEmpty());
  i.layer.handle_flow_closed(i.flow.id, i.now);
  EXPECT_FALSE(i.expect<ClientTxFailed>().timed_out);
  EXPECT_THAT(i.run(1h), IsEmpty());
}

// ---- CANCEL, RFC 3261 §9.1

TEST(ClientCancel, WaitsForAProvisional) {
  Invited i;
  i.layer.cancel(i.tx, i.now);
  EXPECT_THAT(i.sent(), IsEmpty());
  i.answered(100, "");
  const auto sent = i.sent();
  ASSERT_THAT(sent, SizeIs(1));
  const auto cancel = parsed(sent[0]), invite = parsed(i.bytes);
  EXPECT_EQ(cancel.method, "CANCEL");
  EXPECT_EQ(cancel.via, invite.via);
  EXPECT_EQ(cancel.request_uri, invite.request_uri);
  EXPECT_EQ(cancel.to, invite.to);
  EXPECT_EQ(cancel.from, invite.from);
  EXPECT_EQ(cancel.cseq, (CSeq{7, "CANCEL"}));
}

// RFC 3326.
TEST(ClientCancel, CarriesItsReason) {
  for (const bool early : {false, true}) {
    Invited i;
    if (early) i.answered(180);
    i.layer.cancel(i.tx, i.now, "SIP;cause=200");
    i.layer.cancel(i.tx, i.now, "SIP;cause=487");  // the first one counts
    if (!early) i.answered(180);
    const auto sent = i.sent();
    ASSERT_THAT(sent, SizeIs(1));
    EXPECT_EQ(parsed(sent[0]).header("Reason"), "SIP;cause=200");
  }
}

TEST(ClientCancel, IsSentOnceAndItsAnswerStaysInside) {
  Invited i;
  i.answered(180);
  i.layer.cancel(i.tx, i.now);
  i.layer.cancel(i.tx, i.now);
  i.events();
  const auto sent = i.sent();
  ASSERT_THAT(sent, SizeIs(1));
  i.receive(i.answer(sent[0], 200));
  EXPECT_THAT(i.events(), IsEmpty());
  i.answered(487);
  EXPECT_EQ(i.expect<ResponseReceived>().response.status, 487);
}

TEST(ClientCancel, IsRepeatedAndGivesUpTheInviteAfter64T1) {
  Invited i;
  i.answered(180);
  i.events();
  i.layer.cancel(i.tx, i.now);
  i.sent();
  EXPECT_THAT(i.run(32s), ElementsAre(500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500));
  const auto failed = i.expect<ClientTxFailed>();
  EXPECT_EQ(failed.tx, i.tx);
  EXPECT_TRUE(failed.timed_out);
  EXPECT_EQ(i.layer.client_transactions(), 0U);
}

TEST(ClientCancel, LosesTheRaceAgainstA2xx) {
  Invited i;
  i.answered(180);
  i.layer.cancel(i.tx, i.now);
  i.answered(200);
  EXPECT_THAT(i.events(), SizeIs(2));  // the user says BYE then
  i.run(40s);
  EXPECT_THAT(i.events(), IsEmpty());
}

TEST(ClientCancel, OfAnAnsweredOrUnknownInviteSendsNothing) {
  Invited i;
  i.answered(200);
  i.layer.cancel(i.tx, i.now);
  i.layer.cancel(ClientTx{999}, i.now);
  EXPECT_THAT(i.sent(), IsEmpty());
}

// ---- non-INVITE, RFC 3261 figure 6

TEST(ClientNonInvite, DoublesItsIntervalUpTo4SecondsUntilTimerF) {
  Invited i{"OPTIONS"};
  EXPECT_THAT(i.run(31999ms), ElementsAre(500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500));
  i.run(1ms);
  EXPECT_TRUE(i.expect<ClientTxFailed>().timed_out);
}

TEST(ClientNonInvite, RepeatsEvery4SecondsInProceedingAndStillTimesOut) {
  Invited i{"OPTIONS"};
  i.answered(100, "");
  EXPECT_EQ(i.expect<ResponseReceived>().response.status, 100);
  EXPECT_THAT(i.run(10s), ElementsAre(500, 4500, 8500));
  i.run(22s);
  EXPECT_TRUE(i.expect<ClientTxFailed>().timed_out);
}

TEST(ClientNonInvite, RepeatsNothingOverReliableFlowsButTimesOut) {
  Invited i{"OPTIONS", Transport::tls};
  EXPECT_THAT(i.run(32s), IsEmpty());
  EXPECT_TRUE(i.expect<ClientTxFailed>().timed_out);
}

TEST(ClientNonInvite, HandsUpOneFinalAnswerAndAbsorbsOthersUntilTimerK) {
  Invited i{"OPTIONS"};
  i.answered(200);
  EXPECT_EQ(i.expect<ResponseReceived>().response.status, 200);
  i.answered(200);
  i.answered(180);
  EXPECT_THAT(i.events(), IsEmpty());
  EXPECT_THAT(i.run(4999ms), IsEmpty());
  EXPECT_EQ(i.layer.client_transactions(), 1U);
  i.run(1ms);
  EXPECT_EQ(i.layer.client_transactions(), 0U);
}

TEST(ClientNonInvite, EndsWithItsAnswerOverReliableFlows) {
  Invited i{"OPTIONS", Transport::tcp};
  i.answered(404);
  i.expect<ResponseReceived>();
  EXPECT_EQ(i.layer.client_transactions(), 0U);
}

// ---- matching, RFC 3261 §17.1.3, §18.1.2

TEST(ClientMatching, DropsWhatIsNotOurs) {
  Invited i{"OPTIONS"};
  auto other = i.answer(i.bytes, 200);
  other.via.front().params.set("branch", "z9hG4bKu2");
  i.receive(other);
  other = i.answer(i.bytes, 200);
  other.cseq.method = "INFO";
  i.receive(other);
  other = i.answer(i.bytes, 200);
  other.via.push_back(other.via.front());
  i.receive(other);
  i.layer.handle_message(flow_of(3, Transport::udp, "branch-1"), i.answer(i.bytes, 200), i.now);
  EXPECT_THAT(i.events(), IsEmpty());
}

}  // namespace
}  // namespace roamdesk::sip::test
