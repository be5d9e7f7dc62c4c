#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/time.hpp"

namespace roamdesk::post {

// RFC 5424 §6.2.1.
enum class SyslogSeverity : std::uint8_t { critical = 2, warning = 4, notice = 5, info = 6 };

struct SyslogMessage {
  SyslogSeverity severity = SyslogSeverity::notice;
  WallTime at{};
  std::string host;  // "pbx.example.com"
  std::string id;    // MSGID: "sbc_down"
  std::string text;  // any; on one line there
};
// As RFC 5424 §6 has it, of the facility "system daemons", without structured data. At most 2048 bytes, which every
// receiver should take (§6.1). Control characters become blanks, so that nothing in it is read as another message.
std::string to_syslog(const SyslogMessage& message);

}  // namespace roamdesk::post
