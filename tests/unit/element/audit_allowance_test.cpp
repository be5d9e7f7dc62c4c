#include "exchange/element/audit_allowance.hpp"

#include <gtest/gtest.h>

namespace roamdesk::element {
namespace {

using namespace std::chrono_literals;
using Repeats = AuditAllowance::Repeats;

TEST(AuditAllowance, WritesTheFirstCallAtOnceAndTheRestAsANumber) {
  AuditAllowance audit;
  TimePoint now{};
  EXPECT_TRUE(audit.take("a", now));
  EXPECT_TRUE(audit.take("b", now));
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(audit.take("a", now += 10ms));
  EXPECT_TRUE(audit.handle_timeout(now).empty());
  now += 60s;
  EXPECT_EQ(audit.handle_timeout(now), (std::vector<Repeats>{{"a", 1000}}));
  EXPECT_FALSE(audit.deadline());
  EXPECT_TRUE(audit.take("a", now));
}

TEST(AuditAllowance, StaysBoundedWhenEveryCallHasAnotherSource) {
  AuditAllowance audit;
  const TimePoint now{};
  std::size_t written = 0;
  for (int i = 0; i < 100'000; ++i) written += audit.take(std::to_string(i), now);
  written += audit.handle_timeout(now + 60s).size();
  EXPECT_LE(written, AuditAllowance::most_sources + 2);
}

}  // namespace
}  // namespace roamdesk::element
