#include "common/sip/answered_requests.hpp"

#include <gtest/gtest.h>

#include <string>

namespace roamdesk::sip {
namespace {
using namespace std::chrono_literals;
const TimePoint start{};

TEST(AnsweredRequests, AreFoundUntilTheirTime) {
  AnsweredRequests answered;
  EXPECT_EQ(answered.deadline(), std::nullopt);
  answered.add("first", "SIP/2.0 200 OK", start + 32s);
  answered.add("second", "SIP/2.0 403 Forbidden", start + 33s);
  EXPECT_EQ(answered.find("first"), "SIP/2.0 200 OK");
  EXPECT_EQ(answered.find("second"), "SIP/2.0 403 Forbidden");
  EXPECT_EQ(answered.find("third"), std::nullopt);
  EXPECT_EQ(answered.deadline(), start + 32s);

  answered.forget(start + 32s);
  EXPECT_EQ(answered.find("first"), std::nullopt);
  EXPECT_EQ(answered.find("second"), "SIP/2.0 403 Forbidden");
  EXPECT_EQ(answered.deadline(), start + 33s);

  answered.forget(start + 1h);
  EXPECT_EQ(answered.size(), 0u);
  EXPECT_EQ(answered.deadline(), std::nullopt);
}

TEST(AnsweredRequests, ThatAreForgottenMayComeAgain) {
  AnsweredRequests answered;
  answered.add("key", "one", start);
  answered.forget(start);
  answered.add("key", "two", start + 1s);
  EXPECT_EQ(answered.find("key"), "two");
}

TEST(AnsweredRequests, AreKeptHoweverManyAndLongTheyAre) {
  AnsweredRequests answered;
  const auto answer = [](int i) { return std::string(static_cast<std::size_t>(i % 7 == 0 ? 70'000 : i % 900), 'a'); };
  const auto key = [](int i) { return "z9hG4bK" + std::to_string(i); };
  constexpr int many = 5000;
  // Each stays for a thousand of the next ones: blocks end while others begin.
  for (int i = 0; i < many; ++i) {
    const TimePoint now = start + i * 1ms;
    answered.forget(now);
    answered.add(key(i), answer(i), now + 1s);
    ASSERT_LE(answered.size(), 1000u);
    ASSERT_EQ(answered.find(key(i)), answer(i)) << i;
    if (i < 1000) continue;
    ASSERT_EQ(answered.find(key(i - 999)), answer(i - 999)) << i;
    ASSERT_EQ(answered.find(key(i - 1000)), std::nullopt) << i;
  }
}

TEST(AnsweredRequests, CountTheBytesThatTheyTake) {
  AnsweredRequests answered;
  EXPECT_EQ(answered.bytes(), 0u);
  answered.add("key", std::string(200'000, 'a'), start + 1s);
  answered.add("other", "short", start + 2s);
  EXPECT_GT(answered.bytes(), 200'000u);
  answered.forget(start + 1s);
  EXPECT_LT(answered.bytes(), 100'000u);
  answered.forget(start + 2s);
  EXPECT_EQ(answered.bytes(), 0u);
}

TEST(AnsweredRequests, MayBeEmpty) {
  AnsweredRequests answered;
  answered.add("", "", start + 1s);
  EXPECT_EQ(answered.find(""), "");
}

}  // namespace
}  // namespace roamdesk::sip
