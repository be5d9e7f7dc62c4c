#include "fixture.hpp"

// The update of branches: who begins, stops and resumes it, and what is shown of it.
namespace roamdesk::test {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

class RolloutApi : public ApiTest {
 protected:
  RolloutApi() {
    options_.installer = [this] { return api::Installer{true, "", served}; };
    start();
  }
  void have(Change change) {
    on_domain([&] {
      domain_.change([&](const Directory&) { return api::Domain::Decision{Changes{change}}; }, {},
                     [](const api::Answer&) {});
    });
  }
  void have_branches() {
    have(PutSbc{{"berlin", "Europe/Berlin", "serial", "", {}}});
    have(PutSbc{{"hamburg", "Europe/Berlin", "serial", "", {}}});
    have(PutSbc{{"new", "Europe/Berlin", "", "", {}}});
  }
  json::object shown() { return admin("GET", "/rollout").body.as_object(); }
  std::vector<std::string> branches() {
    std::vector<std::string> all;
    const auto object = shown();
    for (const auto& one : object.at("rollout").at("branches").as_array()) all.emplace_back(one.at("sbc").as_string());
    return all;
  }
  std::vector<std::string> served = {"1.1~deb12 amd64"};
};

TEST_F(RolloutApi, BeginsWithAllThatHaveEnrolledAndSaysWhoStartedIt) {
  have_branches();
  EXPECT_TRUE(shown().at("rollout").is_null());
  EXPECT_EQ(shown().at("served"), (json::array{"1.1~deb12 amd64"}));
  const JsonAnswer begun = admin("POST", "/rollout", "{}");
  ASSERT_EQ(begun.status, 201) << json::serialize(begun.body);
  const auto& rollout = begun.body.at("rollout").as_object();
  EXPECT_EQ(rollout.at("by"), "admin");
  EXPECT_EQ(rollout.at("state"), "running");
  EXPECT_EQ(rollout.at("wave"), "one");
  EXPECT_EQ(rollout.at("versions"), (json::array{"1.1~deb12 amd64"}));
  EXPECT_EQ(rollout.at("id").as_string().size(), 32u);
  EXPECT_THAT(branches(), ElementsAre("berlin", "hamburg"));
  const JsonAnswer audit = admin("GET", "/audit?action=rollout.started");
  EXPECT_THAT(json::serialize(audit.body), HasSubstr(R"("actor":"admin")"));
  EXPECT_THAT(json::serialize(audit.body), HasSubstr("all: 1.1~deb12 amd64"));
}

TEST_F(RolloutApi, TakesThoseThatAreNamed) {
  have_branches();
  EXPECT_EQ(admin("POST", "/rollout", R"({"sbcs":["hamburg","hamburg"]})").status, 201);
  EXPECT_THAT(branches(), ElementsAre("hamburg"));
}

TEST_F(RolloutApi, RefusesWhatCannotBe) {
  have_branches();
  EXPECT_EQ(admin("POST", "/rollout", R"({"sbcs":["nowhere"]})").status, 422);
  EXPECT_EQ(admin("POST", "/rollout", R"({"sbcs":["new"]})").status, 422) << "it was never there";
  EXPECT_EQ(admin("POST", "/rollout", R"({"sbcs":[]})").status, 422);
  EXPECT_EQ(admin("POST", "/rollout", R"({"sbcs":["../x"]})").status, 422);
  EXPECT_EQ(admin("POST", "/rollout", R"({"sbcs":"berlin"})").status, 400);
  EXPECT_EQ(admin("POST", "/rollout", R"({"version":"6.6.6"})").status, 400) << "nobody chooses another version";
  served.clear();
  EXPECT_EQ(admin("POST", "/rollout", "{}").status, 409);
  EXPECT_TRUE(shown().at("rollout").is_null());
}

TEST_F(RolloutApi, RunsOnceAtATimeAndIsStoppedResumedAndGivenUp) {
  have_branches();
  for (const char* nothing : {"/rollout/stop", "/rollout/resume"}) EXPECT_EQ(admin("POST", nothing, "{}").status, 409);
  ASSERT_EQ(admin("POST", "/rollout", "{}").status, 201);
  EXPECT_EQ(admin("POST", "/rollout", "{}").status, 409);
  EXPECT_EQ(admin("DELETE", "/rollout").status, 409) << "it runs: stop it first";
  EXPECT_EQ(admin("POST", "/rollout/resume", "{}").status, 409);
  const JsonAnswer stopped = admin("POST", "/rollout/stop", "{}");
  EXPECT_EQ(stopped.status, 200);
  EXPECT_EQ(stopped.body.at("rollout").at("state"), "stopped");
  EXPECT_EQ(stopped.body.at("rollout").at("why"), "admin has stopped it");
  EXPECT_EQ(stopped.body.at("rollout").at("failed"), false);
  EXPECT_EQ(admin("POST", "/rollout/stop", "{}").status, 409);
  EXPECT_EQ(admin("POST", "/rollout", "{}").status, 409) << "another one would forget this one";
  EXPECT_EQ(admin("POST", "/rollout/resume", "{}").body.at("rollout").at("state"), "running");
  admin("POST", "/rollout/stop", "{}");
  const JsonAnswer ended = admin("DELETE", "/rollout");
  EXPECT_EQ(ended.status, 200);
  EXPECT_EQ(ended.body.at("rollout").at("state"), "ended");
  EXPECT_EQ(ended.body.at("rollout").at("branches").at(0).at("step"), "left_out");
  EXPECT_EQ(admin("POST", "/rollout", R"({"sbcs":["berlin"]})").status, 201);
  EXPECT_THAT(branches(), ElementsAre("berlin")) << "of the last one nothing is left";
}

TEST_F(RolloutApi, ResumedAfterAFailureForgetsTheFailure) {
  have_branches();
  ASSERT_EQ(admin("POST", "/rollout", "{}").status, 201);
  Rollout failed;
  failed.id = std::string(shown().at("rollout").at("id").as_string());
  failed.state = RolloutState::stopped;
  failed.failed = true;
  failed.why = "berlin: it failed";
  have(Put<Rollout>{failed});
  const JsonAnswer resumed = admin("POST", "/rollout/resume", "{}");
  EXPECT_EQ(resumed.body.at("rollout").at("failed"), false);
  EXPECT_TRUE(resumed.body.at("rollout").at("why").is_null());
}

TEST_F(RolloutApi, IsForAdministratorsAlone) {
  have_branches();
  const std::string otto = user("otto", "operator"), rita = user("rita", "reader");
  ASSERT_EQ(admin("POST", "/rollout", "{}").status, 201);
  for (const std::string& token : {otto, rita}) {
    EXPECT_EQ(call("GET", "/rollout", "", token).status, 200);
    EXPECT_EQ(call("POST", "/rollout", "{}", token).status, 403);
    EXPECT_EQ(call("POST", "/rollout/stop", "{}", token).status, 403);
    EXPECT_EQ(call("POST", "/rollout/resume", "{}", token).status, 403);
    EXPECT_EQ(call("DELETE", "/rollout", "", token).status, 403);
  }
  EXPECT_EQ(shown().at("rollout").at("state"), "running");
}

}  // namespace
}  // namespace roamdesk::test
