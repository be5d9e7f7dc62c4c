#include "common/names/memory.hpp"

#include <gmock/gmock.h>

namespace roamdesk::names {
namespace {

using namespace std::chrono_literals;
using sip::Transport;

const Query asked{"example.com", std::nullopt, std::nullopt};
const TimePoint start{};

Located found(std::uint32_t address, std::chrono::seconds ttl = 60s, Transport transport = Transport::udp) {
  return {.targets = {{transport, {IpAddress{address}, 5060}, "a.example.com", ttl}},
          .ttl = ttl,
          .problem = {},
          .stale = false};
}
Located failed(Fault fault) {
  return {.targets = {}, .ttl = ask_again_after, .problem = Problem{fault, "example.com"}, .stale = false};
}

TEST(Memory, RemembersForTheTtl) {
  Memory memory;
  EXPECT_FALSE(memory.recall(asked, start));
  EXPECT_EQ(memory.learn(asked, found(1), start), found(1));
  const auto recalled = memory.recall(asked, start + 45s);
  ASSERT_TRUE(recalled);
  EXPECT_EQ(recalled->targets, found(1).targets);
  EXPECT_EQ(recalled->ttl, 15s);
  EXPECT_FALSE(memory.recall(asked, start + 60s));
  Query other = asked;
  other.transport = Transport::tcp;
  EXPECT_FALSE(memory.recall(other, start));
}

TEST(Memory, TheLastGoodSetStaysWhileDnsIsDown) {
  for (const Fault fault :
       {Fault::no_answer, Fault::server_failed, Fault::bad_answer, Fault::too_many, Fault::leads_too_far}) {
    Memory memory;
    memory.learn(asked, found(1), start);
    TimePoint now = start + 60s;
    for (int day = 0; day < 30; ++day, now += 24h) {
      const Located kept = memory.learn(asked, failed(fault), now);
      EXPECT_EQ(kept.targets, found(1).targets);
      EXPECT_TRUE(kept.stale);
      EXPECT_EQ(kept.problem, (Problem{fault, "example.com"}));
      EXPECT_EQ(kept.ttl, ask_again_after);
      EXPECT_EQ(memory.recall(asked, now + 1s)->targets, found(1).targets);
      EXPECT_FALSE(memory.recall(asked, now + ask_again_after));
    }
    EXPECT_EQ(memory.learn(asked, found(2), now), found(2));
  }
}

TEST(Memory, WhatDnsSaysIsGoneIsForgotten) {
  for (const Fault fault : {Fault::no_such_name, Fault::no_address, Fault::not_offered}) {
    Memory memory;
    memory.learn(asked, found(1), start);
    EXPECT_EQ(memory.learn(asked, failed(fault), start + 60s), failed(fault));
    EXPECT_EQ(memory.learn(asked, failed(Fault::no_answer), start + 90s), failed(Fault::no_answer));
  }
}

// The provider's NAPTR says TLS; when it can't be had, calls don't go over UDP all of a sudden.
TEST(Memory, DnsThatIsHalfDownDoesntChangeTheTransport) {
  Memory memory;
  memory.learn(asked, found(1, 60s, Transport::tls), start);
  Located half = found(2);
  half.problem = Problem{Fault::server_failed, "example.com"};
  EXPECT_EQ(memory.learn(asked, half, start + 60s).targets, found(1, 60s, Transport::tls).targets);
  Located some = found(3, 60s, Transport::tls);
  some.problem = Problem{Fault::no_answer, "b.example.com"};
  EXPECT_EQ(memory.learn(asked, some, start + 90s), some);
  EXPECT_EQ(memory.learn(asked, found(4), start + 120s), found(4));
}

TEST(Memory, HoldsNoMoreThanItsLimit) {
  Memory memory{3};
  for (std::uint16_t i = 1; i <= 5; ++i)
    memory.learn({"s" + std::to_string(i), std::nullopt, std::nullopt}, found(i, std::chrono::seconds{100 * i}), start);
  EXPECT_EQ(memory.size(), 3U);
  EXPECT_FALSE(memory.recall({"s1", std::nullopt, std::nullopt}, start));
  EXPECT_TRUE(memory.recall({"s5", std::nullopt, std::nullopt}, start));
}

}  // namespace
}  // namespace roamdesk::names
