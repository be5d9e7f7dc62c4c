#include <gtest/gtest.h>

#include "common/tunnel/enrolment.hpp"

namespace roamdesk::tunnel {
namespace {

using namespace std::chrono_literals;
const WallTime today{std::chrono::hours{490000}};

EnrolmentKey sample() {
  crypto::Sha256Digest digest;
  digest.fill(0xab);
  return make_enrolment_key(digest, "branch-1", crypto::Bytes(16, 0x5c));
}

TEST(EnrolmentKey, GoesThroughItsText) {
  const auto text = to_text(sample());
  EXPECT_TRUE(text.reveal().starts_with("rd1_"));
  EXPECT_LT(text.reveal().size(), 100U);
  const auto parsed = parse_enrolment_key(text.reveal());
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, sample());
}

TEST(EnrolmentKey, TellsASlipOfThePen) {
  const auto text = to_text(sample()).reveal();
  for (std::size_t i = 4; i < text.size(); ++i) {
    auto changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(parse_enrolment_key(changed)) << i;
    EXPECT_FALSE(parse_enrolment_key(text.substr(0, i))) << i;
  }
  EXPECT_EQ(parse_enrolment_key("hello").error(), KeyError::not_a_key);
  EXPECT_EQ(parse_enrolment_key("rd1_hello").error(), KeyError::mistyped);
}

TEST(EnrolmentKey, NamesAreTameOnly) {
  EXPECT_TRUE(is_sbc_name("branch-1"));
  for (const auto* name : {"", "local", "-a", "a-", "Branch", "a b", "a/b", "a.b"})
    EXPECT_FALSE(is_sbc_name(name)) << name;
  EXPECT_FALSE(is_sbc_name(std::string(64, 'a')));
}

TEST(CheckEnrolment, AcceptsTheKeyInForce) {
  const Enrol enrol{"branch-1", sample().secret, ""};
  EXPECT_EQ(check_enrolment(enrol, true, hash_secret(sample().secret), today + 1h, today), std::nullopt);
}

TEST(CheckEnrolment, SaysWhyNot) {
  const Enrol enrol{"branch-1", sample().secret, ""};
  const auto hash = hash_secret(sample().secret);
  const auto reason = [&](bool exists, std::string_view stored, std::optional<WallTime> until) {
    return check_enrolment(enrol, exists, stored, until, today)->reason;
  };
  EXPECT_EQ(reason(false, hash, today + 1h), Reason::wrong_name);
  EXPECT_EQ(reason(true, "", today + 1h), Reason::secret_used);
  EXPECT_EQ(reason(true, hash_secret(Secret{"other"}), today + 1h), Reason::secret_unknown);
  EXPECT_EQ(reason(true, hash, today), Reason::secret_expired);
  EXPECT_EQ(reason(true, hash, std::nullopt), Reason::secret_expired);
}

TEST(Reasons, EachHasItsOwnWords) {
  std::vector<std::string_view> seen;
  for (int i = 1; i <= static_cast<int>(Reason::unreachable); ++i) {
    const auto text = explain(static_cast<Reason>(i));
    EXPECT_GT(text.size(), 10U);
    EXPECT_EQ(std::count(seen.begin(), seen.end(), text), 0);
    seen.push_back(text);
  }
}

}  // namespace
}  // namespace roamdesk::tunnel
