#include "fixture.hpp"

// Calls for help that people acknowledge, and messages to people outside of the system.
namespace roamdesk::test {
namespace {
using testing::HasSubstr;
using testing::Not;

class EmergenciesApi : public ApiTest {
 protected:
  void have(const std::string& id, int minute, bool stranger = false) {
    Emergency emergency{.id = id, .at = WallTime{std::chrono::minutes{28'000'000 + minute}}};
    emergency.place = {SiteId{"local"}, "192.0.2.7:5060", "112"};
    if (!stranger) {
      emergency.place.phone = Mac::parse("001565000001");
      emergency.place.desk = "HD0001";
    }
    on_domain([&] {
      domain_.change([&](const Directory&) { return api::Domain::Decision{Changes{Put<Emergency>{emergency}}}; }, {},
                     [](api::Answer) {});
    });
  }
  std::vector<std::string> ids() {
    std::vector<std::string> all;
    const JsonAnswer answer = admin("GET", "/emergencies");
    for (const auto& one : answer.body.as_array()) all.emplace_back(one.at("id").as_string());
    return all;
  }
};

TEST_F(EmergenciesApi, ShowsWhatNobodyHasAcknowledgedFirst) {
  have("old", 1);
  have("new", 3);
  have("seen", 2);
  ASSERT_EQ(admin("POST", "/emergencies/seen/acknowledge").status, 200);
  EXPECT_EQ(ids(), (std::vector<std::string>{"new", "old", "seen"}));
  const JsonAnswer all = admin("GET", "/emergencies");
  const auto& first = all.body.at(0);
  EXPECT_EQ(first.at("place").at("hot_desk"), "HD0001");
  EXPECT_EQ(first.at("place").at("number"), "112");
  EXPECT_EQ(first.at("test"), false);
  for (const char* nothing : {"location", "callback", "acknowledged", "acknowledged_by"})
    EXPECT_TRUE(first.at(nothing).is_null()) << nothing;
}

TEST_F(EmergenciesApi, IsAcknowledgedOnceByName) {
  have("e1", 1);
  const std::string otto = user("otto", "operator"), oda = user("oda", "operator");
  const JsonAnswer acknowledged = call("POST", "/emergencies/e1/acknowledge", "", otto);
  ASSERT_EQ(acknowledged.status, 200);
  EXPECT_EQ(acknowledged.body.at("acknowledged_by"), "otto");
  EXPECT_EQ(acknowledged.body.at("acknowledged"), "2023-11-14T22:13:20.000Z");
  const JsonAnswer again = call("POST", "/emergencies/e1/acknowledge", "", oda);
  EXPECT_EQ(again.status, 409);
  EXPECT_THAT(again.detail(), HasSubstr("otto has acknowledged it already"));
  EXPECT_EQ(admin("GET", "/emergencies").body.at(0).at("acknowledged_by"), "otto");
  const JsonAnswer audit = admin("GET", "/audit?action=emergency.acknowledged");
  ASSERT_EQ(audit.body.at("records").as_array().size(), 1u);
  EXPECT_EQ(audit.body.at("records").at(0).at("actor"), "otto");
  EXPECT_EQ(audit.body.at("records").at(0).at("subject"), "e1");
}

TEST_F(EmergenciesApi, IsAcknowledgedByNobodyWhoMayOnlyRead) {
  have("e1", 1);
  const std::string rita = user("rita", "reader");
  EXPECT_EQ(call("POST", "/emergencies/e1/acknowledge", "", rita).status, 403);
  EXPECT_EQ(call("POST", "/emergencies/e1/acknowledge").status, 401);
  EXPECT_EQ(call("GET", "/emergencies", "", rita).status, 200);
  EXPECT_TRUE(admin("GET", "/emergencies").body.at(0).at("acknowledged").is_null());
  EXPECT_EQ(admin("POST", "/emergencies/none/acknowledge").status, 404);
}

class NoticesApi : public ApiTest {
 protected:
  NoticesApi() {
    options_.test_notice = [this](const api::TestMessage& message, std::function<void(api::TestResult)> done) {
      messages.push_back(message);
      done(result);
    };
    options_.notice_ways.mail = api::NoticeWays::Mail{"smtp.example.com:587", "pbx@example.com", "starttls", true};
    start();
  }
  std::vector<api::TestMessage> messages;
  api::TestResult result{true, ""};
};

TEST_F(NoticesApi, ShowsTheWayWithoutItsPassword) {
  const JsonAnswer shown = admin("GET", "/notices");
  ASSERT_EQ(shown.status, 200);
  EXPECT_EQ(shown.body,
            json::parse(R"({"mail":{"server":"smtp.example.com:587","from":"pbx@example.com","tls":"starttls",
                                        "logs_in":true}})"));
}

TEST_F(NoticesApi, SendsATestMessageAndSaysWhatBecameOfIt) {
  const JsonAnswer sent = admin("POST", "/notices/test", R"({"mail":"guard@example.com"})");
  ASSERT_EQ(sent.status, 200);
  EXPECT_EQ(sent.body, json::parse(R"({"delivered":true,"reason":null})"));
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].receiver.way, AlarmWay::mail);
  EXPECT_EQ(messages[0].receiver.to, "guard@example.com");
  result = {false, "it answered 500"};
  EXPECT_EQ(admin("POST", "/notices/test", R"({"web_hook":"https://example.com/x?key=secret"})").body,
            json::parse(R"({"delivered":false,"reason":"it answered 500"})"));
  const JsonAnswer audit = admin("GET", "/audit?action=notice.tested");
  EXPECT_EQ(audit.body.at("records").at(0).at("subject"), "https://example.com");
  EXPECT_THAT(json::serialize(audit.body), Not(HasSubstr("secret")))
      << "what follows the host may be the hook's password";
}

TEST_F(NoticesApi, SendsNothingWhereItCanNotBeSent) {
  for (const char* body : {"{}", R"({"mail":"a@b","web_hook":"https://a/"})"})
    EXPECT_EQ(admin("POST", "/notices/test", body).status, 400) << body;
  for (const char* body :
       {R"({"mail":"a@b\r\nRCPT TO:<x@y>"})", R"({"mail":"nobody"})", R"({"web_hook":"file:///etc/passwd"})",
        R"({"web_hook":"https://a/\r\nX: y"})", R"({"web_hook":"ftp://a/"})"})
    EXPECT_EQ(admin("POST", "/notices/test", body).status, 422) << body;
  for (const char* role : {"reader", "operator"})
    EXPECT_EQ(call("POST", "/notices/test", R"({"mail":"a@b"})", user(role, role)).status, 403) << role;
  EXPECT_TRUE(messages.empty());
}

}  // namespace
}  // namespace roamdesk::test
