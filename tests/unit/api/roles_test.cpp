#include <algorithm>
#include <cctype>
#include <set>

#include "fixture.hpp"
#include "pbx-core/api/routes.hpp"

// Who may do what, for every call and every role, against what the document of the API promises.
namespace roamdesk::test {
namespace {
using testing::HasSubstr;

enum Needs { everybody, reader, operator_, administrator };

// "GET /users" -> who may, as openapi.json says: "Role: administrator." in front of its description, or no log-in at
// all.
const std::map<std::string, Needs>& needs() {
  static const std::map<std::string, Needs> all = [] {
    std::map<std::string, Needs> said;
    const json::value document = json::parse(api::openapi_text());
    for (const auto& [path, calls] : document.at("paths").as_object())
      for (const auto& [method, call] : calls.as_object()) {
        std::string name(method);
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::toupper(c); });
        name += " " + std::string(path);
        const json::value* description = call.as_object().if_contains("description");
        const std::string text = description ? std::string(description->as_string()) : std::string{};
        const json::value* security = call.as_object().if_contains("security");
        if (security && security->as_array().empty()) said[name] = everybody;
        for (const auto& [word, role] : {std::pair{"Role: reader.", reader},
                                         {"Role: operator.", operator_},
                                         {"Role: administrator.", administrator}})
          if (text.starts_with(word)) said[name] = role;
      }
    return said;
  }();
  return all;
}

// With something in place of the parameters that isn't there.
std::string example(std::string path) {
  const std::pair<const char*, const char*> parameters[] = {{"{number}", "999"},    {"{mac}", "001565ffffff"},
                                                            {"{name}", "nobody"},   {"{id}", "none"},
                                                            {"{vendor}", "nobody"}, {"{model}", "none"}};
  for (const auto& [name, value] : parameters)
    if (const auto at = path.find(name); at != std::string::npos) path.replace(at, std::string(name).size(), value);
  return path;
}

TEST_F(ApiTest, HasARoleForEveryCall) {
  for (const api::Route& route : api::routes()) {
    const std::string name = std::string(route.method) + " " + std::string(route.path);
    const auto expected = needs().find(name);
    ASSERT_NE(expected, needs().end()) << name << " has come new: openapi.json says who may";
    const Needs has = route.role ? static_cast<Needs>(static_cast<int>(*route.role) + 1) : everybody;
    EXPECT_EQ(has, expected->second) << name;
  }
}

// What a document and a table could agree on and be wrong about.
TEST_F(ApiTest, LetsAReaderChangeNothingButTheReadersOwnAccount) {
  const std::set<std::string> own = {
      "POST /login",           "POST /logout",        "POST /me/totp",
      "POST /me/totp/confirm", "DELETE /me/totp",     "DELETE /sessions/{id}",
      "PATCH /users/{name}",  // the own password; the rest is refused by the call
      "POST /tokens",          "DELETE /tokens/{id}", "POST /models/{vendor}/{model}/keys"};  // draws what isn't saved
  for (const api::Route& route : api::routes()) {
    const std::string name = std::string(route.method) + " " + std::string(route.path);
    if (route.method == "GET" || own.contains(name)) continue;
    EXPECT_TRUE(route.role && *route.role != Role::reader) << name;
  }
}

TEST_F(ApiTest, LetsEachRoleDoItsCallsAndNoOthers) {
  const std::pair<Needs, std::string> people[] = {{reader, user("rita", "reader")},
                                                  {operator_, user("otto", "operator")},
                                                  {administrator, user("anna", "administrator")}};
  for (const api::Route& route : api::routes()) {
    const std::string name = std::string(route.method) + " " + std::string(route.path);
    const std::string method(route.method), path = example(std::string(route.path));
    const Needs needed = needs().contains(name) ? needs().at(name) : everybody;
    const std::string body = method == "GET" || method == "DELETE" ? "" : R"({"nothing":"of this"})";
    if (needed != everybody) {
      EXPECT_EQ(call(method, path, body).status, 401) << name;
    }
    for (const auto& [is, token] : people) {
      // What would take place: the end of the log-in, and an answer without an end.
      if (is >= needed && (name == "POST /logout" || name == "GET /events")) continue;
      const JsonAnswer answer = call(method, path, body, token);
      const bool refused = answer.status == 403 && answer.detail().find("is needed") != std::string::npos;
      EXPECT_EQ(refused, is < needed) << name << " as " << is << ": " << answer.status;
      EXPECT_NE(answer.status, 401) << name;
    }
  }
}

TEST_F(ApiTest, GivesOperatorsNoSecretsAndNoAdministrators) {
  const std::string otto = user("otto", "operator");
  admin("POST", "/extensions", R"({"number":"101","name":"Alice"})");
  admin("POST", "/sbcs", R"({"name":"branch-1","time_zone":"Europe/Berlin"})");
  EXPECT_EQ(call("PATCH", "/extensions/101", R"({"voicemail_pin":"8265"})", otto).status, 403);
  EXPECT_EQ(call("POST", "/sbcs/branch-1/enrolment-key", "", otto).status, 403);
  EXPECT_EQ(call("PATCH", "/users/admin", R"({"password":"a good password"})", otto).status, 403);
  EXPECT_EQ(call("PATCH", "/users/admin", R"({"disabled":true})", otto).status, 403);
  EXPECT_EQ(call("PATCH", "/users/otto", R"({"role":"administrator"})", otto).status, 403);
  EXPECT_EQ(call("PATCH", "/users/otto", R"({"password":"a better password","role":"administrator"})", otto).status,
            403);
  EXPECT_EQ(call("DELETE", "/users/admin/totp", "", otto).status, 403);
  const std::string seen = json::serialize(call("GET", "/sessions", "", otto).body);
  EXPECT_THAT(seen, testing::AllOf(HasSubstr("otto"), testing::Not(HasSubstr("admin"))));
  for (const char* path : {"/extensions", "/sbcs", "/audit"})
    for (const char* secret : {"pin", "scrypt", "secret", "enrolment_key", "password_hash"})
      EXPECT_THAT(json::serialize(call("GET", path, "", otto).body), testing::Not(HasSubstr(secret))) << path;
  EXPECT_EQ(call("POST", "/extensions/101/unlock", "", otto).status, 200);
}

TEST_F(ApiTest, LetsAnApiTokenDoNothingWithItsUsersAccount) {
  const JsonAnswer made = admin("POST", "/tokens", R"({"name":"screen","scope":"reader"})");
  const std::string token(made.body.at("token").as_string());
  EXPECT_EQ(call("GET", "/me", "", token).body.at("role"), "reader");
  EXPECT_EQ(call("GET", "/extensions", "", token).status, 200);
  // A reader's token must not set its administrator's password, nor make tokens without an end, nor a second factor.
  EXPECT_EQ(call("PATCH", "/users/admin", R"({"password":"a good password"})", token).status, 403);
  EXPECT_EQ(call("POST", "/tokens", R"({"name":"more","scope":"reader"})", token).status, 403);
  EXPECT_EQ(call("POST", "/me/totp", "", token).status, 403);
  EXPECT_EQ(call("DELETE", "/me/totp", R"({"password":"administrator's"})", token).status, 403);
  EXPECT_EQ(call("POST", "/logout", "", token).status, 403);
  const std::string id(admin("GET", "/sessions").body.as_array().at(0).at("id").as_string());
  EXPECT_EQ(call("DELETE", "/sessions/" + id, "", token).status, 403);
  const std::string other(admin("POST", "/tokens", R"({"name":"x","scope":"reader"})").body.at("id").as_string());
  EXPECT_EQ(call("DELETE", "/tokens/" + other, "", token).status, 404);
  EXPECT_EQ(call("DELETE", "/tokens/" + std::string(made.body.at("id").as_string()), "", token).status, 204);
  EXPECT_EQ(call("GET", "/me", "", token).status, 401);
  EXPECT_EQ(admin("GET", "/me").status, 200);
}

// What would let a stolen API token become more than it is, or live longer.
const std::pair<const char*, const char*> escalations[] = {
    {"POST /users", R"({"name":"mallory","password":"a good password","role":"administrator"})"},
    {"POST /users", R"({"name":"mallory","password":"a good password","role":"reader"})"},
    {"PATCH /users/admin", R"({"password":"a good password"})"},
    {"PATCH /users/rita", R"({"password":"a good password"})"},
    {"PATCH /users/rita", R"({"role":"administrator"})"},
    {"PATCH /users/rita", R"({"disabled":true})"},
    {"DELETE /users/rita", ""},
    {"DELETE /users/admin", ""},
    {"DELETE /users/rita/totp", ""},
    {"POST /tokens", R"({"name":"more","scope":"reader"})"},
    {"POST /tokens", R"({"name":"more","scope":"administrator","expires":"2099-01-01T00:00:00Z"})"},
    {"POST /me/totp", ""},
    {"POST /me/totp/confirm", R"({"code":"123456"})"},
    {"DELETE /me/totp", R"({"password":"administrator's"})"},
    {"POST /backup", ""},
    {"GET /backups/roamdesk-2026-11-29T013000Z.backup", ""},
    {"PUT /sftp-backup", R"({"host":"evil.example.com","user":"eve","password":"x"})"},
    {"DELETE /sftp-backup", ""},
    {"POST /sftp-backup/try", R"({"host":"evil.example.com","user":"eve","password":"x"})"},
    {"POST /sftp-backup/now", ""},
    {"GET /sftp-backup/files", ""},
    {"POST /restore/uploads", R"({"bytes":10})"},
    {"POST /restore/look", R"({"place":"kept","name":"a"})"},
    {"POST /restore", R"({"id":"a","password":"administrator's"})"},
    {"PATCH /settings", R"({"audit_days":1})"},
    {"POST /logout", ""},
};

TEST_F(ApiTest, AnApiTokenOfNoScopeBecomesMoreThanItIs) {
  user("rita", "reader");
  const std::string session(admin("GET", "/sessions").body.as_array().at(0).at("id").as_string());
  const std::string other(admin("POST", "/tokens", R"({"name":"x","scope":"reader"})").body.at("id").as_string());
  const auto users_before = json::serialize(admin("GET", "/users").body);
  for (const char* scope : {"reader", "operator", "administrator"}) {
    const JsonAnswer made =
        admin("POST", "/tokens", json::serialize(json::object{{"name", "stolen"}, {"scope", scope}}));
    const std::string token(made.body.at("token").as_string());
    const auto tried = [&](const std::string& name, const std::string& body) {
      const auto blank = name.find(' ');
      const JsonAnswer answer = call(name.substr(0, blank), name.substr(blank + 1), body, token);
      EXPECT_EQ(answer.status, 403) << name << " with scope " << scope;
      EXPECT_THAT(json::serialize(answer.body), testing::AnyOf(HasSubstr("needed"), HasSubstr("DELETE /tokens")))
          << "says what would do it";
    };
    for (const auto& [name, body] : escalations) tried(name, body);
    tried("DELETE /sessions/" + session, "");
    EXPECT_EQ(call("DELETE", "/tokens/" + other, "", token).status, 404);
  }
  EXPECT_EQ(json::serialize(admin("GET", "/users").body), users_before);
  EXPECT_EQ(admin("GET", "/tokens").body.as_array().size(), 4u);
}

TEST_F(ApiTest, AnApiTokenIsWorthNoMoreThanItsUserByNow) {
  const std::string anna = user("anna", "administrator");
  const JsonAnswer made = call("POST", "/tokens", R"({"name":"ci","scope":"administrator"})", anna);
  const std::string token(made.body.at("token").as_string());
  const char* extension = R"({"number":"101","name":"Alice"})";
  EXPECT_EQ(call("POST", "/extensions", extension, token).status, 201);
  admin("PATCH", "/users/anna", R"({"role":"reader"})");
  EXPECT_EQ(call("DELETE", "/extensions/101", "", token).status, 403);
  EXPECT_EQ(call("GET", "/extensions", "", token).status, 200);
  admin("PATCH", "/users/anna", R"({"disabled":true})");
  EXPECT_EQ(call("GET", "/extensions", "", token).status, 401);
  admin("DELETE", "/users/anna");
  EXPECT_EQ(call("GET", "/extensions", "", token).status, 401);
  user("anna", "administrator");  // another user of this name
  EXPECT_EQ(call("GET", "/extensions", "", token).status, 401);
  EXPECT_TRUE(store_->load().tokens.empty());
}

TEST_F(ApiTest, EachSessionMayDoWithUsersAndTokensWhatItsRoleSays) {
  const std::string rita = user("rita", "reader"), otto = user("otto", "operator"),
                    anna = user("anna", "administrator");
  const char* fresh = R"({"name":"new","password":"a good password","role":"reader"})";
  for (const std::string& token : {rita, otto}) {
    EXPECT_EQ(call("POST", "/users", fresh, token).status, 403);
    EXPECT_EQ(call("DELETE", "/users/admin", "", token).status, 403);
    EXPECT_EQ(call("POST", "/backup", "", token).status, 403);
    EXPECT_EQ(call("GET", "/backups", "", token).status, 403);
    EXPECT_EQ(call("GET", "/backups/roamdesk-2026-11-29T013000Z.backup", "", token).status, 403);
    EXPECT_EQ(call("PATCH", "/settings", R"({"audit_days":1})", token).status, 403);
    EXPECT_EQ(call("POST", "/tokens", R"({"name":"x","scope":"administrator"})", token).status, 403);
    EXPECT_EQ(call("POST", "/tokens", R"({"name":"x","scope":"reader"})", token).status, 201);
  }
  EXPECT_EQ(call("POST", "/users", fresh, anna).status, 201);
  EXPECT_EQ(call("PATCH", "/settings", R"({"audit_days":30})", anna).status, 200);
  EXPECT_EQ(call("DELETE", "/users/new", "", anna).status, 204);
}

}  // namespace
}  // namespace roamdesk::test
