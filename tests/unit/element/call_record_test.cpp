#include "exchange/element/call_record.hpp"

#include <gtest/gtest.h>

#include "exchange/element/record_allowance.hpp"

namespace roamdesk::element {
namespace {
using namespace std::chrono_literals;

CallRecord record(int status, const std::string& to, bool rang, std::optional<WallTime> answered = {}) {
  calls::CallChanged ended;
  ended.ended = true;
  ended.status = status;
  ended.info.from = {"101", "Alice"};
  ended.info.to = {to, ""};
  ended.info.from_site = local_site();
  if (rang) ended.info.to_site = SiteId{"branch-1"};
  return record_of(ended, WallTime{10s}, answered, WallTime{30s});
}

TEST(CallRecord, SaysHowTheCallEnded) {
  EXPECT_EQ(record(0, "102", true, WallTime{12s}).outcome, CallOutcome::answered);
  EXPECT_EQ(record(486, "102", true).outcome, CallOutcome::busy);
  EXPECT_EQ(record(487, "102", true).outcome, CallOutcome::cancelled);
  EXPECT_EQ(record(480, "102", true).outcome, CallOutcome::no_answer);
  EXPECT_EQ(record(480, "102", false).outcome, CallOutcome::unavailable);
  EXPECT_EQ(record(603, "102", true).outcome, CallOutcome::refused);
  EXPECT_EQ(record(500, "102", true).outcome, CallOutcome::failed);
}

TEST(CallRecord, HasNoPinInIt) {
  EXPECT_EQ(record(0, "*77*101*7391", true).to, "*77*101*");
  EXPECT_EQ(record(0, "*77*101*7391*", true).to, "*77*101*");
  EXPECT_EQ(record(0, "*77*5*", true).to, "*77*5*");
  EXPECT_EQ(record(0, "*77*", true).to, "*77*");
}

TEST(CallRecord, ShowsANumberThatCanBeShownWhateverWasDialled) {
  EXPECT_EQ(record(404, "%2A77%2a101%2A7391", false).to, "*77*101*");
  EXPECT_EQ(record(404, "9%00\xff\n1", false).to, "9???1");
  EXPECT_EQ(record(404, std::string(5000, '7'), false).to, std::string(64, '7'));
}

TEST(RecordAllowance, EndsForThePhoneThatDialsOnAndOnAndOnlyUntilItsMinuteIsOver) {
  RecordAllowance allowance;
  calls::CallInfo busy, other, stranger;
  busy.from_peer = calls::PeerId{1};
  other.from_peer = calls::PeerId{2};
  stranger.from.number = "192.0.2.7";
  const TimePoint start{};
  for (std::size_t i = 0; i < RecordAllowance::most; ++i) EXPECT_TRUE(allowance.take(busy, start));
  EXPECT_FALSE(allowance.take(busy, start + 59s));
  EXPECT_TRUE(allowance.take(other, start + 59s));
  EXPECT_TRUE(allowance.take(stranger, start + 59s));
  EXPECT_TRUE(allowance.take(busy, start + 60s));
}

}  // namespace
}  // namespace roamdesk::element
