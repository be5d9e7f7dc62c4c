#include "exchange/trace/redact.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "common/base/text.hpp"

namespace roamdesk::trace {
namespace {

constexpr std::string_view taken_out = "(taken out)";

constexpr std::string_view blanks = " \t\r";

// The next line without its end; `rest` goes behind it.
std::string_view next_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

bool is_secret(std::string_view name) {
  for (const auto* secret :
       {"Authorization", "Proxy-Authorization", "Authentication-Info", "Proxy-Authentication-Info"})
    if (equal_ignoring_case(name, secret)) return true;
  return false;
}

std::size_t find_ignoring_case(std::string_view text, std::string_view word) {
  for (std::size_t at = 0; at + word.size() <= text.size(); ++at)
    if (equal_ignoring_case(text.substr(at, word.size()), word)) return at;
  return std::string_view::npos;
}

// How much of a line of a description may be shown, as loosely as any phone might read it: of "a=crypto:1
// AES_CM_128_HMAC_SHA1_80 inline:key" (RFC 4568) all before the key, of k= (RFC 4566 §5.12) its name. nullopt: all.
std::optional<std::size_t> before_key(std::string_view line) {
  const auto type = line.find_first_not_of(blanks);
  if (type == std::string_view::npos || line.substr(type + 1, 1) != "=") return std::nullopt;
  if (lower(line[type]) == 'k') return type + 2;
  constexpr std::string_view name = "crypto", method = "inline:";
  const auto value = line.find_first_not_of(blanks, type + 2);
  if (lower(line[type]) != 'a' || value == std::string_view::npos ||
      !equal_ignoring_case(line.substr(value, name.size()), name))
    return std::nullopt;
  const auto key = find_ignoring_case(line, method), behind = value + name.size();
  if (key != std::string_view::npos) return key + method.size();
  return line.substr(behind).starts_with(':') ? behind + 1 : behind;
}

// One star of a dialled number, as it is or escaped; 0: there is none here.
std::size_t star_at(std::string_view text) {
  if (text.starts_with('*')) return 1;
  return text.size() >= 3 && equal_ignoring_case(text.substr(0, 3), "%2a") ? 3 : 0;
}

// How many characters of a dialled code may be shown: to the third star (`*77*` and an extension's `101*`). A code
// without a third star is the code itself, or the code and an extension.
std::size_t shown_of(std::string_view user) {
  if (star_at(user) == 0) return user.size();
  unsigned stars = 0;
  for (std::size_t at = 0; at < user.size();) {
    const auto star = star_at(user.substr(at));
    at += star ? star : 1;
    if (star && ++stars == 3) return at;
  }
  return user.size();
}

// Behind the next scheme of a URI in which a user may be named; npos: none. Schemes have no case (RFC 3261 §19.1.4).
std::size_t behind_scheme(std::string_view line) {
  for (auto colon = line.find(':'); colon != std::string_view::npos; colon = line.find(':', colon + 1))
    for (const std::string_view scheme : {"sip", "sips", "tel"})
      if (colon >= scheme.size() && equal_ignoring_case(line.substr(colon - scheme.size(), scheme.size()), scheme))
        return colon + 1;
  return std::string_view::npos;
}

// The user parts of all sip:, sips: and tel: URIs of a line, and their passwords (RFC 3261 §19.1.1).
void append_line(std::string& out, std::string_view line) {
  constexpr std::string_view ends = "@;>? \t\",";
  for (auto at = behind_scheme(line); at != std::string_view::npos; at = behind_scheme(line)) {
    out += line.substr(0, at);
    line.remove_prefix(at);
    const auto user = line.substr(0, std::min(line.find(':'), line.find_first_of(ends)));
    out += redact_number(user);
    line.remove_prefix(user.size());
    const auto end = line.find_first_of(ends);
    if (line.starts_with(':') && end != std::string_view::npos && line[end] == '@') {
      out += ':';
      out += taken_out;
      line.remove_prefix(end);
    }
  }
  out += line;
}

}  // namespace

std::string redact_number(std::string_view user) {
  const auto shown = shown_of(user);
  return std::string{user.substr(0, shown)} + (shown < user.size() ? "..." : "");
}

std::string_view header_of(std::string_view message, std::string_view name, std::string_view short_form) {
  next_line(message);
  while (!message.empty()) {
    const auto line = next_line(message);
    if (line.empty()) break;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const auto found = trim(line.substr(0, colon), blanks);
    if (equal_ignoring_case(found, name) || (!short_form.empty() && equal_ignoring_case(found, short_form)))
      return trim(line.substr(colon + 1), blanks);
  }
  return {};
}

std::string redact(std::string_view message) {
  std::string out;
  out.reserve(message.size() + 64);
  const bool digits = message.starts_with("INFO ") || header_of(message, "CSeq", "").ends_with("INFO");
  bool first = true, folded = false;
  while (!message.empty()) {
    const auto line = next_line(message);
    if (line.empty()) {
      out += "\r\n";
      break;
    }
    if (line.front() == ' ' || line.front() == '\t') {  // the line before goes on (RFC 3261 §7.3.1)
      first = false;
      if (folded) continue;
      append_line(out, line);
      out += "\r\n";
      continue;
    }
    const auto colon = line.find(':');
    folded = !first && colon != std::string_view::npos && is_secret(trim(line.substr(0, colon), blanks));
    first = false;
    if (folded) {
      out += line.substr(0, colon + 1);
      out += ' ';
      out += taken_out;
    } else {
      append_line(out, line);
    }
    out += "\r\n";
  }
  if (message.empty()) return out;
  if (digits) return out += "(digits taken out)\r\n";
  while (!message.empty()) {
    const auto line = next_line(message);
    if (const auto shown = before_key(line)) {
      append_line(out, line.substr(0, *shown));
      out += taken_out;
    } else {
      append_line(out, line);
    }
    out += "\r\n";
  }
  return out;
}

}  // namespace roamdesk::trace
