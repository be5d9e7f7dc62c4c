#include "exchange/alarms/words.hpp"

#include <gtest/gtest.h>

#include <set>

namespace roamdesk::alarms {
namespace {

TEST(AlarmsWords, SayOfEachKindWhatIsWrongAndWhatToDo) {
  std::set<std::string> all;
  for (std::size_t i = 0; i < words<AlarmKind>.size(); ++i) {
    Alarm alarm{.kind = static_cast<AlarmKind>(i), .subject = "berlin"};
    EXPECT_NE(headline(alarm).find("berlin"), std::string::npos) << words<AlarmKind>[i];
    EXPECT_TRUE(all.insert(headline(alarm)).second) << words<AlarmKind>[i];
    alarm.subject.clear();
    EXPECT_TRUE(all.insert(headline(alarm)).second) << words<AlarmKind>[i];
    EXPECT_EQ(headline(alarm).find('{'), std::string::npos);
    EXPECT_TRUE(all.insert(std::string(advice(alarm.kind))).second) << words<AlarmKind>[i];
  }
}

TEST(AlarmsWords, NameTheSiteWhereTheSubjectIsAnother) {
  EXPECT_EQ(headline({.kind = AlarmKind::sbc_down, .subject = "berlin", .site = "berlin", .detail = "no tunnel"}),
            "The SBC berlin is down (no tunnel)");
  EXPECT_EQ(headline({.kind = AlarmKind::phone_gone, .subject = "001565000001", .site = "berlin", .detail = "HD0001"}),
            "The phone 001565000001 is gone, site berlin (HD0001)");
}

TEST(AlarmsWords, NameACallForHelpByWhoHasCalled) {
  Alarm call{.kind = AlarmKind::emergency_call, .subject = "3112{0}", .site = "local", .detail = "112 from HD0001"};
  EXPECT_EQ(headline(call), "Emergency call: 112 from HD0001, site local");
  call.detail.clear();
  EXPECT_EQ(headline(call), "Emergency call: 3112{0}, site local");
}

TEST(AlarmsWords, TakeBracesInNamesForWhatTheyAre) {
  EXPECT_EQ(headline({.kind = AlarmKind::attack, .subject = "{}{0}", .detail = "{x}"}), "Attack: {}{0} ({x})");
}

}  // namespace
}  // namespace roamdesk::alarms
