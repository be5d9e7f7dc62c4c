#include "fixture.hpp"

// Trunks, outbound rules, inbound numbers, and what an extension may do outside.
namespace roamdesk::test {
namespace {
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class TrunksApi : public ApiTest {
 protected:
  void have_trunk(const std::string& name = "provider") {
    ASSERT_EQ(
        admin("POST", "/trunks",
              R"({"name":")" + name +
                  R"(","domain":"sip.example.org","user":"u","password":"se cret","country":"DE","area_code":"30"})")
            .status,
        201);
  }
  void have_extensions() {
    admin("POST", "/extensions", R"({"number":"101","name":"Alice","voicemail_pin":"8265"})");
    admin("POST", "/extensions",
          R"({"number":"102","name":"Bob","voicemail_pin":"8265","may_call":["international"]})");
  }
  // Each is refused by the status, in words that name the member and what would be right.
  void expect_refused(const std::string& method, const std::string& path,
                      const std::vector<std::pair<std::string, std::string>>& bodies, int status = 422) {
    for (const auto& [body, member] : bodies) {
      const JsonAnswer answer = admin(method, path, body);
      EXPECT_EQ(answer.status, status) << body;
      if (answer.body.is_object()) {
        EXPECT_THAT(answer.detail(), AllOf(HasSubstr(member), HasSubstr("expected"))) << body;
      }
    }
  }
  std::vector<std::string> audited() {
    std::vector<std::string> actions;
    const JsonAnswer page = admin("GET", "/audit");
    for (const auto& record : page.body.at("records").as_array())
      actions.push_back(std::string(record.at("action").as_string()) + " " +
                        std::string(record.at("subject").as_string()));
    return actions;
  }
};

TEST_F(TrunksApi, KeepsATrunkAndNeverShowsItsPassword) {
  have_trunk();
  const JsonAnswer shown = admin("GET", "/trunks/provider");
  ASSERT_EQ(shown.status, 200);
  EXPECT_EQ(shown.body.at("domain"), "sip.example.org");
  EXPECT_EQ(shown.body.at("kind"), "registration");
  EXPECT_EQ(shown.body.at("expires_s"), 600);
  EXPECT_TRUE(shown.body.at("transport").is_null());
  EXPECT_EQ(shown.body.at("has_password"), true);
  EXPECT_TRUE(shown.body.at("state").is_null());
  const JsonAnswer changed = admin("PATCH", "/trunks/provider", R"({"transport":"tls","calls":10,"trusted":true})");
  ASSERT_EQ(changed.status, 200);
  EXPECT_EQ(changed.body.at("transport"), "tls");
  on_domain([&] {
    EXPECT_EQ(domain_.directory().all<Trunk>().at("provider").password, Secret{"se cret"}) << "it stays";
    EXPECT_EQ(domain_.directory().all<Trunk>().at("provider").calls, 10u);
  });
  EXPECT_EQ(admin("PATCH", "/trunks/provider", R"({"password":null})").body.at("has_password"), false);
  for (const char* path : {"/trunks", "/trunks/provider", "/audit"})
    EXPECT_THAT(json::serialize(admin("GET", path).body), Not(HasSubstr("se cret"))) << path;
  EXPECT_EQ(admin("POST", "/trunks", R"({"name":"provider","domain":"x.example"})").status, 422) << "no user";
  EXPECT_EQ(admin("POST", "/trunks", R"({"name":"provider","domain":"x.example","user":"u"})").status, 409);
  EXPECT_EQ(admin("DELETE", "/trunks/provider").status, 204);
  EXPECT_EQ(admin("DELETE", "/trunks/provider").status, 404);
  EXPECT_THAT(audited(),
              testing::IsSupersetOf({"trunk.created provider", "trunk.changed provider", "trunk.deleted provider"}));
}

TEST_F(TrunksApi, RefusesATrunkThatCanNotBe) {
  const auto with = [](const std::string& members) {
    return R"({"name":"t","domain":"sip.example.org","user":"u",)" + members + "}";
  };
  expect_refused("POST", "/trunks",
                 {{R"({"name":"A B","domain":"x.example","user":"u"})", "name"},
                  {R"({"name":"t","domain":"","user":"u"})", "domain"},
                  {R"({"name":"t","domain":"a b","user":"u"})", "domain"},
                  {with(R"("server":"host:0")"), "server"},
                  {with(R"("server":"host:70000")"), "server"},
                  {with(R"("server":"sip:host")"), "server"},
                  {with(R"("auth_user":"a\"b")"), "auth_user"},
                  {with(R"("password":"a\r\nb")"), "password"},
                  {with(R"("expires_s":59)"), "expires_s"},
                  {with(R"("expires_s":86401)"), "expires_s"},
                  {with(R"("expires_s":-1)"), "expires_s"},
                  {with(R"("ping_s":9)"), "ping_s"},
                  {with(R"("sources":["192.0.2.0/7"])"), "sources"},
                  {with(R"("sources":["example.org"])"), "sources"},
                  {with(R"("country":"de")"), "country"},
                  {with(R"("area_code":"+30")"), "area_code"},
                  {with(R"("main_number":"030123")"), "main_number"},
                  {with(R"("called":"upside_down")"), "called"},
                  {with(R"("called_in":[])"), "called_in"},
                  {with(R"("called_in":["from"])"), "called_in"},
                  {with(R"("calls":1,"calls_reserved_in":2)"), "calls_reserved_in"},
                  {with(R"("countries":["DE","XX"])"), "countries"},
                  {with(R"("tls_authority":"a certificate")"), "tls_authority"},
                  {with(R"("srtp":"sometimes")"), "srtp"},
                  {with(R"("srtp":"optional")"), "srtp"},
                  {with(R"("srtp":"required","transport":"udp")"), "srtp"},
                  {with(R"("srtp":"required","transport":"tcp")"), "srtp"}});
  expect_refused("POST", "/trunks", {{with(R"("site":"nowhere")"), "nowhere"}}, 409);
  expect_refused("POST", "/trunks", {{with(R"("prefix":"9")"), "prefix"}, {with(R"("calls":"ten")"), "calls"}}, 400);
  EXPECT_TRUE(admin("GET", "/trunks").body.as_array().empty());
}

TEST_F(TrunksApi, KeepsRulesInTheirOrder) {
  have_trunk();
  for (const char* name : {"a", "b", "c"})
    ASSERT_EQ(admin("POST", "/outbound-rules",
                    R"({"name":")" + std::string(name) + R"(","pattern":"0.","trunks":["provider"]})")
                  .status,
              201);
  const auto order = [&] {
    std::map<std::int64_t, std::string> by;
    const JsonAnswer rules = admin("GET", "/outbound-rules");
    for (const auto& rule : rules.body.as_array())
      by[rule.at("position").as_int64()] = std::string(rule.at("name").as_string());
    std::string all;
    for (const auto& [position, name] : by) all += name;
    return all;
  };
  EXPECT_EQ(order(), "abc");
  EXPECT_EQ(admin("PUT", "/outbound-rules", R"({"names":["c","a","b"]})").status, 200);
  EXPECT_EQ(order(), "cab");
  for (const char* wrong : {R"({"names":["c","a"]})", R"({"names":["c","a","b","d"]})", R"({"names":["c","a","a"]})"})
    EXPECT_EQ(admin("PUT", "/outbound-rules", wrong).status, 422) << wrong;
  EXPECT_EQ(admin("PUT", "/outbound-rules", "{}").status, 400);
  EXPECT_EQ(order(), "cab");
  EXPECT_EQ(admin("DELETE", "/trunks/provider").status, 409);
  EXPECT_THAT(admin("DELETE", "/trunks/provider").detail(), HasSubstr("rule"));
  EXPECT_EQ(admin("DELETE", "/outbound-rules/a").status, 204);
  EXPECT_EQ(order(), "cb");
}

TEST_F(TrunksApi, RefusesARuleThatCanNotBe) {
  have_trunk();
  const auto with = [](const std::string& members) { return R"({"name":"r",)" + members + "}"; };
  expect_refused("POST", "/outbound-rules",
                 {{with(R"("pattern":"0.","trunks":[])"), "trunks"},
                  {with(R"("pattern":"","trunks":["provider"])"), "pattern"},
                  {with(R"("pattern":"0-9","trunks":["provider"])"), "pattern"},
                  {with(R"("pattern":"0.","trunks":["provider"],"strip":21)"), "strip"},
                  {with(R"("pattern":"0.","trunks":["provider"],"prepend":"a")"), "prepend"},
                  {with(R"("pattern":"0.","trunks":["provider"],"classes":["cheap"])"), "classes"},
                  {R"({"name":"a/b","pattern":"0.","trunks":["provider"]})", "name"}});
  expect_refused("POST", "/outbound-rules",
                 {{with(R"("pattern":"0.","trunks":["nothing"])"), "nothing"},
                  {with(R"("pattern":"0.","trunks":["provider"],"sites":["nowhere"])"), "nowhere"}},
                 409);
}

TEST_F(TrunksApi, LetsNoRuleTakeAnExtensionsNumberForAnEmergency) {
  have_trunk();
  admin("POST", "/extensions", R"({"number":"9112","name":"Eve","voicemail_pin":"8265"})");
  const JsonAnswer clash =
      admin("POST", "/outbound-rules", R"({"name":"line","pattern":"9.","strip":1,"trunks":["provider"]})");
  EXPECT_EQ(clash.status, 409);
  EXPECT_THAT(clash.detail(), AllOf(HasSubstr("9112"), HasSubstr("emergency")));
  EXPECT_EQ(
      admin("POST", "/outbound-rules", R"({"name":"line","pattern":"0.","strip":1,"trunks":["provider"]})").status,
      201);
  EXPECT_EQ(admin("PATCH", "/outbound-rules/line", R"({"pattern":"9."})").status, 409);
}

TEST_F(TrunksApi, SaysWhatHappensWithoutACall) {
  have_trunk();
  have_extensions();
  admin("POST", "/outbound-rules", R"({"name":"all","pattern":".","trunks":["provider"]})");
  const JsonAnswer out = admin("GET", "/explain?extension=101&number=030123456");
  ASSERT_EQ(out.status, 200);
  EXPECT_EQ(out.body.at("leads_to"), "outside");
  EXPECT_EQ(json::serialize(out.body.at("attempts")), R"([{"trunk":"provider","called":"+4930123456"}])");
  const JsonAnswer refused = admin("GET", "/explain?extension=101&number=0033142685300");
  EXPECT_EQ(refused.body.at("leads_to"), "refused");
  EXPECT_EQ(refused.body.at("reason"), "You may not call abroad");
  EXPECT_EQ(refused.body.at("steps").as_array().back().at("step"), "class_refused");
  EXPECT_THAT(std::string(refused.body.at("steps").as_array().back().at("text").as_string()),
              HasSubstr("international"));
  EXPECT_EQ(admin("GET", "/explain?extension=102&number=0033142685300").body.at("leads_to"), "outside");
  EXPECT_EQ(admin("GET", "/explain?number=112").body.at("leads_to"), "emergency");
  EXPECT_EQ(admin("GET", "/explain?number=030123456").body.at("leads_to"), "refused") << "an idle desk";
  EXPECT_EQ(admin("GET", "/explain?extension=101&number=102").body.at("leads_to"), "extension");
  EXPECT_EQ(admin("GET", "/explain?extension=101&number=*77*").body.at("leads_to"), "dialogue");
  EXPECT_EQ(admin("GET", "/explain?extension=101").status, 400);
  EXPECT_EQ(admin("GET", "/explain?extension=199&number=1").status, 404);
  EXPECT_EQ(admin("GET", "/explain?extension=x&number=1").status, 422);
}

TEST_F(TrunksApi, KeepsInboundNumbersThatDoNotOverlap) {
  have_extensions();
  ASSERT_EQ(admin("POST", "/inbound-numbers", R"({"first":"+4930555000","extension":"101"})").status, 201);
  ASSERT_EQ(
      admin("POST", "/inbound-numbers", R"({"first":"+4930555100","last":"+4930555199","extension":"100"})").status,
      201);
  const JsonAnswer one = admin("GET", "/inbound-numbers/%2B4930555000");
  ASSERT_EQ(one.status, 200);
  EXPECT_EQ(one.body.at("last"), "+4930555000");
  expect_refused("POST", "/inbound-numbers",
                 {{R"({"first":"030555","extension":"101"})", "first"},
                  {R"({"first":"+4930555200","last":"+493055520","extension":"101"})", "last"},
                  {R"({"first":"+4930555200","last":"+4930555199","extension":"101"})", "last"},
                  {R"({"first":"+4930555200"})", "extension"},
                  {R"({"first":"+4930555200","extension":"101","last_digits":3})", "extension"},
                  {R"({"first":"+4930555200","last_digits":16})", "last_digits"}});
  expect_refused("POST", "/inbound-numbers",
                 {{R"({"first":"+4930555150","extension":"101"})", "already"},
                  {R"({"first":"+4930555050","last":"+4930555100","extension":"101"})", "already"},
                  {R"({"first":"+4930555001","extension":"199"})", "199"}},
                 409);
  EXPECT_EQ(admin("PATCH", "/inbound-numbers/%2B4930555000", R"({"extension":"102"})").body.at("extension"), "102");
  EXPECT_EQ(admin("DELETE", "/inbound-numbers/%2B4930555000").status, 204);
  EXPECT_EQ(admin("GET", "/inbound-numbers").body.as_array().size(), 1u);
}

TEST_F(TrunksApi, AnExtensionMayCallAtHomeUntilItIsAllowedMore) {
  have_extensions();
  const JsonAnswer fresh = admin("GET", "/extensions/101");
  EXPECT_EQ(json::serialize(fresh.body.at("may_call")), R"(["national","mobile"])");
  EXPECT_TRUE(fresh.body.at("outside_number").is_null());
  EXPECT_EQ(fresh.body.at("hide_number"), false);
  const JsonAnswer changed =
      admin("PATCH", "/extensions/101", R"({"may_call":[],"outside_number":"+4930555101","hide_number":true})");
  EXPECT_EQ(json::serialize(changed.body.at("may_call")), "[]");
  EXPECT_EQ(changed.body.at("outside_number"), "+4930555101");
  EXPECT_TRUE(admin("PATCH", "/extensions/101", R"({"outside_number":null})").body.at("outside_number").is_null());
  expect_refused("PATCH", "/extensions/101",
                 {{R"({"outside_number":"030555101"})", "outside_number"}, {R"({"may_call":["moon"]})", "may_call"}});
}

TEST_F(TrunksApi, AnAdministratorCallsANumberToTryATrunk) {
  have_trunk();
  EXPECT_EQ(admin("GET", "/trunks/provider/test-call").status, 404);
  const JsonAnswer begun = admin("POST", "/trunks/provider/test-call", R"({"number":"+4930123456"})");
  ASSERT_EQ(begun.status, 202);
  EXPECT_EQ(begun.body.at("result"), "calling");
  const JsonAnswer shown = admin("GET", "/trunks/provider/test-call");
  ASSERT_EQ(shown.status, 200);
  EXPECT_EQ(shown.body.at("number"), "+4930123456");
  EXPECT_THAT(audited(), testing::Contains("trunk.test_call provider"));
  EXPECT_EQ(admin("POST", "/trunks/other/test-call", R"({"number":"+4930123456"})").status, 404);
  expect_refused("POST", "/trunks/provider/test-call",
                 {{R"({"number":"112"})", "number"},
                  {R"({"number":"110"})", "number"},
                  {R"({"number":"030123456"})", "number"},
                  {R"({"number":"+49"})", "number"},
                  {R"({"number":"+4930123456;phone-context=112"})", "number"}});
  const std::string olga = user("olga", "operator");
  EXPECT_EQ(call("POST", "/trunks/provider/test-call", R"({"number":"+4930123456"})", olga).status, 403)
      << "it may cost money";
  EXPECT_EQ(call("GET", "/trunks/provider/test-call", "", olga).status, 200);
  EXPECT_EQ(call("GET", "/trunks/provider/test-call", "", user("rita", "reader")).status, 403);
}

TEST_F(TrunksApi, OperatorsChangeNothingOfIt) {
  have_trunk();
  have_extensions();
  const std::string otto = user("otto", "operator");
  for (const auto& [method, path] : {std::pair{"PATCH", "/trunks/provider"},
                                     {"DELETE", "/trunks/provider"},
                                     {"POST", "/trunks"},
                                     {"PUT", "/outbound-rules"},
                                     {"POST", "/outbound-rules"},
                                     {"POST", "/inbound-numbers"},
                                     {"PATCH", "/extensions/101"}})
    EXPECT_EQ(call(method, path, std::string(method) == "DELETE" ? "" : R"({"may_call":["premium"]})", otto).status,
              403)
        << method << " " << path;
  EXPECT_EQ(call("GET", "/trunks", "", otto).status, 200);
  EXPECT_EQ(call("GET", "/explain?extension=101&number=112", "", otto).status, 200);
  EXPECT_EQ(call("GET", "/trunks").status, 401);
}

}  // namespace
}  // namespace roamdesk::test
