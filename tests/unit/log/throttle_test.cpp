#include "common/log/throttle.hpp"

#include <gmock/gmock.h>

#include <atomic>

#include "common/log/log.hpp"

namespace roamdesk::log {
namespace {
using namespace std::chrono_literals;

const TimePoint start{1h};

TEST(Throttle, WritesTheFirstLineOfAFewSourcesAndCountsTheRest) {
  Throttle throttle{{}};
  EXPECT_TRUE(throttle.admit("sip.malformed", "10.0.0.1", start));
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(throttle.admit("sip.malformed", "10.0.0.1", start + 1s));
  EXPECT_TRUE(throttle.admit("sip.malformed", "10.0.0.2", start + 2s));
  EXPECT_TRUE(throttle.admit("sip.wrong_credentials", "10.0.0.1", start + 2s)) << "another event";
  EXPECT_TRUE(throttle.due(start + 59s).empty());
  const auto due = throttle.due(start + 60s);
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].event, "sip.malformed");
  EXPECT_EQ(due[0].more, 1000u);
  EXPECT_EQ(due[0].sources, 2u);
  EXPECT_EQ(due[0].last_source, "10.0.0.1");
  EXPECT_TRUE(throttle.admit("sip.malformed", "10.0.0.1", start + 61s)) << "a new window";
}

TEST(Throttle, AnyFloodOfAnyEventsStaysUnderAHundredLinesAMinute) {
  Throttle throttle{{}};
  int lines = 0;
  // Ten kinds, 20,000 lines a second from as many sources as there are lines.
  for (int i = 0; i < 600'000; ++i) {
    const auto now = start + i * 100us;
    lines += throttle.admit("event" + std::to_string(i % 10), std::to_string(i), now);
    lines += static_cast<int>(throttle.due(now).size());
  }
  for (const auto& summary : throttle.due(start + 61s)) {
    ++lines;
    EXPECT_TRUE(summary.yet_more_sources);
    EXPECT_EQ(summary.sources, 64u);
  }
  EXPECT_LE(lines, 100);
}

TEST(Throttle, HasNothingToWaitForWhereNothingHappens) {
  Throttle throttle{{}};
  EXPECT_EQ(throttle.deadline(), std::nullopt);
  throttle.admit("a", "b", start);
  EXPECT_EQ(throttle.deadline(), start + 60s);
  EXPECT_TRUE(throttle.due(start + 60s).empty()) << "one line, no summary";
  EXPECT_EQ(throttle.deadline(), std::nullopt);
}

TEST(Shown, CutsNamesAndIsNotBlownUpByEscapes) {
  EXPECT_EQ(shown("user 101"), "user 101");
  EXPECT_EQ(shown(std::string(500, 'a')), std::string(64, 'a').append("..."));
  EXPECT_EQ(shown("a\x01\xff\n\x7f"), "a????");
  EXPECT_LE(shown(std::string(500, '\x01')).size(), 67u);
}

TEST(Repeated, WritesOneLineForAThousand) {
  std::atomic<int> lines{0};
  std::string first;
  set_sink([&](std::string_view line) {
    if (lines++ == 0) first = line;
  });
  for (int i = 0; i < 1000; ++i)
    repeated(Level::warning, "test.flood", "10.0.0.1", {{"user", std::string(500, '\x02')}, {"n", i}});
  set_sink({});
  EXPECT_EQ(lines, 1);
  EXPECT_LT(first.size(), 150u);
  EXPECT_THAT(first, testing::HasSubstr("n=0"));
}

}  // namespace
}  // namespace roamdesk::log
