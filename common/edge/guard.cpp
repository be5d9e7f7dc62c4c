#include "common/edge/guard.hpp"

#include <algorithm>

namespace roamdesk::edge {
namespace {

bool is_token_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view{"-.!%*_+`'~"}.find(c) != std::string_view::npos;
}

// "METHOD … SIP/2.0" or "SIP/2.0 200 OK", with any blanks in it that the core answers 400 to.
bool looks_like_sip(std::string_view line) {
  if (line.empty() || !is_token_char(line.front())) return false;
  for (const char c : line)
    if (static_cast<unsigned char>(c) < ' ' && c != '\t') return false;
  if (line.size() >= 4 && line.substr(0, 4) == "SIP/") return true;
  return line.find(" SIP/") != line.npos;
}

// RFC 5626 §4.4.1 has CRLF; phones and the routers between have their own ideas as well: blanks, NULs (four of them,
// mostly), "jaK" (Linksys, Cisco), a STUN message, which RFC 5389 §6 tells from SIP by its first two bits and cookie.
bool keeps_alive(std::string_view message) {
  if (message.find_first_not_of(std::string_view{" \t\r\n\0", 5}) == message.npos) return true;
  if (message == "jaK") return true;
  constexpr std::string_view cookie{"\x21\x12\xa4\x42"};
  return message.size() >= 20 && static_cast<unsigned char>(message[0]) < 0x40 && message.substr(4, 4) == cookie;
}

}  // namespace

std::string_view describe(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::keepalive:
      return "keepalive";
    case Verdict::too_large:
      return "too_large";
    case Verdict::nul_byte:
      return "nul_byte";
    case Verdict::not_sip:
      return "not_sip";
    case Verdict::too_many_headers:
      return "too_many_headers";
  }
  return "?";
}

Verdict inspect(std::string_view message, const GuardLimits& limits) {
  if (message.size() > limits.bytes) return Verdict::too_large;
  if (keeps_alive(message)) return Verdict::keepalive;
  message.remove_prefix(message.find_first_not_of("\r\n"));  // RFC 3261 §7.5

  const auto first_end = message.find('\n');
  std::string_view first = message.substr(0, first_end);
  if (first.ends_with('\r')) first.remove_suffix(1);
  if (!looks_like_sip(first)) return first.find('\0') != first.npos ? Verdict::nul_byte : Verdict::not_sip;

  std::size_t lines = 0, at = first_end == message.npos ? message.size() : first_end + 1;
  while (at < message.size()) {
    const auto end = std::min(message.find('\n', at), message.size());
    std::string_view line = message.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) break;  // the body follows; it may hold anything
    if (line.find('\0') != line.npos) return Verdict::nul_byte;
    if (++lines > limits.header_lines) return Verdict::too_many_headers;
    at = end + 1;
  }
  return Verdict::pass;
}

}  // namespace roamdesk::edge
