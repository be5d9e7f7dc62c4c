#include "pbx-core/watch/machine.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace roamdesk::watch {
namespace {
using std::chrono::days;
using std::chrono::hours;

const WallTime noon{hours{24 * 20'000}};

class TheMachine : public testing::Test {
 protected:
  std::vector<alarms::Condition> wrong() { return conditions_of(machine, limits, noon); }
  Machine machine{.disks = {{"/var/lib/roamdesk", 100'000'000'000, 50'000'000'000}},
                  .certificates = {{"https", noon + days{200}}},
                  .backup = noon - days{1},
                  .installed = noon - days{500}};
  Settings limits;
};

TEST_F(TheMachine, IsWellWhereItIs) { EXPECT_TRUE(wrong().empty()); }

TEST_F(TheMachine, SaysWhenItsDiskIsNearlyFull) {
  machine.disks[0].free = 9'900'000'000;
  ASSERT_EQ(wrong().size(), 1u);
  EXPECT_EQ(wrong()[0], (alarms::Condition{AlarmKind::disk_full, AlarmSeverity::warning, "/var/lib/roamdesk", "",
                                           "9.9 % (9900 MB) free"}));
  machine.disks[0].free = 0;
  EXPECT_EQ(wrong()[0].severity, AlarmSeverity::critical);
  machine.disks[0].size = 0;
  EXPECT_TRUE(wrong().empty()) << "nothing is known of it";
}

TEST_F(TheMachine, SaysWhenACertificateEnds) {
  machine.certificates[0].until = noon + days{13} + hours{1};
  ASSERT_EQ(wrong().size(), 1u);
  EXPECT_EQ(wrong()[0].detail, "in 13 days");
  EXPECT_EQ(wrong()[0].severity, AlarmSeverity::warning);
  machine.certificates[0].until = noon + hours{23};
  EXPECT_EQ(wrong()[0].severity, AlarmSeverity::critical);
  machine.certificates[0].until = noon - hours{1};
  EXPECT_EQ(wrong()[0].detail, "it has ended");
}

TEST_F(TheMachine, SaysWhenTheLastBackupIsOld) {
  machine.backup = noon - days{8};
  ASSERT_EQ(wrong().size(), 1u);
  EXPECT_EQ(wrong()[0].detail, "8 days old");
  machine.backup.reset();
  EXPECT_EQ(wrong()[0].detail, "none for 500 days");
  machine.installed = noon - days{2};
  EXPECT_TRUE(wrong().empty()) << "a new core has time for its first";
}

TEST_F(TheMachine, SaysWhenNoneHasArrivedAtTheServerForLongAndWhy) {
  machine.away = {"backup.example.com", noon - days{30}, noon - days{8}, "the server doesn't let keeper in"};
  ASSERT_EQ(wrong().size(), 1u);
  EXPECT_EQ(wrong()[0].kind, AlarmKind::backup_old);
  EXPECT_EQ(wrong()[0].subject, "the core at backup.example.com");
  EXPECT_EQ(wrong()[0].detail, "8 days old: the server doesn't let keeper in");
  machine.backup = noon - days{8};
  EXPECT_EQ(wrong().size(), 2u) << "one is no other";
  machine.backup = noon;
  machine.away->last.reset();
  EXPECT_EQ(wrong()[0].detail, "none for 30 days: the server doesn't let keeper in");
  machine.away->since = noon - days{2};
  EXPECT_TRUE(wrong().empty()) << "a new server has time for its first";
}

TEST_F(TheMachine, SaysThatABackupFoundNoRoomBesideAFullDisk) {
  machine.no_room = {{"/var/lib/roamdesk", "812 MB are needed, 300 MB are free"}};
  ASSERT_EQ(wrong().size(), 1u);
  EXPECT_EQ(wrong()[0], (alarms::Condition{AlarmKind::disk_full, AlarmSeverity::warning, "/var/lib/roamdesk/*.backup",
                                           "", "812 MB are needed, 300 MB are free"}));
  machine.disks[0].free = 0;
  ASSERT_EQ(wrong().size(), 2u);
  EXPECT_NE(wrong()[0].subject, wrong()[1].subject) << "one doesn't hide the other";
}

TEST_F(TheMachine, SaysThatAnUpdateFailed) {
  machine.update_failed = "0.2.0: it isn't healthy within 60 s";
  ASSERT_EQ(wrong().size(), 1u);
  EXPECT_EQ(wrong()[0], (alarms::Condition{AlarmKind::update_failed, AlarmSeverity::warning, "the core", "",
                                           "0.2.0: it isn't healthy within 60 s"}));
  const auto file = testing::TempDir() + "/failed";
  std::ofstream{file} << std::string(1000, 'x') << "\nmore\n";
  EXPECT_EQ(look_at("/nonexistent", "", file).update_failed, std::string(300, 'x')) << "a line, and not without end";
  EXPECT_EQ(look_at("/nonexistent", "", "/nonexistent/failed").update_failed, "");
}

TEST_F(TheMachine, MindsNothingWhereTheLimitsSaySo) {
  machine.disks[0].free = 1'000'000;
  machine.certificates[0].until = noon + hours{1};
  machine.backup.reset();
  limits.alarm_disk_percent = limits.alarm_certificate_days = limits.alarm_backup_days = 0;
  machine.away = {"backup.example.com", noon - days{30}, std::nullopt, ""};
  machine.no_room = {{"/var/lib/roamdesk", ""}};
  EXPECT_TRUE(wrong().empty());
}

TEST_F(TheMachine, IsLookedAtWhateverIsThere) {
  const auto seen = look_at("/nonexistent", "/nonexistent/https.pem");
  EXPECT_TRUE(seen.disks.empty());
  EXPECT_TRUE(seen.certificates.empty());
  EXPECT_FALSE(seen.backup);
  ASSERT_EQ(look_at("/tmp", "").disks.size(), 1u);
  EXPECT_GT(look_at("/tmp", "").disks[0].size, 0u);
}

}  // namespace
}  // namespace roamdesk::watch
