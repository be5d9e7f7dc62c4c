#include "sbc/edge/edge.hpp"

#include <gmock/gmock.h>

#include "sbc/edge/unavailable.hpp"

namespace roamdesk::sbc {
namespace {
using namespace std::chrono_literals;
using testing::HasSubstr;

const TimePoint t0{1h};
const std::string options =
    "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKx\r\nf: <sip:a@b>;tag=1\r\nTo: <sip:b@b>\r\n"
    "i: c1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";

net::FlowKey udp(std::uint32_t host, std::uint16_t port = 5060) {
  return {sip::Transport::udp, {{0x0a000001}, 5060}, {{0x0a000000 + host}, port}};
}

TEST(Guard, LetsSipThroughAndNothingElse) {
  const GuardLimits limits;
  EXPECT_EQ(inspect(options, limits), Verdict::pass);
  EXPECT_EQ(inspect("SIP/2.0 200 OK\r\n\r\n", limits), Verdict::pass);
  EXPECT_EQ(inspect("\r\n\r\n", limits), Verdict::keepalive);
  EXPECT_EQ(inspect(std::string(4, '\0'), limits), Verdict::keepalive);
  EXPECT_EQ(inspect("GET / HTTP/1.1\r\n\r\n", limits), Verdict::not_sip);
  EXPECT_EQ(inspect(std::string("\x80\x00\x12", 3), limits), Verdict::nul_byte);
  EXPECT_EQ(inspect(std::string(16 * 1024 + 1, 'a'), limits), Verdict::too_large);
}

TEST(Guard, NulIsRefusedInTheHeadAndTakenInTheBody) {
  const GuardLimits limits;
  EXPECT_EQ(inspect(std::string("OPTIONS sip:a SIP/2.0\r\nX: \0\r\n\r\n", 30), limits), Verdict::nul_byte);
  EXPECT_EQ(inspect(std::string("OPTIONS sip:a SIP/2.0\r\nX: 1\r\n\r\n\0\0", 33), limits), Verdict::pass);
}

TEST(Guard, CountsHeaderLines) {
  std::string message = "OPTIONS sip:a SIP/2.0\r\n";
  for (int i = 0; i < 200; ++i) message += "X: y\r\n";
  EXPECT_EQ(inspect(message + "\r\n", {}), Verdict::pass);
  EXPECT_EQ(inspect(message + "X: y\r\n\r\n", {}), Verdict::too_many_headers);
}

TEST(Guard, WhatTheCoreAnswersWith400Or505GetsThere) {
  EXPECT_EQ(inspect("OPTIONS  sip:a  SIP/2.0\r\n\r\n", {}), Verdict::pass);
  EXPECT_EQ(inspect("OPTIONS sip:a SIP/7.0\r\n\r\n", {}), Verdict::pass);
}

TEST(Edge, NumbersFlowsEvenAndOnce) {
  Edge edge{{}};
  const auto first = edge.handle_message(udp(1), options, t0);
  const auto again = edge.handle_message(udp(1), options, t0);
  const auto other = edge.handle_message(udp(1, 5061), options, t0);
  ASSERT_TRUE(first && again && other);
  EXPECT_TRUE(first->opened);
  EXPECT_FALSE(again->opened);
  EXPECT_EQ(first->flow, again->flow);
  EXPECT_NE(first->flow, other->flow);
  EXPECT_EQ(first->flow % 2, 0u);
  EXPECT_EQ(other->flow % 2, 0u);
}

TEST(Edge, ADroppedMessageOpensNoFlow) {
  Edge edge{{}};
  EXPECT_FALSE(edge.handle_message(udp(1), "hello", t0));
  EXPECT_EQ(edge.flows(), 0u);
  EXPECT_EQ(edge.counters().not_sip, 1u);
}

TEST(Edge, OneNoisyPhoneCostsAnotherNothing) {
  Edge edge{{}};
  const auto quiet = edge.handle_message(udp(2), options, t0);
  edge.handle_from_core(quiet->flow, "SIP/2.0 200 OK\r\n\r\n");
  const auto noisy = edge.handle_message(udp(1), options, t0);
  edge.handle_from_core(noisy->flow, "SIP/2.0 200 OK\r\n\r\n");
  int passed = 0;
  for (int i = 0; i < 10'000; ++i) passed += edge.handle_message(udp(1), options, t0 + 1ms).has_value();
  EXPECT_LE(passed, 401);
  EXPECT_TRUE(edge.handle_message(udp(2), options, t0 + 2ms));
}

TEST(Edge, AFloodOfForgedSourcesEvictsNoPhone) {
  Edge::Settings settings;
  settings.flows.udp_flows = 100;
  Edge edge{settings};
  const auto phone = edge.handle_message(udp(0xfffff), options, t0);
  edge.handle_from_core(phone->flow, "SIP/2.0 200 OK\r\n\r\n");
  for (std::uint32_t i = 1; i < 5000; ++i) edge.handle_message(udp(i), options, t0 + i * 10ms);
  EXPECT_LE(edge.flows(), 100u);
  const auto still = edge.handle_message(udp(0xfffff), options, t0 + 60s);
  ASSERT_TRUE(still);
  EXPECT_EQ(still->flow, phone->flow);
}

TEST(Edge, AnAddressLosesItsOwnFlowsOnly) {
  Edge::Settings settings;
  settings.flows.udp_flows_per_address = 4;
  Edge edge{settings};
  const auto other = edge.handle_message(udp(2), options, t0);
  for (std::uint16_t port = 1; port <= 20; ++port) edge.handle_message(udp(1, port), options, t0);
  EXPECT_EQ(edge.flows(), 5u);
  EXPECT_TRUE(edge.handle_from_core(other->flow, options));
  int closed = 0;
  while (edge.poll_closed()) ++closed;
  EXPECT_EQ(closed, 16);
}

TEST(Edge, IdleFlowsEndAndProvenOnesLater) {
  Edge edge{{}};
  const auto unproven = edge.handle_message(udp(1), options, t0);
  const auto proven = edge.handle_message(udp(2), options, t0);
  edge.handle_from_core(proven->flow, "NOTIFY sip:a SIP/2.0\r\n\r\n");
  edge.handle_timeout(t0 + 2min);
  EXPECT_EQ(edge.poll_closed(), unproven->flow);
  EXPECT_EQ(edge.poll_closed(), std::nullopt);
  edge.handle_timeout(t0 + 3h);
  EXPECT_EQ(edge.poll_closed(), proven->flow);
}

TEST(Edge, AFreshSessionRenumbersEveryFlow) {
  Edge edge{{}};
  const auto before = edge.handle_message(udp(1), options, t0);
  const auto announced = edge.renumber();
  ASSERT_EQ(announced.size(), 1u);
  EXPECT_NE(announced[0].flow, before->flow);
  EXPECT_FALSE(edge.handle_from_core(before->flow, options));
  EXPECT_EQ(edge.handle_from_core(announced[0].flow, options), udp(1));
}

TEST(Edge, TheCoreOpensFlowsOnOurFacesOnly) {
  Edge edge{{}};
  const std::vector<Endpoint> faces{udp(1).face};
  EXPECT_TRUE(edge.open_from_core(udp(1), 1, faces, t0));
  EXPECT_FALSE(edge.open_from_core(udp(2), 2, faces, t0)) << "even numbers are ours";
  auto elsewhere = udp(3);
  elsewhere.face.port = 9;
  EXPECT_FALSE(edge.open_from_core(elsewhere, 3, faces, t0));
  auto tcp = udp(4);
  tcp.transport = sip::Transport::tcp;
  EXPECT_FALSE(edge.open_from_core(tcp, 5, faces, t0));
}

TEST(Edge, BothSidesMayNameTheSameFlow) {
  Edge edge{{}};
  const auto ours = edge.handle_message(udp(1), options, t0);
  EXPECT_TRUE(edge.open_from_core(udp(1), 1, {udp(1).face}, t0));
  EXPECT_EQ(edge.handle_from_core(1, options), edge.handle_from_core(ours->flow, options));
  EXPECT_EQ(edge.flows(), 1u);
}

TEST(Unavailable, IsBuiltFromTheRequest) {
  EXPECT_EQ(*unavailable(options, 5, "abc"),
            "SIP/2.0 503 Service Unavailable\r\nVia: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKx\r\nf: <sip:a@b>;tag=1\r\n"
            "To: <sip:b@b>;tag=abc\r\ni: c1\r\nCSeq: 1 OPTIONS\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n");
}

TEST(Unavailable, NeverAnswersAcksResponsesOrFragments) {
  EXPECT_FALSE(unavailable("ACK" + options.substr(7), 5, "t"));
  EXPECT_FALSE(unavailable("SIP/2.0 200 OK\r\n" + options.substr(options.find("Via")), 5, "t"));
  EXPECT_FALSE(unavailable("OPTIONS sip:a SIP/2.0\r\nVia: x\r\n\r\n", 5, "t"));
}

TEST(Unavailable, KeepsTagsAndFoldedLines) {
  std::string request = options;
  request.replace(request.find("To: <sip:b@b>"), 13, "To: <sip:b@b>\r\n ;tag=mine");
  const auto answer = unavailable(request, 5, "other");
  ASSERT_TRUE(answer);
  EXPECT_THAT(*answer, testing::AllOf(HasSubstr("To: <sip:b@b>\r\n ;tag=mine\r\n"), testing::Not(HasSubstr("other"))));
}

}  // namespace
}  // namespace roamdesk::sbc
