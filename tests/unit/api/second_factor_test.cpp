#include "pbx-core/api/second_factor.hpp"

#include "common/crypto/totp.hpp"
#include "fixture.hpp"

namespace roamdesk::test {
namespace {
using testing::HasSubstr;

crypto::Bytes from_base32(const std::string& text) {
  const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  crypto::Bytes out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    bits = (bits << 5) | static_cast<std::uint32_t>(digits.find(c));
    if ((count += 5) >= 8) out.push_back(static_cast<std::uint8_t>(bits >> (count -= 8)));
  }
  return out;
}

class SecondFactorTest : public ApiTest {
 protected:
  std::string code(int steps_later = 0) const {
    const WallTime now{std::chrono::milliseconds{now_ms_.load()}};
    return crypto::totp_code(secret_, crypto::totp_step(now) + steps_later);
  }
  // Switches it on for rita; what the confirmation answered.
  json::value switch_on() {
    token_of_rita_ = user("rita", "reader");
    const JsonAnswer begun = call("POST", "/me/totp", "", token_of_rita_);
    EXPECT_EQ(begun.status, 200);
    secret_ = from_base32(std::string(begun.body.at("secret").as_string()));
    uri_ = std::string(begun.body.at("uri").as_string());
    const JsonAnswer on = call("POST", "/me/totp/confirm", R"({"code":")" + code() + "\"}", token_of_rita_);
    EXPECT_EQ(on.status, 200) << json::serialize(on.body);
    return on.body;
  }
  JsonAnswer try_log_in(const std::string& code, const std::string& password = "a good password",
                        Endpoint source = {}) {
    json::object body{{"username", "rita"}, {"password", password}};
    if (!code.empty()) body["code"] = code;
    return call("POST", "/login", json::serialize(body), "", "", source);
  }
  crypto::Bytes secret_;
  std::string uri_, token_of_rita_;
};

TEST_F(SecondFactorTest, IsNeededOnceItIsConfirmed) {
  const json::value confirmed = switch_on();
  EXPECT_EQ(secret_.size(), 20u);
  EXPECT_THAT(uri_, testing::AllOf(testing::StartsWith("otpauth://totp/Roamdesk%20pbx.example.com:rita?secret="),
                                   testing::EndsWith("&issuer=Roamdesk%20pbx.example.com")));
  EXPECT_EQ(confirmed.at("recovery_codes").as_array().size(), 10u);
  EXPECT_EQ(call("GET", "/me", "", token_of_rita_).body.at("totp"), true);
  const JsonAnswer missing = try_log_in("");
  EXPECT_EQ(missing.status, 401);
  EXPECT_EQ(missing.body.at("second_factor"), true);
  const JsonAnswer wrong_password = try_log_in(code(1), "wrong");
  EXPECT_EQ(wrong_password.status, 401);
  EXPECT_FALSE(wrong_password.body.as_object().contains("second_factor"));
  EXPECT_EQ(try_log_in(code(0)).status, 401);  // it has confirmed already
  EXPECT_EQ(try_log_in(code(2)).status, 401);  // too early
  EXPECT_EQ(try_log_in(code(1)).status, 200);
  EXPECT_EQ(try_log_in(code(1)).status, 401);  // a code is good once
  now_ms_ += 60'000;
  const std::string spaced = code().substr(0, 3) + " " + code().substr(3);
  EXPECT_EQ(try_log_in(spaced).status, 200);
  EXPECT_THAT(json::serialize(admin("GET", "/audit?subject=rita").body),
              testing::AllOf(HasSubstr("user.second_factor_on"), HasSubstr("\"detail\":\"second factor\"")));
}

TEST_F(SecondFactorTest, IsNotInForceBeforeItIsConfirmed) {
  const std::string rita = user("rita", "reader");
  EXPECT_EQ(call("POST", "/me/totp/confirm", R"({"code":"123456"})", rita).status, 409);
  const JsonAnswer begun = call("POST", "/me/totp", "", rita);
  secret_ = from_base32(std::string(begun.body.at("secret").as_string()));
  EXPECT_FALSE(log_in("rita", "a good password").empty());
  const JsonAnswer wrong = call("POST", "/me/totp/confirm", R"({"code":"12345"})", rita);
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(wrong.body.at("field"), "code");
  now_ms_ += 15 * 60'000;
  EXPECT_EQ(call("POST", "/me/totp/confirm", R"({"code":")" + code() + "\"}", rita).status, 409);  // too late
  EXPECT_EQ(call("GET", "/me", "", rita).body.at("totp"), false);
}

TEST_F(SecondFactorTest, RecoveryCodesAreGoodOnce) {
  const json::value confirmed = switch_on();
  std::string recovery(confirmed.at("recovery_codes").as_array().at(3).as_string());
  EXPECT_EQ(try_log_in(recovery).status, 200);
  EXPECT_EQ(try_log_in(recovery).status, 401);
  recovery = std::string(confirmed.at("recovery_codes").as_array().at(7).as_string());
  for (char& c : recovery) c = c == '-' ? ' ' : static_cast<char>(std::tolower(c));  // as people type
  EXPECT_EQ(try_log_in(recovery).status, 200);
  EXPECT_EQ(try_log_in("AAAA-AAAA-AAAA-AAAA").status, 401);
  const User stored = store_->load().users.at(1);
  EXPECT_EQ(stored.second_factor->recovery_hashes.size(), 8u);
  EXPECT_THAT(json::serialize(admin("GET", "/audit?action=console.recovery_code").body), HasSubstr("8 left"));
}

TEST_F(SecondFactorTest, IsStoredUnderSeal) {
  const json::value confirmed = switch_on();
  const User stored = store_->load().users.at(1);
  EXPECT_GT(stored.second_factor->last_step, 0);
  std::string everything = stored.second_factor->sealed_secret;
  for (const std::string& hash : stored.second_factor->recovery_hashes) everything += " " + hash;
  const std::string secret(reinterpret_cast<const char*>(secret_.data()), secret_.size());
  EXPECT_THAT(everything, testing::Not(testing::AnyOf(HasSubstr(crypto::to_hex(secret_)), HasSubstr(secret),
                                                      HasSubstr(crypto::to_base32(secret_)),
                                                      HasSubstr(crypto::to_base64url(secret_)))));
  const api::SecondFactor ours(store::load_or_make_pepper(directory_)), others(Secret{"another"});
  EXPECT_EQ(ours.open("rita", stored.second_factor->sealed_secret), secret_);
  EXPECT_FALSE(ours.open("admin", stored.second_factor->sealed_secret));  // in another's row it is worthless
  EXPECT_FALSE(others.open("rita", stored.second_factor->sealed_secret));
  EXPECT_FALSE(ours.open("rita", ""));
  EXPECT_FALSE(ours.open("rita", "AAAA"));
  EXPECT_THAT(json::serialize(admin("GET", "/users").body), testing::Not(HasSubstr("sealed")));
}

TEST_F(SecondFactorTest, WrongCodesLockWhereverTheyComeFrom) {
  switch_on();
  const auto from = [](std::uint32_t n) { return Endpoint{IpAddress{0x7f000010 + n}, 0}; };
  // Without a code nothing is guessed: it may be asked for often.
  for (int i = 0; i < 8; ++i) EXPECT_EQ(try_log_in("").status, 401);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(try_log_in("000000").status, 401);
  EXPECT_EQ(try_log_in(code(1)).status, 429);  // this peer
  // The right password in between clears nothing.
  for (std::uint32_t i = 0; i < 4; ++i) EXPECT_EQ(try_log_in("000000", "a good password", from(1)).status, 401);
  EXPECT_EQ(try_log_in("", "a good password", from(1)).status, 401);
  EXPECT_EQ(try_log_in("000000", "a good password", from(1)).status, 401);
  // Ten wrong ones: no code from anywhere is looked at.
  const JsonAnswer locked = try_log_in(code(1), "a good password", from(2));
  EXPECT_EQ(locked.status, 429);
  EXPECT_EQ(locked.fields.at("retry-after"), "900");
  now_ms_ += 900'000;
  EXPECT_EQ(try_log_in(code(), "a good password", from(2)).status, 200);
}

TEST_F(SecondFactorTest, GoesWithThePasswordOrByAnAdministrator) {
  switch_on();
  EXPECT_EQ(call("POST", "/me/totp", "", token_of_rita_).status, 409);
  EXPECT_EQ(call("DELETE", "/me/totp", "{}", token_of_rita_).status, 400);
  EXPECT_EQ(call("DELETE", "/me/totp", R"({"password":"guessed"})", token_of_rita_).status, 422);
  EXPECT_EQ(call("DELETE", "/me/totp", R"({"password":"a good password"})", token_of_rita_).status, 204);
  EXPECT_FALSE(log_in("rita", "a good password").empty());
  EXPECT_FALSE(store_->load().users.at(1).second_factor);
  // Again, and the telephone is lost.
  const JsonAnswer begun = call("POST", "/me/totp", "", token_of_rita_);
  secret_ = from_base32(std::string(begun.body.at("secret").as_string()));
  EXPECT_EQ(call("POST", "/me/totp/confirm", R"({"code":")" + code() + "\"}", token_of_rita_).status, 200);
  EXPECT_EQ(admin("GET", "/users").body.as_array().at(1).at("totp"), true);
  EXPECT_EQ(admin("DELETE", "/users/rita/totp").status, 204);
  EXPECT_EQ(call("GET", "/me", "", token_of_rita_).status, 401);
  EXPECT_FALSE(log_in("rita", "a good password").empty());
  EXPECT_EQ(admin("DELETE", "/users/nobody/totp").status, 404);
  EXPECT_EQ(admin("DELETE", "/users/admin/totp").status, 409);  // one's own: with the password
}

}  // namespace
}  // namespace roamdesk::test
