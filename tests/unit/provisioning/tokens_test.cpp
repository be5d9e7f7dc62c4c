#include "exchange/provisioning/tokens.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <set>
#include <string>
#include <vector>

#include "exchange/provisioning/web_password.hpp"

namespace roamdesk::provisioning {
namespace {
using namespace std::chrono_literals;

const WallTime begin{std::chrono::milliseconds{1'700'000'000'000}};

Phone phone_with(const std::string& key) {
  Phone phone{.mac = *Mac::parse("805ec0112233")};
  draw_token(phone, key, begin);
  return phone;
}

TEST(Tokens, AreDifferentEachTimeAlsoInTheSameMomentAndWhenTheClockIsSetBack) {
  Phone phone = phone_with("key");
  std::set<std::string> seen{phone.token.str()};
  for (const auto at : {begin, begin, begin - 1h, begin + 1h, begin}) {
    draw_token(phone, "another key, which it doesn't need", at);
    EXPECT_TRUE(seen.insert(phone.token.str()).second);
  }
}

TEST(Tokens, NameTheirPhoneHoweverManyWereDrawnSince) {
  Phone phone = phone_with("key");
  const auto first = phone.token.str();
  for (int i = 1; i <= 1000; ++i) draw_token(phone, "", begin + i * 1min);
  EXPECT_TRUE(is_token_of(phone, first));
  EXPECT_TRUE(is_token_of(phone, phone.token.str()));
}

// What a restored backup doesn't know: the phone has been given another one since.
TEST(Tokens, NameTheirPhoneAlsoWhereItsRecordIsOlderThanThey) {
  Phone phone = phone_with("key");
  const Phone backup = phone;
  draw_token(phone, "", begin + 24h);
  EXPECT_TRUE(is_token_of(backup, phone.token.str()));
}

TEST(Tokens, OfAnotherPhoneOrChangedOrMadeUpAreNobodys) {
  const Phone phone = phone_with("key"), other = phone_with("other");
  EXPECT_FALSE(is_token_of(phone, other.token.str()));
  const auto token = phone.token.str();
  for (std::size_t i = 0; i < token.size(); ++i) {
    auto changed = token;
    changed[i] = changed[i] == '0' ? '1' : '0';
    EXPECT_FALSE(is_token_of(phone, changed)) << i;
    EXPECT_FALSE(is_token_of(phone, token.substr(0, i))) << i;
    EXPECT_FALSE(is_token_of(phone, token.substr(i + 1))) << i;
  }
  for (const auto& made_up :
       std::vector<std::string>{"", "0", "-1", std::string(43, 'f'), std::string(32, '0'), std::string(500, '0')})
    EXPECT_FALSE(is_token_of(phone, made_up)) << made_up;
  EXPECT_FALSE(is_token_of(Phone{.mac = phone.mac}, token)) << "a phone that never had one";
}

TEST(Tokens, FromBeforeOneThatWasUsedAreNobodys) {
  Phone phone = phone_with("key");
  const auto first = phone.token.str();
  draw_token(phone, "", begin + 1min);
  const auto second = phone.token.str();
  draw_token(phone, "", begin + 2min);
  note_use(phone, second);
  EXPECT_FALSE(is_token_of(phone, first));
  EXPECT_TRUE(is_token_of(phone, second)) << "a phone that keeps its URL is served by it for ever";
  EXPECT_TRUE(is_token_of(phone, phone.token.str()));
  note_use(phone, std::string(43, '0'));
  EXPECT_TRUE(is_token_of(phone, second));
}

TEST(Tokens, FromBeforeThereWereKeysServeUntilALaterOneIsUsed) {
  Phone phone{.mac = *Mac::parse("805ec0112233")};
  phone.token = "0123456789abcdef0123456789abcdef";
  const auto old = phone.token.str();
  draw_token(phone, "key", begin);
  EXPECT_TRUE(is_token_of(phone, old));
  note_use(phone, old);
  draw_token(phone, "", begin + 1h);
  EXPECT_TRUE(is_token_of(phone, old));
  note_use(phone, phone.token.str());
  EXPECT_FALSE(is_token_of(phone, old));
}

TEST(WebPassword, IsWhatAllVendorsTakeAndDifferentForEachPhone) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto password = make_web_password("fresh " + std::to_string(i)).reveal();
    EXPECT_EQ(password.size(), 16u);
    bool upper = false, lower = false, digit = false;
    for (const unsigned char c : password) {
      EXPECT_TRUE(std::isalnum(c)) << password;
      upper = upper || std::isupper(c);
      lower = lower || std::islower(c);
      digit = digit || std::isdigit(c);
    }
    EXPECT_TRUE(upper && lower && digit) << password;
    EXPECT_EQ(password.find_first_of("0O1lI"), std::string::npos) << password;
    EXPECT_TRUE(seen.insert(password).second);
  }
}

}  // namespace
}  // namespace roamdesk::provisioning
