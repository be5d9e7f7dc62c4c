#include <gmock/gmock.h>

#include "tests/unit/sip/support.hpp"

// What senders may cost: bounds for each flow and site, answers without a transaction, flows that close.
namespace roamdesk::sip::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

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

TEST(Overload, AFlowWithAShareOfItsOwnHasThatManyOpenRequestsAndTheOthersAPhones) {
  Bench b;
  b.layer.set_share(b.flow.id, 150);
  int number = 0;
  const auto open = [&](int count) {
    int taken = 0;
    for (int i = 0; i < count; ++i) {
      b.receive(request("INVITE", "z9hG4bK" + std::to_string(++number)));
      for (const auto& event : b.events()) taken += std::holds_alternative<RequestReceived>(event) ? 1 : 0;
      b.sent();
    }
    return taken;
  };
  EXPECT_EQ(open(200), 150);
  b.flow = flow_of(2, Transport::udp);
  EXPECT_EQ(open(200), 100);
  b.layer.set_share(b.flow.id, 120);
  b.layer.handle_flow_closed(b.flow.id, b.now);
  b.events();
  EXPECT_EQ(open(200), 100) << "what was said of it went with it";
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

// One turn a second forgets what many phones have left, later than timer J by less than that.
TEST(Timeouts, ForgetTogetherWhatIsOver) {
  using namespace std::chrono_literals;
  TransactionLayer layer{TransactionTimers{.ends = 1s}, [n = 0]() mutable { return "u" + std::to_string(++n); }};
  const Flow flow = flow_of(1, Transport::udp);
  const TimePoint begin = TimePoint{} + 1h;
  for (int i = 1; i <= 20; ++i) {
    const auto now = begin + i * 40ms;
    layer.handle_message(flow, request("OPTIONS", "z9hG4bK" + std::to_string(i)), now);
    const auto event = layer.poll_event();
    ASSERT_TRUE(event);
    const auto& received = std::get<RequestReceived>(*event);
    layer.respond(received.tx, make_response(received.request, 200, "OK", "tag"), now);
  }
  EXPECT_EQ(layer.server_transactions(), 20u);
  EXPECT_EQ(layer.deadline(), begin + 33s);
  layer.handle_timeout(begin + 33s - 1ms);
  EXPECT_EQ(layer.server_transactions(), 20u);
  layer.handle_timeout(begin + 33s);
  EXPECT_EQ(layer.server_transactions(), 0u);
  EXPECT_EQ(layer.deadline(), std::nullopt);
}

}  // namespace
}  // namespace roamdesk::sip::test
