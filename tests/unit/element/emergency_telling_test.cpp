#include "exchange/element/emergency_telling.hpp"

#include <gtest/gtest.h>

namespace roamdesk::element {
namespace {

using namespace std::chrono_literals;

Emergency called() {
  Emergency emergency{.id = "e1"};
  emergency.place = {
      SiteId{"branch-1"}, "192.0.2.7:5060", "112", Mac::parse("001565000001"), "HD0001", "", "101", "Alice"};
  return emergency;
}

TEST(AlertDisplay, SaysNumberDeskAndWhereItIs) {
  auto emergency = called();
  Location location{.name = "hq-2"};
  EXPECT_EQ(alert_display(emergency, nullptr), "112 HD0001 branch-1");
  EXPECT_EQ(alert_display(emergency, &location), "112 HD0001 hq-2");
  location.address.flr = "Floor 2", location.address.room = "205";
  EXPECT_EQ(alert_display(emergency, &location), "112 HD0001 Floor 2 205");
  emergency.place.location = "at the window";
  EXPECT_EQ(alert_display(emergency, &location), "112 HD0001 at the window") << "the desk is nearer";
  emergency.place.desk.clear();
  EXPECT_EQ(alert_display(emergency, &location), "112 101 Alice at the window");
  emergency.place.extension.clear();
  emergency.place.location.clear();
  EXPECT_EQ(alert_display(emergency, nullptr), "112 192.0.2.7 branch-1");
  emergency.test = true;
  emergency.place.number = "933";
  EXPECT_EQ(alert_display(emergency, nullptr), "Test 933 192.0.2.7 branch-1");
}

TEST(AlertDisplay, IsOneLineThatIsNotLongWhateverTheDeskSays) {
  auto emergency = called();
  for (const std::string words : {"x\r\nVia: y", "x\ny", "\xff\xfe", "\x7f\x01"}) {
    emergency.place.location = words;
    for (const char c : alert_display(emergency, nullptr)) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << words;
  }
  emergency.place.location.clear();
  for (int i = 0; i < 100; ++i) emergency.place.location += "ж";
  const auto shown = alert_display(emergency, nullptr);
  EXPECT_LE(shown.size(), 60u);
  EXPECT_TRUE(shown.ends_with("ж")) << "whole characters";
}

TEST(AlertPrompts, SpellNumberAndDesk) {
  using List = std::vector<std::string>;
  auto emergency = called();
  EXPECT_EQ(alert_prompts(emergency), (List{"emergency_called", "digit_1", "digit_1", "digit_2", "at_hot_desk",
                                            "digit_0", "digit_0", "digit_0", "digit_1", "see_display"}));
  emergency.place.desk.clear();
  EXPECT_EQ(alert_prompts(emergency), (List{"emergency_called", "digit_1", "digit_1", "digit_2", "at_extension",
                                            "digit_1", "digit_0", "digit_1", "see_display"}));
  emergency.place.extension.clear();
  emergency.place.number = "urn:service:sos";
  emergency.test = true;
  EXPECT_EQ(alert_prompts(emergency), (List{"emergency_test", "see_display"}));
}

TEST(TellingAllowance, TellsOfASourceOnceAMinute) {
  TellingAllowance allowance;
  TimePoint now{1h};
  EXPECT_EQ(allowance.told("a", now), nullptr);
  allowance.note("a", "e1", now);
  ASSERT_NE(allowance.told("a", now + 59s), nullptr);
  EXPECT_EQ(*allowance.told("a", now + 59s), "e1");
  EXPECT_EQ(allowance.told("b", now), nullptr);
  EXPECT_EQ(allowance.told("a", now + 1min), nullptr);
}

TEST(TellingAllowance, LetsStrangersRingThreeTimesAMinuteAndPhonesAlways) {
  TellingAllowance allowance;
  TimePoint now{1h};
  std::size_t rung = 0;
  for (int i = 0; i < 1000; ++i) rung += allowance.may_ring(true, now);
  EXPECT_EQ(rung, TellingAllowance::most_rings_of_strangers);
  EXPECT_TRUE(allowance.may_ring(false, now));
  EXPECT_TRUE(allowance.may_ring(true, now + 1min));
}

TEST(TellingAllowance, IsBounded) {
  TellingAllowance allowance;
  TimePoint now{1h};
  for (int i = 0; i < 5000; ++i) allowance.note(std::to_string(i), "e", now);
  EXPECT_EQ(allowance.told("4999", now), nullptr) << "then it is told again, which is no harm";
  EXPECT_NE(allowance.told("10", now), nullptr);
}

}  // namespace
}  // namespace roamdesk::element
