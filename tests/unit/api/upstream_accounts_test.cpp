#include <tuple>

#include "fixture.hpp"

// Accounts of extensions at another exchange.
namespace roamdesk::test {
namespace {
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class UpstreamAccountsApi : public ApiTest {
 protected:
  void have_office() {
    for (const char* number : {"101", "102"})
      admin("POST", "/extensions", std::string(R"({"number":")") + number + R"(","name":"A","voicemail_pin":"8265"})");
    ASSERT_EQ(admin("POST", "/trunks", R"({"name":"old-pbx","kind":"accounts","domain":"pbx.example"})").status, 201);
    ASSERT_EQ(admin("POST", "/trunks", R"({"name":"provider","domain":"p.example","user":"u"})").status, 201);
  }
};

TEST_F(UpstreamAccountsApi, KeepsAnAccountAndNeverShowsItsPassword) {
  have_office();
  const JsonAnswer made =
      admin("POST", "/upstream-accounts", R"({"extension":"101","trunk":"old-pbx","password":"se cret"})");
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(made.body.at("user"), "101") << "left out: as it is called here";
  EXPECT_EQ(made.body.at("registers"), "while_logged_in");
  EXPECT_EQ(made.body.at("has_password"), true);
  EXPECT_TRUE(made.body.at("state").is_null());
  EXPECT_EQ(admin("PATCH", "/upstream-accounts/101", R"({"registers":"always","auth_user":"x7"})").status, 200);
  on_domain([&] {
    const auto& account = domain_.directory().all<UpstreamAccount>().at("101");
    EXPECT_EQ(account.password, Secret{"se cret"}) << "it stays";
    EXPECT_EQ(account.auth_user, "x7");
  });
  for (const char* path : {"/upstream-accounts", "/upstream-accounts/101", "/audit"})
    EXPECT_THAT(json::serialize(admin("GET", path).body), Not(HasSubstr("se cret"))) << path;
  EXPECT_THAT(json::serialize(admin("GET", "/audit").body),
              AllOf(HasSubstr("upstream_account.created"), HasSubstr("upstream_account.changed")));
  EXPECT_EQ(admin("DELETE", "/upstream-accounts/101").status, 204);
  EXPECT_EQ(admin("GET", "/upstream-accounts/101").status, 404);
}

TEST_F(UpstreamAccountsApi, RefusesWhatCanNotBeInWordsThatSayWhatWouldBeRight) {
  have_office();
  for (const auto& [body, status] : std::vector<std::pair<std::string, int>>{
           {R"({"extension":"101"})", 422},
           {R"({"extension":"10 1","trunk":"old-pbx"})", 422},
           {R"({"extension":"101","trunk":"old-pbx","user":"a b"})", 422},
           {R"({"extension":"101","trunk":"old-pbx","registers":"sometimes"})", 422},
           {R"({"extension":"999","trunk":"old-pbx"})", 409},
           {R"({"extension":"101","trunk":"nowhere"})", 409},
           {R"({"extension":"101","trunk":"provider"})", 409},
       }) {
    const JsonAnswer answer = admin("POST", "/upstream-accounts", body);
    EXPECT_EQ(answer.status, status) << body;
    EXPECT_THAT(answer.detail(), HasSubstr("expected")) << body;
  }
}

TEST_F(UpstreamAccountsApi, GivesNoAccountToTwoExtensions) {
  have_office();
  ASSERT_EQ(admin("POST", "/upstream-accounts", R"({"extension":"101","trunk":"old-pbx"})").status, 201);
  EXPECT_EQ(admin("POST", "/upstream-accounts", R"({"extension":"101","trunk":"old-pbx"})").status, 409);
  EXPECT_EQ(admin("POST", "/upstream-accounts", R"({"extension":"102","trunk":"old-pbx","user":"101"})").status, 409)
      << "they would take each other's calls";
}

TEST_F(UpstreamAccountsApi, ATrunkWithAccountsStaysOne) {
  have_office();
  ASSERT_EQ(admin("POST", "/upstream-accounts", R"({"extension":"101","trunk":"old-pbx"})").status, 201);
  EXPECT_EQ(admin("PATCH", "/trunks/old-pbx", R"({"kind":"address"})").status, 409);
  const JsonAnswer refused = admin("DELETE", "/trunks/old-pbx");
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(refused.detail(), HasSubstr("101"));
}

TEST_F(UpstreamAccountsApi, ExplainsWhoseCallsGoThere) {
  have_office();
  ASSERT_EQ(admin("POST", "/upstream-accounts", R"({"extension":"101","trunk":"old-pbx"})").status, 201);
  const JsonAnswer said = admin("GET", "/explain?extension=101&number=*97");
  ASSERT_EQ(said.status, 200);
  EXPECT_EQ(said.body.at("leads_to"), "upstream");
  EXPECT_EQ(json::serialize(said.body.at("attempts")), R"([{"trunk":"old-pbx","called":"*97"}])");
  EXPECT_EQ(admin("GET", "/explain?extension=102&number=*97").body.at("leads_to"), "refused");
}

TEST_F(UpstreamAccountsApi, AreAnAdministratorsToChange) {
  have_office();
  ASSERT_EQ(admin("POST", "/upstream-accounts", R"({"extension":"101","trunk":"old-pbx"})").status, 201);
  for (const char* role : {"reader", "operator"}) {
    const std::string token = user(std::string("a-") + role, role);
    EXPECT_EQ(call("GET", "/upstream-accounts", "", token).status, 200) << role;
    for (const auto& [method, path, body] :
         {std::tuple{"POST", "/upstream-accounts", R"({"extension":"102","trunk":"old-pbx"})"},
          {"PATCH", "/upstream-accounts/101", R"({"password":"mine"})"},
          {"DELETE", "/upstream-accounts/101", ""}})
      EXPECT_EQ(call(method, path, body, token).status, 403) << role << " " << method;
  }
  EXPECT_EQ(call("GET", "/upstream-accounts").status, 401);
}

// ---- by a spreadsheet

class UpstreamAccountsSheet : public UpstreamAccountsApi {
 protected:
  JsonAnswer import(const std::string& sheet, bool dry = false, const std::string& token = {}) {
    if (token_.empty()) token_ = log_in("admin", "administrator's");
    return call("POST", std::string("/upstream-accounts/import") + (dry ? "?dry_run=true" : ""), sheet,
                token.empty() ? token_ : token, "Content-Type: text/csv\r\n");
  }
  static std::string counts(const JsonAnswer& answer) {
    std::string text;
    for (const char* name : {"create", "update", "unchanged", "errors"})
      text += (text.empty() ? "" : " ") + std::to_string(answer.body.at(name).to_number<int>());
    return text;
  }
};

TEST_F(UpstreamAccountsSheet, SaysFirstWhatItWouldDoAndThenDoesIt) {
  have_office();
  const std::string sheet = "extension,trunk,password,registers\n101,old-pbx,se cret,always\n102,old-pbx,,\n";
  const JsonAnswer preview = import(sheet, true);
  ASSERT_EQ(preview.status, 200) << json::serialize(preview.body);
  EXPECT_EQ(counts(preview), "2 0 0 0");
  EXPECT_EQ(admin("GET", "/upstream-accounts").body.as_array().size(), 0u) << "nothing was done";
  const JsonAnswer done = import(sheet);
  ASSERT_EQ(done.status, 200);
  EXPECT_EQ(counts(done), "2 0 0 0");
  EXPECT_EQ(admin("GET", "/upstream-accounts/101").body.at("registers"), "always");
  EXPECT_EQ(admin("GET", "/upstream-accounts/102").body.at("user"), "102");
  EXPECT_EQ(counts(import(sheet, true)), "0 0 2 0") << "the same again is nothing new";
  EXPECT_EQ(counts(import("extension,password\n101,another\n")), "0 1 0 0");
  on_domain([&] {
    const auto& account = domain_.directory().all<UpstreamAccount>().at("101");
    EXPECT_EQ(account.password, Secret{"another"});
    EXPECT_EQ(account.registers, AccountRegisters::always) << "a column that isn't there says nothing";
  });
  for (const auto& answer : {preview, done, admin("GET", "/audit")})
    EXPECT_THAT(json::serialize(answer.body), Not(HasSubstr("se cret")));
  EXPECT_THAT(json::serialize(admin("GET", "/audit").body), HasSubstr("upstream_account.imported"));
}

TEST_F(UpstreamAccountsSheet, WithOneRowThatCanNotBeNothingIsDone) {
  have_office();
  for (const auto& [row, why] : std::vector<std::pair<std::string, std::string>>{
           {"999,old-pbx,,,", "There is no extension 999"},
           {"102,provider,,,", "provider is no trunk of kind accounts"},
           {"102,old-pbx,101,,", "is the extension 101's already"},
           {"101,old-pbx,7,,", "line 2 already"},
           {"102,old-pbx,,sometimes,", "expected one of"},
           {"102,old-pbx,,,perhaps", "true or false"},
           {"102,old-pbx,a b,,", "user"},
           {"102,old-pbx,,,true,more", "more cells"},
       }) {
    const JsonAnswer refused = import("extension,trunk,user,registers,enabled\n101,old-pbx,,,\n" + row + "\n");
    EXPECT_EQ(refused.status, 422) << row;
    EXPECT_THAT(json::serialize(refused.body), HasSubstr(why)) << row;
    EXPECT_EQ(admin("GET", "/upstream-accounts").body.as_array().size(), 0u) << row;
  }
  EXPECT_EQ(import("number,trunk\n101,old-pbx\n").status, 422) << "a column that isn't known";
  EXPECT_EQ(import("trunk\nold-pbx\n").status, 422) << "the one that is needed isn't there";
}

TEST_F(UpstreamAccountsSheet, TwoMayExchangeTheirAccounts) {
  have_office();
  ASSERT_EQ(import("extension,trunk,user\n101,old-pbx,a\n102,old-pbx,b\n").status, 200);
  EXPECT_EQ(counts(import("extension,user\n101,b\n102,a\n")), "0 2 0 0");
}

TEST_F(UpstreamAccountsSheet, WhatIsReadOutIsTheSameWhenItIsReadInAndHasNoPassword) {
  have_office();
  ASSERT_EQ(import("extension,trunk,user,auth_user,password,enabled\n101,old-pbx,a,x,se cret,no\n").status, 200);
  HttpClient client(at_, false, {});
  const auto sheet =
      client.call("GET", "/api/v1/upstream-accounts.csv", "", "Authorization: Bearer " + token_ + "\r\n");
  ASSERT_TRUE(sheet);
  EXPECT_THAT(sheet->body, AllOf(HasSubstr("101,old-pbx,a,x,,while_logged_in,false"), Not(HasSubstr("se cret"))));
  EXPECT_EQ(counts(import(sheet->body)), "0 0 1 0");
}

TEST_F(UpstreamAccountsSheet, IsAnAdministratorsToImport) {
  have_office();
  EXPECT_EQ(import("extension,trunk\n101,old-pbx\n", false, user("otto", "operator")).status, 403);
  EXPECT_EQ(
      call("POST", "/upstream-accounts/import", "extension,trunk\n101,old-pbx\n", "", "Content-Type: text/csv\r\n")
          .status,
      401);
  EXPECT_EQ(admin("GET", "/upstream-accounts").body.as_array().size(), 0u);
}

}  // namespace
}  // namespace roamdesk::test
