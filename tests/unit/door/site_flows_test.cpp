#include "pbx-core/door/site_flows.hpp"

#include <gtest/gtest.h>

namespace roamdesk::door {
namespace {

const Endpoint face{{0xc0a80105}, 5060}, sips{{0xc0a80105}, 5061}, desk{{0xc0a80110}, 5060},
    neighbour{{0xc0a80111}, 5060};

tunnel::FlowOpen announced(std::uint32_t number, Endpoint peer, tunnel::Transport transport = tunnel::Transport::udp) {
  tunnel::FlowOpen frame;
  frame.flow = tunnel::FlowNumber{number};
  frame.transport = transport;
  frame.face = transport == tunnel::Transport::tls ? sips : face;
  frame.peer = peer;
  return frame;
}

struct Flows : testing::Test {
  SiteFlows flows{SiteId{"branch-1"}};
};

TEST_F(Flows, OfUdpOutliveTheSessionUnderTheSameId) {
  const auto flow = flows.handle_open(announced(2, desk), sip::FlowId{7})->flow;
  EXPECT_TRUE(flows.begin_session({face}).empty());
  EXPECT_FALSE(flows.number_of(flow.id)) << "the new session hasn't heard of it";
  const auto frame = flows.announce(flow.id);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->face, face);
  EXPECT_EQ(frame->peer, desk);
  EXPECT_EQ(flows.number_of(flow.id), frame->flow);
  EXPECT_EQ(flows.find(frame->flow)->id, flow.id);
}

TEST_F(Flows, AreTheSameWhenTheSbcAnnouncesThemInItsNewSession) {
  flows.handle_open(announced(2, desk), sip::FlowId{7});
  flows.begin_session({face});
  const auto again = flows.handle_open(announced(2, desk), sip::FlowId{8});
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->is_new);
  EXPECT_EQ(again->flow.id, sip::FlowId{7});
}

TEST_F(Flows, NumbersOfTheOldSessionMeanNothingInTheNewOne) {
  flows.handle_open(announced(2, desk), sip::FlowId{7});
  flows.begin_session({face});
  EXPECT_FALSE(flows.find(tunnel::FlowNumber{2}));
  EXPECT_EQ(flows.handle_open(announced(2, neighbour), sip::FlowId{8})->flow.address.peer, neighbour);
}

TEST_F(Flows, ThatAreConnectionsEndWithTheSession) {
  flows.handle_open(announced(2, desk, tunnel::Transport::tls), sip::FlowId{7});
  flows.handle_open(announced(4, desk, tunnel::Transport::tcp), sip::FlowId{8});
  EXPECT_EQ(flows.begin_session({face, sips}).size(), 2u);
  EXPECT_EQ(flows.size(), 0u);
}

TEST_F(Flows, OfAFaceThatIsNoMoreEnd) {
  flows.handle_open(announced(2, desk), sip::FlowId{7});
  EXPECT_EQ(flows.begin_session({Endpoint{{0xc0a80205}, 5060}}).size(), 1u);
  EXPECT_EQ(flows.size(), 0u);
}

TEST_F(Flows, ThatNobodyUsedForAWholeSessionEnd) {
  flows.handle_open(announced(2, desk), sip::FlowId{7});
  flows.begin_session({face});
  const auto ended = flows.begin_session({face});
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_EQ(ended.front().id, sip::FlowId{7});
}

TEST_F(Flows, OfUdpCarryRequestsThatAreRepeatedAndEndsThatArent) {
  const auto udp = flows.handle_open(announced(2, desk), sip::FlowId{7})->flow.id;
  const auto tcp = flows.handle_open(announced(4, desk, tunnel::Transport::tcp), sip::FlowId{8})->flow.id;
  EXPECT_TRUE(flows.is_repeated(udp, "INVITE sip:101@10.0.0.9 SIP/2.0\r\n"));
  EXPECT_TRUE(flows.is_repeated(udp, "NOTIFY sip:101@10.0.0.9 SIP/2.0\r\n"));
  for (const auto* end : {"BYE sip:a SIP/2.0", "CANCEL sip:a SIP/2.0", "ACK sip:a SIP/2.0", "SIP/2.0 200 OK"})
    EXPECT_FALSE(flows.is_repeated(udp, end));
  EXPECT_FALSE(flows.is_repeated(tcp, "INVITE sip:101@10.0.0.9 SIP/2.0\r\n")) << "RFC 3261 §17.1.1.2: not over TCP";
}

TEST_F(Flows, ClosedBeforeTheyHadANumberAreForgotten) {
  const auto flow = flows.handle_open(announced(2, desk), sip::FlowId{7})->flow;
  flows.begin_session({face});
  EXPECT_FALSE(flows.close(flow.id)) << "there is nothing to tell";
  EXPECT_EQ(flows.size(), 0u);
  EXPECT_FALSE(flows.announce(flow.id));
}

TEST_F(Flows, AreBoundedWhateverAnSbcOpens) {
  std::uint32_t opened = 0;
  for (std::uint32_t i = 1; i <= SiteFlows::most + 1000; ++i)
    opened += flows.handle_open(announced(2 * i, {{0x0a000000 + i}, 5060}), sip::FlowId{i}).has_value();
  EXPECT_EQ(opened, SiteFlows::most);
  EXPECT_EQ(flows.size(), SiteFlows::most);
}

TEST_F(Flows, HaveAFewNumbersEach) {
  std::uint32_t taken = 0;
  for (std::uint32_t i = 1; i <= 1000; ++i)
    taken += flows.handle_open(announced(2 * i, desk), sip::FlowId{i}).has_value();
  EXPECT_EQ(taken, SiteFlows::most_numbers);
}

TEST_F(Flows, TellTheSbcWhoIsThereWhereThatChanges) {
  const auto flow = flows.handle_open(announced(2, desk), sip::FlowId{7})->flow;
  const auto proven = flows.prove(flow.address, sip::Standing::proven);
  ASSERT_TRUE(proven);
  EXPECT_EQ(*proven, (tunnel::FlowStanding{tunnel::FlowNumber{2}, sip::Standing::proven}));
  EXPECT_FALSE(flows.prove(flow.address, sip::Standing::proven)) << "told already";
  EXPECT_EQ(flows.prove(flow.address, sip::Standing::registered)->standing, sip::Standing::registered);
  EXPECT_FALSE(flows.prove(flow.address, sip::Standing::proven)) << "less than what is known";
  EXPECT_EQ(flows.release(flow.address)->standing, sip::Standing::proven);
  EXPECT_FALSE(flows.release(flow.address));
  EXPECT_FALSE(flows.prove({SiteId{"branch-1"}, sip::Transport::udp, face, neighbour}, sip::Standing::registered))
      << "no such flow";
}

TEST_F(Flows, TellAnSbcThatBeginsAnewAgain) {
  const auto flow = flows.handle_open(announced(2, desk), sip::FlowId{7})->flow;
  flows.prove(flow.address, sip::Standing::registered);
  flows.begin_session({face});
  EXPECT_FALSE(flows.prove(flow.address, sip::Standing::registered)) << "it has no number yet";
  const auto number = flows.announce(flow.id)->flow;
  EXPECT_EQ(flows.prove(flow.address, sip::Standing::proven),
            (tunnel::FlowStanding{number, sip::Standing::registered}));
}

}  // namespace
}  // namespace roamdesk::door
