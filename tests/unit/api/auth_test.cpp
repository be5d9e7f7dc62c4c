#include <sys/stat.h>

#include <fstream>

#include "fixture.hpp"
#include "pbx-core/api/gate.hpp"

namespace roamdesk::test {
namespace {
using testing::HasSubstr;

TEST_F(ApiTest, LetsNobodyInWithoutAToken) {
  EXPECT_EQ(call("GET", "/extensions").status, 401);
  EXPECT_EQ(call("GET", "/nothing").status, 401);
  EXPECT_EQ(call("GET", "/extensions", "", "wrong").status, 401);
  const JsonAnswer wrong = call("POST", "/login", R"({"username":"admin","password":"wrong"})");
  EXPECT_EQ(wrong.status, 401);
  const JsonAnswer nobody = call("POST", "/login", R"({"username":"nobody","password":"wrong"})");
  EXPECT_EQ(json::serialize(nobody.body), json::serialize(wrong.body));
  EXPECT_EQ(call("POST", "/login", R"({"username":"admin"})").status, 400);
  EXPECT_EQ(admin("GET", "/me").body.at("role"), "administrator");
}

TEST_F(ApiTest, GivesEachRoleItsCalls) {
  const std::string reader = user("rita", "reader"), operator_ = user("otto", "operator");
  ASSERT_FALSE(reader.empty());
  EXPECT_EQ(call("GET", "/extensions", "", reader).status, 200);
  const JsonAnswer refused = call("POST", "/extensions", R"({"number":"101"})", reader);
  EXPECT_EQ(refused.status, 403);
  EXPECT_THAT(refused.detail(), HasSubstr("\"operator\" is needed"));
  EXPECT_EQ(call("GET", "/audit", "", reader).status, 403);
  EXPECT_EQ(call("POST", "/extensions", R"({"number":"101"})", operator_).status, 201);
  EXPECT_EQ(call("GET", "/audit", "", operator_).status, 200);
  EXPECT_EQ(call("GET", "/users", "", operator_).status, 403);
  EXPECT_EQ(call("PATCH", "/settings", R"({"emergency":{"numbers":["112"]}})", operator_).status, 403);
  EXPECT_EQ(call("PATCH", "/users/admin", R"({"password":"a good password"})", operator_).status, 403);
  EXPECT_EQ(call("PATCH", "/users/rita", R"({"role":"administrator"})", reader).status, 403);
  EXPECT_EQ(call("PATCH", "/users/rita", R"({"password":"a better password"})", reader).status, 200);
  EXPECT_EQ(call("GET", "/extensions", "", reader).status, 401);  // the old log-in has ended
  EXPECT_FALSE(log_in("rita", "a better password").empty());
}

TEST_F(ApiTest, KeepsOneAdministrator) {
  EXPECT_EQ(admin("DELETE", "/users/admin").status, 409);
  EXPECT_EQ(admin("PATCH", "/users/admin", R"({"role":"reader"})").status, 409);
  EXPECT_EQ(admin("POST", "/users", R"({"name":"anna","password":"short","role":"reader"})").status, 422);
  EXPECT_EQ(admin("POST", "/users", R"({"name":"anna","password":"long enough","role":"god"})").status, 422);
  user("anna", "administrator");
  EXPECT_EQ(admin("POST", "/users", R"({"name":"anna","password":"long enough","role":"reader"})").status, 409);
  EXPECT_EQ(admin("DELETE", "/users/admin").status, 204);
  EXPECT_EQ(admin("GET", "/users").status, 401);  // gone, and so is the log-in
  EXPECT_EQ(store_->load().users.size(), 1u);
}

TEST_F(ApiTest, GivesTokensOfOnesOwnScopeOrLess) {
  const std::string operator_ = user("otto", "operator");
  EXPECT_EQ(call("POST", "/tokens", R"({"name":"ci","scope":"administrator"})", operator_).status, 403);
  EXPECT_EQ(
      call("POST", "/tokens", R"({"name":"ci","scope":"reader","expires":"2020-01-01T00:00:00Z"})", operator_).status,
      422);
  const JsonAnswer made =
      call("POST", "/tokens", R"({"name":"ci","scope":"operator","expires":"2023-11-15T00:00:00+01:00"})", operator_);
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(made.body.at("expires"), "2023-11-14T23:00:00.000Z");
  const std::string token(made.body.at("token").as_string()), id(made.body.at("id").as_string());
  EXPECT_EQ(call("POST", "/extensions", R"({"number":"101"})", token).status, 201);
  EXPECT_EQ(store_->load().tokens.size(), 1u);
  EXPECT_THAT(json::serialize(admin("GET", "/tokens").body), testing::Not(HasSubstr(token)));
  admin("PATCH", "/users/otto", R"({"role":"reader"})");
  EXPECT_EQ(call("POST", "/extensions", R"({"number":"102"})", token).status, 403);    // never more than its user
  EXPECT_EQ(call("DELETE", "/tokens/" + id, "", user("rita", "reader")).status, 404);  // somebody else's
  now_ms_ += 3'600'000;
  EXPECT_EQ(call("GET", "/extensions", "", token).status, 401);  // expired
  token_.clear();
  EXPECT_EQ(admin("DELETE", "/tokens/" + id).status, 204);
}

TEST_F(ApiTest, LocksLogInsOfAUserFromAPeer) {
  const std::string wrong = R"({"username":"admin","password":"wrong"})",
                    right = R"({"username":"admin","password":"administrator's"})";
  for (int i = 0; i < 5; ++i) EXPECT_EQ(call("POST", "/login", wrong).status, 401);
  const JsonAnswer locked = call("POST", "/login", right);
  EXPECT_EQ(locked.status, 429);
  EXPECT_EQ(locked.fields.at("retry-after"), "900");
  EXPECT_EQ(call("POST", "/login", R"({"username":"rita","password":"wrong"})").status, 401);   // another user
  EXPECT_EQ(call("POST", "/login", right, "", "", Endpoint{Ipv4{0x7f000005}, 0}).status, 200);  // another peer
  now_ms_ += 900'000;
  EXPECT_EQ(call("POST", "/login", right).status, 200);
}

TEST(LoginGuard, CountsAttemptsUnderWayAndForgivesOnSuccess) {
  api::LoginGuard guard({});
  const Ipv4 peer{0x0a000001};
  const WallTime t{};
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(guard.begin("a", peer, t));
  guard.succeeded("a", peer);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(guard.begin("a", peer, t));
  EXPECT_EQ(guard.begin("a", peer, t), std::chrono::minutes(15));
  EXPECT_FALSE(guard.begin("a", Ipv4{1}, t));
  EXPECT_FALSE(guard.begin("a", peer, t + std::chrono::minutes(15)));
  // Many names from one peer lock the peer.
  for (int i = 0; i < 30; ++i) guard.begin("n" + std::to_string(i), Ipv4{7}, t);
  EXPECT_TRUE(guard.begin("fresh", Ipv4{7}, t));
  // Slow guessing stays below the threshold: failures leave the window.
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(guard.begin("slow", Ipv4{9}, t + std::chrono::minutes(5 * i)));
}

TEST_F(ApiTest, KeepsTheConsolesSessionInACookieAndChecksItsOrigin) {
  HttpClient client(at_);
  const auto login = client.call("POST", "/api/v1/login", R"({"username":"admin","password":"administrator's"})");
  const std::string cookie = login->fields.at("set-cookie");
  EXPECT_THAT(cookie,
              testing::AllOf(HasSubstr("HttpOnly"), HasSubstr("SameSite=Strict"), testing::Not(HasSubstr("Secure"))));
  const std::string field = "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n";
  EXPECT_EQ(call("GET", "/me", "", "", field).status, 200);
  const char* body = R"({"number":"101"})";
  EXPECT_EQ(call("POST", "/extensions", body, "", field).status, 403);
  EXPECT_EQ(call("POST", "/extensions", body, "", field + "Origin: http://evil.example\r\n").status, 403);
  EXPECT_EQ(call("POST", "/extensions", body, "", field + "Sec-Fetch-Site: same-site\r\n").status, 403);
  EXPECT_EQ(call("POST", "/extensions", body, "", field + "Origin: http://test\r\n").status, 201);
  EXPECT_EQ(domain_.last_actor.reason, "admin");
  EXPECT_THAT(domain_.last_actor.origin, HasSubstr("console"));
  EXPECT_EQ(call("POST", "/login", R"({"username":"admin","password":"administrator's"})", "",
                 "Origin: http://evil.example\r\n")
                .status,
            403);
  EXPECT_EQ(call("POST", "/logout", "", "", field + "Origin: http://test\r\n").status, 204);
  EXPECT_EQ(call("GET", "/me", "", "", field).status, 401);
}

TEST_F(ApiTest, EndsLogInsThatNobodyUses) {
  EXPECT_EQ(admin("GET", "/me").status, 200);
  now_ms_ += 11 * 3'600'000;
  EXPECT_EQ(admin("GET", "/me").status, 200);
  now_ms_ += 12 * 3'600'000;
  EXPECT_EQ(admin("GET", "/me").status, 401);
}

TEST_F(ApiTest, ServesLoopbackPeersOnlyInTheClear) {
  EXPECT_EQ(HttpClient(at_).call("GET", "/provision/x")->body, "a phone's");
  const http::Handler front =
      api::front([](http::Request, http::Respond r) { r({}); }, [](http::Request, http::Respond r) { r({}); }, nullptr);
  const auto status = [&](const char* peer, bool tls, const char* target) {
    http::Request request;
    request.method = "GET";
    request.target = target;
    request.peer = *parse_endpoint(peer);
    request.tls = tls;
    unsigned code = 0;
    front(request, [&](http::Response r) { code = r.status; });
    return code;
  };
  EXPECT_EQ(status("10.0.0.1:1", false, "/provision/x"), 200u);
  EXPECT_EQ(status("10.0.0.1:1", false, "/api/v1/me"), 404u);
  EXPECT_EQ(status("10.0.0.1:1", false, "/provisionx"), 404u);
  EXPECT_EQ(status("10.0.0.1:1", false, "/provision/../api/v1/me"),
            200u);  // goes to provisioning, which knows no such file
  EXPECT_EQ(status("10.0.0.1:1", true, "/api/v1/me"), 200u);
  EXPECT_EQ(status("127.0.0.1:1", false, "/api/v1/me"), 200u);
  EXPECT_EQ(status("127.0.0.1:1", false, "/"), 404u);
}

TEST_F(ApiTest, TellsEvents) {
  admin("GET", "/me");
  HttpClient client(at_);
  client.send("GET /api/v1/events HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer " + token_ + "\r\n\r\n");
  EXPECT_THAT(client.read_until("\r\n\r\n"), HasSubstr("text/event-stream"));
  client.read_until("\n\n");  // the beginning
  const Mac mac = Mac::parse("001565aabbcc").value();
  api_->post_event(api::SessionEnded{SessionId{"s1"}, HotDeskId{"HD0001"}, mac, ExtensionNumber{"101"}, "key"});
  EXPECT_EQ(
      client.read_until("\n\n"),
      "id: 1\nevent: session.ended\ndata: "
      "{\"id\":\"s1\",\"hot_desk\":\"HD0001\",\"mac\":\"001565aabbcc\",\"extension\":\"101\",\"reason\":\"key\"}\n\n");
  api_->post_event(api::LoginFailed{HotDeskId{"HD0001"}, true});
  EXPECT_THAT(client.read_until("\n\n"),
              HasSubstr("event: login.failed\ndata: {\"hot_desk\":\"HD0001\",\"locked\":true}"));
  call("POST", "/login", R"({"username":"hunter2","password":"x"})");
  EXPECT_THAT(client.read_until("\n\n"), testing::AllOf(HasSubstr("login.failed"), testing::Not(HasSubstr("hunter2"))));
  EXPECT_EQ(call("GET", "/events").status, 401);
  // A second stream is possible, a third isn't.
  HttpClient second(at_), third(at_);
  for (HttpClient* c : {&second, &third})
    c->send("GET /api/v1/events HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer " + token_ + "\r\n\r\n");
  const std::string two = second.read_until("\r\n\r\n").substr(9, 3), three = third.read_until("\r\n\r\n").substr(9, 3);
  EXPECT_EQ((std::set<std::string>{two, three}), (std::set<std::string>{"200", "503"}));
  user("anna", "administrator");
  const std::string anna = log_in("anna", "a good password");
  call("DELETE", "/users/admin", "", anna);
  EXPECT_TRUE(client.closed());  // its user has gone
}

TEST_F(ApiTest, MakesTheFirstAdministratorOnce) {
  std::vector<User> users;
  const auto made = api::make_first_administrator(users, *store_, *hasher_, Secret{}, directory_, {});
  ASSERT_TRUE(made && made->made_up);
  EXPECT_TRUE(hasher_->verify_now(crypto::Kind::password, *made->made_up, users.at(0).password_hash));
  std::ifstream kept(directory_ / "initial-admin-password");
  std::string line;
  std::getline(kept, line);
  EXPECT_EQ(line, made->made_up->reveal());
  struct stat about {};
  ::stat((directory_ / "initial-admin-password").c_str(), &about);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  EXPECT_FALSE(api::make_first_administrator(users, *store_, *hasher_, Secret{}, directory_, {}));
}

}  // namespace
}  // namespace roamdesk::test
