#include <gtest/gtest.h>

#include "sbc/branch_streams.hpp"

// What an SBC does with its streams when another core takes the place of the one that has ended.
namespace roamdesk::sbc {
namespace {

constexpr Endpoint lan_at(std::uint16_t port) { return {IpAddress{0xc0a80105}, port}; }

struct Streams : testing::Test {
  Streams() { open(1, 20000), open(2, 20002), open(3, 20004); }
  static BranchStreams make() {
    LanConfig lan;
    lan.address = lan_at(0).address;
    lan.rtp = {20000, 20100};
    return BranchStreams{{lan}};
  }
  BranchStreams::Outcome open(std::uint32_t stream, std::uint16_t port) {
    return streams.handle(tunnel::StreamOpen{stream, lan_at(port)});
  }
  static std::vector<std::uint32_t> closed(const std::vector<media::Order>& orders) {
    std::vector<std::uint32_t> result;
    for (const auto& order : orders)
      if (const auto* close = std::get_if<media::CloseStream>(&order)) result.push_back(close->stream.value());
    return result;
  }
  BranchStreams streams = make();
};

TEST_F(Streams, ThatAreToldAgainGoOnAndTheOthersEnd) {
  streams.doubt_all();
  EXPECT_TRUE(open(1, 20000).orders.empty()) << "its socket, its connection and its keys are as they were";
  EXPECT_TRUE(open(3, 20004).orders.empty());
  EXPECT_EQ(closed(streams.close_doubted()), std::vector<std::uint32_t>{2});
  EXPECT_EQ(streams.size(), 2u);
  EXPECT_TRUE(streams.close_doubted().empty());
}

TEST_F(Streams, OfTheLastCoreMakeRoomForNewCalls) {
  streams.doubt_all();
  const auto outcome = open(7, 20002);
  ASSERT_EQ(outcome.orders.size(), 2u);
  EXPECT_EQ(closed(outcome.orders), std::vector<std::uint32_t>{2});
  EXPECT_TRUE(std::holds_alternative<media::OpenStream>(outcome.orders.back()));
  EXPECT_EQ(closed(streams.close_doubted()), (std::vector<std::uint32_t>{1, 3}));
}

TEST_F(Streams, AreNotTakenForOthersAtAnotherPort) {
  streams.doubt_all();
  const auto outcome = open(1, 20010);
  EXPECT_TRUE(outcome.orders.empty());
  EXPECT_TRUE(outcome.answer);
  EXPECT_EQ(closed(streams.close_doubted()).size(), 3u);
}

TEST_F(Streams, OfACoreThatKnowsNothingOfThemEndAtOnce) {
  EXPECT_EQ(closed(streams.clear()).size(), 3u);
  EXPECT_TRUE(streams.close_doubted().empty());
  EXPECT_EQ(open(1, 20000).orders.size(), 1u);
}

}  // namespace
}  // namespace roamdesk::sbc
