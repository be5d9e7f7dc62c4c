#include <algorithm>

#include "fixture.hpp"

namespace roamdesk::test {
namespace {
using testing::HasSubstr;

TEST_F(ApiTest, LetsEverybodyChangeTheOwnPasswordOnly) {
  const std::string rita = user("rita", "reader");
  EXPECT_EQ(call("PATCH", "/users/rita", R"({"role":"administrator"})", rita).status, 403);
  EXPECT_EQ(call("PATCH", "/users/rita", R"({"disabled":false})", rita).status, 403);
  EXPECT_EQ(call("PATCH", "/users/admin", R"({"password":"a better password"})", rita).status, 403);
  EXPECT_EQ(call("PATCH", "/users/rita", R"({"password":"short"})", rita).status, 422);
  EXPECT_EQ(call("PATCH", "/users/rita", R"({"password":"a better password"})", rita).status, 200);
  EXPECT_EQ(call("GET", "/extensions", "", rita).status, 401);  // the old log-in has ended
  EXPECT_FALSE(log_in("rita", "a better password").empty());
}

TEST_F(ApiTest, AsksForThePresentPasswordInTheConsole) {
  user("rita", "reader");
  const JsonAnswer login = call("POST", "/login", R"({"username":"rita","password":"a good password","cookie":true})");
  const std::string set = login.fields.at("set-cookie");
  const std::string cookie = "Cookie: " + set.substr(0, set.find(';')) + "\r\nOrigin: http://test\r\n";
  const auto change = [&](const char* body) { return call("PATCH", "/users/rita", body, "", cookie); };
  EXPECT_EQ(change(R"({"password":"a better password"})").body.at("field"), "current_password");
  const JsonAnswer wrong = change(R"({"password":"a better password","current_password":"guessed"})");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(wrong.body.at("field"), "current_password");
  EXPECT_EQ(change(R"({"password":"a better password","current_password":"a good password"})").status, 200);
  EXPECT_EQ(call("GET", "/me", "", "", cookie).status, 401);
  // Guessing it is guessing a log-in.
  const JsonAnswer again =
      call("POST", "/login", R"({"username":"rita","password":"a better password","cookie":true})");
  const std::string second = again.fields.at("set-cookie");
  for (int i = 0; i < 5; ++i)
    call("PATCH", "/users/rita", R"({"password":"a third password","current_password":"guessed"})", "",
         "Cookie: " + second.substr(0, second.find(';')) + "\r\nOrigin: http://test\r\n");
  EXPECT_EQ(call("POST", "/login", R"({"username":"rita","password":"a better password"})").status, 429);
}

TEST_F(ApiTest, KeepsOneAdministratorWhoMayLogIn) {
  EXPECT_EQ(admin("DELETE", "/users/admin").status, 409);
  EXPECT_EQ(admin("PATCH", "/users/admin", R"({"role":"reader"})").status, 409);
  EXPECT_EQ(admin("PATCH", "/users/admin", R"({"disabled":true})").status, 409);
  EXPECT_EQ(admin("POST", "/users", R"({"name":"anna","password":"short","role":"reader"})").status, 422);
  EXPECT_EQ(admin("POST", "/users", R"({"name":"anna","password":"long enough","role":"god"})").status, 422);
  EXPECT_EQ(admin("POST", "/users", R"({"name":"<script>","password":"long enough","role":"reader"})").status, 422);
  user("anna", "administrator");
  EXPECT_EQ(admin("POST", "/users", R"({"name":"anna","password":"long enough","role":"reader"})").status, 409);
  EXPECT_EQ(admin("PATCH", "/users/anna", R"({"disabled":true})").status, 200);
  EXPECT_EQ(admin("DELETE", "/users/admin").status, 409);  // the other one is switched off
  EXPECT_EQ(admin("PATCH", "/users/anna", R"({"disabled":false})").status, 200);
  EXPECT_EQ(admin("DELETE", "/users/admin").status, 204);
  EXPECT_EQ(admin("GET", "/users").status, 401);  // gone, and so is the log-in
  EXPECT_EQ(store_->load().users.size(), 1u);
}

TEST_F(ApiTest, ResetsAPasswordForWhoIsOnTheMachine) {
  const std::string rita = user("rita", "reader"), otto = user("otto", "reader");
  const auto reset = [&](const std::string& name) {
    std::promise<api::PasswordReset> told;
    api_->reset_password(name, [&](const api::PasswordReset& result) { told.set_value(result); });
    return told.get_future().get();
  };
  const auto done = reset("rita");
  EXPECT_EQ(done.fault, "");
  EXPECT_EQ(call("GET", "/me", "", rita).status, 401);  // its log-ins have ended, nobody else's
  EXPECT_EQ(call("GET", "/me", "", otto).status, 200);
  EXPECT_TRUE(log_in("rita", "a good password").empty());
  const std::string again = log_in("rita", done.password.reveal());
  ASSERT_FALSE(again.empty());
  EXPECT_TRUE(call("GET", "/me", "", again).body.at("must_change_password").as_bool()) << "it stood on a terminal";
  EXPECT_NE(reset("rita").password.reveal(), done.password.reveal());
  EXPECT_TRUE(log_in("rita", done.password.reveal()).empty());

  EXPECT_THAT(reset("nobody").fault, HasSubstr("no user nobody"));
  EXPECT_THAT(reset("").fault, HasSubstr("no user"));
  const JsonAnswer audit = admin("GET", "/audit?subject=rita&action=user.changed");
  const auto& records = audit.body.at("records").as_array();
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].at("detail"), "password (reset)");
  EXPECT_EQ(records[0].at("actor"), "pbx-core");
  EXPECT_THAT(json::serialize(audit.body), testing::Not(HasSubstr(done.password.reveal())));
}

TEST_F(ApiTest, ResetsAPasswordOfACoreThatIsStopped) {
  user("rita", "reader");
  const auto done = api::reset_password(*store_, *hasher_, "rita", {});
  EXPECT_EQ(done.fault, "");
  const auto users = store_->load().users;
  ASSERT_EQ(users.size(), 2u);
  const auto hash = [&](const std::string& name) {
    return std::find_if(users.begin(), users.end(), [&](const User& u) { return u.name == name; })->password_hash;
  };
  EXPECT_TRUE(hasher_->verify_now(crypto::Kind::password, done.password, hash("rita")));
  for (const User& each : users) EXPECT_EQ(each.must_change_password, each.name == "rita") << each.name;
  EXPECT_FALSE(hasher_->verify_now(crypto::Kind::password, done.password, hash("admin")));
  EXPECT_THAT(api::reset_password(*store_, *hasher_, "nobody", {}).fault, HasSubstr("no user nobody"));
}

TEST_F(ApiTest, SwitchesUsersOffAndOn) {
  const std::string otto = user("otto", "operator");
  const JsonAnswer made = call("POST", "/tokens", R"({"name":"ci","scope":"reader"})", otto);
  const std::string token(made.body.at("token").as_string());
  const JsonAnswer off = admin("PATCH", "/users/otto", R"({"disabled":true})");
  EXPECT_EQ(off.status, 200);
  EXPECT_EQ(off.body.at("disabled"), true);
  EXPECT_EQ(call("GET", "/me", "", otto).status, 401);
  EXPECT_EQ(call("GET", "/me", "", token).status, 401);
  const JsonAnswer refused = call("POST", "/login", R"({"username":"otto","password":"a good password"})");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.detail(), call("POST", "/login", R"({"username":"x","password":"x"})").detail());
  EXPECT_TRUE(store_->load().users.at(1).disabled);
  EXPECT_EQ(admin("PATCH", "/users/otto", R"({"disabled":false})").body.at("disabled"), false);
  EXPECT_EQ(call("GET", "/me", "", token).status, 200);
  EXPECT_FALSE(log_in("otto", "a good password").empty());
  EXPECT_THAT(json::serialize(admin("GET", "/audit?action=user").body), HasSubstr("\"detail\":\"disabled\""));
}

TEST_F(ApiTest, GivesTokensOfOnesOwnScopeOrLess) {
  const std::string operator_ = user("otto", "operator");
  const auto unlock = [&](const std::string& token) {
    return call("POST", "/extensions/101/unlock", "", token).status;
  };
  admin("POST", "/extensions", R"({"number":"101"})");
  EXPECT_EQ(call("POST", "/tokens", R"({"name":"ci","scope":"administrator"})", operator_).status, 403);
  EXPECT_EQ(
      call("POST", "/tokens", R"({"name":"ci","scope":"reader","expires":"2020-01-01T00:00:00Z"})", operator_).status,
      422);
  const JsonAnswer made =
      call("POST", "/tokens", R"({"name":"ci","scope":"operator","expires":"2023-11-15T00:00:00+01:00"})", operator_);
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(made.body.at("expires"), "2023-11-14T23:00:00.000Z");
  const std::string token(made.body.at("token").as_string()), id(made.body.at("id").as_string());
  EXPECT_EQ(unlock(token), 200);
  EXPECT_EQ(store_->load().tokens.size(), 1u);
  EXPECT_THAT(json::serialize(admin("GET", "/tokens").body), testing::Not(HasSubstr(token)));
  admin("PATCH", "/users/otto", R"({"role":"reader"})");
  EXPECT_EQ(unlock(token), 403);                                                       // never more than its user
  EXPECT_EQ(call("DELETE", "/tokens/" + id, "", user("rita", "reader")).status, 404);  // another user's
  EXPECT_EQ(call("GET", "/extensions", "", token).status, 200);
  now_ms_ = 1'700'002'799'999;  // 22:59:59.999
  EXPECT_EQ(call("GET", "/extensions", "", token).status, 200);
  now_ms_ += 1;
  EXPECT_EQ(call("GET", "/extensions", "", token).status, 401);  // it has ended
  token_.clear();
  EXPECT_EQ(admin("DELETE", "/tokens/" + id).status, 204);
}

TEST_F(ApiTest, ListsLogInsAndEndsThem) {
  const std::string rita = user("rita", "reader");
  admin("GET", "/me");
  HttpClient browser(at_);
  const auto login =
      browser.call("POST", "/api/v1/login", R"({"username":"rita","password":"a good password","cookie":true})",
                   "User-Agent: <script>alert(1)</script>\xff" + std::string(300, 'x') + "\r\n");
  const std::string set = login->fields.at("set-cookie"), cookie = "Cookie: " + set.substr(0, set.find(';')) + "\r\n";
  now_ms_ += 60'000;
  const JsonAnswer mine = call("GET", "/sessions", "", rita, "", Endpoint{IpAddress{0x7f000005}, 0});
  ASSERT_EQ(mine.body.as_array().size(), 2u);
  const json::value current = mine.body.as_array().at(0), other = mine.body.as_array().at(1);
  EXPECT_EQ(current.at("current"), true);
  EXPECT_EQ(current.at("via"), "token");
  EXPECT_EQ(current.at("peer"), "127.0.0.5");
  EXPECT_EQ(current.at("created"), "2023-11-14T22:13:20.000Z");
  EXPECT_EQ(current.at("last_used"), "2023-11-14T22:14:20.000Z");
  EXPECT_EQ(other.at("current"), false);
  EXPECT_EQ(other.at("via"), "cookie");
  EXPECT_THAT(std::string(other.at("agent").as_string()), testing::StartsWith("<script>alert(1)</script>?xxx"));
  EXPECT_EQ(other.at("agent").as_string().size(), 256u);
  EXPECT_EQ(admin("GET", "/sessions").body.as_array().size(), 3u);

  const std::string id(other.at("id").as_string());
  EXPECT_THAT(set, testing::Not(HasSubstr(id)));
  EXPECT_EQ(call("DELETE", "/sessions/" + id, "", user("otto", "operator")).status, 404);  // another user's
  // Its event stream ends with it, though nothing happens.
  HttpClient stream(at_);
  stream.send("GET /api/v1/events HTTP/1.1\r\nHost: test\r\n" + cookie + "\r\n");
  stream.read_until("\n\n");
  EXPECT_EQ(call("DELETE", "/sessions/" + id, "", rita).status, 204);
  EXPECT_EQ(call("GET", "/me", "", "", cookie).status, 401);
  EXPECT_TRUE(stream.closed());
  EXPECT_EQ(call("DELETE", "/sessions/" + id, "", rita).status, 404);
  // An administrator ends every user's.
  const std::string ritas(current.at("id").as_string());
  EXPECT_EQ(admin("DELETE", "/sessions/" + ritas).status, 204);
  EXPECT_EQ(call("GET", "/me", "", rita).status, 401);
  EXPECT_THAT(json::serialize(admin("GET", "/audit?action=console").body), HasSubstr("console.session_ended"));
}

TEST_F(ApiTest, EndsAnEventStreamWhoseLogInIsOver) {
  const JsonAnswer made =
      admin("POST", "/tokens", R"({"name":"screen","scope":"reader","expires":"2023-11-15T00:00:00+01:00"})");
  HttpClient stream(at_);
  stream.send("GET /api/v1/events HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer " +
              std::string(made.body.at("token").as_string()) + "\r\n\r\n");
  stream.read_until("\n\n");
  api_->post_event(api::LoginFailed{HotDeskId{"HD0001"}, true});
  EXPECT_THAT(stream.read_until("\n\n"), HasSubstr("login.failed"));
  now_ms_ += 4 * 3'600'000;
  api_->post_event(api::LoginFailed{HotDeskId{"HD0001"}, true});
  EXPECT_TRUE(stream.closed());
}

}  // namespace
}  // namespace roamdesk::test
