#include "common/post/syslog_text.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace roamdesk::post {
namespace {

SyslogMessage message(const std::string& text) {
  return {SyslogSeverity::warning, WallTime{std::chrono::seconds{1'700'000'000}}, "pbx.example.com", "sbc_down", text};
}

TEST(SyslogText, IsALineOfRfc5424) {
  EXPECT_EQ(to_syslog(message("The SBC berlin is down")),
            "<28>1 2023-11-14T22:13:20Z pbx.example.com roamdesk - sbc_down - The SBC berlin is down");
}

TEST(SyslogText, SaysThatItIsUtf8WhereItIs) {
  EXPECT_EQ(to_syslog(message("Jörg")).substr(65), "\xEF\xBB\xBFJörg");
  EXPECT_EQ(to_syslog(message("J\xf6rg")).substr(65), "\xEF\xBB\xBFJ?rg") << "what is no UTF-8";
}

TEST(SyslogText, IsOneLineWhateverItIsMadeOf) {
  const std::string tricks[] = {"a\n<0>1 - - - - - forged", "a\r\nb", std::string("a\0b", 3), "a\x7f",
                                "a\xE2\x80\xA8z"};
  for (const auto& text : tricks)
    for (const char c : to_syslog(message(text))) EXPECT_FALSE(c >= 0 && c < 0x20) << text;
  auto forged = message("x");
  forged.host = "a b\nc";
  forged.id = std::string(100, 'x') + "\n";
  EXPECT_EQ(to_syslog(forged), "<28>1 2023-11-14T22:13:20Z abc roamdesk - " + std::string(32, 'x') + " - x");
  forged.host = forged.id = "";
  EXPECT_EQ(to_syslog(forged), "<28>1 2023-11-14T22:13:20Z - roamdesk - - - x");
}

TEST(SyslogText, IsNoLongerThanEveryReceiverTakes) {
  EXPECT_EQ(to_syslog(message(std::string(10'000, 'x'))).size(), 2048u);
}

}  // namespace
}  // namespace roamdesk::post
