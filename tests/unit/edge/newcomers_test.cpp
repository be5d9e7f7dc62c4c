#include "common/edge/newcomers.hpp"

#include <gtest/gtest.h>

#include <random>

#include "common/edge/edge.hpp"
#include "common/edge/request_line.hpp"
#include "tests/unit/edge/sources.hpp"

namespace roamdesk::edge {
namespace {
using namespace std::chrono_literals;

std::string request(std::string_view method, std::string_view uri, std::uint64_t branch) {
  return std::string{method} + " " + std::string{uri} + " SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK" +
         std::to_string(branch) + "\r\n\r\n";
}

// 20,000 forged datagrams a second from 100,000 sources, each new; `phone` is asked each millisecond.
template <class Phone>
void flood(Edge& edge, std::string_view method, std::string_view uri, std::chrono::milliseconds time, Phone phone) {
  std::mt19937 random{42};
  std::uint64_t branch = 0;
  for (auto ms = 0ms; ms < time; ++ms) {
    for (int i = 0; i < 20; ++i) {
      const auto source = static_cast<std::uint32_t>(random() % 100'000);
      edge.handle_message(udp(0x10000 + source), request(method, uri, ++branch), t0 + ms);
    }
    phone(ms);
    while (edge.poll_closed()) {
    }
  }
}

// Says `text` by the timers of RFC 3261 §17.1; how long until it was heard.
struct Sayer {
  net::FlowKey key;
  std::string text;
  std::chrono::milliseconds begun{0}, next{0}, wait{500};
  std::optional<std::chrono::milliseconds> heard{};
  bool say(Edge& edge, std::chrono::milliseconds ms) {
    if (heard || ms < next) return false;
    if (edge.handle_message(key, text, t0 + ms)) heard = ms - begun;
    next = ms + wait;
    wait = std::min<std::chrono::milliseconds>(wait * 2, 4s);
    return heard.has_value();
  }
};

class UnderAFlood : public testing::TestWithParam<const char*> {};

TEST_P(UnderAFlood, ANewPhoneIsHeardWithinItsSecondTry) {
  Edge edge{{}};
  std::vector<Sayer> phones;
  for (std::uint32_t i = 0; i < 40; ++i)
    phones.push_back({udp(i + 1), request("REGISTER", "sip:pbx", 1'000'000'000 + i), 1s + i * 100ms, 1s + i * 100ms});
  flood(edge, GetParam(), "sip:101@pbx", 9s, [&](auto ms) {
    for (auto& phone : phones) phone.say(edge, ms);
  });
  for (const auto& phone : phones) {
    ASSERT_TRUE(phone.heard);
    EXPECT_LE(*phone.heard, 500ms);
  }
}

TEST_P(UnderAFlood, AStrangersEmergencyCallIsHeardAtOnce) {
  Edge edge{{}};
  std::vector<Sayer> callers;
  for (std::uint32_t i = 0; i < 20; ++i)
    callers.push_back({udp(i + 1), request("INVITE", i % 2 ? "sip:112@pbx" : "urn:service:sos", 1'000'000'000 + i),
                       1s + i * 100ms, 1s + i * 100ms});
  flood(edge, GetParam(), "sip:101@pbx", 4s, [&](auto ms) {
    for (auto& caller : callers) caller.say(edge, ms);
  });
  for (const auto& caller : callers) EXPECT_EQ(caller.heard, 0ms);
}

TEST_P(UnderAFlood, ARegisteredPhoneIsHeardEachTime) {
  Edge edge{{}};
  edge.prove(edge.handle_message(udp(1), request("REGISTER", "sip:pbx", 1), t0)->flow, sip::Standing::registered);
  int said = 0, heard = 0;
  flood(edge, GetParam(), "sip:101@pbx", 5s, [&](auto ms) {
    if (ms % 20ms != 0ms) return;
    ++said;
    heard += edge.handle_message(udp(1), request("INVITE", "sip:102@pbx", 2'000'000'000 + said), t0 + ms).has_value();
  });
  EXPECT_EQ(heard, said);
}

TEST_P(UnderAFlood, NoMoreEntersThanTheShares) {
  Edge edge{{}};
  flood(edge, GetParam(), "sip:101@pbx", 10s, [](auto) {});
  EXPECT_LE(edge.counters().passed, 600 + 400 + 600 + 10 * (300 + 200 + 300));
}

INSTANTIATE_TEST_SUITE_P(Methods, UnderAFlood, testing::Values("OPTIONS", "REGISTER", "INVITE", "SUBSCRIBE"));

TEST(Newcomers, AFloodOfEmergencyCallsLeavesTheNextOneItsSecondTry) {
  Edge edge{{}};
  Sayer caller{udp(1), request("INVITE", "sip:112@pbx", 1'000'000'000), 3s, 3s};
  flood(edge, "INVITE", "sip:112@pbx", 5s, [&](auto ms) { caller.say(edge, ms); });
  ASSERT_TRUE(caller.heard);
  EXPECT_LE(*caller.heard, 500ms);
}

TEST(Newcomers, OneSourceThatFloodsLeavesTheOthersTheirShares) {
  Edge edge{{}};
  Sayer phone{udp(1), request("REGISTER", "sip:pbx", 1'000'000'000), 2s, 2s};
  std::uint64_t branch = 0;
  for (auto ms = 0ms; ms < 3s; ++ms) {
    for (int i = 0; i < 20; ++i, ++branch)
      edge.handle_message(udp(9, static_cast<std::uint16_t>(1 + branch % 60'000)), request("OPTIONS", "sip:a", branch),
                          t0 + ms);
    phone.say(edge, ms);
  }
  EXPECT_EQ(phone.heard, 0ms);
}

TEST(Newcomers, AKnownPhoneThatBootsIsHeardInAFloodThatIsInItsName) {
  Edge edge{{}};
  edge.prove(edge.handle_message(udp(1), request("REGISTER", "sip:pbx", 1), t0)->flow, sip::Standing::registered);
  Sayer phone{udp(1, 5070), request("REGISTER", "sip:pbx", 2), 5s, 5s};
  std::uint64_t branch = 0;
  for (auto ms = 0ms; ms < 7s; ++ms) {
    for (int i = 0; i < 3; ++i, ++branch)
      edge.handle_message(udp(1, static_cast<std::uint16_t>(10'000 + branch % 50'000)),
                          request("OPTIONS", "sip:a", branch), t0 + ms);
    phone.say(edge, ms);
  }
  ASSERT_TRUE(phone.heard);
  EXPECT_LE(*phone.heard, 500ms);
}

TEST(Newcomers, AConnectionIsNoDatagram) {
  Edge edge{{}};
  flood(edge, "REGISTER", "sip:pbx", 2s, [](auto) {});
  net::FlowKey tcp = udp(1);
  tcp.transport = sip::Transport::tcp;
  edge.open_connection(tcp, t0 + 2s);
  EXPECT_TRUE(edge.handle_message(tcp, request("REGISTER", "sip:pbx", 1), t0 + 2s));
}

TEST(Repeats, AreTheSameBytesOfTheSameFlowAtTheDistanceOfARepetition) {
  Repeats repeats{{}};
  EXPECT_FALSE(repeats.heard(udp(1), "a", t0));
  EXPECT_FALSE(repeats.heard(udp(1), "a", t0 + 10ms)) << "a burst";
  EXPECT_FALSE(repeats.heard(udp(1), "b", t0 + 500ms));
  EXPECT_FALSE(repeats.heard(udp(2), "a", t0 + 500ms));
  EXPECT_FALSE(repeats.heard(udp(1, 5061), "a", t0 + 500ms));
  EXPECT_TRUE(repeats.heard(udp(1), "a", t0 + 500ms));
  EXPECT_TRUE(repeats.heard(udp(1), "a", t0 + 1500ms));
  EXPECT_TRUE(repeats.heard(udp(1), "a", t0 + 3500ms));
  EXPECT_FALSE(repeats.heard(udp(1), "a", t0 + 8500ms)) << "a flood that goes round";
}

TEST(RequestLine, TellsWhoCallsForHelp) {
  const std::vector<std::string> numbers{"112", "911"};
  for (const auto* uri : {"sip:112@pbx", "sips:911@10.0.0.1:5061", "tel:112", "sip:112;phone-context=x@pbx",
                          "urn:service:sos", "URN:SERVICE:SOS.fire"})
    EXPECT_TRUE(calls_for_help(request("INVITE", uri, 1), numbers)) << uri;
  for (const auto* uri : {"sip:1120@pbx", "sip:101@112", "112", "urn:service:counseling", ""})
    EXPECT_FALSE(calls_for_help(request("INVITE", uri, 1), numbers)) << uri;
  EXPECT_FALSE(calls_for_help(request("OPTIONS", "sip:112@pbx", 1), numbers));
  EXPECT_FALSE(calls_for_help("SIP/2.0 200 OK\r\n\r\n", numbers));
}

// A morning on which everybody comes at once: a minute later it takes no memory any more.
TEST(Newcomers, GiveBackWhatABurstHasTaken) {
  Newcomers newcomers{{}};
  for (std::uint32_t i = 0; i < 5000; ++i)
    newcomers.admit({udp(i), request("REGISTER", "sip:pbx", i)}, t0 + std::chrono::milliseconds{i});
  EXPECT_GT(newcomers.sources(), 1000u);
  newcomers.handle_timeout(t0 + 1min);
  EXPECT_EQ(newcomers.sources(), 0u);
}

TEST(Repeats, TakeMemoryOnlyWhileSomethingMayBeRepeated) {
  Repeats repeats{{}};
  EXPECT_EQ(repeats.bytes(), 0u);
  EXPECT_FALSE(repeats.heard(udp(1), "REGISTER", t0));
  repeats.handle_timeout(t0 + 500ms);
  EXPECT_TRUE(repeats.heard(udp(1), "REGISTER", t0 + 500ms)) << "what may be repeated is remembered";
  EXPECT_GT(repeats.bytes(), 0u);
  repeats.handle_timeout(t0 + 3100ms);
  EXPECT_EQ(repeats.bytes(), 0u);
  EXPECT_FALSE(repeats.heard(udp(1), "REGISTER", t0 + 4s));
  EXPECT_TRUE(repeats.heard(udp(1), "REGISTER", t0 + 4500ms));
}

}  // namespace
}  // namespace roamdesk::edge
