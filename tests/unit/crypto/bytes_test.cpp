#include "common/crypto/bytes.hpp"

#include <gtest/gtest.h>

namespace roamdesk::crypto {
namespace {

TEST(Hex, GoesBothWays) {
  const Bytes bytes{0x00, 0x7f, 0x80, 0xff};
  EXPECT_EQ(to_hex(bytes), "007f80ff");
  EXPECT_EQ(from_hex("007F80ff"), bytes);
}

TEST(Hex, RefusesOddLengthsAndForeignCharacters) {
  EXPECT_EQ(from_hex("abc"), std::nullopt);
  EXPECT_EQ(from_hex("0g"), std::nullopt);
  EXPECT_EQ(from_hex("0 "), std::nullopt);
}

// RFC 4648 §10, without the padding.
TEST(Base64Url, MatchesTheRfcsVectors) {
  const std::pair<std::string_view, std::string_view> vectors[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    EXPECT_EQ(to_base64url(as_bytes(plain)), coded);
    const auto back = from_base64url(coded);
    ASSERT_TRUE(back);
    EXPECT_EQ(as_text(*back), plain);
  }
  EXPECT_EQ(to_base64url(Bytes{0xfb, 0xff}), "-_8");
}

TEST(Base64Url, HasOneTextForAValue) {
  EXPECT_EQ(from_base64url("Zh"), std::nullopt);    // unused bits set
  EXPECT_EQ(from_base64url("Zg=="), std::nullopt);  // padding
  EXPECT_EQ(from_base64url("Zm9vY"), std::nullopt);
  EXPECT_EQ(from_base64url("+/8"), std::nullopt);  // the other alphabet
}

TEST(EqualConstantTime, TellsDifferenceAndLength) {
  EXPECT_TRUE(equal_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_constant_time("abc", "abcd"));
  EXPECT_TRUE(equal_constant_time("", ""));
}

TEST(Base32, MatchesRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "MY"},
                                                         {"fo", "MZXQ"},
                                                         {"foo", "MZXW6"},
                                                         {"foob", "MZXW6YQ"},
                                                         {"fooba", "MZXW6YTB"},
                                                         {"foobar", "MZXW6YTBOI"}};
  for (const auto& [plain, coded] : vectors) EXPECT_EQ(to_base32(as_bytes(plain)), coded);
}

}  // namespace
}  // namespace roamdesk::crypto
