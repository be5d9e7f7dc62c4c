#include "pbx-core/administration/history.hpp"

#include <gtest/gtest.h>

namespace roamdesk::administration {
namespace {
using namespace std::chrono_literals;

const WallTime noon = WallTime{} + std::chrono::days{20000} + 12h;

TEST(History, KeepsTheMostOfEachStep) {
  History history;
  history.sample(noon, 3, 10);
  history.sample(noon + 5s, 7, 9);
  history.sample(noon + 299s, 1, 8);
  history.sample(noon + 300s, 2, 11);
  const auto past = history.last_day(noon + 301s);
  ASSERT_EQ(past.calls.size(), 288u);
  EXPECT_EQ(past.step_s, 300u);
  EXPECT_EQ(past.from, noon + 300s - 287 * 300s);
  EXPECT_EQ(past.calls[286], 7u);
  EXPECT_EQ(past.desks_in_use[286], 10u);
  EXPECT_EQ(past.calls[287], 2u);
  EXPECT_EQ(past.calls[285], std::nullopt) << "nobody looked then";
}

TEST(History, CountsLoginsSinceMidnightAndInSteps) {
  History history;
  for (const auto at : {noon, noon + 1s, noon + 6min, noon - 13h}) history.login(at);
  EXPECT_EQ(history.logins_since(noon - 12h), 3u);
  EXPECT_EQ(history.logins_since(noon - 24h), 4u);
  const auto past = history.last_day(noon + 6min);
  EXPECT_EQ(past.logins[286], 2u);
  EXPECT_EQ(past.logins[287], 1u);
}

TEST(History, IsBoundedWhateverTheClockDoes) {
  History history;
  for (int day = 0; day < 30; ++day)
    for (int step = 0; step < 288; ++step) history.sample(noon + day * 24h + step * 300s, 1, 1);
  history.login(noon);  // older than all that is kept
  const auto end = noon + 30 * 24h - 1s;
  EXPECT_EQ(history.logins_since(noon), 0u);
  const auto past = history.last_day(end);
  for (const auto& calls : past.calls) EXPECT_EQ(calls, 1u);
}

}  // namespace
}  // namespace roamdesk::administration
