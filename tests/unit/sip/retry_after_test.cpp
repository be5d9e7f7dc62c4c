#include "common/sip/retry_after.hpp"

#include <gtest/gtest.h>

namespace roamdesk::sip {
namespace {

std::optional<std::int64_t> seconds_of(const std::string& value) {
  Message response;
  response.status = 503;
  response.set_header("Retry-After", value);
  const auto seconds = retry_after(response);
  return seconds ? std::optional{seconds->count()} : std::nullopt;
}

TEST(RetryAfter, IsReadInSecondsWhateverStandsBehindThem) {
  EXPECT_EQ(seconds_of("0"), 0);
  EXPECT_EQ(seconds_of("120"), 120);
  EXPECT_EQ(seconds_of(" 18000;duration=3600"), 3600);
  EXPECT_EQ(seconds_of("120 (I'm in a meeting)"), 120);
  EXPECT_EQ(seconds_of("5;duration=86400"), 5);
}

TEST(RetryAfter, CountsForAnHourAtMost) {
  for (const auto* value : {"3600", "3601", "86400", "4294967295", "4294967296", "99999999999999999999999"})
    EXPECT_EQ(seconds_of(value), 3600) << value;
}

TEST(RetryAfter, ThatIsNoNumberIsNotThere) {
  for (const auto* value : {"", " ", "soon", "-5", "(5)", ";duration=5", "Fri, 1 Jan 2027 00:00:00 GMT"})
    EXPECT_EQ(seconds_of(value), std::nullopt) << value;
  EXPECT_EQ(retry_after(Message{}), std::nullopt);
}

}  // namespace
}  // namespace roamdesk::sip
