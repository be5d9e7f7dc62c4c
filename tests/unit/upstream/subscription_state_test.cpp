#include "exchange/upstream/subscription_state.hpp"

#include <gtest/gtest.h>

namespace roamdesk::upstream {
namespace {

using namespace std::chrono_literals;

TEST(SubscriptionStateHeader, IsReadWithAllThatStandsInIt) {
  const auto active = read_subscription_state("active;expires=600");
  EXPECT_FALSE(active.terminated);
  EXPECT_EQ(active.expires, 600s);
  const auto over = read_subscription_state(" Terminated ; reason = GiveUp; retry-after=60 ;x");
  EXPECT_TRUE(over.terminated);
  EXPECT_EQ(over.reason, "giveup");
  EXPECT_EQ(over.retry_after, 60s);
  EXPECT_FALSE(read_subscription_state("pending").terminated);
}

TEST(SubscriptionStateHeader, IsActiveWhereItCannotBeRead) {
  for (const auto* text : {"", ";", "nonsense", "expires=x", ";;;=;reason", "terminatedd"}) {
    const auto state = read_subscription_state(text);
    EXPECT_FALSE(state.terminated) << text;
    EXPECT_FALSE(state.expires) << text;
  }
  EXPECT_EQ(read_subscription_state("active;expires=99999999999999").expires, 7 * 24h) << "bounded";
  EXPECT_FALSE(read_subscription_state("active;expires=-5").expires);
}

}  // namespace
}  // namespace roamdesk::upstream
