#include "common/log/log.hpp"

#include <gmock/gmock.h>

namespace roamdesk::log {
namespace {

constexpr std::string_view when = "2026-11-22T22:00:00.000Z";

TEST(Log, WritesOneLineOfKeysAndValues) {
  EXPECT_EQ(
      render(Format::text, when, Level::info, "sbc.connected",
             {{"sbc", SiteId{"branch-1"}}, {"peer", Endpoint{{0x7f000001}, 5060}}, {"rtt_ms", 12}, {"udp", true}}),
      "2026-11-22T22:00:00.000Z info sbc.connected sbc=branch-1 peer=127.0.0.1:5060 rtt_ms=12 udp=true");
}

TEST(Log, WritesJsonWithNumbersUnquoted) {
  EXPECT_EQ(render(Format::json, when, Level::warning, "x", {{"a", "b \"c\""}, {"n", 1.5}, {"t", false}}),
            R"({"time":"2026-11-22T22:00:00.000Z","level":"warning","event":"x","a":"b \"c\"","n":1.5,"t":false})");
}

TEST(Log, NumbersThatJsonDoesNotHaveAreText) {
  EXPECT_THAT(render(Format::json, when, Level::info, "x", {{"n", std::numeric_limits<double>::quiet_NaN()}}),
              testing::HasSubstr(R"("n":"nan")"));
}

TEST(Log, NothingFromOutsideBreaksALine) {
  const std::string hostile = "a\nerror forged=1\x1b[2J\xff";
  for (const Format format : {Format::text, Format::json}) {
    const std::string line = render(format, when, Level::info, "x", {{"v", hostile}});
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(line.find('\x1b'), std::string::npos);
    EXPECT_EQ(line.find('\xff'), std::string::npos);
    EXPECT_THAT(line, testing::HasSubstr("\\u000a"));
  }
}

TEST(Log, LongValuesAreCut) {
  EXPECT_LT(render(Format::text, when, Level::info, "x", {{"v", std::string(100'000, 'a')}}).size(), 3000u);
}

TEST(Log, SecretsPrintAsStars) {
  EXPECT_THAT(render(Format::text, when, Level::info, "x", {{"key", Secret{"hunter2"}}}),
              testing::AllOf(testing::HasSubstr("***"), testing::Not(testing::HasSubstr("hunter2"))));
}

TEST(Log, LevelsBelowTheSetOneAreSilent) {
  std::vector<std::string> lines;
  set_sink([&](std::string_view line) { lines.emplace_back(line); });
  configure({Level::warning, Format::text});
  info("quiet");
  warning("loud", {{"n", 1}});
  configure({});
  set_sink(nullptr);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], testing::EndsWith("warning loud n=1"));
}

}  // namespace
}  // namespace roamdesk::log
