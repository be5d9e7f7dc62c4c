#include "fixture.hpp"

namespace roamdesk::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string shown_key = "SHA256:" + std::string(43, 'A'), other_key = "SHA256:" + std::string(43, 'B');
const std::string key_text = "-----BEGIN OPENSSH PRIVATE KEY-----\nvery private\n-----END OPENSSH PRIVATE KEY-----\n";

class SftpBackupApi : public ApiTest {
 protected:
  SftpBackupApi() {
    auto& sftp = options_.backups.sftp;
    sftp.state = [this] { return state_; };
    sftp.set = [this](std::optional<sftp::Target> target, const api::SftpDone& done) {
      if (busy_) return false;
      state_.target = std::move(target);
      done({true, {}, {}, {}});
      return true;
    };
    sftp.try_out = [this](sftp::Target target, const api::SftpDone& done) {
      if (busy_) return false;
      tried_.push_back(std::move(target));
      done(result_);
      return true;
    };
    sftp.list = [this](const api::SftpListed& done) {
      done(result_, {{"roamdesk-2026-11-29T013000Z.backup", WallTime{std::chrono::hours{490'000}}, 12}});
      return !busy_;
    };
    sftp.now = [this] { ++asked_; };
    start();
  }
  static std::string body(const json::object& more = {}) {
    json::object object{{"host", "backup.example.com"},
                        {"user", "roamdesk"},
                        {"directory", "/srv/pbx"},
                        {"password", "open sesame"},
                        {"host_key", shown_key}};
    for (const auto& member : more) object[member.key()] = member.value();
    return json::serialize(object);
  }

  api::SftpState state_;
  api::SftpResult result_{true, {}, {}, {}};
  std::vector<sftp::Target> tried_;
  int asked_ = 0;
  bool busy_ = false;
};

TEST_F(SftpBackupApi, SetsTheServerAndNeverShowsItsSecret) {
  EXPECT_TRUE(admin("GET", "/sftp-backup").body.at("target").is_null());
  const auto set = admin("PUT", "/sftp-backup", body());
  ASSERT_EQ(set.status, 200) << set.text;
  EXPECT_EQ(state_.target->password.reveal(), "open sesame");
  EXPECT_EQ(state_.target->keep, 14);
  EXPECT_EQ(set.body.at("target").at("password"), "***");
  EXPECT_TRUE(set.body.at("target").at("private_key").is_null());
  ASSERT_EQ(admin("PUT", "/sftp-backup", body({{"password", nullptr}, {"private_key", key_text}})).status, 200);
  EXPECT_EQ(state_.target->private_key.reveal(), key_text);
  for (const char* path : {"/sftp-backup", "/audit", "/settings", "/system"})
    EXPECT_THAT(admin("GET", path).text, testing::AllOf(Not(HasSubstr("sesame")), Not(HasSubstr("very private"))))
        << path;
  EXPECT_THAT(admin("GET", "/audit").text,
              testing::AllOf(HasSubstr("sftp_backup.set"), HasSubstr("backup.example.com"), HasSubstr(shown_key)));
  EXPECT_EQ(admin("DELETE", "/sftp-backup").status, 204);
  EXPECT_FALSE(state_.target);
  EXPECT_EQ(admin("DELETE", "/sftp-backup").status, 404);
}

TEST_F(SftpBackupApi, KeepsASecretThatIsLeftOutForTheServerThatItWasGivenForAlone) {
  admin("PUT", "/sftp-backup", body());
  for (const json::value& same : {json::value(nullptr), json::value("***"), json::value("")}) {
    ASSERT_EQ(admin("PUT", "/sftp-backup", body({{"password", same}, {"keep", 3}})).status, 200);
    EXPECT_EQ(state_.target->password.reveal(), "open sesame");
  }
  // Somebody who would have the password sent elsewhere.
  for (const json::object& elsewhere : {json::object{{"host", "evil.example.com"}}, json::object{{"port", 2222}},
                                        json::object{{"user", "eve"}}, json::object{{"host_key", other_key}}}) {
    auto changed = elsewhere;
    changed["password"] = "***";
    EXPECT_EQ(admin("PUT", "/sftp-backup", body(changed)).status, 422) << json::serialize(elsewhere);
    EXPECT_EQ(admin("POST", "/sftp-backup/try", body(changed)).status, 422) << json::serialize(elsewhere);
  }
  EXPECT_THAT(tried_, testing::IsEmpty());
}

TEST_F(SftpBackupApi, RefusesWhatIsNoServer) {
  for (const json::object& bad :
       {json::object{{"host", ""}}, json::object{{"host", "a b"}}, json::object{{"host", "x/../y"}},
        json::object{{"user", "root@x"}}, json::object{{"user", ""}}, json::object{{"port", 0}},
        json::object{{"port", 70'000}}, json::object{{"directory", "a\"b"}}, json::object{{"directory", "a\nrm b"}},
        json::object{{"directory", "~root"}}, json::object{{"password", nullptr}},
        json::object{{"private_key", key_text}}, json::object{{"private_key", "ssh-rsa AAAA"}, {"password", nullptr}},
        json::object{{"private_key", "-----BEGIN ENCRYPTED PRIVATE KEY-----"}, {"password", nullptr}},
        json::object{{"host_key", "MD5:00"}}, json::object{{"host_key", ""}}, json::object{{"keep", 0}},
        json::object{{"at", "25:00"}}})
    EXPECT_EQ(admin("PUT", "/sftp-backup", body(bad)).status, 422) << json::serialize(bad);
  EXPECT_EQ(admin("PUT", "/sftp-backup", body({{"proxy", "x"}})).status, 400);
  EXPECT_FALSE(state_.target);
}

TEST_F(SftpBackupApi, TriesWhatIsntSetYetAndShowsTheServersKey) {
  result_ = {false, "host_key", "the server's key isn't known yet", other_key};
  const auto tried = admin("POST", "/sftp-backup/try", body({{"host_key", ""}}));
  EXPECT_EQ(tried.status, 200);
  EXPECT_EQ(tried.body.at("ok"), false);
  EXPECT_EQ(tried.body.at("kind"), "host_key");
  EXPECT_EQ(tried.body.at("offered").as_string(), other_key);
  EXPECT_FALSE(state_.target);
  EXPECT_EQ(admin("POST", "/sftp-backup/try").status, 404);
  admin("PUT", "/sftp-backup", body());
  result_ = {true, {}, {}, {}};
  EXPECT_EQ(admin("POST", "/sftp-backup/try").body.at("ok"), true);
  EXPECT_EQ(tried_.back().password.reveal(), "open sesame");
  EXPECT_EQ(admin("POST", "/sftp-backup/now").status, 204);
  EXPECT_EQ(asked_, 1);
  EXPECT_EQ(admin("GET", "/sftp-backup/files").body.at("files").as_array().size(), 1u);
}

TEST_F(SftpBackupApi, SaysWhenTheServerIsAskedAlready) {
  busy_ = true;
  EXPECT_EQ(admin("PUT", "/sftp-backup", body()).status, 409);
  EXPECT_EQ(admin("POST", "/sftp-backup/try", body()).status, 409);
}

// Whoever names the server is given all keys of the house.
TEST_F(SftpBackupApi, IsForAdministratorsOfTheWholeCompanyByALogInAlone) {
  admin("PUT", "/sftp-backup", body());
  admin("POST", "/users", R"({"name":"bea","password":"a good password","role":"administrator","sites":["local"]})");
  const std::string token(
      admin("POST", "/tokens", R"({"name":"ci","scope":"administrator"})").body.at("token").as_string());
  const auto evil = body({{"host", "evil.example.com"}});
  const std::pair<const char*, std::string> calls[] = {{"PUT /sftp-backup", evil},      {"DELETE /sftp-backup", ""},
                                                       {"POST /sftp-backup/try", evil}, {"POST /sftp-backup/try", ""},
                                                       {"POST /sftp-backup/now", ""},   {"GET /sftp-backup/files", ""},
                                                       {"GET /sftp-backup", ""}};
  const std::string gone = user("gone", "administrator");
  admin("DELETE", "/users/gone");
  const std::pair<std::string, int> people[] = {{user("rita", "reader"), 403},
                                                {user("otto", "operator"), 403},
                                                {log_in("bea", "a good password"), 403},
                                                {token, 403},
                                                {gone, 401},
                                                {"", 401}};
  for (const auto& [name, text] : calls)
    for (const auto& [who, status] : people) {
      const std::string all{name};
      const auto blank = all.find(' ');
      if (who == token && all == "GET /sftp-backup") continue;  // no secret in it
      EXPECT_EQ(call(all.substr(0, blank), all.substr(blank + 1), text, who).status, status) << name;
    }
  EXPECT_EQ(state_.target->host, "backup.example.com");
  EXPECT_THAT(tried_, testing::IsEmpty());
  EXPECT_EQ(asked_, 0);
}

}  // namespace
}  // namespace roamdesk::test
