#include "common/crypto/password.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace roamdesk::crypto {
namespace {

const Secret pin{"482913"}, pepper{"a key that isn't in the database"};
const Bytes salt(16, 7);

TEST(Password, VerifiesWhatItHashed) {
  for (const Kind kind : {Kind::pin, Kind::password}) {
    const auto stored = hash_password(kind, pin, pepper, salt);
    EXPECT_EQ(stored.substr(0, 16), kind == Kind::pin ? "scrypt$4096$8$1$" : "scrypt$16384$8$1");
    EXPECT_TRUE(verify_password(pin, pepper, stored));
    EXPECT_FALSE(verify_password(Secret{"482914"}, pepper, stored));
  }
}

TEST(Password, NeedsThePepper) {
  EXPECT_FALSE(verify_password(pin, Secret{"another key"}, hash_password(Kind::pin, pin, pepper, salt)));
}

TEST(Password, DiffersByTheSalt) {
  EXPECT_NE(hash_password(Kind::pin, pin, pepper, salt), hash_password(Kind::pin, pin, pepper, Bytes(16, 8)));
}

TEST(Password, NeverMatchesTheDecoy) {
  for (const Kind kind : {Kind::pin, Kind::password}) EXPECT_FALSE(verify_password(pin, pepper, decoy_hash(kind)));
}

TEST(Password, TheDecoyCostsWhatItsKindCosts) {
  for (const Kind kind : {Kind::pin, Kind::password}) {
    const auto stored = hash_password(kind, pin, pepper, salt);
    const auto parameters = [](const std::string& text) { return text.substr(0, text.find("$1$")); };
    EXPECT_EQ(parameters(stored), parameters(decoy_hash(kind)));
  }
}

TEST(Password, APinThatWasHashedWithAnotherCostStaysGood) {
  EXPECT_TRUE(verify_password(pin, pepper, hash_password(Kind::password, pin, pepper, salt)));
}

TEST(Password, ReadsOldParameters) {
  // RFC 7914 §12 is about unpeppered text; what matters here is that the parameters of the stored hash are the ones
  // used.
  auto cheap = std::string{"scrypt$16$8$1$"} + to_base64url(salt) + "$" + to_base64url(Bytes(32));
  EXPECT_FALSE(verify_password(pin, pepper, cheap));
}

TEST(Password, RefusesMalformedAndRuinousRecords) {
  const auto tail = "$" + to_base64url(salt) + "$" + to_base64url(Bytes(32));
  for (const auto& stored : {std::string{}, std::string{"scrypt"}, "bcrypt$16384$8$1" + tail, "scrypt$16384$8" + tail,
                             "scrypt$16385$8$1" + tail, "scrypt$1073741824$8$1" + tail, "scrypt$16384$99999$1" + tail,
                             "scrypt$16384$8$1000" + tail, std::string{"scrypt$16384$8$1$AAAA$AAAA"},
                             std::string{"scrypt$-1$8$1$AAAA$AAAA"}}) {
    EXPECT_FALSE(verify_password(pin, pepper, stored)) << stored;
  }
}

}  // namespace
}  // namespace roamdesk::crypto
