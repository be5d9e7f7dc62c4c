#include "pbx-core/api/validation.hpp"

#include <gmock/gmock.h>

namespace roamdesk::test {
namespace {
using namespace roamdesk::api;

TEST(Validation, TellsGoodPinsFromTrivialOnes) {
  for (const char* pin : {"8265", "1357", "100200", "198372"}) EXPECT_FALSE(check_pin(pin, "101")) << pin;
  for (const char* pin : {"1234", "0000", "9876", "0123456789", "2323", "890123", "101", ""})
    EXPECT_TRUE(check_pin(pin, "101")) << pin;
  EXPECT_TRUE(check_pin("8265", "8265"));
}

TEST(Validation, ReadsAndWritesTimes) {
  for (const char* text : {"2026-11-22T22:16:29Z", "2026-11-22T23:16:29.000+01:00", "2026-11-22t20:46:29.0-01:30"})
    EXPECT_EQ(to_rfc3339(parse_rfc3339(text).value()), "2026-11-22T22:16:29.000Z") << text;
  EXPECT_EQ(to_rfc3339(parse_rfc3339("2026-11-22T22:16:29.1239Z").value()), "2026-11-22T22:16:29.123Z");
  for (const char* text :
       {"", "2026-11-22", "2026-13-22T22:16:29Z", "2026-02-30T22:16:29Z", "2026-11-22T22:16:29", "2026-11-22T24:16:29Z",
        "2026-11-22T22:16:29.Z", "2026-11-22T22:16:29+1:00", "2026-11-22 22:16:29Z"})
    EXPECT_FALSE(parse_rfc3339(text)) << text;
}

TEST(Validation, ReadsAndWritesDurations) {
  for (const char* text : {"10h", "90m", "61s"}) EXPECT_EQ(to_duration(parse_duration(text).value()), text);
  EXPECT_EQ(to_duration(parse_duration("60m").value()), "1h");
  for (const char* text : {"", "h", "10", "0h", "59s", "169h", "99999999h", "-1h", "1.5h"})
    EXPECT_FALSE(parse_duration(text)) << text;
  EXPECT_FALSE(check_time_of_day("18:30"));
  for (const char* text : {"", "24:00", "18:60", "8:30", "18:30:00", "18.30"})
    EXPECT_TRUE(check_time_of_day(text)) << text;
}

TEST(Validation, ChecksNames) {
  EXPECT_FALSE(check_sbc_name("branch-1"));
  for (const char* name : {"", "local", "-a", "a-", "A", "a_b", "a.b"}) EXPECT_TRUE(check_sbc_name(name)) << name;
  EXPECT_FALSE(check_time_zone("America/Argentina/Buenos_Aires"));
  for (const char* name : {"", "../../etc/passwd", "/etc", "Europe//Berlin", "Europe/", "Europe/Berlin\n"})
    EXPECT_TRUE(check_time_zone(name)) << name;
  EXPECT_TRUE(check_label("a\nb", 64));
}

TEST(Validation, TakesAKeysValueAsItsTypeHasIt) {
  for (const auto type : {KeyType::dnd, KeyType::hold, KeyType::transfer, KeyType::line, KeyType::none}) {
    EXPECT_FALSE(check_key({type, "", "Mine"})) << word_of(type);
    EXPECT_TRUE(check_key({type, "102", ""})) << word_of(type);
  }
  for (const auto type : {KeyType::speed_dial, KeyType::voicemail, KeyType::park, KeyType::group_login,
                          KeyType::night_switch, KeyType::forward}) {
    for (const char* value : {"102", "*98", "+4930123", "*85#01"}) EXPECT_FALSE(check_key({type, value, ""})) << value;
    for (const char* value : {"a", "1 2", "102@1/f", "5|*20*", "123456789012345678901234567890123"})
      EXPECT_TRUE(check_key({type, value, ""})) << word_of(type) << " " << value;
    EXPECT_EQ(check_key({type, "", ""}).has_value(), type != KeyType::forward) << word_of(type);
  }
  for (const auto type : {KeyType::blf, KeyType::pickup}) {
    EXPECT_FALSE(check_key({type, "102", ""})) << word_of(type);
    for (const char* value : {"", "*98", "+49", "10a"}) EXPECT_TRUE(check_key({type, value, ""})) << word_of(type);
  }
  EXPECT_TRUE(check_key({KeyType::dnd, "", std::string(65, 'x')}));
}

}  // namespace
}  // namespace roamdesk::test
