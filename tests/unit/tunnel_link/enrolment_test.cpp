#include "tests/unit/tunnel_link/fixture.hpp"

namespace roamdesk::tunnel::link {
namespace {

class EnrolmentTest : public LinkTest {
 protected:
  void SetUp() override {
    start_core();
    key = make_enrolment_key(authority.digest(), "branch-1", crypto::random_bytes(16));
    stored_hash = hash_secret(key.secret);
    until = wall_now() + enrolment_lifetime;
    core.enrolling = [this](const Enrol& enrol, ServerHandler::Reply reply) {
      if (auto refused = check_enrolment(enrol, enrol.name == "branch-1", stored_hash, until, wall_now())) {
        return reply(std::move(*refused));
      }
      stored_hash.clear();
      Issued issued;
      issued.certificate =
          *authority.sign_client(enrol.request, enrol.name, crypto::random_bytes(16), wall_now(), 24h * 365);
      issued.authority = authority.certificate();
      reply(std::move(issued));
    };
  }
  Result<crypto::Identity, EnrolFailure> attempt(const EnrolmentKey& with, std::vector<std::string> cores = {}) {
    if (cores.empty()) cores = {core_address()};
    std::optional<Result<crypto::Identity, EnrolFailure>> outcome;
    enrol(io, cores, with, 2s, [&](auto result) { outcome.emplace(std::move(result)); });
    EXPECT_TRUE(run_until([&] { return outcome.has_value(); }));
    return std::move(*outcome);
  }
  EnrolmentKey key;
  std::string stored_hash;
  std::optional<WallTime> until;
};

TEST_F(EnrolmentTest, GivesAnIdentityThatConnects) {
  const auto identity = attempt(key);
  ASSERT_TRUE(identity) << identity.error().text;
  start_branch(*identity);
  EXPECT_TRUE(connect());
}

TEST_F(EnrolmentTest, WorksOnce) {
  ASSERT_TRUE(attempt(key));
  const auto again = attempt(key);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().reason, Reason::secret_used);
  EXPECT_EQ(again.error().text, explain(Reason::secret_used));
}

TEST_F(EnrolmentTest, RefusesAnOldKey) {
  until = wall_now() - 1s;
  EXPECT_EQ(attempt(key).error().reason, Reason::secret_expired);
}

TEST_F(EnrolmentTest, RefusesAnotherSecret) {
  key.secret = Secret{std::string(32, 'a')};
  EXPECT_EQ(attempt(key).error().reason, Reason::secret_unknown);
}

TEST_F(EnrolmentTest, RefusesAnUnknownName) {
  key.name = "branch-2";
  EXPECT_EQ(attempt(key).error().reason, Reason::wrong_name);
}

TEST_F(EnrolmentTest, TellsNoSecretToACoreOfAnotherAuthority) {
  bool asked = false;
  core.enrolling = [&](const Enrol&, ServerHandler::Reply) { asked = true; };
  key.authority = make_authority().digest();
  const auto failed = attempt(key);
  ASSERT_FALSE(failed);
  EXPECT_TRUE(failed.error().wrong_authority);
  EXPECT_NE(failed.error().text.find("isn't the core that made this key"), std::string::npos) << failed.error().text;
  EXPECT_FALSE(asked);
}

TEST_F(EnrolmentTest, SaysWhenNoCoreAnswers) {
  const auto failed = attempt(key, {"127.0.0.1:1"});
  ASSERT_FALSE(failed);
  EXPECT_FALSE(failed.error().reached);
  EXPECT_EQ(failed.error().reason, Reason::unreachable);
}

}  // namespace
}  // namespace roamdesk::tunnel::link
