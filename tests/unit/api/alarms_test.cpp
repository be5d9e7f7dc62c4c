#include "fixture.hpp"

// What is wrong, who has seen it, and who is told.
namespace roamdesk::test {
namespace {
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class AlarmsApi : public ApiTest {
 protected:
  AlarmsApi() {
    options_.test_notice = [this](const api::TestMessage& message, std::function<void(api::TestResult)> done) {
      sent.push_back(message.receiver);
      done({true, ""});
    };
    start();
  }
  void have(const Alarm& alarm) {
    on_domain([&] {
      domain_.change([&](const Directory&) { return api::Domain::Decision{Changes{Put<Alarm>{alarm}}}; }, {},
                     [](const api::Answer&) {});
    });
  }
  static Alarm alarm(const std::string& id, int minute, AlarmSeverity severity = AlarmSeverity::critical) {
    return {.id = id,
            .kind = AlarmKind::sbc_down,
            .severity = severity,
            .subject = "berlin-" + id,
            .raised = WallTime{std::chrono::minutes{28'000'000 + minute}}};
  }
  static Alarm over(Alarm alarm, int minute) {
    alarm.cleared = WallTime{std::chrono::minutes{28'000'000 + minute}};
    return alarm;
  }
  std::vector<std::string> ids(const std::string& query = {}) {
    std::vector<std::string> all;
    const JsonAnswer answer = admin("GET", "/alarms" + query);
    for (const auto& one : answer.body.as_array()) all.emplace_back(one.at("id").as_string());
    return all;
  }
  std::vector<AlarmReceiver> sent;
  static constexpr const char* hook =
      R"({"name":"hook","way":"web_hook","to":"https://example.org/x?key=1","signing_key":"0123456789abcdef"})";
};

TEST_F(AlarmsApi, ShowsTheWorstFirstAndWhatIsOverLast) {
  have(alarm("old", 1));
  have(alarm("new", 9));
  have(alarm("mild", 12, AlarmSeverity::notice));
  have(over(alarm("over", 2), 5));
  have(over(alarm("later", 2), 6));
  EXPECT_EQ(ids(), (std::vector<std::string>{"new", "old", "mild", "later", "over"}));
  EXPECT_EQ(ids("?cleared=1"), (std::vector<std::string>{"new", "old", "mild", "later"}));
  for (const char* bad : {"?cleared=0", "?cleared=-1", "?cleared=x"})
    EXPECT_EQ(admin("GET", std::string("/alarms") + bad).status, 400);
  EXPECT_EQ(admin("GET", "/alarms?cleared=1001").status, 422);
  const JsonAnswer all = admin("GET", "/alarms");
  const auto& first = all.body.at(0);
  EXPECT_EQ(first.at("text"), "The SBC berlin-new is down");
  EXPECT_THAT(std::string(first.at("advice").as_string()), HasSubstr("See whether"));
  for (const char* nothing : {"site", "detail", "cleared", "acknowledged", "acknowledged_by"})
    EXPECT_TRUE(first.at(nothing).is_null()) << nothing;
}

TEST_F(AlarmsApi, AreAcknowledgedOnceByName) {
  have(alarm("a1", 1));
  const std::string otto = user("otto", "operator"), oda = user("oda", "operator");
  const JsonAnswer seen = call("POST", "/alarms/a1/acknowledge", "", otto);
  ASSERT_EQ(seen.status, 200);
  EXPECT_EQ(seen.body.at("acknowledged_by"), "otto");
  EXPECT_EQ(seen.body.at("acknowledged"), "2023-11-14T22:13:20.000Z");
  const JsonAnswer again = call("POST", "/alarms/a1/acknowledge", "", oda);
  EXPECT_EQ(again.status, 409);
  EXPECT_THAT(again.detail(), HasSubstr("otto has acknowledged it already"));
  const JsonAnswer audit = admin("GET", "/audit?action=alarm.acknowledged");
  ASSERT_EQ(audit.body.at("records").as_array().size(), 1u);
  EXPECT_EQ(audit.body.at("records").at(0).at("actor"), "otto");
  EXPECT_EQ(audit.body.at("records").at(0).at("subject"), "a1");
}

TEST_F(AlarmsApi, AreAcknowledgedByNobodyWhoMayOnlyRead) {
  have(alarm("a1", 1));
  const std::string rita = user("rita", "reader");
  EXPECT_EQ(call("POST", "/alarms/a1/acknowledge", "", rita).status, 403);
  EXPECT_EQ(call("POST", "/alarms/a1/acknowledge").status, 401);
  EXPECT_EQ(call("GET", "/alarms", "", rita).status, 200);
  EXPECT_EQ(call("GET", "/alarms").status, 401);
  EXPECT_TRUE(admin("GET", "/alarms").body.at(0).at("acknowledged").is_null());
  EXPECT_EQ(admin("POST", "/alarms/none/acknowledge").status, 404);
}

// A page of another origin that has a log-in's cookie ride along.
TEST_F(AlarmsApi, AreAcknowledgedByNoOtherPage) {
  have(alarm("a1", 1));
  const JsonAnswer logged_in =
      call("POST", "/login", R"({"username":"admin","password":"administrator's","cookie":true})", "",
           "Sec-Fetch-Site: same-origin\r\n");
  ASSERT_EQ(logged_in.status, 200);
  const std::string cookie = logged_in.fields.at("set-cookie");
  const std::string with = "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n";
  for (const char* from :
       {"Sec-Fetch-Site: cross-site\r\n", "Sec-Fetch-Site: same-site\r\n", "Origin: https://evil.example\r\n", ""})
    EXPECT_EQ(call("POST", "/alarms/a1/acknowledge", "", "", with + from).status, 403) << from;
  EXPECT_EQ(call("POST", "/alarms/a1/acknowledge", "", "", with + "Sec-Fetch-Site: same-origin\r\n").status, 200);
}

TEST_F(AlarmsApi, AreToldToReceiversWhoseKeyIsNeverShown) {
  ASSERT_EQ(admin("POST", "/alarm-receivers", hook).status, 201);
  ASSERT_EQ(admin("POST", "/alarm-receivers", R"({"name":"night","to":"night@example.org","least":"critical"})").status,
            201);
  ASSERT_EQ(
      admin("POST", "/alarm-receivers", R"({"name":"logs","way":"syslog","to":"udp://logs.example.org:514"})").status,
      201);
  EXPECT_EQ(admin("POST", "/alarm-receivers", hook).status, 409) << "there is one of that name";
  const JsonAnswer all = admin("GET", "/alarm-receivers");
  EXPECT_EQ(all.body.at(0), json::parse(R"({"name":"hook","way":"web_hook","to":"https://example.org/x?key=1",
                                            "least":"warning","enabled":true})"));
  EXPECT_EQ(all.body.at(2).at("least"), "critical");
  EXPECT_EQ(admin("PATCH", "/alarm-receivers/hook", R"({"signing_key":"another key of 16"})").status, 200);
  for (const char* path : {"/alarm-receivers", "/alarm-receivers/hook", "/audit"})
    EXPECT_THAT(json::serialize(admin("GET", path).body),
                AllOf(Not(HasSubstr("0123456789abcdef")), Not(HasSubstr("another key"))));
  EXPECT_EQ(admin("DELETE", "/alarm-receivers/logs").status, 204);
  EXPECT_EQ(admin("GET", "/alarm-receivers/logs").status, 404);
}

TEST_F(AlarmsApi, AreToldToNobodyWhoCanNotBeAReceiver) {
  const std::pair<const char*, const char*> bodies[] = {
      {R"({"name":"A b","to":"a@b"})", "name"},
      {R"({"name":"x","to":"nobody"})", "to"},
      {R"({"name":"x","to":"a@b\r\nRCPT TO:<x@y>"})", "to"},
      {R"({"name":"x","to":"a@b\nBcc: x@y"})", "to"},
      {R"({"name":"x","to":"a@b\u0000"})", "to"},
      {R"({"name":"x","way":"web_hook","to":"https://example.org/"})", "signing_key"},
      {R"({"name":"x","way":"web_hook","to":"https://example.org/","signing_key":"short"})", "signing_key"},
      {R"({"name":"x","way":"web_hook","to":"https://example.org/","signing_key":"0123456789abcdef\r\nX: y"})",
       "signing_key"},
      {R"({"name":"x","way":"web_hook","to":"http://169.254.169.254/latest/meta-data","signing_key":"0123456789abcdef"})",
       "to"},
      {R"({"name":"x","way":"web_hook","to":"http://10.0.0.1/","signing_key":"0123456789abcdef"})", "to"},
      {R"({"name":"x","way":"web_hook","to":"file:///etc/passwd","signing_key":"0123456789abcdef"})", "to"},
      {R"({"name":"x","way":"web_hook","to":"https://a/\r\nX: y","signing_key":"0123456789abcdef"})", "to"},
      {R"({"name":"x","way":"syslog","to":"udp://logs"})", "to"},
      {R"({"name":"x","way":"syslog","to":"udp://logs:514\n<0>1 forged"})", "to"},
      {R"({"name":"x","way":"syslog","to":"file:///dev/log"})", "to"},
      {R"({"name":"x","way":"syslog","to":"/etc/passwd"})", "to"},
      {R"({"name":"x","way":"pigeon","to":"a@b"})", "way"},
      {R"({"name":"x","to":"a@b","least":"all"})", "least"},
  };
  for (const auto& [body, member] : bodies) {
    const JsonAnswer answer = admin("POST", "/alarm-receivers", body);
    EXPECT_EQ(answer.status, 422) << body;
    if (answer.status == 422) {
      EXPECT_THAT(answer.detail(), HasSubstr(member)) << body;
    }
  }
  EXPECT_EQ(admin("POST", "/alarm-receivers", R"({"name":"x","to":"a@b","more":1})").status, 400);
  EXPECT_TRUE(admin("GET", "/alarm-receivers").body.as_array().empty());
}

TEST_F(AlarmsApi, AreToldToThoseWhomAnAdministratorNames) {
  ASSERT_EQ(admin("POST", "/alarm-receivers", hook).status, 201);
  for (const char* role : {"reader", "operator"}) {
    const std::string token = user(role, role);
    EXPECT_EQ(call("GET", "/alarm-receivers", "", token).status, 403) << role;
    EXPECT_EQ(call("POST", "/alarm-receivers", hook, token).status, 403) << role;
    EXPECT_EQ(call("PATCH", "/alarm-receivers/hook", R"({"enabled":false})", token).status, 403) << role;
    EXPECT_EQ(call("DELETE", "/alarm-receivers/hook", "", token).status, 403) << role;
    EXPECT_EQ(call("POST", "/alarm-receivers/hook/test", "", token).status, 403) << role;
  }
  EXPECT_EQ(call("GET", "/alarm-receivers").status, 401);
  EXPECT_EQ(call("POST", "/alarm-receivers/hook/test").status, 401);
  EXPECT_TRUE(sent.empty());
}

TEST_F(AlarmsApi, HaveReceiversThatNobodyOverwritesUnseen) {
  ASSERT_EQ(admin("POST", "/alarm-receivers", hook).status, 201);
  const JsonAnswer read = admin("GET", "/alarm-receivers/hook");
  const std::string seen = "If-Match: " + read.fields.at("etag") + "\r\n";
  ASSERT_EQ(admin("PATCH", "/alarm-receivers/hook", R"({"signing_key":"another key of 16"})").status, 200);
  EXPECT_EQ(call("PATCH", "/alarm-receivers/hook", R"({"enabled":false})", token_, seen).status, 412)
      << "its key has been changed meanwhile";
  EXPECT_EQ(call("DELETE", "/alarm-receivers/hook", "", token_, seen).status, 412);
  const std::string fresh = "If-Match: " + admin("GET", "/alarm-receivers/hook").fields.at("etag") + "\r\n";
  EXPECT_EQ(call("PATCH", "/alarm-receivers/hook", R"({"enabled":false})", token_, fresh).status, 200);
}

TEST_F(AlarmsApi, TryAReceiverWithWhatIsStored) {
  ASSERT_EQ(admin("POST", "/alarm-receivers", hook).status, 201);
  const JsonAnswer tried = admin("POST", "/alarm-receivers/hook/test");
  EXPECT_EQ(tried.body, json::parse(R"({"delivered":true,"reason":null})"));
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].signing_key.reveal(), "0123456789abcdef");
  EXPECT_EQ(admin("POST", "/alarm-receivers/none/test").status, 404);
  const JsonAnswer audit = admin("GET", "/audit?action=notice.tested");
  EXPECT_EQ(audit.body.at("records").at(0).at("subject"), "https://example.org");
}

TEST_F(AlarmsApi, ForgetAWebHooksKeyWhereItBecomesAnotherWay) {
  ASSERT_EQ(admin("POST", "/alarm-receivers", hook).status, 201);
  ASSERT_EQ(admin("PATCH", "/alarm-receivers/hook", R"({"way":"mail","to":"a@b"})").status, 200);
  ASSERT_EQ(admin("POST", "/alarm-receivers/hook/test").status, 200);
  EXPECT_TRUE(sent.at(0).signing_key.empty());
  EXPECT_EQ(admin("PATCH", "/alarm-receivers/hook", R"({"way":"web_hook","to":"https://example.org/"})").status, 422);
}

TEST_F(AlarmsApi, HaveFiftyReceiversAtMost) {
  for (int i = 0; i < 50; ++i)
    ASSERT_EQ(admin("POST", "/alarm-receivers", R"({"name":"r)" + std::to_string(i) + R"(","to":"a@b"})").status, 201);
  EXPECT_EQ(admin("POST", "/alarm-receivers", R"({"name":"one-more","to":"a@b"})").status, 409);
}

TEST_F(AlarmsApi, HearOfWrongPasswordsByTheirAddress) {
  std::vector<std::string> peers;
  options_.login_failed = [&](const std::string& peer) { peers.push_back(peer); };
  start();
  log_in("admin", "wrong");
  log_in("nobody", "wrong");
  on_domain([] {});  // what was posted there has been heard
  EXPECT_EQ(peers, (std::vector<std::string>{"127.0.0.1", "127.0.0.1"}));
  log_in("admin", "administrator's");
  EXPECT_EQ(peers.size(), 2u);
}

TEST_F(AlarmsApi, HaveLimitsThatAdministratorsSet) {
  EXPECT_EQ(admin("GET", "/settings").body.at("alarms"),
            json::parse(R"({"rtt_ms":300,"jitter_ms":50,"loss_permille":20,"disk_percent":10,"certificate_days":14,
                            "backup_days":7})"));
  ASSERT_EQ(admin("PATCH", "/settings", R"({"alarms":{"backup_days":0}})").status, 200);
  EXPECT_EQ(admin("GET", "/settings").body.at("alarms").at("backup_days"), 0);
  EXPECT_EQ(admin("PATCH", "/settings", R"({"alarms":{"disk_percent":91}})").status, 422);
}

}  // namespace
}  // namespace roamdesk::test
