#include "common/media/spread.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace roamdesk::media {
namespace {

constexpr std::size_t threads = 3;

// Streams spread over three threads, and what each thread then believes.
class Spreading : public testing::Test {
 protected:
  static StreamId id(std::uint32_t number) { return StreamId{number}; }
  static OpenStream opening(std::uint32_t number, std::optional<std::uint32_t> beside = std::nullopt) {
    OpenStream open{id(number), local_site(), {}};
    if (beside) open.beside = id(*beside);
    return open;
  }
  // Carries out what comes of it, as the threads do; the thread of the last step.
  std::size_t give(const Order& order, std::optional<std::size_t> trunk = std::nullopt) {
    std::size_t last = threads;
    for (const auto& step : spread.handle(order, trunk)) {
      last = step.thread;
      if (const auto* join = std::get_if<Join>(&step.what))
        joined[join->stream] = join->peer;
      else if (const auto* keep = std::get_if<Keep>(&step.what))
        joined.erase(keep->stream);
      else if (const auto& plain = std::get<Order>(step.what); const auto* connect = std::get_if<Connect>(&plain))
        connected.insert({connect->a.value(), connect->b.value()});
      else if (const auto* apart = std::get_if<Disconnect>(&plain))
        joined.erase(apart->stream);
      else if (const auto* close = std::get_if<CloseStream>(&plain))
        joined.erase(close->stream);
    }
    return last;
  }
  std::vector<std::size_t> load() const { return {spread.streams(0), spread.streams(1), spread.streams(2)}; }

  Spread spread{threads};
  std::map<StreamId, StreamId> joined;
  std::set<std::pair<std::uint32_t, std::uint32_t>> connected;
};

TEST_F(Spreading, CallersGoWhereFewestAreAndCalleesBesideThem) {
  for (std::uint32_t i = 0; i < 30; i += 2) {
    const auto callers = give(opening(i + 1));
    EXPECT_EQ(give(opening(i + 2, i + 1)), callers);
  }
  EXPECT_EQ(load(), (std::vector<std::size_t>{10, 10, 10}));
  give(Connect{id(1), id(2)});
  EXPECT_TRUE(connected.contains({1, 2}));
  EXPECT_TRUE(joined.empty());
}

TEST_F(Spreading, AStreamOfABranchIsWhereItsBranchIs) {
  for (std::uint32_t i = 1; i < 10; ++i) EXPECT_EQ(give(opening(i, i - 1), 2), 2u);
  EXPECT_EQ(give(opening(10, 9)), 2u) << "who is called from there";
  EXPECT_NE(give(opening(11, 4711)), 2u) << "beside nobody";
}

TEST_F(Spreading, OrdersGoToWhoHasTheStream) {
  give(opening(1), 1);
  for (const Order& order : {Order{SetRemote{.stream = id(1)}}, Order{Play{.stream = id(1)}}, Order{Collect{id(1)}},
                             Order{StopPlaying{id(1)}}, Order{Record{.stream = id(1)}}, Order{StopRecording{id(1)}},
                             Order{opening(1)}, Order{CloseStream{id(1)}}})
    EXPECT_EQ(give(order), 1u);
  EXPECT_EQ(load(), (std::vector<std::size_t>{0, 0, 0}));
  EXPECT_EQ(give(Record{.stream = id(1)}), 0u) << "somebody must refuse it";
}

TEST_F(Spreading, LegsOnTwoThreadsAreToldOfEachOtherAndParted) {
  for (std::uint32_t i = 0; i < 3; ++i) give(opening(i + 1), i);
  give(Connect{id(1), id(2)});
  EXPECT_EQ(joined, (std::map<StreamId, StreamId>{{id(1), id(2)}, {id(2), id(1)}}));
  give(Connect{id(1), id(3)});
  EXPECT_EQ(joined, (std::map<StreamId, StreamId>{{id(1), id(3)}, {id(3), id(1)}})) << "2 has nobody any more";
  give(Disconnect{id(3)});
  EXPECT_TRUE(joined.empty());
  give(Connect{id(2), id(3)});
  give(CloseStream{id(2)});
  EXPECT_TRUE(joined.empty());
  EXPECT_EQ(load(), (std::vector<std::size_t>{1, 0, 1}));
}

TEST_F(Spreading, WhoIsConnectedOnItsOwnThreadLeavesTheFarOne) {
  give(opening(1), 0);
  give(opening(2), 1);
  give(opening(3), 0);
  give(Connect{id(1), id(2)});
  give(Connect{id(1), id(3)});
  EXPECT_TRUE(connected.contains({1, 3}));
  EXPECT_FALSE(joined.contains(id(2)));
  give(Connect{id(1), id(4711)});
  give(Connect{id(1), id(1)});
  EXPECT_EQ(connected.size(), 1u) << "connected with nobody, or itself";
}

// Streams at ports of their own, of which two pairs of sockets may be kept.
class Keeping : public Spreading {
 protected:
  Keeping() { spread = Spread{threads, 2}; }
  static OpenStream at_port(std::uint32_t number, std::uint16_t port,
                            std::optional<std::uint32_t> beside = std::nullopt) {
    auto open = opening(number, beside);
    open.local.port = port;
    return open;
  }
  bool keeps(std::uint32_t number) {
    const auto steps = spread.handle(CloseStream{id(number)}, {});
    return std::holds_alternative<Keep>(steps.back().what);
  }
};

TEST_F(Keeping, TheNextStreamAtAPortGoesToTheThreadThatKeptItsSockets) {
  give(at_port(1, 10000));
  EXPECT_EQ(give(at_port(2, 10004)), 1u);
  EXPECT_TRUE(keeps(2));
  EXPECT_EQ(give(at_port(3, 10004)), 1u) << "2 has as few";
  EXPECT_EQ(spread.kept(), 0u);
  EXPECT_EQ(load(), (std::vector<std::size_t>{1, 1, 0}));
}

TEST_F(Keeping, SoManyAreKeptAndNoMore) {
  for (std::uint32_t i = 1; i <= 3; ++i) give(at_port(i, static_cast<std::uint16_t>(10000 + 2 * i)));
  EXPECT_TRUE(keeps(1));
  EXPECT_TRUE(keeps(2));
  EXPECT_FALSE(keeps(3));
  EXPECT_EQ(spread.kept(), 2u);
  EXPECT_EQ(load(), (std::vector<std::size_t>{0, 0, 0}));
}

TEST_F(Keeping, SocketsThatAreWithTheWrongThreadArentKeptASecondTime) {
  give(at_port(1, 10000), 0);
  give(at_port(2, 10004, 1));
  EXPECT_TRUE(keeps(2));
  give(at_port(3, 20000), 2);
  EXPECT_EQ(give(at_port(4, 10004, 3)), 0u) << "its sockets are there";
  give(Connect{id(3), id(4)});
  EXPECT_EQ(joined, (std::map<StreamId, StreamId>{{id(3), id(4)}, {id(4), id(3)}})) << "the packets cross";
  EXPECT_FALSE(keeps(4));
  EXPECT_EQ(give(at_port(5, 10004, 3)), 2u);
}

TEST_F(Keeping, AStreamOfABranchHasNoSockets) {
  give(at_port(1, 10000), 1);
  EXPECT_FALSE(keeps(1));
  EXPECT_EQ(spread.kept(), 0u);
}

}  // namespace
}  // namespace roamdesk::media
