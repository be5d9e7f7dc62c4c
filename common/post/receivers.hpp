#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Which receivers may be named: what can't be one reaches no server, no header and no log.
namespace roamdesk::post {

// local-part@domain of RFC 5321 without quotes and comments, ASCII, at most 254 characters.
bool is_mail_address(std::string_view text);
// https and a host, in printable ASCII without blanks, of at most 500 characters. http to 127.0.0.1, [::1] and
// localhost alone: who calls for help from where is nobody else's to read.
bool is_web_hook(std::string_view text);

enum class SyslogBy : std::uint8_t { local, udp, tcp, tls };
struct SyslogServer {
  SyslogBy by{};
  std::string host_port{};  // "192.0.2.1:514"; "" where it is local
};
// "local", the machine's own; or "udp://", "tcp://" or "tls://" with a host and a port (RFC 5426, 6587, 5425):
// "udp://logs.example.com:514". nullopt for anything else.
std::optional<SyslogServer> syslog_server(std::string_view text);

}  // namespace roamdesk::post
