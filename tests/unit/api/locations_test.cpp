#include "fixture.hpp"

// Where help is to come to: the records, who is given them, and what would happen with a call for help.
namespace roamdesk::test {
namespace {
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class LocationsApi : public ApiTest {
 protected:
  void SetUp() override {
    ASSERT_EQ(
        admin("POST", "/trunks", R"({"name":"berlin","domain":"sip.example.org","user":"u","country":"DE"})").status,
        201);
    ASSERT_EQ(admin("POST", "/extensions", R"({"number":"101","name":"Alice","voicemail_pin":"8265"})").status, 201);
  }
  static std::string body(const std::string& members = {}, const std::string& name = "house") {
    return R"({"name":")" + name +
           R"(","address":{"country":"DE","a3":"Berlin","rd":"Domplatz","hno":"1"},"trunks":["berlin"])" +
           (members.empty() ? "" : "," + members) + "}";
  }
  void have(const std::string& members = {}, const std::string& name = "house") {
    const JsonAnswer made = admin("POST", "/locations", body(members, name));
    ASSERT_EQ(made.status, 201) << json::serialize(made.body);
  }
  // Each is refused by the status, in words that name the member and what would be right.
  void expect_refused(const std::vector<std::pair<std::string, std::string>>& bodies, int status) {
    for (const auto& [text, member] : bodies) {
      const JsonAnswer answer = admin("POST", "/locations", text);
      EXPECT_EQ(answer.status, status) << text;
      if (answer.body.is_object()) {
        EXPECT_THAT(answer.detail(), AllOf(HasSubstr(member), HasSubstr("expected"))) << text;
      }
    }
  }
  void have_desk(const std::string& members = {}) {
    ASSERT_EQ(admin("POST", "/hot-desks",
                    R"({"mac":"001565aabbcc","vendor":"yealink","model":"T46U","options":{"location":"Floor 2"})" +
                        (members.empty() ? "" : "," + members) + "}")
                  .status,
              201);
  }
  void have_own_phone() {
    on_domain([&] {
      domain_.change(
          [](const Directory&) -> api::Domain::Decision {
            Phone phone{.mac = *Mac::parse("001565aabbdd"), .assigned = true, .extension = ExtensionNumber{"101"}};
            phone.site = local_site();
            phone.credentials = Credentials{"p", Secret{"x"}};
            return Changes{PutPhone{phone}};
          },
          {}, [](const api::Answer&) {});
    });
  }
};

TEST_F(LocationsApi, AreKeptAndShownWithWhatHoldsThere) {
  have(
      R"("callbacks":["+493055500"],"test_numbers":["933"],"numbers":["19222"],"told":["101"],"note":"ring at gate B")");
  JsonAnswer shown = admin("GET", "/locations/house");
  ASSERT_EQ(shown.status, 200);
  EXPECT_EQ(json::serialize(shown.body.at("address")), R"({"country":"DE","a3":"Berlin","rd":"Domplatz","hno":"1"})");
  EXPECT_EQ(json::serialize(shown.body.at("emergency_numbers")), R"(["112","911","110","19222","933"])");
  EXPECT_EQ(shown.body.at("route"), "ready");
  EXPECT_EQ(shown.body.at("callback_window_s"), 1800);
  shown = admin("PATCH", "/locations/house", R"({"address":{"flr":"2","hno":""},"trunks":[]})");
  ASSERT_EQ(shown.status, 200);
  EXPECT_EQ(json::serialize(shown.body.at("address")), R"({"country":"DE","a3":"Berlin","rd":"Domplatz","flr":"2"})");
  EXPECT_EQ(shown.body.at("route"), "no_trunk");
  EXPECT_EQ(shown.body.at("note"), "ring at gate B");
  EXPECT_EQ(admin("POST", "/locations", body()).status, 409);
  EXPECT_EQ(admin("DELETE", "/locations/house").status, 204);
  EXPECT_EQ(admin("DELETE", "/locations/house").status, 404);
  EXPECT_EQ(admin("PATCH", "/locations/house", R"({"note":""})").status, 404);
  std::string audited;
  const JsonAnswer page = admin("GET", "/audit");
  for (const auto& record : page.body.at("records").as_array())
    audited +=
        std::string(record.at("action").as_string()) + " " + std::string(record.at("subject").as_string()) + "\n";
  for (const char* action : {"location.created house", "location.changed house", "location.deleted house"})
    EXPECT_THAT(audited, HasSubstr(action));
}

TEST_F(LocationsApi, ThatCanNotBeAreRefused) {
  expect_refused(
      {{body({}, "A B"), "name"},
       {R"({"name":"x","address":{}})", "address.country"},
       {R"({"name":"x","address":{"country":"de"}})", "address.country"},
       {R"({"name":"x","address":{"country":"XX"}})", "address.country"},
       {R"({"name":"x","address":{"country":"DE","rd":"a\u0000b"}})", "address.rd"},
       {R"({"name":"x","address":{"country":"DE","flr":")" + std::string(101, '1') + "\"}}", "address.flr"},
       {body(R"("callbacks":["030555"])"), "callbacks"},
       {body(R"("callbacks":["+49305550","+49305550"])"), "callbacks"},
       {body(R"("numbers":["*112"])"), "numbers"},
       {body(R"("numbers":[""])"), "numbers"},
       {body(R"("test_numbers":["112"])"), "112"},
       {body(R"("test_numbers":["110"])"), "110"},
       {body(R"("numbers":["19222"],"test_numbers":["19222"])"), "19222"},
       {body(R"("told":["Alice"])"), "told"},
       {body(R"("told":["101","101"])"), "told"},
       {body(R"("mails":["guard"])"), "mails"},
       {body(R"("mails":["a@b\r\nBcc: c@d"])"), "mails"},
       {body(R"("mails":["a@b,c@d"])"), "mails"},
       {body(R"("web_hook":"http://example.org/alarm")"), "web_hook"},
       {body(R"("web_hook":"http://127.0.0.1.example.org/")"), "web_hook"},
       {body(R"("web_hook":"file:///etc/passwd")"), "web_hook"},
       {body(R"("web_hook":"https://")"), "web_hook"},
       {body(R"("references":[{"trunk":"berlin"}])"), "references"},
       {body(R"("references":[{"geolocation_id":"a"}])"), "references.trunk"},
       {body(R"("references":[{"trunk":"berlin","from_id":"a"},{"trunk":"berlin","from_id":"b"}])"), "references"},
       {body(R"("callbacks":["+49301","+49302"],"references":[{"trunk":"berlin","from_id":"a"}])"), "callbacks"},
       {body(R"("callback_window_s":599)"), "callback_window_s"},
       {body(R"("callback_window_s":86401)"), "callback_window_s"}},
      422);
  expect_refused({{body(R"("street":"x")"), "street"},
                  {R"({"name":"x","address":{"country":"DE","street":"x"}})", "address.street"},
                  {R"({"name":"x","address":"Berlin"})", "address"},
                  {body(R"("references":[{"trunk":"berlin","Geolocation":"a"}])"), "references.Geolocation"},
                  {body(R"("references":{"trunk":"berlin"})"), "references"},
                  {body(R"("references":["berlin"])"), "references"},
                  {body(R"("told":"101")"), "told"}},
                 400);
  EXPECT_TRUE(admin("GET", "/locations").body.as_array().empty());
}

TEST_F(LocationsApi, ThatDoNotFitWhatThereIsAreRefused) {
  have(R"("callbacks":["+493055500"])");
  expect_refused({{body(R"("trunks":["munich"])", "other"), "munich"},
                  {body(R"("references":[{"trunk":"munich","from_id":"a"}])", "other"), "munich"},
                  {body(R"("told":["199"])", "other"), "199"},
                  {body(R"("callbacks":["+493055500"])", "other"), "house"}},
                 409);
  // Its own callback stays its own.
  EXPECT_EQ(admin("PATCH", "/locations/house", R"({"callbacks":["+493055500","+493055501"]})").status, 200);
  admin("POST", "/extensions", R"({"number":"15","name":"Eve","voicemail_pin":"8265"})");
  const JsonAnswer paris = admin("POST", "/locations", R"({"name":"paris","address":{"country":"FR"}})");
  EXPECT_EQ(paris.status, 409);
  EXPECT_THAT(paris.detail(), AllOf(HasSubstr("15"), HasSubstr("emergency")));
  EXPECT_EQ(admin("PATCH", "/locations/house", R"({"numbers":["15"]})").status, 409);
  EXPECT_EQ(admin("PATCH", "/locations/house", R"({"test_numbers":["15"]})").status, 409);
}

// Also the other way round: behind a rule's prefix, and extensions and rules that come later.
TEST_F(LocationsApi, MakeTheirEmergencyNumbersNobodysExtension) {
  have(R"("numbers":["19222"])");
  const auto extension = [&](const std::string& number) {
    return admin("POST", "/extensions", R"({"number":")" + number + R"(","name":"Eve","voicemail_pin":"8265"})").status;
  };
  EXPECT_EQ(extension("110"), 409);
  EXPECT_EQ(extension("19222"), 409);
  EXPECT_EQ(extension("999"), 201) << "no emergency number of any location";
  EXPECT_EQ(extension("0110"), 201);
  const JsonAnswer rule =
      admin("POST", "/outbound-rules", R"({"name":"line","pattern":"0.","strip":1,"trunks":["berlin"]})");
  EXPECT_EQ(rule.status, 409);
  EXPECT_THAT(rule.detail(), AllOf(HasSubstr("0110"), HasSubstr("emergency")));
}

TEST_F(LocationsApi, AreGivenToDesksPhonesAndSites) {
  have();
  have_desk(R"("emergency_location":"house")");
  JsonAnswer desk = admin("GET", "/hot-desks/001565aabbcc");
  EXPECT_EQ(desk.body.at("emergency_location"), "house");
  EXPECT_TRUE(admin("PATCH", "/hot-desks/001565aabbcc", R"({"emergency_location":null})")
                  .body.at("emergency_location")
                  .is_null());
  have_own_phone();
  EXPECT_EQ(admin("PATCH", "/phones/001565aabbdd", R"({"emergency_location":"house"})").body.at("emergency_location"),
            "house");
  EXPECT_EQ(admin("PATCH", "/phones/001565aabbdd", R"({"emergency_location":"nowhere"})").status, 422);
  EXPECT_EQ(admin("PATCH", "/phones/001565aabbdd", "{}").status, 400);
  EXPECT_EQ(admin("PATCH", "/phones/001565aabbee", R"({"emergency_location":"house"})").status, 404);
  ASSERT_EQ(admin("POST", "/sbcs", R"({"name":"branch-1","emergency_location":"house"})").status, 201);
  EXPECT_EQ(admin("GET", "/sbcs/branch-1").body.at("emergency_location"), "house");
  const JsonAnswer unknown = admin("PATCH", "/sbcs/branch-1", R"({"emergency_location":"nowhere"})");
  EXPECT_EQ(unknown.status, 422);
  EXPECT_THAT(unknown.detail(), AllOf(HasSubstr("nowhere"), HasSubstr("expected"), HasSubstr("house")));
  EXPECT_EQ(admin("PATCH", "/sbcs/branch-1", R"({"emergency_location":null})").status, 200);
  EXPECT_EQ(admin("PATCH", "/sbcs/branch-1", R"({"time_zone":"Europe/Berlin"})").body.at("time_zone"), "Europe/Berlin");
  EXPECT_EQ(admin("PATCH", "/sbcs/branch-1", "{}").status, 400);
  EXPECT_EQ(admin("PATCH", "/settings", R"({"emergency":{"local_location":"house","location":"house"}})").status, 200);
  const JsonAnswer shown = admin("GET", "/locations/house");
  EXPECT_EQ(json::serialize(shown.body.at("used_by")),
            R"({"hot_desks":[],"phones":["001565aabbdd"],"sites":["local"],"default":true})");
}

TEST_F(LocationsApi, CanNotGoWhileSomethingHasThem) {
  have();
  have(R"("told":["101"])", "other");
  const auto refused = [&](const std::string& by) {
    const JsonAnswer answer = admin("DELETE", "/locations/house");
    EXPECT_EQ(answer.status, 409);
    EXPECT_THAT(answer.detail(), AllOf(HasSubstr(by), HasSubstr("first")));
  };
  have_desk(R"("emergency_location":"house")");
  refused("HD0001");
  admin("PATCH", "/hot-desks/001565aabbcc", R"({"emergency_location":null})");
  admin("POST", "/sbcs", R"({"name":"branch-1","emergency_location":"house"})");
  refused("branch-1");
  admin("PATCH", "/sbcs/branch-1", R"({"emergency_location":null})");
  admin("PATCH", "/settings", R"({"emergency":{"local_location":"house"}})");
  refused("local");
  admin("PATCH", "/settings", R"({"emergency":{"local_location":"","location":"house"}})");
  refused("settings");
  admin("PATCH", "/settings", R"({"emergency":{"location":""}})");
  const JsonAnswer trunk = admin("DELETE", "/trunks/berlin");
  EXPECT_EQ(trunk.status, 409);
  EXPECT_THAT(trunk.detail(), HasSubstr("house"));
  EXPECT_EQ(admin("DELETE", "/locations/house").status, 204);
}

// An id goes into a header as it is: nothing that ends a header, a value or an address, or begins another one, gets in.
TEST_F(LocationsApi, AreKnownToAProviderByIdsThatAreNothingElse) {
  have(R"("references":[{"trunk":"berlin","geolocation_id":"A-1._~+z","from_id":"FX7"}])");
  const auto kept = [&] { return json::serialize(admin("GET", "/locations/house").body.at("references")); };
  const std::string whole = R"([{"trunk":"berlin","geolocation_id":"A-1._~+z","from_id":"FX7"}])";
  EXPECT_EQ(kept(), whole);
  for (const char* bad : {R"(a\r\nX-Evil: 1)", R"(a\nb)", R"(a\rb)", R"(a\"b)", "<a", "a>", "a;b", "a,b", "a b", "a@b",
                          "a:b", R"(a\\b)", R"(a\u0000b)", R"(a\tb)", "ä", "%0d%0a"})
    for (const char* member : {"geolocation_id", "from_id"}) {
      const std::string references =
          R"("references":[{"trunk":"berlin",")" + std::string(member) + "\":\"" + bad + "\"}]";
      const JsonAnswer answer = admin("PATCH", "/locations/house", "{" + references + "}");
      EXPECT_EQ(answer.status, 422) << references;
      EXPECT_THAT(answer.detail(), AllOf(HasSubstr(member), HasSubstr("expected"))) << references;
      EXPECT_EQ(admin("POST", "/locations", body(references, "other")).status, 422) << references;
    }
  const std::string longest(64, 'a');
  const auto of = [](const std::string& id) {
    return R"({"references":[{"trunk":"berlin","geolocation_id":")" + id + R"("}]})";
  };
  EXPECT_EQ(admin("PATCH", "/locations/house", of(longest + "a")).status, 422);
  EXPECT_EQ(kept(), whole);
  EXPECT_EQ(admin("PATCH", "/locations/house", of(longest)).status, 200);
  const JsonAnswer page = admin("GET", "/audit?action=location.changed");
  EXPECT_EQ(page.body.at("records").at(0).at("detail"), "references") << "the audit says what was changed";
  EXPECT_EQ(admin("PATCH", "/locations/house", R"({"references":null})").status, 200);
  EXPECT_EQ(kept(), "[]");
}

TEST_F(LocationsApi, LoseWhatATrunkKnewThemByWithTheTrunk) {
  const std::string munich = R"({"name":"munich","domain":"sip.example.com","user":"u"})";
  admin("POST", "/trunks", munich);
  have(R"("references":[{"trunk":"munich","geolocation_id":"M"},{"trunk":"berlin","geolocation_id":"B"}])");
  have(R"("references":[{"trunk":"munich","from_id":"M"}])", "other");
  ASSERT_EQ(admin("DELETE", "/trunks/munich").status, 204);
  EXPECT_EQ(json::serialize(admin("GET", "/locations/house").body.at("references")),
            R"([{"trunk":"berlin","geolocation_id":"B","from_id":""}])");
  // Another one of its name is another provider.
  ASSERT_EQ(admin("POST", "/trunks", munich).status, 201);
  EXPECT_EQ(json::serialize(admin("GET", "/locations/other").body.at("references")), "[]");
}

TEST_F(LocationsApi, SayWhatWouldHappenWithACallForHelp) {
  have(R"("test_numbers":["933"])");
  have_desk();
  const auto at_desk = [&](const std::string& number) {
    return admin("GET", "/explain?number=" + number + "&hot_desk=HD0001");
  };
  JsonAnswer nowhere = at_desk("112");
  ASSERT_EQ(nowhere.status, 200);
  EXPECT_EQ(nowhere.body.at("leads_to"), "emergency");
  EXPECT_TRUE(nowhere.body.at("emergency").at("location").is_null());
  EXPECT_EQ(nowhere.body.at("emergency").at("route"), "no_location");
  EXPECT_EQ(at_desk("110").body.at("leads_to"), "refused") << "no emergency number where nobody knows the country";
  admin("PATCH", "/hot-desks/001565aabbcc", R"({"emergency_location":"house"})");
  const JsonAnswer german = at_desk("110");
  EXPECT_EQ(german.body.at("leads_to"), "emergency");
  EXPECT_EQ(german.body.at("test"), false);
  EXPECT_EQ(german.body.at("emergency").at("location"), "house");
  EXPECT_EQ(german.body.at("emergency").at("given_by"), "desk");
  EXPECT_EQ(german.body.at("emergency").at("route"), "ready");
  EXPECT_TRUE(german.body.at("emergency").at("callback").is_null());
  EXPECT_EQ(json::serialize(german.body.at("emergency").at("attempts")),
            R"([{"trunk":"berlin","called":"110","caller":"u","location_sent":false,"geolocation_id":null}])");
  admin("PATCH", "/trunks/berlin", R"({"geolocation":true,"main_number":"+4930555"})");
  EXPECT_EQ(json::serialize(at_desk("110").body.at("emergency").at("attempts")),
            R"([{"trunk":"berlin","called":"110","caller":"+4930555","location_sent":true,"geolocation_id":null}])");
  admin("PATCH", "/locations/house", R"({"references":[{"trunk":"berlin","geolocation_id":"G1","from_id":"F1"}]})");
  const JsonAnswer by_id = at_desk("110");
  EXPECT_EQ(json::serialize(by_id.body.at("emergency").at("attempts")),
            R"([{"trunk":"berlin","called":"110","caller":"F1","location_sent":false,"geolocation_id":"G1"}])");
  EXPECT_TRUE(by_id.body.at("emergency").at("body").is_null()) << "the provider has the address";
  admin("PATCH", "/locations/house", R"({"references":[]})");
  admin("PATCH", "/locations/house", R"({"callbacks":["+493055500","+493055501"]})");
  EXPECT_EQ(at_desk("110").body.at("emergency").at("callback"), "+493055500");
  on_domain([&] {
    // Another desk's call shows the first one.
    EmergencyCallback taken;
    taken.number = "+493055500";
    taken.desk = HotDeskId{"HD0009"};
    taken.until = WallTime{std::chrono::milliseconds{now_ms_.load()}} + std::chrono::minutes{5};
    domain_.change(
        [taken](const Directory&) -> api::Domain::Decision { return Changes{Put<EmergencyCallback>{taken}}; }, {},
        [](const api::Answer&) {});
  });
  const JsonAnswer next = at_desk("110");
  EXPECT_EQ(next.body.at("emergency").at("callback"), "+493055501");
  EXPECT_EQ(next.body.at("emergency").at("attempts").at(0).at("caller"), "+493055501");
  EXPECT_EQ(at_desk("110").body.at("emergency").at("callback"), "+493055501") << "asking takes none";
  const std::string place(next.body.at("emergency").at("body").as_string());
  for (const char* part : {"Domplatz", "HD0001", "Floor 2", "pres:HD0001@pbx.example.com"})
    EXPECT_THAT(place, HasSubstr(part));
  EXPECT_THAT(place, Not(HasSubstr("101"))) << "never the person";
  EXPECT_EQ(at_desk("933").body.at("test"), true);
  EXPECT_EQ(admin("GET", "/explain?number=110").body.at("leads_to"), "refused") << "at the site local there is none";
  have_own_phone();
  EXPECT_EQ(admin("GET", "/explain?number=112&phone=001565aabbdd").body.at("emergency").at("route"), "no_location");
  EXPECT_EQ(admin("GET", "/explain?number=112&hot_desk=HD0009").status, 404);
  EXPECT_EQ(admin("GET", "/explain?number=112&phone=001565aabbcc").status, 404) << "a hot desk's";
}

TEST_F(LocationsApi, AreChangedByAdministratorsAlone) {
  have();
  for (const char* role : {"reader", "operator"}) {
    const std::string token = user(role, role);
    EXPECT_EQ(call("GET", "/locations", "", token).status, 200);
    EXPECT_EQ(call("POST", "/locations", body({}, "other"), token).status, 403);
    EXPECT_EQ(call("PATCH", "/locations/house", R"({"note":"x"})", token).status, 403);
    EXPECT_EQ(call("DELETE", "/locations/house", "", token).status, 403);
    EXPECT_EQ(call("PATCH", "/phones/001565aabbdd", R"({"emergency_location":null})", token).status, 403);
  }
  EXPECT_EQ(call("GET", "/locations").status, 401);
}

}  // namespace
}  // namespace roamdesk::test
