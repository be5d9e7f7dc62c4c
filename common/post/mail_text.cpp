#include "common/post/mail_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>

#include "common/base/text.hpp"
#include "common/base/utf8.hpp"

namespace roamdesk::post {
namespace {

// RFC 4648 §4.
std::string base64(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8 | (at + i < bytes.size() ? static_cast<std::uint8_t>(bytes[at + i]) : 0U);
    const auto left = bytes.size() - at;
    text += digits[group >> 18 & 63U];
    text += digits[group >> 12 & 63U];
    text += left > 1 ? digits[group >> 6 & 63U] : '=';
    text += left > 2 ? digits[group & 63U] : '=';
  }
  return text;
}

bool is_control(std::uint32_t c) { return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029; }

// RFC 5322 §3.3, in UTC.
std::string date_text(WallTime time) {
  using namespace std::chrono;
  constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<std::chrono::days>(time);
  const year_month_day date{day};
  const auto second = duration_cast<seconds>(time - day).count();
  return fmt::format("{}, {} {} {:04} {:02}:{:02}:{:02} +0000", days[weekday{day}.c_encoding()],
                     static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), second / 3600, second / 60 % 60, second % 60);
}

// RFC 5322 §3.4: the name as encoded words or as a quoted string, so that nothing in it is read as another address.
std::string named(std::string_view name, const std::string& address) {
  const auto text = header_text(name, 60);
  if (text.empty()) return address;
  if (text.starts_with("=?")) return text + " <" + address + ">";
  std::string quoted;
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return '"' + quoted + "\" <" + address + ">";
}

}  // namespace

std::string one_line(std::string_view text, std::size_t longest) {
  std::string line;
  while (!text.empty()) {
    const auto [value, length] = first_code_point(text);
    const std::string_view next = length == 0 ? "?" : is_control(value) ? " " : text.substr(0, length);
    if (line.size() + next.size() > longest) break;
    line += next;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return std::string{trim(line)};
}

std::string header_text(std::string_view text, std::size_t longest) {
  const auto line = one_line(text, longest);
  const bool plain = std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; });
  // RFC 2047 §6.1: what looks like an encoded word would be read as one.
  constexpr std::size_t longest_plain = 900;  // RFC 5322 §2.1.1: 998 in a line, its name among them
  if (plain && line.find("=?") == std::string::npos && line.size() <= longest_plain) return line;
  // 45 bytes are 60 characters of base64, with 12 around them; the first line has the header's name as well.
  constexpr std::size_t bytes_of_first = 36, bytes_of_word = 45;
  std::string words;
  std::string_view rest = line;
  while (!rest.empty()) {
    std::size_t taken = 0;
    while (taken < rest.size()) {
      const auto length = std::max<std::size_t>(first_code_point(rest.substr(taken)).length, 1);
      if (taken + length > (words.empty() ? bytes_of_first : bytes_of_word)) break;
      taken += length;
    }
    words += (words.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + base64(rest.substr(0, taken)) + "?=";
    rest.remove_prefix(taken);
  }
  return words;
}

std::string to_message(const Mail& mail) {
  std::string message;
  const auto header = [&message](std::string_view name, std::string_view value) {
    message.append(name).append(": ").append(value).append("\r\n");
  };
  header("Date", date_text(mail.date));
  header("From", named(mail.from_name, mail.from));
  header("To", mail.to);
  header("Subject", header_text(mail.subject));
  header("Message-ID", "<" + mail.id + "@" + mail.from.substr(mail.from.rfind('@') + 1) + ">");
  header("Auto-Submitted", "auto-generated");  // RFC 3834: no absence note comes back
  if (mail.urgent) {
    header("Importance", "high");
    header("X-Priority", "1");
  }
  header("MIME-Version", "1.0");
  header("Content-Type", "text/plain; charset=utf-8");
  header("Content-Transfer-Encoding", "base64");
  message += "\r\n";
  // RFC 2045 §6.8: lines of 76.
  const auto body = base64(mail.text);
  for (std::size_t at = 0; at < body.size(); at += 76) message += body.substr(at, 76) + "\r\n";
  return message;
}

}  // namespace roamdesk::post
