#include "common/crypto/totp.hpp"

#include <gtest/gtest.h>

namespace roamdesk::crypto {
namespace {

const Bytes secret{as_bytes("12345678901234567890").begin(), as_bytes("12345678901234567890").end()};

WallTime at(std::int64_t seconds) { return WallTime{std::chrono::seconds{seconds}}; }

TEST(Totp, MatchesRfc6238AppendixB) {
  const std::pair<std::int64_t, const char*> vectors[] = {{59, "94287082"},         {1111111109, "07081804"},
                                                          {1111111111, "14050471"}, {1234567890, "89005924"},
                                                          {2000000000, "69279037"}, {20000000000, "65353130"}};
  for (const auto& [seconds, code] : vectors) EXPECT_EQ(totp_code(secret, totp_step(at(seconds)), 8), code) << seconds;
}

TEST(Totp, MatchesRfc4226AppendixD) {
  const char* codes[] = {"755224", "287082", "359152", "969429", "338314",
                         "254676", "287922", "162583", "399871", "520489"};
  for (int i = 0; i < 10; ++i) EXPECT_EQ(totp_code(secret, i), codes[i]);
}

TEST(Totp, TakesTheNeighbouringStepsAndNoOthers) {
  const std::int64_t step = 1000;
  const WallTime now = at(step * 30 + 15);
  for (std::int64_t offset = -3; offset <= 3; ++offset) {
    const auto found = totp_match(secret, totp_code(secret, step + offset), now, 0);
    EXPECT_EQ(found, offset >= -1 && offset <= 1 ? std::optional{step + offset} : std::nullopt);
  }
  EXPECT_FALSE(totp_match(secret, "", now, 0));
  EXPECT_FALSE(totp_match(secret, "000000", now, 0));
  EXPECT_FALSE(totp_match(secret, totp_code(secret, step) + "0", now, 0));
}

TEST(Totp, TakesACodeOnce) {
  const std::int64_t step = 1000;
  const std::string code = totp_code(secret, step);
  EXPECT_EQ(totp_match(secret, code, at(step * 30), step - 1), step);
  EXPECT_FALSE(totp_match(secret, code, at(step * 30), step));
  // Nor does one of before it work any more.
  EXPECT_FALSE(totp_match(secret, totp_code(secret, step - 1), at(step * 30), step));
  EXPECT_EQ(totp_match(secret, totp_code(secret, step + 1), at(step * 30), step), step + 1);
}

}  // namespace
}  // namespace roamdesk::crypto
