#include "sites_fixture.hpp"

// Changes of several records at once: what somebody has changed since it was read is never overwritten unseen.
namespace roamdesk::test {
namespace {
using testing::HasSubstr;
using testing::Not;

class ManyAtOnce : public ApiTest {
 protected:
  void SetUp() override {
    for (const char* number : {"101", "102", "103"})
      ASSERT_EQ(admin("POST", "/extensions",
                      json::serialize(json::object{
                          {"number", number}, {"name", std::string("Person ") + number}, {"voicemail_pin", "8265"}}))
                    .status,
                201);
    ASSERT_EQ(admin("POST", "/hot-desks", desk_body).status, 201);
    ASSERT_EQ(admin("POST", "/trunks", R"({"name":"old-pbx","kind":"accounts","domain":"pbx.example"})").status, 201);
    for (const char* number : {"101", "102"})
      ASSERT_EQ(admin("POST", "/upstream-accounts",
                      json::serialize(json::object{{"extension", number}, {"trunk", "old-pbx"}, {"password", "x"}}))
                    .status,
                201);
  }
  std::string tag(const std::string& path) { return admin("GET", path).fields["etag"]; }
  std::string name(const std::string& number) {
    return std::string(admin("GET", "/extensions/" + number).body.at("name").as_string());
  }
  bool is_on(const std::string& number) {
    return admin("GET", "/extensions/" + number).body.at("hot_desking").as_bool();
  }
  void rename(const std::string& number, const std::string& to) {
    ASSERT_EQ(admin("PATCH", "/extensions/" + number, json::serialize(json::object{{"name", to}})).status, 200);
  }
  json::object seen(const std::vector<std::string>& numbers) {
    json::object versions;
    for (const auto& number : numbers) versions[number] = tag("/extensions/" + number);
    return versions;
  }
  JsonAnswer switch_on(const std::vector<std::string>& numbers, const json::value& versions,
                       const std::string& token = {}) {
    const json::object body{
        {"numbers", json::array(numbers.begin(), numbers.end())}, {"hot_desking", true}, {"versions", versions}};
    if (token_.empty()) token_ = log_in("admin", "administrator's");
    return call("PATCH", "/extensions", json::serialize(body), token.empty() ? token_ : token);
  }
  // `query`: "?dry_run=true"; `seen_plan`: the tag of a dry run, in If-Match.
  JsonAnswer send_sheet(const std::string& kind, const std::string& csv, const std::string& query = {},
                        const std::string& seen_plan = {}) {
    return call("POST", "/" + kind + "/import" + query, csv, token_,
                "Content-Type: text/csv\r\n" + (seen_plan.empty() ? "" : "If-Match: " + seen_plan + "\r\n"));
  }
  std::string planned(const std::string& kind, const std::string& csv) {
    JsonAnswer answer = send_sheet(kind, csv, "?dry_run=true");
    EXPECT_EQ(answer.status, 200) << json::serialize(answer.body);
    EXPECT_THAT(answer.fields["etag"], testing::MatchesRegex("\"[0-9a-f]{32}\""));
    return answer.fields["etag"];
  }
  std::string sheet_with_versions(const std::string& kind) {
    return call("GET", "/" + kind + ".csv?versions=true", "", token_).text;
  }
  json::object ended(const JsonAnswer& begun) {
    EXPECT_EQ(begun.status, 202) << json::serialize(begun.body);
    if (begun.status != 202) return {};
    const std::string job = "/jobs/" + std::string(begun.body.at("id").as_string());
    for (int i = 0; i < 2000 && admin("GET", job).body.at("state") == "running"; ++i) on_domain([] {});
    return admin("GET", job).body.as_object();
  }
  static std::string with(std::string text, const std::string& from, const std::string& to) {
    const auto found = text.find(from);
    EXPECT_NE(found, std::string::npos) << from;
    return found == std::string::npos ? text : text.replace(found, from.size(), to);
  }
};

TEST_F(ManyAtOnce, HaveTheVersionInTheListThatTheOneSays) {
  for (const auto& [list, key] :
       {std::pair{"/extensions", "number"}, {"/hot-desks", "mac"}, {"/upstream-accounts", "extension"}}) {
    const json::value rows = admin("GET", list).body;
    ASSERT_FALSE(rows.as_array().empty()) << list;
    for (const json::value& row : rows.as_array()) {
      const std::string one = std::string(list) + "/" + std::string(row.at(key).as_string());
      EXPECT_EQ(std::string(row.at("version").as_string()), tag(one)) << one;
      EXPECT_EQ(std::string(admin("GET", one).body.at("version").as_string()), tag(one)) << one;
    }
  }
}

TEST_F(ManyAtOnce, AreChangedOverTheVersionsThatWereSeen) {
  EXPECT_EQ(switch_on({"101", "102"}, seen({"101", "102"})).status, 200);
  EXPECT_TRUE(is_on("101") && is_on("102"));
}

TEST_F(ManyAtOnce, AreNotChangedWhereOneWasSinceAndItIsNamed) {
  const json::object before = seen({"101", "102", "103"});
  rename("102", "Theirs");
  const JsonAnswer refused = switch_on({"101", "102", "103"}, before);
  EXPECT_EQ(refused.status, 412);
  EXPECT_EQ(json::serialize(refused.body.at("changed")), R"(["102"])");
  EXPECT_THAT(refused.detail(), HasSubstr("102"));
  EXPECT_FALSE(is_on("101") || is_on("102") || is_on("103"));
  const std::string audit = json::serialize(admin("GET", "/audit?action=extension.changed").body);
  EXPECT_THAT(audit, Not(HasSubstr("hot_desking on")));
  EXPECT_EQ(switch_on({"101", "102", "103"}, seen({"101", "102", "103"})).status, 200);
}

TEST_F(ManyAtOnce, AreChangedOverWhateverIsThereWithoutVersions) {
  rename("101", "Theirs");
  EXPECT_EQ(admin("PATCH", "/extensions", R"({"numbers":["101","102"],"hot_desking":true})").status, 200);
  EXPECT_EQ(switch_on({"103"}, nullptr).status, 200);
}

TEST_F(ManyAtOnce, TakeAVersionForEachAndNoOther) {
  const json::object good = seen({"101", "102"});
  EXPECT_EQ(switch_on({"101"}, json::object{{"101", 1}}).status, 400);
  EXPECT_EQ(switch_on({"101"}, json::array{}).status, 400);
  EXPECT_EQ(switch_on({"101", "102"}, json::object{{"101", good.at("101")}}).status, 422);
  EXPECT_EQ(switch_on({"101"}, json::object{}).status, 422);
  EXPECT_EQ(switch_on({"101"}, good).status, 422) << "102 isn't to be changed";
  for (const json::string& wrong : {good.at("102").as_string(), json::string(""), json::string("*"),
                                    json::string("\"0123456789abcdef0123456789abcdef\"")})
    EXPECT_EQ(switch_on({"101"}, json::object{{"101", wrong}}).status, 412) << wrong;
  json::object many;
  for (int i = 0; i < 10'001; ++i) many[std::to_string(100'000 + i)] = "x";
  EXPECT_EQ(switch_on({"101"}, many).status, 422);
  std::vector<std::string> numbers;
  for (int i = 0; i < 10'001; ++i) numbers.push_back(std::to_string(100'000 + i));
  EXPECT_EQ(switch_on(numbers, many).status, 400);
  EXPECT_FALSE(is_on("101"));
}

TEST_F(ManyAtOnce, AreRefusedAsGoneWhereOneHasGone) {
  const json::object before = seen({"101", "103"});
  ASSERT_EQ(admin("DELETE", "/extensions/103").status, 204);
  const JsonAnswer refused = switch_on({"101", "103"}, before);
  EXPECT_EQ(refused.status, 404);
  EXPECT_THAT(refused.detail(), HasSubstr("103"));
  EXPECT_FALSE(is_on("101"));
}

TEST_F(ManyAtOnce, HaveANewVersionWithANewPin) {
  const std::string before = tag("/extensions/101");
  ASSERT_EQ(admin("PATCH", "/extensions/101", R"({"voicemail_pin":"739146"})").status, 200);
  EXPECT_NE(tag("/extensions/101"), before);
}

TEST_F(ManyAtOnce, ASheetIsImportedOnlyIfItWouldStillDoWhatWasShown) {
  const std::string csv = "number,name\n101,Mine\n102,Mine too\n";
  const std::string shown = planned("extensions", csv);
  EXPECT_EQ(planned("extensions", csv), shown) << "nothing has changed";
  rename("102", "Theirs");
  const JsonAnswer refused = send_sheet("extensions", csv, "", shown);
  EXPECT_EQ(refused.status, 412);
  EXPECT_EQ(name("101"), "Person 101");
  EXPECT_EQ(send_sheet("extensions", csv, "", "\"x\"").status, 412);
  EXPECT_EQ(send_sheet("extensions", csv, "", "W/" + planned("extensions", csv)).status, 412);
  EXPECT_EQ(send_sheet("extensions", "number,name\n101,Other\n", "", planned("extensions", csv)).status, 412);
  EXPECT_EQ(ended(send_sheet("extensions", csv, "", planned("extensions", csv))).at("state"), "done");
  EXPECT_EQ(name("102"), "Mine too");
}

TEST_F(ManyAtOnce, ASheetIsImportedOverWhateverIsThereWithoutATag) {
  planned("extensions", "number,name\n102,Mine\n");
  rename("102", "Theirs");
  EXPECT_EQ(ended(send_sheet("extensions", "number,name\n102,Mine\n")).at("state"), "done");
  EXPECT_EQ(name("102"), "Mine");
}

TEST_F(ManyAtOnce, ARowThatIsChangedWhileTheImportRunsStaysAsItIsAndIsTold) {
  for (const bool tagged : {true, false}) {
    rename("102", "Person 102");
    const std::string csv = "number,name\n101,Mine\n102,Mine\n103,Mine\n";
    const std::string shown = planned("extensions", csv);
    on_domain([&] {
      domain_.store_record = [this](const AuditRecord& record) {
        if (record.subject == "101") domain_.extensions_["102"].record.name = "Theirs";
      };
    });
    const json::object job = ended(send_sheet("extensions", csv, "", tagged ? shown : ""));
    EXPECT_EQ(name("102"), tagged ? "Theirs" : "Mine");
    EXPECT_EQ(name("103"), "Mine");
    const json::array& problems = job.at("problems").as_array();
    ASSERT_EQ(problems.size(), tagged ? 1u : 0u);
    if (tagged) {
      EXPECT_EQ(problems[0].at("subject"), "102");
      EXPECT_THAT(std::string(problems[0].at("detail").as_string()), HasSubstr("Somebody else"));
    }
    for (const char* number : {"101", "103"}) rename(number, "Again");
  }
}

TEST_F(ManyAtOnce, ASheetWithVersionsNamesTheRowsThatWereChangedSince) {
  const std::string csv = with(with(sheet_with_versions("extensions"), "Person 101", "Mine"), "Person 102", "Mine too");
  EXPECT_EQ(planned("extensions", csv).size(), 34u);
  rename("102", "Theirs");
  rename("103", "Theirs as well");
  const JsonAnswer refused = send_sheet("extensions", csv);
  EXPECT_EQ(refused.status, 412);
  EXPECT_EQ(refused.body.at("errors"), 2) << "the sheet would take 103's name back";
  EXPECT_EQ(refused.body.at("rows").at(0).at("action"), "update");
  for (const std::size_t row : {1u, 2u})
    EXPECT_THAT(std::string(refused.body.at("rows").at(row).at("problem").as_string()), HasSubstr("was changed since"));
  EXPECT_EQ(name("101"), "Person 101");
  // What the sheet says anyway is no change, whatever its version.
  EXPECT_EQ(send_sheet("extensions", with(csv, "Person 103", "Theirs as well"), "?dry_run=true").body.at("errors"), 1);
  // Beside another fault it is a sheet that can't be.
  EXPECT_EQ(send_sheet("extensions", csv + "10a,x,,,,\n").status, 422);
}

TEST_F(ManyAtOnce, ASheetWithVersionsMakesNothingAnewThatWasDeletedSince) {
  const std::string csv = sheet_with_versions("extensions");
  ASSERT_EQ(admin("DELETE", "/extensions/103").status, 204);
  const JsonAnswer refused = send_sheet("extensions", csv);
  EXPECT_EQ(refused.status, 412);
  EXPECT_THAT(std::string(refused.body.at("rows").at(2).at("problem").as_string()), HasSubstr("was deleted since"));
  EXPECT_EQ(ended(send_sheet("extensions", "number,version\n103,\n")).at("state"), "done")
      << "an empty cell says nothing";
  EXPECT_THAT(call("GET", "/extensions.csv", "", token_).text, Not(HasSubstr("version")));
  EXPECT_EQ(call("GET", "/extensions.csv?versions=perhaps", "", token_).status, 400);
}

TEST_F(ManyAtOnce, DesksAndUpstreamAccountsBySheetsAreNoOther) {
  const std::string desks = "mac,location\n001565aabbcc,Mine\n", accounts = "extension,user\n101,mine\n102,mine-2\n";
  const std::string desks_shown = planned("hot-desks", desks), accounts_shown = planned("upstream-accounts", accounts);
  const std::string old_desks = with(sheet_with_versions("hot-desks"), ",,de,", ",Mine,de,");
  const std::string old_accounts = with(sheet_with_versions("upstream-accounts"), "old-pbx,101", "old-pbx,mine");
  ASSERT_EQ(admin("PATCH", "/hot-desks/001565aabbcc", R"({"options":{"location":"Theirs"}})").status, 200);
  ASSERT_EQ(admin("PATCH", "/upstream-accounts/101", R"({"user":"theirs"})").status, 200);
  EXPECT_EQ(send_sheet("hot-desks", desks, "", desks_shown).status, 412);
  EXPECT_EQ(send_sheet("hot-desks", old_desks).status, 412);
  EXPECT_EQ(send_sheet("upstream-accounts", accounts, "", accounts_shown).status, 412);
  EXPECT_EQ(send_sheet("upstream-accounts", old_accounts).status, 412);
  EXPECT_EQ(admin("GET", "/hot-desks/001565aabbcc").body.at("options").at("location"), "Theirs");
  EXPECT_EQ(admin("GET", "/upstream-accounts/101").body.at("user"), "theirs");
  EXPECT_EQ(admin("GET", "/upstream-accounts/102").body.at("user"), "102");
  EXPECT_EQ(ended(send_sheet("hot-desks", desks, "", planned("hot-desks", desks))).at("state"), "done");
  EXPECT_EQ(send_sheet("upstream-accounts", accounts, "", planned("upstream-accounts", accounts)).status, 200);
}

TEST_F(BoundToASite, ChangesNotManyAtOnceEitherWithTheirVersions) {
  const std::string seen(call("GET", "/extensions/101", "", bea_).fields["etag"]);
  const JsonAnswer refused = call(
      "PATCH", "/extensions",
      json::serialize(json::object{{"numbers", {"101"}}, {"hot_desking", false}, {"versions", {{"101", seen}}}}), bea_);
  EXPECT_EQ(refused.status, 403);
  EXPECT_FALSE(refused.body.as_object().contains("changed"));
  EXPECT_EQ(admin("GET", "/extensions/101").body.at("hot_desking"), true);
  // Of desks the sheet has those of the own site, with their versions and no other's.
  const std::string sheet = call("GET", "/hot-desks.csv?versions=true", "", bea_).text;
  EXPECT_THAT(sheet, HasSubstr(here.text()));
  EXPECT_THAT(sheet, Not(HasSubstr(there.text())));
}

}  // namespace
}  // namespace roamdesk::test
