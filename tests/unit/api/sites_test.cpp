#include <algorithm>
#include <set>

#include "pbx-core/api/sites.hpp"
#include "sites_fixture.hpp"

// Users who are bound to sites: what is at another site isn't there for them, and what is the whole company's they read
// at most. Every call of the API is tried.
namespace roamdesk::test {
namespace {
using testing::HasSubstr;
using testing::Not;

// What the path is made of, and a body that would do something, where an administrator of everything sends it.
struct Attempt {
  std::string query, body;
};
const std::multimap<std::string, Attempt>& attempts() {
  static const std::multimap<std::string, Attempt> all = {
      {"DELETE /phones", {"?state=new", ""}},
      {"DELETE /phones", {"?state=new&site=branch-2", ""}},
      {"POST /phones/provision", {"", R"({"site":"branch-2"})"}},
      {"POST /phones/provision", {"", R"({"macs":["001565aaaa01","001565bbbb02"]})"}},
      {"POST /phones/provision", {"", R"({"vendor":"yealink"})"}},
      {"PATCH /phones/{mac}", {"", R"({"srtp":"off"})"}},
      {"POST /hot-desks",
       {"",
        R"({"mac":"001565cccc03","vendor":"yealink","model":"T46U","provisioning":{"method":"sbc","sbc":"branch-2"}})"}},
      {"POST /hot-desks", {"", R"({"mac":"001565cccc03","vendor":"yealink","model":"T46U"})"}},
      {"PATCH /hot-desks/{mac}", {"", R"({"options":{"name":"mine"}})"}},
      {"POST /hot-desks/{mac}/session", {"", R"({"extension":"101"})"}},
      {"PATCH /sbcs/{name}", {"", R"({"time_zone":"Europe/Paris"})"}},
      {"POST /sbcs", {"", R"({"name":"branch-3","time_zone":"Europe/Berlin"})"}},
      {"PATCH /extensions", {"", R"({"numbers":["102"],"hot_desking":false})"}},
      {"PATCH /extensions/{number}", {"", R"({"name":"mine"})"}},
      {"PATCH /settings", {"", R"({"session_policy":"move"})"}},
      {"POST /users", {"", R"({"name":"mallory","password":"a good password","role":"administrator"})"}},
      {"PATCH /users/{name}", {"", R"({"disabled":true})"}},
      {"GET /explain", {"?number=112&hot_desk=HD0002", ""}},
      {"GET /explain", {"?number=112&phone=001565bbbb02", ""}},
      {"GET /explain", {"?number=112&site=branch-2", ""}},
      {"GET /explain", {"?number=112", ""}},
      {"GET /call-records", {"?text=10", ""}},
      {"GET /call-records.csv", {"?extension=102", ""}},
      {"GET /audit", {"?subject=branch-2", ""}},
  };
  return all;
}

std::string path_there(std::string path) {
  const bool sbc = path.starts_with("/sbcs"), call = path.starts_with("/calls"), alarm = path.starts_with("/alarms"),
             model = path.starts_with("/models");
  const std::pair<const char*, std::string> parameters[] = {{"{mac}", there.text()},
                                                            {"{name}", sbc                              ? "branch-2"
                                                                       : path.starts_with("/locations") ? "Zwei"
                                                                                                        : "admin"},
                                                            {"{number}", "102"},
                                                            {"{extension}", "102"},
                                                            {"{id}", call    ? "call-of-two"
                                                                     : alarm ? "alarm-of-two"
                                                                             : "emergency-of-two"},
                                                            {"{vendor}", "yealink"},
                                                            {"{model}", model ? "T46U" : "yealink:T46U"},
                                                            {"{sha256}", std::string(64, 'a')}};
  for (const auto& [name, value] : parameters)
    if (const auto at = path.find(name); at != std::string::npos) path.replace(at, std::string(name).size(), value);
  return path;
}

// A call that is new says in openapi.json and in site_rules.cpp whose it is.
TEST(Reach, IsDeclaredForEveryCallAndAsTheDocumentSays) {
  const json::value document = json::parse(api::openapi_text());
  std::set<std::string> rules;
  for (const api::SiteRule& rule : api::site_rules())
    EXPECT_TRUE(rules.insert(std::string(rule.call)).second) << rule.call;
  for (const api::Route& route : api::routes()) {
    const std::string name = std::string(route.method) + " " + std::string(route.path);
    const api::SiteRule* rule = api::site_rule(route);
    ASSERT_NE(rule, nullptr) << name << " has come new: site_rules.cpp says whose it is";
    rules.erase(name);
    std::string method(route.method);
    for (char& c : method) c = static_cast<char>(std::tolower(c));
    const auto& described = document.at("paths").at(route.path).at(method).as_object();
    ASSERT_TRUE(described.contains("x-sites")) << name << " has come new: openapi.json says whose it is (x-sites)";
    EXPECT_EQ(described.at("x-sites").as_string(), word_of(rule->reach)) << name;
  }
  EXPECT_TRUE(rules.empty()) << *rules.begin() << " is no call";
}

// What a table and a document could agree on and be wrong about.
TEST(Reach, IsTheCallersOwnForLittle) {
  const std::set<std::string> own = {"GET /openapi.json",     "POST /login",
                                     "POST /logout",          "GET /me",
                                     "POST /me/totp",         "DELETE /me/totp",
                                     "POST /me/totp/confirm", "GET /sessions",
                                     "DELETE /sessions/{id}", "PATCH /users/{name}",
                                     "GET /tokens",           "POST /tokens",
                                     "DELETE /tokens/{id}",   "POST /models/{vendor}/{model}/keys"};
  for (const api::SiteRule& rule : api::site_rules())
    EXPECT_EQ(rule.reach == api::Reach::self, own.contains(std::string(rule.call))) << rule.call;
}

TEST_F(BoundToASite, SeesAndChangesNothingOfAnotherSiteByAnyCall) {
  const auto state = [&] {
    std::string text;
    for (const char* path : {"/phones", "/hot-desks", "/sbcs", "/calls", "/alarms", "/emergencies", "/extensions",
                             "/users", "/settings", "/jobs", "/rollout"})
      text += json::serialize(admin("GET", path).body) + "\n";
    return text;
  };
  const std::string before = state();
  for (const api::Route& route : api::routes()) {
    const std::string name = std::string(route.method) + " " + std::string(route.path), method(route.method);
    if (name == "GET /events" || name == "POST /logout" || name == "GET /openapi.json") continue;
    const bool own = api::site_rule(route)->reach == api::Reach::self;
    auto [first, last] = attempts().equal_range(name);
    std::vector<Attempt> tried;
    for (; first != last; ++first) tried.push_back(first->second);
    if (tried.empty()) tried.push_back({"", method == "GET" || method == "DELETE" ? "" : R"({"nothing":"of this"})"});
    for (const Attempt& attempt : tried) {
      const auto answer = bea(method, path_there(std::string(route.path)) + attempt.query, attempt.body);
      const std::string shown =
          name + attempt.query + attempt.body + ": " + std::to_string(answer.status) + " " + answer.text;
      if (method != "GET" && (!own || name.starts_with("PATCH"))) {
        EXPECT_THAT(answer.status, testing::AnyOf(403, 404)) << shown;
      }
      for (const std::string& mark : marks) {
        const bool shows = method == "GET" && answer.text.find(mark) != std::string::npos;
        EXPECT_TRUE(!shows || attempt.query.find(mark) != std::string::npos) << mark << " in " << shown;
      }
      EXPECT_NE(answer.status, 401) << name;
      EXPECT_NE(answer.status, 500) << name;
    }
  }
  EXPECT_EQ(state(), before) << "nothing was changed";
}

TEST_F(BoundToASite, DoesAtTheOwnSiteWhatTheRoleMay) {
  EXPECT_EQ(bea("GET", "/me").body.at("sites"), json::array{"branch-1"});
  EXPECT_EQ(bea("GET", "/phones").body.as_array().size(), 1u);
  EXPECT_EQ(bea("GET", "/hot-desks").body.at(0).at("id"), "HD0001");
  EXPECT_EQ(bea("GET", "/sbcs").body.at(0).at("name"), "branch-1");
  EXPECT_EQ(bea("GET", "/calls").body.as_array().size(), 2u) << "its own, and the one with somebody elsewhere";
  EXPECT_EQ(bea("GET", "/alarms").body.as_array().size(), 1u);
  EXPECT_EQ(bea("GET", "/emergencies").body.as_array().size(), 1u);
  const auto stats = bea("GET", "/stats").body;
  EXPECT_EQ(stats.at("now").at("phones"), 1);
  EXPECT_EQ(stats.at("attention_total"), 1);
  EXPECT_EQ(stats.at("emergency_route"), true);
  EXPECT_TRUE(stats.at("history").at("calls").as_array().empty());
  EXPECT_EQ(bea("PATCH", "/hot-desks/" + here.text(), R"({"options":{"name":"window"}})").status, 200);
  EXPECT_EQ(bea("POST", "/hot-desks/" + here.text() + "/session", R"({"extension":"101"})").status, 201);
  EXPECT_EQ(bea("DELETE", "/hot-desks/" + here.text() + "/session").status, 204);
  EXPECT_EQ(bea("POST", "/phones/" + here.text() + "/provision").status, 200);
  EXPECT_EQ(bea("GET", "/phones/" + here.text() + "/web-password").status, 200);
  EXPECT_EQ(bea("PATCH", "/sbcs/branch-1", R"({"time_zone":"Europe/Paris"})").status, 200);
  EXPECT_EQ(bea("POST", "/sbcs/branch-1/enrolment-key").status, 201);
  EXPECT_EQ(bea("POST", "/alarms/alarm-of-one/acknowledge").status, 200);
  EXPECT_EQ(bea("POST", "/emergencies/emergency-of-one/acknowledge").status, 200);
  EXPECT_EQ(bea("GET", "/calls/call-of-one/ladder").status, 200);
  EXPECT_EQ(bea("GET", "/calls/call-of-one/media").status, 200);
  EXPECT_EQ(bea("DELETE", "/calls/call-of-one").status, 204);
  EXPECT_EQ(
      bea("POST", "/hot-desks",
          R"({"mac":"001565dddd04","vendor":"yealink","model":"T46U","provisioning":{"method":"sbc","sbc":"branch-1"}})")
          .status,
      201);
  EXPECT_EQ(bea("DELETE", "/hot-desks/001565dddd04").status, 204);
  const auto sheet = bea("GET", "/hot-desks.csv").text;
  EXPECT_THAT(sheet, testing::AllOf(HasSubstr("HD0001"), Not(HasSubstr("HD0002"))));
  const auto records = bea("GET", "/call-records").text;
  EXPECT_THAT(records, testing::AllOf(HasSubstr("record-at-branch-1"), HasSubstr("record-of-both")));
  EXPECT_THAT(bea("GET", "/audit").text, HasSubstr("sbc.changed"));
}

TEST_F(BoundToASite, ReadsWhatIsTheCompanysAndChangesNothingOfIt) {
  for (const char* path : {"/extensions", "/trunks", "/outbound-rules", "/inbound-numbers", "/locations", "/settings",
                           "/models", "/firmware-pins", "/upstream-accounts"})
    EXPECT_EQ(bea("GET", path).status, 200) << path;
  const auto refused = bea("POST", "/extensions", R"({"number":"103"})");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.detail(), "This is the whole company's; bea is bound to sites (branch-1)");
  for (const char* path : {"/users", "/backups", "/alarm-receivers"}) EXPECT_EQ(bea("GET", path).status, 403) << path;
  EXPECT_EQ(bea("POST", "/backup").status, 403);
}

TEST_F(BoundToASite, MovesNothingInAndNobodyAway) {
  EXPECT_EQ(bea("PATCH", "/hot-desks/" + here.text(), R"({"provisioning":{"method":"sbc","sbc":"branch-2"}})").status,
            403);
  EXPECT_EQ(bea("PATCH", "/hot-desks/" + here.text(), R"({"provisioning":{"method":"local"}})").status, 403);
  EXPECT_EQ(bea("POST", "/hot-desks/" + here.text() + "/session", R"({"extension":"102"})").status, 403)
      << "Bob sits at branch-2; a log-in here would log him out there";
  EXPECT_EQ(
      bea("POST", "/hot-desks",
          R"({"mac":"001565bbbb02","vendor":"yealink","model":"T46U","provisioning":{"method":"sbc","sbc":"branch-1"}})")
          .status,
      403);
  // Somebody at another site says to be this phone.
  on_domain([&] {
    domain_.phones_.at(here.text()).announced_by = {{"10.1.1.1:5060", SiteId{"branch-1"}},
                                                    {"10.2.2.2:5060", SiteId{"branch-2"}}};
  });
  EXPECT_EQ(bea("POST", "/phones/" + here.text() + "/assign", R"({"address":"10.2.2.2","site":"branch-2"})").status,
            404);
  EXPECT_THAT(bea("GET", "/phones/" + here.text()).text, Not(HasSubstr("10.2.2.2")));
  EXPECT_EQ(bea("GET", "/calls/call-of-both/pcap").status, 404) << "it says how the other party is reached";
}

TEST_F(BoundToASite, BecomesNoMoreThanThat) {
  EXPECT_EQ(bea("PATCH", "/users/bea", R"({"sites":[]})").status, 403);
  EXPECT_EQ(bea("PATCH", "/users/bea", R"({"sites":null,"password":"another password"})").status, 403);
  EXPECT_EQ(bea("PATCH", "/users/bea", R"({"sites":["branch-1","branch-2"]})").status, 403);
  // A token is bound as its user is.
  const auto made = bea("POST", "/tokens", R"({"name":"x","scope":"administrator"})");
  const std::string token(made.body.at("token").as_string());
  EXPECT_EQ(call("GET", "/phones", "", token).body.as_array().size(), 1u);
  EXPECT_EQ(call("GET", "/users", "", token).status, 403);
  // Nor are other people's log-ins and tokens there.
  admin("POST", "/tokens", R"({"name":"visible-to-all-of-two","scope":"reader"})");
  EXPECT_THAT(bea("GET", "/sessions").text, Not(HasSubstr("\"admin\"")));
  EXPECT_THAT(bea("GET", "/tokens").text, Not(HasSubstr("of-two")));
  const auto sessions = admin("GET", "/sessions").body;
  for (const auto& session : sessions.as_array())
    if (session.at("user") == "admin") {
      EXPECT_EQ(bea("DELETE", "/sessions/" + std::string(session.at("id").as_string())).status, 404);
    }
}

TEST_F(BoundToASite, IsBoundAtOnceAndStaysBoundWithoutItsSite) {
  const std::string otto = user("otto", "operator");
  EXPECT_EQ(call("GET", "/phones", "", otto).body.as_array().size(), 2u);
  EXPECT_EQ(admin("PATCH", "/users/otto", R"({"sites":["branch-1"]})").status, 200);
  EXPECT_EQ(call("GET", "/phones", "", otto).status, 401) << "the log-in of before has ended";
  const std::string again = log_in("otto", "a good password");
  EXPECT_EQ(call("GET", "/phones", "", again).body.as_array().size(), 1u);
  admin("DELETE", "/sbcs/branch-1");
  EXPECT_EQ(call("GET", "/sbcs", "", again).body.as_array().size(), 0u) << "not the whole company";
  EXPECT_EQ(store_->load().users.size(), 3u);
  const auto stored_users = store_->load().users;
  for (const User& stored : stored_users)
    EXPECT_EQ(stored.sites.size(), stored.name == "admin" ? 0u : 1u) << stored.name;
}

TEST_F(BoundToASite, NeedsSitesThatAreThereAndAnAdministratorOfAll) {
  EXPECT_EQ(admin("POST", "/users", R"({"name":"x","password":"a good password","role":"reader","sites":["nowhere"]})")
                .status,
            422);
  EXPECT_EQ(admin("PATCH", "/users/bea", R"({"sites":["Branch 1"]})").status, 422);
  EXPECT_EQ(admin("PATCH", "/users/bea", R"({"sites":["local"]})").status, 200);
  EXPECT_EQ(admin("PATCH", "/users/admin", R"({"sites":["branch-1"]})").status, 409);
  EXPECT_EQ(admin("DELETE", "/users/admin").status, 409) << "bea administers one site only";
}

TEST_F(BoundToASite, HearsOfItsOwnSiteOnly) {
  HttpClient client(at_);
  client.send("GET /api/v1/events HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer " + bea_ + "\r\n\r\n");
  client.read_until("\r\n\r\n");
  client.read_until("\n\n");  // the beginning
  api_->post_event(api::SbcDisconnected{"branch-2", "it is silent"});
  api_->post_event(
      api::SessionEnded{SessionId{"s"}, HotDeskId{"HD0002"}, there, ExtensionNumber{"102"}, "key", SiteId{"branch-2"}});
  on_domain([&] {
    api_->post_event(api::PhoneChanged{domain_.phones_.at(there.text())});
    api_->post_event(api::CallEnded{domain_.calls_[1]});
    Alarm alarm;
    alarm.id = "alarm-of-two";
    alarm.site = "branch-2";
    api_->post_event(api::AlarmChanged{alarm});
    alarm.site = "";
    api_->post_event(api::AlarmChanged{alarm});  // of the company: a trunk, the disk
    api_->post_event(api::StatsChanged{domain_.statistics_.now});
  });
  admin("PATCH", "/hot-desks/" + there.text(), R"({"options":{"name":"x"}})");
  admin("POST", "/users", R"({"name":"carl","password":"a good password","role":"reader"})");
  call("POST", "/login", R"({"username":"admin","password":"wrong"})");
  admin("POST", "/phones/provision", R"({"site":"branch-2"})");
  admin("PATCH", "/hot-desks/" + here.text(), R"({"options":{"name":"x"}})");
  on_domain([&] { api_->post_event(api::SbcConnected{"branch-1"}); });
  std::string heard;
  while (heard.find("sbc.connected") == std::string::npos) {
    const std::string next = client.read_until("\n\n");
    if (next.empty()) break;
    heard += next;
  }
  EXPECT_THAT(heard, testing::AllOf(HasSubstr("stats.changed"), HasSubstr(here.text()), HasSubstr("branch-1")));
  for (const char* other : {"branch-2", "HD0002", "001565bbbb02", "alarm-of-two", "4711", "user.created",
                            "login.failed", "job.changed", "102"})
    EXPECT_THAT(heard, Not(HasSubstr(other)));
}

}  // namespace
}  // namespace roamdesk::test
