#include "common/edge/guard.hpp"

#include <algorithm>

#include "common/sip/parse.hpp"
#include "common/sip/text.hpp"

namespace roamdesk::edge {
namespace {

bool is_token_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view{"-.!%*_+`'~"}.find(c) != std::string_view::npos;
}

// "METHOD … SIP/2.0" or "SIP/2.0 200 OK" in any case (RFC 3261 §7.1), with whatever in it that the core answers 400 to:
// a control character, a line that goes on in the next one.
bool looks_like_sip(std::string_view message) {
  constexpr std::string_view version = "SIP/";
  if (message.empty() || !is_token_char(message.front())) return false;
  if (sip::starts_ignoring_case(message, version)) return true;
  for (std::size_t at = 1; at < message.size(); ++at) {
    const char before = message[at - 1];
    if (before == '\n' && message[at] != ' ' && message[at] != '\t') return false;
    if ((before == ' ' || before == '\t') && sip::starts_ignoring_case(message.substr(at), version)) return true;
  }
  return false;
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
  if (sip::is_keepalive(message)) return Verdict::keepalive;
  message.remove_prefix(message.find_first_not_of("\r\n"));  // RFC 3261 §7.5

  const auto first_end = message.find('\n');
  if (!looks_like_sip(message))
    return message.substr(0, first_end).find('\0') != message.npos ? Verdict::nul_byte : Verdict::not_sip;

  std::size_t lines = 0, at = first_end == message.npos ? message.size() : first_end + 1;
  while (at < message.size()) {
    const auto end = std::min(message.find('\n', at), message.size());
    std::string_view line = message.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) break;  // the body follows; it may hold anything
    if (++lines > limits.header_lines) return Verdict::too_many_headers;
    at = end + 1;
  }
  return Verdict::pass;
}

}  // namespace roamdesk::edge
