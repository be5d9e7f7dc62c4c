#include "common/post/mail_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace roamdesk::post {
namespace {

using namespace std::chrono_literals;

Mail a_mail() {
  Mail mail{
      .from_name = "Roamdesk pbx.example.com", .from = "pbx@example.com", .to = "guard@example.com", .id = "abc1"};
  mail.subject = "Emergency call";
  mail.text = "Somebody has dialled 112.\n";
  mail.date = std::chrono::sys_days{std::chrono::year{2026} / 11 / 28} + 16h + 5min + 9s;
  return mail;
}
std::vector<std::string> headers_of(const std::string& message) {
  std::vector<std::string> headers;
  std::string_view rest = std::string_view{message}.substr(0, message.find("\r\n\r\n") + 2);
  while (!rest.empty()) {
    const auto end = rest.find("\r\n");
    const auto line = std::string{rest.substr(0, end)};
    if (!line.empty() && line.front() == ' ' && !headers.empty())
      headers.back() += line;
    else
      headers.push_back(line);
    rest.remove_prefix(end + 2);
  }
  return headers;
}
std::string header_of(const std::string& message, const std::string& name) {
  for (const auto& header : headers_of(message))
    if (header.starts_with(name + ": ")) return header.substr(name.size() + 2);
  return "none";
}

TEST(MailText, HasTheHeadersOfRfc5322) {
  const auto message = to_message(a_mail());
  EXPECT_EQ(header_of(message, "Date"), "Sat, 28 Nov 2026 16:05:09 +0000");
  EXPECT_EQ(header_of(message, "From"), "\"Roamdesk pbx.example.com\" <pbx@example.com>");
  EXPECT_EQ(header_of(message, "To"), "guard@example.com");
  EXPECT_EQ(header_of(message, "Subject"), "Emergency call");
  EXPECT_EQ(header_of(message, "Message-ID"), "<abc1@example.com>");
  EXPECT_EQ(header_of(message, "Auto-Submitted"), "auto-generated");
  EXPECT_EQ(header_of(message, "X-Priority"), "none");
  EXPECT_TRUE(message.ends_with("\r\n\r\nU29tZWJvZHkgaGFzIGRpYWxsZWQgMTEyLgo=\r\n")) << message;
}

TEST(MailText, GrowsNoHeaderWhateverNamesSay) {
  const std::string names[] = {"Alice\r\nBcc: spy@example.com",
                               "Alice\nBcc: x",
                               "A\rBcc: x",
                               "\r\n\r\nwords of mine",
                               "x\xe2\x80\xa8y: z",
                               std::string("nul\0\r\nTo: x", 12),
                               "\x85 next line",
                               "=?UTF-8?B?DQpCY2M6IHg=?="};
  const auto count = headers_of(to_message(a_mail())).size();
  for (const auto& name : names) {
    auto mail = a_mail();
    mail.subject = "112 from " + name;
    mail.from_name = name;
    mail.text = name + "\r\n.\r\nMAIL FROM:<x>";
    const auto message = to_message(mail);
    EXPECT_EQ(headers_of(message).size(), count) << name;
    EXPECT_EQ(header_of(message, "Bcc"), "none") << name;
    EXPECT_EQ(message.find("\r\n.\r\n"), std::string::npos) << "no line ends the mail: " << name;
    EXPECT_TRUE(std::all_of(message.begin(), message.end(), [](char c) {
      return c == '\r' || c == '\n' || (c >= ' ' && c <= '~');
    })) << name;
  }
}

TEST(MailText, ANameIsNoOtherAddress) {
  auto mail = a_mail();
  mail.from_name = "x\" <spy@example.com>, \"y\\";
  EXPECT_EQ(header_of(to_message(mail), "From"), "\"x\\\" <spy@example.com>, \\\"y\\\\\" <pbx@example.com>");
  mail.from_name = "Büro";
  EXPECT_EQ(header_of(to_message(mail), "From"), "=?UTF-8?B?QsO8cm8=?= <pbx@example.com>");
}

TEST(MailText, EncodesWhatIsNotAsciiByRfc2047InWordsThatFit) {
  EXPECT_EQ(header_text("Emergency call"), "Emergency call");
  EXPECT_EQ(header_text("Büro"), "=?UTF-8?B?QsO8cm8=?=");
  EXPECT_EQ(header_text("\xff"), "?") << "what isn't UTF-8";
  EXPECT_EQ(header_text("=?UTF-8?B?QQ==?="), "=?UTF-8?B?PT9VVEYtOD9CP1FRPT0/PQ==?=")
      << "nobody writes encoded words of their own";
  std::string longer;
  for (int i = 0; i < 60; ++i) longer += "ж";
  const auto text = header_text(longer);
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    EXPECT_LE(line.size(), 76u) << line;
    EXPECT_TRUE(line.ends_with("?=")) << line;
  }
}

TEST(MailText, CutsWholeCharacters) {
  EXPECT_EQ(header_text("aaaa", 3), "aaa");
  EXPECT_EQ(header_text("aaж", 3), "aa");
}

}  // namespace
}  // namespace roamdesk::post
