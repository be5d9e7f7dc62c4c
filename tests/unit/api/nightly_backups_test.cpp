#include "fixture.hpp"

namespace roamdesk::test {
namespace {

using testing::HasSubstr;

const std::string kept = "roamdesk-2026-11-29T013000Z.backup";

class NightlyBackupsApi : public ApiTest {
 protected:
  void has_nights() {
    options_.backups.nights = [] {
      api::NightlyBackups nights;
      nights.plan = {"/var/lib/pbx-core-backups", "02:30", 14, WallTime{std::chrono::hours{500'000}}};
      nights.files = {{kept, WallTime{std::chrono::hours{490'000}}, 12}};
      nights.fault = {WallTime{std::chrono::hours{490'024}}, "no space left"};
      return nights;
    };
    options_.backups.read = [this](const std::string& name, const api::BackupDone& done) {
      read_.push_back(name);
      done(readable_ ? api::BackupMade{"the whole house", {}} : api::BackupMade{{}, "it can't be read"});
    };
    start();
  }
  std::vector<std::string> read_;
  bool readable_ = true;
};

TEST_F(NightlyBackupsApi, SaysThatThereIsNoPlanWhereThereIsNone) {
  const auto said = admin("GET", "/backups");
  EXPECT_EQ(said.status, 200);
  EXPECT_TRUE(said.body.at("plan").is_null());
  EXPECT_TRUE(said.body.at("files").as_array().empty());
  EXPECT_EQ(admin("GET", "/backups/" + kept).status, 404);
}

TEST_F(NightlyBackupsApi, ShowsPlanFilesAndWhatFailed) {
  has_nights();
  const auto said = admin("GET", "/backups").body;
  EXPECT_EQ(said.at("plan").at("at"), "02:30");
  EXPECT_EQ(said.at("files").as_array().at(0).at("name").as_string(), kept);
  EXPECT_EQ(said.at("fault").at("why"), "no space left");
}

TEST_F(NightlyBackupsApi, GivesOneOutToAnAdministratorAndSaysSoInTheAudit) {
  has_nights();
  const auto taken = admin("GET", "/backups/" + kept);
  EXPECT_EQ(taken.status, 200);
  EXPECT_THAT(taken.fields.at("content-disposition"), HasSubstr(kept));
  EXPECT_EQ(taken.fields.at("content-length"), "15");
  EXPECT_EQ(read_, std::vector{kept});
  const auto audit = json::serialize(admin("GET", "/audit").body);
  EXPECT_THAT(audit, testing::AllOf(HasSubstr("backup.taken"), HasSubstr(kept)));
}

// A name is one of the list's, and no path.
TEST_F(NightlyBackupsApi, GivesOutNothingElse) {
  has_nights();
  for (const char* name :
       {"..%2Fpepper.key", "%2Fetc%2Fpasswd", ".draft", "roamdesk-2026-11-29T013000Z.backup%00",
        "roamdesk-2026-11-28T013000Z.backup", "..%2Fpbx-core-backups%2Froamdesk-2026-11-29T013000Z.backup"})
    EXPECT_THAT(admin("GET", std::string{"/backups/"} + name).status, testing::AnyOf(400u, 404u)) << name;
  EXPECT_THAT(read_, testing::IsEmpty());
}

TEST_F(NightlyBackupsApi, SaysWhyOneCanNotBeReadAndGivesTheNextOut) {
  has_nights();
  readable_ = false;
  const auto failed = admin("GET", "/backups/" + kept);
  EXPECT_EQ(failed.status, 503);
  EXPECT_THAT(json::serialize(failed.body), HasSubstr("it can't be read"));
  readable_ = true;
  EXPECT_EQ(admin("GET", "/backups/" + kept).status, 200);
}

}  // namespace
}  // namespace roamdesk::test
