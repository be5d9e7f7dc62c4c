#include "fixture.hpp"

// What is seen of a branch that is being updated, and the alarm of one that failed.
namespace roamdesk::test {
namespace {
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class RolloutOfAdministration : public AdministrationTest {
 protected:
  RolloutOfAdministration() {
    have(PutSbc{{"berlin", "Europe/Berlin", "serial", "", {}}});
    info.name = "berlin";
    info.connected = true;
    info.version = "sbc 0.1.0";
    info.package = Package{"1.0~deb12", "amd64"};
    info.instance = "i1";
    branch.sbc = "berlin";
    branch.since = now_.wall;
  }
  rollout::Facts facts() { return administration_ptr()->facts_of(branch, &info, administration_ptr()->sites_now()); }
  void have_alarm(const std::string& id, AlarmKind kind, const std::string& site, Duration after) {
    Alarm alarm{.id = id, .kind = kind, .subject = id, .site = site};
    alarm.raised = now_.wall + std::chrono::duration_cast<std::chrono::milliseconds>(after);
    have(Put<Alarm>{alarm});
  }
  void call_ends(const std::string& from, const std::string& to, bool answered) {
    element::CallChanged ended;
    ended.call.from_site = SiteId{from};
    ended.call.to_site = SiteId{to};
    if (answered) ended.call.answered = now_.mono;
    ended.ended = true;
    administration_ptr()->take_note(ended);
  }
  door::SbcInfo info;
  RolloutBranch branch;
};

TEST_F(RolloutOfAdministration, SeesWhatTheSbcSays) {
  const auto seen = facts();
  EXPECT_TRUE(seen.exists && seen.connected);
  EXPECT_EQ(seen.package, info.package);
  EXPECT_EQ(seen.instance, "i1");
  EXPECT_EQ(seen.calls, 0u);
  const auto connection = seen.connection;
  info.since += 1s;
  EXPECT_NE(facts().connection, connection);
  branch.sbc = "nowhere";
  EXPECT_FALSE(administration_ptr()->facts_of(branch, nullptr, {}).exists);
}

TEST_F(RolloutOfAdministration, CountsAlarmsThatAreNewThereAndMayBeThePrograms) {
  have_alarm("before", AlarmKind::phone_gone, "berlin", -1s);
  have_alarm("elsewhere", AlarmKind::phone_gone, "hamburg", 1s);
  have_alarm("guess", AlarmKind::password_guessing, "berlin", 1s);
  EXPECT_THAT(facts().alarms, IsEmpty());
  have_alarm("sip", AlarmKind::trunk_away, "berlin", 1s);
  EXPECT_THAT(facts().alarms, ElementsAre("trunk_away sip"));
}

TEST_F(RolloutOfAdministration, CountsCallsThatWentThroughAndThatDidNot) {
  call_ends("berlin", "", false);
  call_ends("berlin", "local", true);
  call_ends("berlin", "berlin", true);
  call_ends("local", "berlin", false);  // it rang there
  call_ends("local", "", false);
  EXPECT_EQ(facts().calls_failed, 1u);
  EXPECT_EQ(facts().calls_through, 3u);
}

TEST_F(RolloutOfAdministration, IsAnAlarmWhereOneFailedUntilItGoesOnOrIsGivenUp) {
  Rollout rollout;
  rollout.id = std::string(32, 'a');
  rollout.state = RolloutState::stopped;
  rollout.failed = true;
  rollout.why = "berlin: it failed there";
  have(Put<Rollout>{rollout});
  branch.step = RolloutStep::failed;
  branch.why = "it failed there";
  have(Put<RolloutBranch>{branch});
  info.rtt = 20ms;
  infos_["berlin"] = info;
  const auto wrong = administration_ptr()->conditions();
  ASSERT_EQ(wrong.size(), 1u);
  EXPECT_EQ(wrong[0], (alarms::Condition{AlarmKind::update_failed, AlarmSeverity::warning, "berlin", "berlin",
                                         "it failed there"}));
  rollout.state = RolloutState::ended;
  rollout.ended = now_.wall;
  have(Put<Rollout>{rollout});
  EXPECT_THAT(administration_ptr()->conditions(), IsEmpty());
  rollout.state = RolloutState::running;
  rollout.ended.reset();
  rollout.failed = false;
  have(Put<Rollout>{rollout});
  EXPECT_THAT(administration_ptr()->conditions(), IsEmpty());
}

}  // namespace
}  // namespace roamdesk::test
