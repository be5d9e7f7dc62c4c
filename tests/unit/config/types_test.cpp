#include "common/config/types.hpp"

#include <gtest/gtest.h>

namespace roamdesk::config {
namespace {
using namespace std::chrono_literals;

TEST(Duration, IsANumberAndAUnit) {
  EXPECT_EQ(parse_duration("10h"), 10h);
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("7d"), 168h);
  for (const char* bad : {"", "10", "h", "10 h", "-1h", "1.5h", "10hours", "99999999999999999999s"})
    EXPECT_FALSE(parse_duration(bad)) << bad;
}

TEST(PortRange, HasBothEndsInOrder) {
  EXPECT_EQ(parse_port_range("20000-29999"), (PortRange{20000, 29999}));
  for (const char* bad : {"", "20000", "2-1", "0-5", "1-65536", "a-b", "1-2-3", " 1-2"})
    EXPECT_FALSE(parse_port_range(bad)) << bad;
}

TEST(TimeOfDay, IsTwentyFourHours) {
  EXPECT_EQ(parse_time_of_day("18:30")->since_midnight, 18h + 30min);
  EXPECT_EQ(to_string(TimeOfDay{9h + 5min}), "09:05");
  for (const char* bad : {"24:00", "18:60", "8:30", "1830", "", "18:3x"}) EXPECT_FALSE(parse_time_of_day(bad)) << bad;
}

TEST(TimeZone, IsOneOfTheDatabase) {
  EXPECT_TRUE(is_time_zone("Europe/Nicosia"));
  EXPECT_TRUE(is_time_zone("UTC"));
  for (const char* bad : {"", "Europe/Atlantis", "../etc/passwd", "/etc/passwd"})
    EXPECT_FALSE(is_time_zone(bad)) << bad;
}

TEST(HostPort, IsANameOrAnAddressAndAPort) {
  EXPECT_EQ(parse_host_port("pbx.example.com:5090"), (HostPort{"pbx.example.com", 5090}));
  EXPECT_EQ(parse_host_port("192.0.2.1:1"), (HostPort{"192.0.2.1", 1}));
  EXPECT_EQ(to_string(parse_host_port("[2001:db8::1]:5090").value()), "[2001:db8::1]:5090");
  for (const char* bad :
       {"2001:db8::1:5090", "[2001:db8::1]", "[2001:db8::1]:0", "[pbx.example.com]:5090", "[192.0.2.1]:5090",
        "pbx.example.com", ":5090", "a..b:1", "-a:1", "300.1.1.1:5", "1.2.3:5", "a:0", "a:70000", "a b:1"})
    EXPECT_FALSE(parse_host_port(bad)) << bad;
}

}  // namespace
}  // namespace roamdesk::config
