#include "common/post/receivers.hpp"

#include <gtest/gtest.h>

namespace roamdesk::post {
namespace {

TEST(MailAddress, IsOneOfRfc5321WithoutQuotesAndAscii) {
  for (const char* good : {"a@b", "a.b+c@mail.example.com", "o'neil@x-y.example", "1@2.example"})
    EXPECT_TRUE(is_mail_address(good)) << good;
  for (const std::string bad :
       {"", "a", "@b", "a@", "a@b@c d", "a b@c", "a@b\r\nRCPT TO:<x@y>", "a>@b", "<a@b>", "\"a\"@b", ".a@b", "a.@b",
        "a..b@c", "a@-b", "a@b..c", "jörg@b", "a@b,c@d", "a@b;", "a@[10.0.0.1]"})
    EXPECT_FALSE(is_mail_address(bad)) << bad;
  EXPECT_FALSE(is_mail_address(std::string(65, 'a') + "@b"));
}

TEST(WebHook, IsAUrlOfHttpsAndOfHttpOnThisMachineAlone) {
  for (const char* good : {"https://example.com/alarm", "https://10.0.0.7:8443/x?y=1", "https://u:p@example.com/x",
                           "http://127.0.0.1:8080/x", "http://localhost/x", "https://[2001:db8::7]:8443/x",
                           "https://[::1]/", "http://[::1]:8080/x"})
    EXPECT_TRUE(is_web_hook(good)) << good;
  for (const char* bad : {"",
                          "example.com",
                          "ftp://a/b",
                          "file:///etc/passwd",
                          "https://",
                          "https:///x",
                          "https://a b/",
                          "https://a/\r\nX: y",
                          "gopher://a",
                          "https://a:port/",
                          "https://a:99999999/",
                          "javascript:alert(1)",
                          "https://[::1/",
                          "https://[]/",
                          "https://[a.example]/",
                          "https://2001:db8::7/",
                          "https://[::1]8443/",
                          "https://[::1]:/",
                          "http://[2001:db8::7]/",
                          "http://[::ffff:127.0.0.1]/",
                          "http://example.com/",
                          "http://127.0.0.1.example.com/",
                          "http://localhost@example.com/"})
    EXPECT_FALSE(is_web_hook(bad)) << bad;
  EXPECT_FALSE(is_web_hook("https://a/" + std::string(500, 'x')));
}

TEST(SyslogServers, AreThisMachineOrAHostAndAPort) {
  EXPECT_EQ(syslog_server("local")->by, SyslogBy::local);
  EXPECT_EQ(syslog_server("udp://192.0.2.1:514")->by, SyslogBy::udp);
  EXPECT_EQ(syslog_server("tcp://logs.example.com:601")->by, SyslogBy::tcp);
  EXPECT_EQ(syslog_server("tls://[2001:db8::1]:6514")->by, SyslogBy::tls);
  EXPECT_EQ(syslog_server("tls://[2001:db8::1]:6514")->host_port, "[2001:db8::1]:6514");
  for (const std::string bad : {"", "Local", "udp://", "udp://logs", "udp://logs:", "udp://logs:x", "udp://logs:999999",
                                "udp://logs:514/x", "udp://logs:514\n<0>1", "udp://a b:514", "udp://u@logs:514",
                                "http://logs:514", "file:///dev/log", "/dev/log", "udp://[::1:514", "udp://::1:514"})
    EXPECT_FALSE(syslog_server(bad)) << bad;
  EXPECT_FALSE(syslog_server("udp://" + std::string(300, 'a') + ":514"));
}

}  // namespace
}  // namespace roamdesk::post
