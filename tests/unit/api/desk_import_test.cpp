#include "fixture.hpp"
#include "pbx-core/api/desk_sheet.hpp"

// Hot desks by a spreadsheet: what it would do is shown first; all rows or none are begun.
namespace roamdesk::test {
namespace {
using testing::HasSubstr;

class DeskImport : public ApiTest {
 protected:
  void SetUp() override {
    ASSERT_EQ(admin("POST", "/sbcs", R"({"name":"berlin","time_zone":"Europe/Berlin"})").status, 201);
    ASSERT_EQ(
        admin("POST", "/hot-desks",
              R"({"mac":"001565000001","vendor":"yealink","model":"T46U","options":{"name":"Window","ring_tone":"3"}})")
            .status,
        201);
  }
  JsonAnswer send(const std::string& csv, bool dry = false, const std::string& token = {}) {
    return call("POST", std::string("/hot-desks/import") + (dry ? "?dry_run=true" : ""), csv,
                token.empty() ? token_ : token, "Content-Type: text/csv\r\n");
  }
  json::value row(const std::string& csv, std::size_t at = 0) {
    const JsonAnswer answer = send(csv, true);
    EXPECT_EQ(answer.status, 200) << json::serialize(answer.body);
    return answer.body.at("rows").at(at);
  }
  std::string problem(const std::string& line,
                      const std::string& head = "mac,vendor,model,site,sbc_address,emergency_location,time_zone") {
    const json::value found = row(head + "\n" + line);
    EXPECT_EQ(found.at("action"), "error") << line;
    return found.as_object().contains("problem") ? std::string(found.at("problem").as_string()) : "";
  }
  void run(const std::string& csv) {
    const JsonAnswer begun = send(csv);
    ASSERT_EQ(begun.status, 202) << json::serialize(begun.body);
    const std::string job(begun.body.at("id").as_string());
    for (int i = 0; i < 200 && admin("GET", "/jobs/" + job).body.at("state") == "running"; ++i) on_domain([] {});
    EXPECT_EQ(admin("GET", "/jobs/" + job).body.at("state"), "done");
  }
};

TEST_F(DeskImport, ShowsWhatItWouldDoAndDoesNothingYet) {
  const std::string csv =
      "mac,vendor,model,site,name\r\n00:15:65:00:00:01,,,berlin,Door\r\n001565000002,,t46u,local,\r\n";
  EXPECT_EQ(json::serialize(row(csv, 0).at("changes")),
            R"([{"field":"site","from":"local","to":"berlin"},{"field":"name","from":"Window","to":"Door"}])");
  EXPECT_EQ(row(csv, 1).at("action"), "create") << "the MAC says the vendor";
  EXPECT_EQ(row(csv, 1).at("number"), "001565000002");
  EXPECT_EQ(admin("GET", "/hot-desks").body.as_array().size(), 1u);
}

TEST_F(DeskImport, MakesAndChangesDesksAndLeavesWhatTheSheetDoesNotName) {
  run("mac,model,site,sbc_address,name,language\n001565000001,,berlin,192.168.1.5,Door,de\n000413000001,D785,berlin,,"
      "Desk 2,\n");
  const json::value first = admin("GET", "/hot-desks/001565000001").body;
  EXPECT_EQ(json::serialize(first.at("options")), R"({"language":"de","ring_tone":"3","name":"Door"})");
  EXPECT_EQ(json::serialize(first.at("provisioning")),
            R"({"method":"sbc","sbc":"berlin","sbc_address":"192.168.1.5"})");
  const json::value second = admin("GET", "/hot-desks/000413000001").body;
  EXPECT_EQ(second.at("vendor"), "snom");
  EXPECT_EQ(second.at("options").at("name"), "Desk 2");
}

TEST_F(DeskImport, TakesItsOwnExportBackAsNoChange) {
  HttpClient client(at_, false, {});
  const auto sheet = client.call("GET", "/api/v1/hot-desks.csv", "", "Authorization: Bearer " + token_ + "\r\n");
  ASSERT_TRUE(sheet);
  EXPECT_THAT(sheet->body, HasSubstr("HD0001,001565000001,yealink,T46U,local"));
  const JsonAnswer again = send(sheet->body, true);
  EXPECT_EQ(again.body.at("unchanged"), 1) << json::serialize(again.body);
}

TEST_F(DeskImport, SaysOfEachRowWhatIsWrong) {
  EXPECT_THAT(problem("00156500000,yealink,T46U,local,,,"), HasSubstr("mac"));
  EXPECT_THAT(problem("001565000009,nokia,T46U,local,,,"), HasSubstr("vendor"));
  EXPECT_THAT(problem("001565000009,yealink,T999,local,,,"), HasSubstr("model"));
  EXPECT_THAT(problem("001565000009,yealink,T46U,paris,,,"), HasSubstr("site"));
  EXPECT_THAT(problem("001565000009,yealink,T46U,berlin,not an address,,"), HasSubstr("sbc_address"));
  EXPECT_THAT(problem("001565000009,yealink,T46U,local,192.168.1.5,,"), HasSubstr("sbc_address"));
  EXPECT_THAT(problem("001565000009,yealink,T46U,local,,nowhere,"), HasSubstr("emergency_location"));
  EXPECT_THAT(problem("001565000009,yealink,T46U,local,,,Berlin is not one"), HasSubstr("time zone"));
  const JsonAnswer twice = send("mac,model\n001565000009,T46U\n001565000009,T46U\n", true);
  EXPECT_THAT(std::string(twice.body.at("rows").at(1).at("problem").as_string()), HasSubstr("line 2"));
}

TEST_F(DeskImport, ChangesNothingWhereOneRowIsWrong) {
  const JsonAnswer answer = send("mac,model\n001565000002,T46U\n001565000003,T999\n");
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(admin("GET", "/hot-desks").body.as_array().size(), 1u);
  EXPECT_EQ(send("name\nX\n").status, 422) << "without a MAC";
  EXPECT_EQ(send("mac,colour\n001565000002,red\n").status, 422) << "an unknown column";
}

TEST_F(DeskImport, IsAnAdministratorsAlone) {
  const std::string otto = user("otto", "operator");
  EXPECT_EQ(send("mac,model\n001565000002,T46U\n", false, otto).status, 403);
  EXPECT_EQ(call("GET", "/hot-desks.csv", "", otto).status, 200);
  EXPECT_EQ(call("GET", "/hot-desks.csv").status, 401);
}

}  // namespace
}  // namespace roamdesk::test
