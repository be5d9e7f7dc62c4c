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

TEST_F(ApiTest, LocksLogInsOfAUserFromAPeer) {
  const std::string wrong = R"({"username":"admin","password":"wrong"})",
                    right = R"({"username":"admin","password":"administrator's"})";
  for (int i = 0; i < 5; ++i) EXPECT_EQ(call("POST", "/login", wrong).status, 401);
  const JsonAnswer locked = call("POST", "/login", right);
  EXPECT_EQ(locked.status, 429);
  EXPECT_EQ(locked.fields.at("retry-after"), "900");
  EXPECT_EQ(call("POST", "/login", R"({"username":"rita","password":"wrong"})").status, 401);        // another user
  EXPECT_EQ(call("POST", "/login", right, "", "", Endpoint{IpAddress{0x7f000005}, 0}).status, 200);  // another peer
  now_ms_ += 900'000;
  EXPECT_EQ(call("POST", "/login", right).status, 200);
}

TEST(LoginGuard, CountsAttemptsUnderWayAndForgivesOnSuccess) {
  api::LoginGuard guard({});
  const IpAddress peer{0x0a000001};
  const WallTime t{};
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(guard.begin("a", peer, t));
  guard.succeeded("a", peer);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(guard.begin("a", peer, t));
  EXPECT_EQ(guard.begin("a", peer, t), std::chrono::minutes(15));
  EXPECT_FALSE(guard.begin("a", IpAddress{1}, t));
  EXPECT_FALSE(guard.begin("a", peer, t + std::chrono::minutes(15)));
  // Many names from one peer lock the peer.
  for (int i = 0; i < 30; ++i) guard.begin("n" + std::to_string(i), IpAddress{7}, t);
  EXPECT_TRUE(guard.begin("fresh", IpAddress{7}, t));
  // Slow guessing stays below the threshold: failures leave the window.
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(guard.begin("slow", IpAddress{9}, t + std::chrono::minutes(5 * i)));
}

TEST(LoginGuard, TakesANetworkOfIpv6ForOnePeer) {
  api::LoginGuard guard({});
  const WallTime t{};
  for (std::uint64_t n = 1; n <= 5; ++n) EXPECT_FALSE(guard.begin("a", IpAddress{0x20010db800000001, n}, t));
  EXPECT_TRUE(guard.begin("a", IpAddress{0x20010db800000001, 6}, t));
  EXPECT_FALSE(guard.begin("a", IpAddress{0x20010db800000002, 1}, t));
  // Many names from many addresses of it.
  for (std::uint64_t n = 0; n < 30; ++n) guard.begin("n" + std::to_string(n), IpAddress{0x20010db800000003, n}, t);
  EXPECT_TRUE(guard.begin("fresh", IpAddress{0x20010db800000003, 77}, t));
  EXPECT_FALSE(guard.begin("fresh", *parse_ip("::ffff:192.0.2.1"), t)) << "mapped addresses are no such network";
}

TEST(LoginGuard, LocksLoopbackPeersOneUserAtATime) {
  api::LoginGuard guard({});
  const WallTime t{};
  for (const std::uint32_t loopback : {0x7f000001u, 0x7f000105u}) {
    for (int i = 0; i < 100; ++i) guard.begin("n" + std::to_string(i), IpAddress{loopback}, t);
    for (int i = 0; i < 5; ++i) EXPECT_FALSE(guard.begin("mallory", IpAddress{loopback}, t));
    EXPECT_TRUE(guard.begin("mallory", IpAddress{loopback}, t));
    EXPECT_FALSE(guard.begin("anna", IpAddress{loopback}, t)) << "behind a reverse proxy, who knows who it was";
  }
}

TEST(LoginGuard, WhoIsTurnedAwayTooOftenIsLockedOutAndHisUserIsNot) {
  api::LoginGuard guard({});
  const WallTime t{};
  for (int i = 0; i < 20; ++i) {
    EXPECT_FALSE(guard.begin("anna", IpAddress{7}, t));
    guard.turned_away("anna", IpAddress{7});
  }
  EXPECT_TRUE(guard.begin("anna", IpAddress{7}, t));
  EXPECT_FALSE(guard.begin("anna", IpAddress{8}, t));
}

TEST_F(ApiTest, LooksAtFewPasswordsOfOneAddressAtATime) {
  std::vector<std::unique_ptr<HttpClient>> clients;
  const std::string body = R"({"username":"nobody","password":"wrong"})";
  for (int i = 0; i < 40; ++i) {
    clients.push_back(std::make_unique<HttpClient>(at_));
    clients.back()->send("POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
                         "\r\n\r\n" + body);
  }
  std::map<int, int> statuses;
  for (auto& client : clients) ++statuses[client->read_answer()->status];
  EXPECT_GT(statuses[401] + statuses[429], 0);
  EXPECT_EQ(statuses[401] + statuses[429] + statuses[503], 40);
  EXPECT_FALSE(log_in("admin", "administrator's").empty());
}

TEST(LoginGuard, WithdrawsAnAttemptWithoutForgivingTheOthers) {
  api::LoginGuard guard({});
  const IpAddress peer{0x0a000001};
  const WallTime t{};
  for (int i = 0; i < 4; ++i) guard.begin("a", peer, t);
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(guard.begin("a", peer, t));  // the fifth: would lock
    guard.withdraw("a", peer);
  }
  EXPECT_FALSE(guard.begin("a", peer, t));
  EXPECT_TRUE(guard.begin("a", peer, t));
  // The twentieth try of a peer is right: it isn't locked for that.
  for (int i = 0; i < 19; ++i) guard.begin("n" + std::to_string(i), IpAddress{7}, t);
  EXPECT_FALSE(guard.begin("b", IpAddress{7}, t));
  guard.succeeded("b", IpAddress{7});
  EXPECT_FALSE(guard.begin("c", IpAddress{7}, t));
  EXPECT_TRUE(guard.begin("d", IpAddress{7}, t));
}

TEST_F(ApiTest, KeepsTheConsolesSessionInACookieAndChecksItsOrigin) {
  HttpClient client(at_);
  const auto login =
      client.call("POST", "/api/v1/login", R"({"username":"admin","password":"administrator's","cookie":true})");
  EXPECT_EQ(
      login->body,
      R"({"name":"admin","role":"administrator","totp":false,"must_change_password":false,"sites":[]})");  // nothing
                                                                                                           // for
                                                                                                           // scripts to
                                                                                                           // steal
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
  EXPECT_EQ(domain_.last_actor.via, api::Surface::console);
  EXPECT_THAT(domain_.last_actor.origin, HasSubstr("console"));
  EXPECT_EQ(call("POST", "/login", R"({"username":"admin","password":"administrator's"})", "",
                 "Origin: http://evil.example\r\n")
                .status,
            403);
  // The page is opened again: the cookie lives on, as the log-in does.
  EXPECT_EQ(call("GET", "/me", "", "", field).fields.at("set-cookie"), cookie);
  // A cookie is none of the other kinds of token, and none of them is a cookie.
  const std::string stolen = cookie.substr(cookie.find('=') + 1, cookie.find(';') - cookie.find('=') - 1);
  EXPECT_EQ(call("GET", "/me", "", stolen).status, 401);
  EXPECT_EQ(call("GET", "/me", "", "", "Cookie: roamdesk=" + log_in("admin", "administrator's") + "\r\n").status, 401);
  const JsonAnswer out = call("POST", "/logout", "", "", field + "Origin: http://test\r\n");
  EXPECT_EQ(out.status, 204);
  EXPECT_THAT(out.fields.at("set-cookie"), testing::AllOf(HasSubstr("roamdesk=;"), HasSubstr("Max-Age=0")));
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

TEST_F(ApiTest, TellsBrowsersToMakeNoMoreOfItThanItIs) {
  const http::Handler front =
      api::front([](http::Request, http::Respond r) { r({}); }, [](http::Request, http::Respond r) { r({}); },
                 [](http::Request, http::Respond r) {
                   http::Response page;
                   page.status = 201;
                   page.fields = {{"Content-Security-Policy", "the page's own"}};
                   r(std::move(page));
                 });
  const auto fields = [&](const char* peer, bool tls, const char* target) {
    http::Request request;
    request.method = "GET";
    request.target = target;
    request.peer = *parse_endpoint(peer);
    request.tls = tls;
    std::multimap<std::string, std::string> all;
    front(request, [&](http::Response r) {
      all.emplace("status", std::to_string(r.status));
      for (const http::Field& f : r.fields) all.emplace(f.name, f.value);
    });
    return all;
  };
  using testing::Contains;
  using testing::Key;
  using testing::Not;
  using testing::Pair;
  EXPECT_THAT(fields("10.0.0.1:1", true, "/api/v1/me"),
              testing::AllOf(Contains(Pair("X-Content-Type-Options", "nosniff")),
                             Contains(Pair("Referrer-Policy", "no-referrer")),
                             Contains(Pair("Cross-Origin-Opener-Policy", "same-origin")),
                             Contains(Pair("Content-Security-Policy", HasSubstr("frame-ancestors 'none'"))),
                             Contains(Pair("Strict-Transport-Security", HasSubstr("max-age=")))));
  // Under the same name, loopback peers are served in the clear on port 5000.
  EXPECT_THAT(fields("127.0.0.1:1", true, "/api/v1/me"), Not(Contains(Key("Strict-Transport-Security"))));
  EXPECT_THAT(fields("127.0.0.1:1", false, "/"),
              testing::AllOf(Contains(Pair("status", "201")), Contains(Pair("X-Content-Type-Options", "nosniff")),
                             Contains(Pair("Content-Security-Policy", "the page's own"))));
  EXPECT_EQ(fields("127.0.0.1:1", false, "/").count("Content-Security-Policy"), 1u);
  EXPECT_THAT(fields("10.0.0.1:1", false, "/"), Contains(Pair("status", "404")));
  EXPECT_THAT(fields("127.0.0.1:1", false, "/api/v2/me"), Contains(Pair("status", "404")));  // no page for a script
  // Phones get their files as ever.
  EXPECT_THAT(fields("10.0.0.1:1", false, "/provision/x"), Not(Contains(Key("X-Content-Type-Options"))));
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
  api_->post_event(api::PhoneImpostor{mac, HotDeskId{"HD0001"}, SiteId{"branch-1"}, "192.168.1.66", "REGISTER"});
  EXPECT_THAT(client.read_until("\n\n"),
              HasSubstr("event: phone.impostor\ndata: {\"mac\":\"001565aabbcc\",\"hot_desk\":\"HD0001\",\"site\":"
                        "\"branch-1\",\"ip\":\"192.168.1.66\",\"what\":\"REGISTER\"}"));
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
