#include "fixture.hpp"

// SBCs that are run from the console: settings, log, diagnosis, restart, the line's past.
namespace roamdesk::test {
namespace {
using testing::HasSubstr;

class SbcRemoteApi : public ApiTest {
 protected:
  SbcRemoteApi() {
    on_domain([&] {
      auto& view = domain_.sbcs_["berlin"];
      view.record = {"berlin", "Europe/Berlin", "serial", "", {}};
      view.connected = view.is_run_from_core = true;
      view.uses = {LogLevel::info, 0, 46, "it can't be kept"};
    });
  }
  std::string text_of(const std::string& body, int status = 200) {
    if (token_.empty()) token_ = log_in("admin", "administrator's");
    HttpClient client(at_, false, {});
    const auto answer =
        client.call("POST", "/api/v1/sbcs/berlin/report", body, "Authorization: Bearer " + token_ + "\r\n");
    EXPECT_EQ(answer ? answer->status : 0, status);
    return answer ? answer->body : "";
  }
};

TEST_F(SbcRemoteApi, ShowsWhatIsWishedAndWhatIsUsed) {
  const auto answer = admin("PATCH", "/sbcs/berlin", R"({"log_level":"debug","sip_dscp":24,"rtp_dscp":0})");
  ASSERT_EQ(answer.status, 200) << json::serialize(answer.body);
  EXPECT_EQ(answer.body.at("log_level"), "debug");
  EXPECT_EQ(answer.body.at("sip_dscp"), 24);
  EXPECT_EQ(answer.body.at("rtp_dscp"), 0);
  EXPECT_EQ(answer.body.at("uses").at("log_level"), "info");
  EXPECT_EQ(answer.body.at("uses").at("why"), "it can't be kept");
  EXPECT_EQ(answer.body.at("remote"), true);
  const auto back = admin("PATCH", "/sbcs/berlin", R"({"log_level":null,"rtp_dscp":null})");
  EXPECT_TRUE(back.body.at("log_level").is_null());
  EXPECT_TRUE(back.body.at("rtp_dscp").is_null());
  EXPECT_EQ(back.body.at("sip_dscp"), 24) << "what isn't named stays";
}

TEST_F(SbcRemoteApi, RefusesSettingsThatCannotBeInWords) {
  for (const char* wrong : {R"({"sip_dscp":64})", R"({"rtp_dscp":-1})", R"({"log_level":"loud"})"}) {
    const auto answer = admin("PATCH", "/sbcs/berlin", wrong);
    EXPECT_EQ(answer.status, 422) << wrong;
    EXPECT_THAT(answer.detail(), HasSubstr("expected")) << wrong;
  }
  for (const char* wrong : {R"({"sip_dscp":"46"})", R"({"log_level":3})", R"({"core":"evil:5090"})"})
    EXPECT_EQ(admin("PATCH", "/sbcs/berlin", wrong).status, 400) << wrong;
}

TEST_F(SbcRemoteApi, GivesTheLogAndTheDiagnosisAsText) {
  EXPECT_EQ(text_of(R"({"kind":"log","lines":7})"), "lines 7\n");
  EXPECT_EQ(text_of(R"({"kind":"log"})"), "lines 500\n");
  EXPECT_EQ(text_of(R"({"kind":"diagnosis"})"), "diagnosis\n");
  const auto audit = json::serialize(admin("GET", "/audit?action=sbc.diagnosis_taken").body);
  EXPECT_THAT(audit, HasSubstr(R"("subject":"berlin")"));
  for (const char* wrong : {R"({"kind":"keys"})", R"({"kind":"log","lines":0})", R"({"kind":"log","lines":2001})"})
    EXPECT_EQ(admin("POST", "/sbcs/berlin/report", wrong).status, 422) << wrong;
  EXPECT_EQ(admin("POST", "/sbcs/berlin/report", "{}").status, 400);
  EXPECT_EQ(admin("POST", "/sbcs/nowhere/report", R"({"kind":"log"})").status, 404);
  on_domain([&] { domain_.sbcs_["berlin"].is_run_from_core = false; });
  EXPECT_EQ(admin("POST", "/sbcs/berlin/report", R"({"kind":"log"})").status, 409);
}

TEST_F(SbcRemoteApi, RestartsWhatIsNamedAndNotDuringCallsUnlessThatIsSaid) {
  EXPECT_EQ(admin("POST", "/sbcs/berlin/restart", R"({"what":"program"})").status, 204);
  on_domain([&] { domain_.calls_.push_back({"c1", "101", "102", api::CallState::up, {}, true, {}}); });
  EXPECT_EQ(admin("POST", "/sbcs/berlin/restart", R"({"what":"machine"})").status, 409);
  EXPECT_EQ(admin("POST", "/sbcs/berlin/restart", R"({"what":"machine","during_calls":true})").status, 204);
  on_domain([&] {
    EXPECT_THAT(domain_.restarts_, testing::ElementsAre(tunnel::RestartKind::program, tunnel::RestartKind::machine));
  });
  EXPECT_EQ(admin("POST", "/sbcs/berlin/restart", R"({"what":"core"})").status, 422);
  EXPECT_EQ(admin("POST", "/sbcs/berlin/restart", "{}").status, 400);
  EXPECT_EQ(admin("POST", "/sbcs/berlin/restart", R"({"what":"program","during_calls":1})").status, 400);
  EXPECT_EQ(admin("POST", "/sbcs/Berlin;reboot/restart", R"({"what":"program"})").status, 422);
  EXPECT_THAT(json::serialize(admin("GET", "/audit?action=sbc.rebooted").body), HasSubstr("during_calls"));
}

TEST_F(SbcRemoteApi, IsForAdministratorsAlone) {
  const auto otto = user("otto", "operator"), rita = user("rita", "reader");
  for (const auto& token : {otto, rita, std::string{}}) {
    const int refused = token.empty() ? 401 : 403;
    EXPECT_EQ(call("POST", "/sbcs/berlin/restart", R"({"what":"machine"})", token).status, refused);
    EXPECT_EQ(call("POST", "/sbcs/berlin/report", R"({"kind":"log"})", token).status, refused);
    EXPECT_EQ(call("PATCH", "/sbcs/berlin", R"({"log_level":"debug"})", token).status, refused);
  }
  on_domain([&] { EXPECT_TRUE(domain_.restarts_.empty()); });
  EXPECT_EQ(call("GET", "/sbcs/berlin/line", "", rita).status, 200);
}

TEST_F(SbcRemoteApi, ShowsTheLinesPast) {
  const auto day = admin("GET", "/sbcs/berlin/line");
  EXPECT_EQ(day.body.at("step_s"), 300);
  const auto& points = day.body.at("points").as_array();
  ASSERT_EQ(points.size(), 2u);
  EXPECT_EQ(points[0].at("worst_loss"), 0.25);
  EXPECT_TRUE(points[1].at("rtt_ms").is_null());
  EXPECT_EQ(admin("GET", "/sbcs/berlin/line?span=month").body.at("step_s"), 7200);
  EXPECT_EQ(admin("GET", "/sbcs/berlin/line?span=year").status, 422);
  EXPECT_EQ(admin("GET", "/sbcs/nowhere/line").status, 404);
}

}  // namespace
}  // namespace roamdesk::test
