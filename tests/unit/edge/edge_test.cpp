#include "common/edge/edge.hpp"

#include <gmock/gmock.h>

#include "common/edge/unavailable.hpp"
#include "tests/unit/edge/sources.hpp"

namespace roamdesk::edge {
namespace {
using namespace std::chrono_literals;
using testing::HasSubstr;

const std::string options =
    "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKx\r\nf: <sip:a@b>;tag=1\r\nTo: <sip:b@b>\r\n"
    "i: c1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";

TEST(Guard, LetsSipThroughAndNothingElse) {
  const GuardLimits limits;
  EXPECT_EQ(inspect(options, limits), Verdict::pass);
  EXPECT_EQ(inspect("SIP/2.0 200 OK\r\n\r\n", limits), Verdict::pass);
  EXPECT_EQ(inspect("\r\n\r\n", limits), Verdict::keepalive);
  for (const auto& keepalive : {std::string(4, '\0'), std::string(40, '\0'), std::string{"jaK"}, std::string{" "},
                                std::string{}, std::string("\0\1\0\0\x21\x12\xa4\x42twelve bytes", 20)})
    EXPECT_EQ(inspect(keepalive, limits), Verdict::keepalive);
  EXPECT_EQ(inspect("GET / HTTP/1.1\r\n\r\n", limits), Verdict::not_sip);
  EXPECT_EQ(inspect(std::string("\x80\x00\x12", 3), limits), Verdict::nul_byte);
  EXPECT_EQ(inspect(std::string(16 * 1024 + 1, 'a'), limits), Verdict::too_large);
}

TEST(Guard, LeavesOddMessagesToTheCoresAnswer) {
  using namespace std::string_literals;
  for (const auto& odd :
       {"OPTIONS sip:a SIP/2.0\r\nX: \0\r\n\r\n"s, "OPTIONS sip:a SIP/2.0\r\nX: 1\r\n\r\n\0\0"s,
        "OPTIONS sip:a\rb SIP/2.0\r\n\r\n"s, "OPTIONS sip:a sip/2.0\r\n\r\n"s, "sip/2.0 200 OK\r\n\r\n"s,
        "OPTIONS sip:a\r\n SIP/2.0\r\n\r\n"s, "OPTIONS\tsip:a\tSIP/2.0\r\n\r\n"s})
    EXPECT_EQ(inspect(odd, {}), Verdict::pass) << odd;
  for (const auto& junk :
       {"OPTIONS sip:a\r\nX: SIP/2.0\r\n\r\n"s, "hello"s, "\0OPTIONS sip:a SIP/2.0"s, "GET / HTTP/1.1\r\n\r\n"s})
    EXPECT_NE(inspect(junk, {}), Verdict::pass) << junk;
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

// A flow on which credentials were shown.
std::uint64_t known(Edge& edge, const net::FlowKey& key, sip::Standing standing, TimePoint now = t0) {
  const auto flow = edge.handle_message(key, options, now)->flow;
  edge.prove(flow, standing);
  return flow;
}

TEST(Edge, OneNoisyPhoneCostsAnotherNothing) {
  Edge edge{{}};
  known(edge, udp(2), sip::Standing::registered);
  known(edge, udp(1), sip::Standing::registered);
  int passed = 0;
  for (int i = 0; i < 10'000; ++i) passed += edge.handle_message(udp(1), options, t0 + 1ms).has_value();
  EXPECT_LE(passed, 401);
  EXPECT_TRUE(edge.handle_message(udp(2), options, t0 + 2ms));
}

TEST(Edge, APhoneThatHasRegisteredHasAllOfItsOwnRate) {
  Edge edge{{}};
  for (int i = 0; i < 10; ++i) edge.handle_message(udp(1), options, t0);
  known(edge, udp(1), sip::Standing::proven);
  known(edge, udp(1), sip::Standing::registered);
  int passed = 0;
  for (int i = 0; i < 400; ++i) passed += edge.handle_message(udp(1), options, t0 + 1ms).has_value();
  EXPECT_EQ(passed, 400);
}

TEST(Edge, ATrunksServerSaysAsMuchAsManyCallsNeed) {
  Edge edge{{}};
  known(edge, udp(1), sip::Standing::peer);
  int passed = 0;
  for (int ms = 1; ms <= 60'000; ++ms) passed += edge.handle_message(udp(1), options, t0 + ms * 1ms).has_value();
  EXPECT_EQ(passed, 60'000) << "200 calls a second, of five messages each";
  for (int i = 0; i < 10'000; ++i) passed += edge.handle_message(udp(1), options, t0 + 61s).has_value();
  EXPECT_LE(passed, 65'000) << "it is bounded all the same";
}

// Its rate is high, and its own.
TEST(Edge, AFloodFromATrunksAddressCostsNoOtherTrunkNoPhoneAndNoNewcomerAnything) {
  Edge edge{{}};
  known(edge, udp(1), sip::Standing::peer);
  known(edge, udp(2), sip::Standing::peer);
  known(edge, udp(3), sip::Standing::registered);
  known(edge, udp(4), sip::Standing::proven);
  int flood = 0, trunk = 0, phone = 0, desk = 0, newcomers = 0;
  for (int ms = 1; ms <= 30'000; ++ms) {
    const auto now = t0 + ms * 1ms;
    for (int i = 0; i < 20; ++i) flood += edge.handle_message(udp(1), options, now).has_value();
    trunk += edge.handle_message(udp(2), options, now).has_value();
    if (ms % 20 == 0) phone += edge.handle_message(udp(3), options, now).has_value();
    if (ms % 100 == 0) desk += edge.handle_message(udp(4), options, now).has_value();
    if (ms % 10 == 0)
      newcomers += edge.handle_message(udp(1000 + static_cast<std::uint32_t>(ms)), options, now).has_value();
  }
  EXPECT_LE(flood, 34'001) << "a thousand a second, and what it had saved";
  EXPECT_EQ(trunk, 30'000);
  EXPECT_EQ(phone, 1'500);
  EXPECT_EQ(desk, 300);
  EXPECT_EQ(newcomers, 3'000) << "each of them for the first time";
}

// Only the flow has it: who forges the trunk's address from other ports shares what newcomers have.
TEST(Edge, InATrunksNameFromOtherPortsNobodyHasItsRate) {
  Edge edge{{}};
  known(edge, udp(1), sip::Standing::peer);
  int forged = 0, trunk = 0;
  for (int ms = 1; ms <= 30'000; ++ms) {
    const auto now = t0 + ms * 1ms;
    for (std::uint16_t i = 0; i < 5; ++i)
      forged += edge.handle_message(udp(1, static_cast<std::uint16_t>(10'000 + (ms * 5 + i) % 50'000)), options, now)
                    .has_value();
    trunk += edge.handle_message(udp(1), options, now).has_value();
  }
  EXPECT_EQ(trunk, 30'000);
  EXPECT_LE(forged, 30 * 110 + 500) << "one source's rate, however many ports it has";
}

TEST(Edge, AStrangerHasALowRateWhateverHeSays) {
  Edge edge{{}};
  int heard = 0;
  for (int ms = 1; ms <= 30'000; ++ms)
    for (int i = 0; i < 5; ++i) heard += edge.handle_message(udp(9), options, t0 + ms * 1ms).has_value();
  EXPECT_LE(heard, 30 * 110 + 500);
}

TEST(Edge, NeitherStrangersNorPhonesTakeTheTrunksPlace) {
  Edge::Settings settings;
  settings.flows.udp_flows = 100;
  Edge edge{settings};
  const auto trunk = known(edge, udp(0xfffff), sip::Standing::peer);
  EXPECT_TRUE(edge.is_home(udp(0xfffff).peer.address));
  for (std::uint32_t i = 1; i < 2000; ++i) {
    const auto flow = edge.handle_message(udp(i), options, t0 + i * 10ms);
    if (flow && i % 2 == 0) edge.prove(flow->flow, sip::Standing::registered);
  }
  EXPECT_LE(edge.flows(), 100u);
  EXPECT_EQ(edge.standing(trunk), sip::Standing::peer);
  edge.prove(trunk, sip::Standing::proven);
  EXPECT_FALSE(edge.is_home(udp(0xfffff).peer.address));
}

TEST(Edge, AFloodInAPhonesNameFromOtherPortsDoesNotSilenceIt) {
  Edge edge{{}};
  known(edge, udp(1), sip::Standing::registered);
  int heard = 0;
  for (int ms = 1; ms <= 30'000; ++ms) {
    for (std::uint16_t i = 0; i < 10; ++i)
      edge.handle_message(udp(1, static_cast<std::uint16_t>(10'000 + ms % 50'000 + i)), options, t0 + ms * 1ms);
    if (ms % 1000 == 0) heard += edge.handle_message(udp(1), options, t0 + ms * 1ms).has_value();
  }
  EXPECT_EQ(heard, 30);
}

TEST(Edge, AFloodOfForgedSourcesEvictsNoPhone) {
  Edge::Settings settings;
  settings.flows.udp_flows = 100;
  Edge edge{settings};
  const auto phone = known(edge, udp(0xfffff), sip::Standing::registered);
  for (std::uint32_t i = 1; i < 5000; ++i) edge.handle_message(udp(i), options, t0 + i * 10ms);
  EXPECT_LE(edge.flows(), 100u);
  const auto still = edge.handle_message(udp(0xfffff), options, t0 + 60s);
  ASSERT_TRUE(still);
  EXPECT_EQ(still->flow, phone);
}

TEST(Edge, WhatWeAnswerProvesNothing) {
  Edge::Settings settings;
  settings.flows.udp_flows = 8;
  Edge edge{settings};
  const auto stranger = edge.handle_message(udp(1), options, t0)->flow;
  EXPECT_EQ(edge.find(stranger), udp(1)) << "where its 200 goes";
  for (std::uint32_t i = 2; i < 20; ++i) edge.handle_message(udp(i), options, t0 + 1s);
  EXPECT_FALSE(edge.find(stranger)) << "gave way";
}

TEST(Edge, ProvenFlowsWithoutARegistrationGiveWayToRegisteredOnesAndNobodyIsRefused) {
  Edge::Settings settings;
  settings.flows.udp_flows = 40;
  settings.flows.newcomers = 10;
  Edge edge{settings};
  std::vector<std::uint64_t> proven, registered;
  for (std::uint32_t i = 0; i < 30; ++i)
    proven.push_back(known(edge, udp(100 + i), sip::Standing::proven, t0 + i * 10ms));
  for (std::uint32_t i = 0; i < 20; ++i)
    registered.push_back(known(edge, udp(200 + i), sip::Standing::registered, t0 + 1s + i * 10ms));
  for (std::size_t i = 0; i < 20; ++i) EXPECT_FALSE(edge.find(proven[i])) << "the oldest of them";
  for (std::size_t i = 20; i < 30; ++i) EXPECT_TRUE(edge.find(proven[i]));
  for (const auto flow : registered) EXPECT_TRUE(edge.find(flow));
  EXPECT_EQ(edge.counters().proven_gave_way, 20u);
  for (std::uint32_t i = 0; i < 12; ++i) EXPECT_TRUE(edge.handle_message(udp(300 + i), options, t0 + 2s + i * 10ms));
  EXPECT_EQ(edge.counters().no_room, 0u);
}

TEST(Edge, RegisteredFlowsGiveWayLastAndOnlyToAnother) {
  Edge::Settings settings;
  settings.flows.udp_flows = 40;
  settings.flows.newcomers = 10;
  Edge edge{settings};
  std::vector<std::uint64_t> registered;
  for (std::uint32_t i = 0; i < 30; ++i)
    registered.push_back(known(edge, udp(200 + i), sip::Standing::registered, t0 + i * 10ms));
  for (std::uint32_t i = 0; i < 100; ++i) edge.handle_message(udp(300 + i), options, t0 + 1s + i * 10ms);
  for (const auto flow : registered) EXPECT_TRUE(edge.find(flow));
  known(edge, udp(500), sip::Standing::registered, t0 + 3s);
  EXPECT_FALSE(edge.find(registered[0]));
  EXPECT_TRUE(edge.find(registered[1]));
}

TEST(Edge, AnAddressLosesItsOwnFlowsOnly) {
  Edge::Settings settings;
  settings.flows.udp_flows_per_address = 4;
  Edge edge{settings};
  const auto other = edge.handle_message(udp(2), options, t0);
  const auto own = known(edge, udp(1, 40'000), sip::Standing::registered);
  for (std::uint16_t port = 1; port <= 20; ++port) edge.handle_message(udp(1, port), options, t0);
  EXPECT_EQ(edge.flows(), 5u);
  EXPECT_TRUE(edge.find(other->flow));
  EXPECT_TRUE(edge.find(own)) << "the registered one among them";
  int closed = 0;
  while (edge.poll_closed()) ++closed;
  EXPECT_EQ(closed, 17);
}

TEST(Edge, OneWithCredentialsProvesNoMoreFlowsThanHisShare) {
  Edge::Settings settings;
  settings.flows.proven_per_address = 3;
  Edge edge{settings};
  std::vector<std::uint64_t> flows;
  for (std::uint16_t port = 1; port <= 10; ++port) flows.push_back(known(edge, udp(1, port), sip::Standing::proven));
  for (int i = 0; i < 7; ++i) EXPECT_FALSE(edge.find(flows[i]));
  for (int i = 7; i < 10; ++i) EXPECT_TRUE(edge.find(flows[i]));
}

TEST(Edge, IdleFlowsEndAndProvenOnesLater) {
  Edge edge{{}};
  const auto unproven = edge.handle_message(udp(1), options, t0);
  const auto proven = known(edge, udp(2), sip::Standing::proven);
  EXPECT_FALSE(edge.handle_timeout(t0 + 2min));
  EXPECT_EQ(edge.poll_closed()->number, unproven->flow);
  EXPECT_FALSE(edge.poll_closed());
  EXPECT_FALSE(edge.handle_timeout(t0 + 3h));
  EXPECT_EQ(edge.poll_closed()->number, proven);
}

TEST(Edge, AHundredThousandFlowsEndInSlices) {
  Edge::Settings settings;
  settings.flows.udp_flows = settings.flows.udp_flows_per_address = settings.flows.unproven_per_address = 200'000;
  settings.newcomers.first = settings.newcomers.continued = {1e9, 1e9};
  settings.newcomers.per_source = {1e9, 1e9, 10};
  Edge edge{settings};
  // All from two addresses: what one address has is never searched.
  for (std::uint32_t i = 0; i < 100'000; ++i)
    edge.handle_message(udp(i % 2, static_cast<std::uint16_t>(1 + i / 2)), options, t0);
  EXPECT_EQ(edge.flows(), 100'000u);
  std::size_t slices = 0, most = 0;
  for (bool more = true; more; ++slices) {
    const auto before = edge.flows();
    more = edge.handle_timeout(t0 + 2min);
    most = std::max(most, before - edge.flows());
    while (edge.poll_closed()) {
    }
  }
  EXPECT_EQ(edge.flows(), 0u);
  EXPECT_LE(most, 500u);
  EXPECT_GE(slices, 200u);
}

TEST(Edge, AFreshSessionRenumbersEveryFlowAndKnowsItsPhones) {
  Edge edge{{}};
  const auto before = known(edge, udp(1), sip::Standing::registered);
  const auto announced = edge.renumber();
  ASSERT_EQ(announced.size(), 1u);
  EXPECT_NE(announced[0].flow, before);
  EXPECT_FALSE(edge.find(before));
  EXPECT_EQ(edge.find(announced[0].flow), udp(1));
  EXPECT_EQ(edge.standing(announced[0].flow), sip::Standing::registered);
}

TEST(Edge, TheCoreOpensFlowsOnOurFacesOnly) {
  Edge edge{{}};
  const std::vector<Endpoint> faces{udp(1).face};
  EXPECT_TRUE(edge.open_from_core(udp(1), 1, faces, t0));
  EXPECT_FALSE(edge.open_from_core(udp(2), 2, faces, t0)) << "even numbers are ours";
  auto elsewhere = udp(3);
  elsewhere.face.port = 9;
  EXPECT_FALSE(edge.open_from_core(elsewhere, 3, faces, t0));
}

TEST(Edge, TheCoreOpensFlowsOverTcpOnOurFacesOnlyAndNoneOverTls) {
  Edge edge{{}};
  const std::vector<Endpoint> faces{udp(1).face};
  auto tcp = udp(1);
  tcp.transport = sip::Transport::tcp;
  EXPECT_TRUE(edge.open_from_core(tcp, 1, faces, t0));
  EXPECT_EQ(edge.find(1), tcp);
  EXPECT_EQ(edge.standing(1), sip::Standing::proven);
  EXPECT_FALSE(edge.open_from_core(tcp, 2, faces, t0)) << "even numbers are ours";
  auto elsewhere = tcp;
  elsewhere.face.address = elsewhere.face.address.v4() + 1;
  EXPECT_FALSE(edge.open_from_core(elsewhere, 3, faces, t0));
  for (const auto& nowhere : {Endpoint{tcp.peer.address, 0}, Endpoint{{}, 5060}}) {
    auto key = tcp;
    key.peer = nowhere;
    EXPECT_FALSE(edge.open_from_core(key, 5, faces, t0));
  }
  auto tls = udp(2);
  tls.transport = sip::Transport::tls;
  EXPECT_FALSE(edge.open_from_core(tls, 7, faces, t0));
}

TEST(Edge, BothSidesMayNameTheSameFlow) {
  Edge edge{{}};
  const auto ours = edge.handle_message(udp(1), options, t0);
  EXPECT_TRUE(edge.open_from_core(udp(1), 1, {udp(1).face}, t0));
  EXPECT_EQ(edge.find(1), edge.find(ours->flow));
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

TEST(FlowsOverIpv6, OfANetworkOfOneHostHaveOneShare) {
  Edge::Settings settings;
  settings.flows.udp_flows_per_address = settings.flows.unproven_per_address = 4;
  settings.newcomers.per_source = {.per_second = 1000, .burst = 1000, .sources = 16};
  Edge edge{settings};
  const auto from = [](std::uint64_t network, std::uint64_t host) {
    return net::FlowKey{
        sip::Transport::udp, *parse_endpoint("[2001:db8::1]:5060"), {{0x20010db8'00010000 + network, host}, 5060}};
  };
  ASSERT_TRUE(edge.handle_message(udp(1), options, t0));
  for (std::uint64_t host = 1; host <= 100; ++host) edge.handle_message(from(0, host), options, t0);
  EXPECT_EQ(edge.flows(), 1u + 4u);
  EXPECT_TRUE(edge.find(udp(1)));
  ASSERT_TRUE(edge.handle_message(from(1, 1), options, t0));
  EXPECT_EQ(edge.flows(), 1u + 4u + 1u) << "the next network has its own";
}

}  // namespace
}  // namespace roamdesk::edge
