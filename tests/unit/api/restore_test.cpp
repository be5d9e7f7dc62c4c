#include <fstream>

#include "fixture.hpp"

namespace roamdesk::test {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class RestoreApi : public ApiTest {
 protected:
  RestoreApi() {
    auto& restore = options_.backups.restore;
    restore.uploads = directory_ / "uploads";
    restore.kept = [] {
      return std::vector<api::NightlyBackups::File>{{"roamdesk-2026-11-29T013000Z.backup", WallTime{}, 12}};
    };
    restore.look = [this](api::BackupPlace place, const std::string& name, const auto& done) {
      looked_.emplace_back(place, name);
      api::RestoreLook look;
      if (fault_.empty()) look.id = "the look";
      look.fault = fault_;
      look.staged.users = {"admin", "eve"};
      look.staged.extensions = 7;
      done(look);
      return true;
    };
    restore.begin = [this](const std::string& id, AuditRecord record, const std::function<void(std::string)>& done) {
      if (id != "the look") return false;
      record_ = std::move(record);
      done(begin_fault_);
      return true;
    };
    restore.restart = [this] { ++restarts_; };
    start();
  }

  std::vector<std::pair<api::BackupPlace, std::string>> looked_;
  std::string fault_, begin_fault_;
  std::optional<AuditRecord> record_;
  int restarts_ = 0;
};

TEST_F(RestoreApi, ShowsWhatWouldChangeAheadOfAnything) {
  user("rita", "reader");
  const auto seen = admin("POST", "/restore/look", R"({"place":"kept","name":"a"})");
  ASSERT_EQ(seen.status, 200) << seen.text;
  EXPECT_EQ(seen.body.at("then").at("extensions"), 7);
  EXPECT_EQ(json::serialize(seen.body.at("users_back")), R"(["eve"])");
  EXPECT_EQ(json::serialize(seen.body.at("users_gone")), R"(["rita"])");
  EXPECT_EQ(seen.body.at("asker_known"), true);
  EXPECT_EQ(looked_.back().first, api::BackupPlace::kept);
  EXPECT_EQ(restarts_, 0);
  EXPECT_EQ(admin("GET", "/backups").body.at("kept").as_array().size(), 1u);
}

TEST_F(RestoreApi, SaysWhyOneCanNotBe) {
  fault_ = "the file is damaged";
  const auto seen = admin("POST", "/restore/look", R"({"place":"folder","name":"a"})");
  EXPECT_EQ(seen.status, 422);
  EXPECT_THAT(seen.detail(), HasSubstr("the file is damaged"));
  EXPECT_EQ(admin("POST", "/restore/look", R"({"place":"moon","name":"a"})").status, 422);
}

TEST_F(RestoreApi, WantsTheOwnPasswordAndStandsInBothAudits) {
  EXPECT_EQ(admin("POST", "/restore", R"({"id":"the look"})").status, 400);
  EXPECT_EQ(admin("POST", "/restore", R"({"id":"the look","password":"guessed"})").status, 422);
  EXPECT_FALSE(record_);
  EXPECT_EQ(admin("POST", "/restore", R"({"id":"yesterday's","password":"administrator's"})").status, 409);
  EXPECT_EQ(restarts_, 0);
  EXPECT_EQ(admin("POST", "/restore", R"({"id":"the look","password":"administrator's"})").status, 202);
  EXPECT_EQ(restarts_, 1);
  EXPECT_EQ(record_->action, "backup.restored");
  EXPECT_EQ(record_->actor, "admin");
  EXPECT_THAT(admin("GET", "/audit").text, HasSubstr("backup.restore"));
}

TEST_F(RestoreApi, SaysWhenNothingWasRestoredAndStartsNothingAgain) {
  begin_fault_ = "no room";
  const auto failed = admin("POST", "/restore", R"({"id":"the look","password":"administrator's"})");
  EXPECT_EQ(failed.status, 503);
  EXPECT_THAT(failed.detail(), HasSubstr("no room"));
  EXPECT_EQ(restarts_, 0);
}

TEST_F(RestoreApi, TakesAFileInPiecesAndInOrder) {
  const auto begun = admin("POST", "/restore/uploads", R"({"bytes":10})");
  ASSERT_EQ(begun.status, 201) << begun.text;
  const std::string path = "/restore/uploads/" + std::string(begun.body.at("id").as_string());
  const std::string binary = "Content-Type: application/octet-stream\r\n";
  const auto piece = [&](const char* offset, const std::string& bytes, const std::string& who) {
    return call("PUT", path + "?offset=" + offset, bytes, who, binary);
  };
  EXPECT_EQ(piece("0", "12345", token_).status, 200);
  EXPECT_EQ(piece("0", "12345", token_).status, 409) << "again";
  EXPECT_EQ(piece("x", "12345", token_).status, 400);
  EXPECT_EQ(piece("5", "1234567", token_).status, 422) << "more than was said";
  const auto eve = user("eve", "administrator");
  EXPECT_EQ(piece("5", "67890", eve).status, 404) << "another's";
  EXPECT_EQ(call("DELETE", path, "", eve).status, 404);
  const auto whole = piece("5", "67890", token_);
  EXPECT_EQ(whole.status, 201);
  EXPECT_TRUE(fs::exists(directory_ / "uploads" / std::string(whole.body.at("name").as_string())));
  EXPECT_EQ(admin("POST", "/restore/uploads", R"({"bytes":0})").status, 422);
  EXPECT_EQ(admin("POST", "/restore/uploads", R"({"bytes":3000000000})").status, 422) << "too large";
  EXPECT_EQ(admin("POST", "/restore/uploads", "{}").status, 400);
}

// Whoever restores says who may do what.
TEST_F(RestoreApi, IsForAdministratorsOfTheWholeCompanyByALogInAlone) {
  admin("POST", "/users", R"({"name":"bea","password":"a good password","role":"administrator","sites":["local"]})");
  const std::string token(
      admin("POST", "/tokens", R"({"name":"ci","scope":"administrator"})").body.at("token").as_string());
  const std::string gone = user("gone", "administrator");
  admin("DELETE", "/users/gone");
  const std::pair<std::string, int> people[] = {{user("rita", "reader"), 403},
                                                {user("otto", "operator"), 403},
                                                {log_in("bea", "a good password"), 403},
                                                {token, 403},
                                                {gone, 401},
                                                {"", 401}};
  const std::pair<const char*, const char*> calls[] = {
      {"/restore/uploads", R"({"bytes":10})"},
      {"/restore/look", R"({"place":"kept","name":"a"})"},
      {"/restore", R"({"id":"the look","password":"a good password"})"}};
  for (const auto& [path, body] : calls)
    for (const auto& [who, status] : people) EXPECT_EQ(call("POST", path, body, who).status, status) << path;
  EXPECT_THAT(looked_, testing::IsEmpty());
  EXPECT_EQ(restarts_, 0);
  EXPECT_FALSE(fs::exists(directory_ / "uploads"));
}

}  // namespace
}  // namespace roamdesk::test
