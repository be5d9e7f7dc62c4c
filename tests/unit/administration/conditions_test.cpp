#include "fixture.hpp"

// What is wrong, as the administration reads it from the element, the door and the records.
namespace roamdesk::test {
namespace {
using namespace std::chrono_literals;
using alarms::Condition;
using testing::HasSubstr;

class ConditionsOfAdministration : public AdministrationTest {
 protected:
  // One that was enrolled; `info` is what the door knows.
  void have_branch(const std::string& name, std::optional<door::SbcInfo> info) {
    have(PutSbc{{name, "Europe/Berlin", "serial", "", {}}});
    if (info) infos_[name] = *info;
  }
  static door::SbcInfo up() {
    door::SbcInfo info;
    info.connected = true;
    info.rtt = 20ms;
    info.jitter = 1ms;
    return info;
  }
  std::vector<Condition> wrong() { return administration_ptr()->conditions(); }
  std::vector<AlarmKind> kinds() {
    std::vector<AlarmKind> all;
    for (const auto& one : wrong()) all.push_back(one.kind);
    return all;
  }
};

TEST_F(ConditionsOfAdministration, AreNoneWhereAllIsWell) {
  have_branch("berlin", up());
  have_extension("101");
  have_own_phone(mac(1), "101");
  EXPECT_TRUE(wrong().empty()) << "a phone that never came isn't gone";
}

TEST_F(ConditionsOfAdministration, HaveAnEnrolledSbcThatIsAway) {
  have_sbc("new");  // never enrolled
  have_branch("berlin", std::nullopt);
  have_branch("hamburg", door::SbcInfo{});
  ASSERT_EQ(wrong().size(), 2u);
  EXPECT_EQ(wrong()[0], (Condition{AlarmKind::sbc_down, AlarmSeverity::critical, "berlin", "berlin", ""}));
  EXPECT_EQ(wrong()[1].subject, "hamburg");
}

TEST_F(ConditionsOfAdministration, HaveALineOverItsLimits) {
  auto bad = up();
  bad.rtt = 420ms;
  bad.loss = 0.031;
  bad.jitter = 60ms;
  have_branch("berlin", bad);
  ASSERT_EQ(kinds(), std::vector{AlarmKind::line_bad});
  EXPECT_EQ(wrong()[0].detail, "RTT 420 ms (300), jitter 60 ms (50), loss 3.1 % (2.0)");
  Settings never;
  never.alarm_rtt_ms = never.alarm_jitter_ms = never.alarm_loss_permille = 0;
  have(PutSettings{never});
  EXPECT_TRUE(wrong().empty());
}

TEST_F(ConditionsOfAdministration, HaveAnSbcsCertificateThatEnds) {
  auto info = up();
  info.certificate_until = now_.wall + std::chrono::days{10};
  have_branch("berlin", info);
  ASSERT_EQ(kinds(), std::vector{AlarmKind::certificate_ends});
  EXPECT_EQ(wrong()[0].subject, "sbc berlin");
  EXPECT_EQ(wrong()[0].detail, "in 10 days");
}

// What a restart has forgotten: that it was registered.
TEST_F(ConditionsOfAdministration, HaveAPhoneThatIsMissedAlready) {
  have_extension("101");
  have_own_phone(mac(1), "101");
  const Alarm missed{.id = "a", .kind = AlarmKind::phone_gone, .subject = mac(1).text()};
  have(Put<Alarm>{missed});
  ASSERT_EQ(kinds(), std::vector{AlarmKind::phone_gone});
  EXPECT_EQ(wrong()[0], (Condition{AlarmKind::phone_gone, AlarmSeverity::notice, mac(1).text(), "local", "101"}));
  auto over = missed;
  over.cleared = WallTime{1h};
  have(Put<Alarm>{over});
  EXPECT_TRUE(wrong().empty());
}

TEST_F(ConditionsOfAdministration, DoNotHaveWhatGoesWithABranchThatIsDown) {
  have_branch("berlin", door::SbcInfo{});
  have_extension("101");
  Phone phone{.mac = mac(1), .vendor = phones::Vendor::yealink};
  phone.site = SiteId{"berlin"};
  phone.assigned = true;
  phone.extension = ExtensionNumber{"101"};
  phone.credentials = Credentials{"p", Secret{"p"}};
  have(PutPhone{phone});
  have(Put<Alarm>{{.id = "a", .kind = AlarmKind::phone_gone, .subject = mac(1).text()}});
  EXPECT_EQ(kinds(), std::vector{AlarmKind::sbc_down});
  infos_["berlin"] = up();
  EXPECT_EQ(kinds(), std::vector{AlarmKind::phone_gone});
}

TEST_F(ConditionsOfAdministration, HaveATrunkThatIsAway) {
  Trunk trunk;
  trunk.name = "provider";
  trunk.domain = "sip.example.org";
  trunk.user = "u";
  const auto change = [&](const Trunk& to) {
    return answer_to(
        [&](auto& a, auto done) { a.change([to](const Directory&) { return Changes{Put<Trunk>{to}}; }, by(), done); });
  };
  ASSERT_EQ(change(trunk).outcome, Outcome::ok);
  EXPECT_TRUE(wrong().empty()) << "it is being looked up";
  ASSERT_FALSE(lookups_.empty());
  names::Located nowhere;
  nowhere.problem = names::Problem{};
  element_located(lookups_.back(), nowhere);
  ASSERT_EQ(kinds(), std::vector{AlarmKind::trunk_away});
  EXPECT_EQ(wrong()[0].subject, "provider");
  EXPECT_FALSE(wrong()[0].detail.empty());
  trunk.enabled = false;
  ASSERT_EQ(change(trunk).outcome, Outcome::ok);
  EXPECT_TRUE(wrong().empty()) << "an administrator has turned it off";
}

TEST_F(ConditionsOfAdministration, HaveCallsForHelpUntilTheyAreAcknowledged) {
  Emergency call{.id = "e1"};
  call.place = {SiteId{"local"}, "192.0.2.7:5060", "112", mac(1), "HD0001"};
  auto test = call, seen = call;
  test.id = "e2", test.test = true;
  seen.id = "e3", seen.acknowledged = WallTime{1h}, seen.acknowledged_by = "otto";
  for (const auto& one : {call, test, seen}) have(Put<Emergency>{one});
  ASSERT_EQ(kinds(), std::vector{AlarmKind::emergency_call});
  EXPECT_EQ(wrong()[0].subject, "e1");
  EXPECT_EQ(wrong()[0].detail, "112 from HD0001");
}

}  // namespace
}  // namespace roamdesk::test
