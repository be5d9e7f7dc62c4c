#include "common/crypto/random.hpp"

#include <gtest/gtest.h>

#include <set>

namespace roamdesk::crypto {
namespace {

TEST(Random, GivesNothingTwiceAcrossItsStock) {
  std::set<std::string> seen;
  for (int i = 0; i < 5000; ++i) EXPECT_TRUE(seen.insert(random_hex(16)).second) << i;
}

TEST(Random, GivesWhatWasAskedForWhateverIsLeft) {
  for (const std::size_t size : {0U, 1U, 63U, 64U, 65U, 1000U, 5000U}) {
    for (int i = 0; i < 20; ++i) EXPECT_EQ(random_bytes(size).size(), size);
  }
  // 40 times 64 bytes that weren't filled would show.
  std::size_t zeros = 0;
  for (int i = 0; i < 40; ++i)
    for (const auto byte : random_bytes(64)) zeros += byte == 0;
  EXPECT_LT(zeros, 60U);
}

}  // namespace
}  // namespace roamdesk::crypto
