#include "common/post/syslog_text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "common/post/mail_text.hpp"

namespace roamdesk::post {
namespace {

constexpr std::size_t longest_message = 2048;

// PRINTUSASCII of a header's field; "-" for none.
std::string field(std::string_view text, std::size_t most) {
  std::string shown;
  for (const char c : text.substr(0, most))
    if (c > ' ' && c <= '~') shown += c;
  return shown.empty() ? "-" : shown;
}

}  // namespace

std::string to_syslog(const SyslogMessage& message) {
  constexpr unsigned system_daemons = 3;
  const unsigned priority = system_daemons * 8 + static_cast<unsigned>(message.severity);
  auto line = fmt::format("<{}>1 {:%Y-%m-%dT%H:%M:%SZ} {} roamdesk - {} - ", priority,
                          std::chrono::floor<std::chrono::seconds>(message.at), field(message.host, 255),
                          field(message.id, 32));
  const bool ascii = std::all_of(message.text.begin(), message.text.end(), [](char c) { return (c & 0x80) == 0; });
  if (!ascii) line += "\xEF\xBB\xBF";  // MSG-UTF8
  return line + one_line(message.text, longest_message - line.size());
}

}  // namespace roamdesk::post
