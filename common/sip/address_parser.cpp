#include "common/sip/address_parser.hpp"

#include "common/sip/text.hpp"

namespace roamdesk::sip {
namespace {

void skip_blanks(std::string_view& text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
}

// The length of a quoted string at the front, quotes included; nullopt where it doesn't end.
std::optional<std::size_t> quoted_length(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      return i + 1;
  }
  return std::nullopt;
}

// Takes `;name[=value]` parameters from the front, up to a comma or the end.
bool take_params(std::string_view& text, Params& params) {
  for (skip_blanks(text); !text.empty() && text.front() == ';'; skip_blanks(text)) {
    text.remove_prefix(1);
    skip_blanks(text);
    const auto name_end = std::min(text.find_first_of("=;, \t"), text.size());
    const auto name = text.substr(0, name_end);
    text.remove_prefix(name_end);
    if (name.empty()) {
      if (text.empty() || text.front() == ';' || text.front() == ',') continue;  // ";;": lenient, nothing is lost
      return false;
    }
    skip_blanks(text);
    std::optional<std::string> value;
    if (!text.empty() && text.front() == '=') {
      text.remove_prefix(1);
      skip_blanks(text);
      std::size_t length;
      if (!text.empty() && text.front() == '"') {
        const auto quoted = quoted_length(text);
        if (!quoted) return false;
        length = *quoted;
      } else {
        length = std::min(text.find_first_of(";, \t"), text.size());
      }
      value = std::string{text.substr(0, length)};
      text.remove_prefix(length);
    }
    params.set(name, std::move(value));
  }
  return true;
}

std::string unquote(std::string_view quoted) {
  std::string out;
  for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
    if (quoted[i] == '\\' && i + 2 < quoted.size()) ++i;
    out += quoted[i];
  }
  return out;
}

bool take_name_addr(std::string_view& text, NameAddr& out) {
  skip_blanks(text);
  if (!text.empty() && text.front() == '"') {
    const auto quoted = quoted_length(text);
    if (!quoted) return false;
    out.display = unquote(text.substr(0, *quoted));
    text.remove_prefix(*quoted);
    skip_blanks(text);
    if (text.empty() || text.front() != '<') return false;
  } else if (const auto open = text.find('<'); open != std::string_view::npos && open < text.find_first_of(",;")) {
    // A display name of tokens (RFC 3261 §25.1): no other characters may stand there without quotes.
    const auto display = trim(text.substr(0, open));
    for (std::size_t at = 0; at < display.size();) {
      const auto end = std::min(display.find_first_of(" \t", at), display.size());
      if (end > at && !is_token(display.substr(at, end - at))) return false;
      at = end + 1;
    }
    out.display = display;
    text.remove_prefix(open);
  }
  std::string_view uri;
  if (!text.empty() && text.front() == '<') {
    const auto close = text.find('>');
    if (close == std::string_view::npos) return false;
    uri = trim(text.substr(1, close - 1));
    text.remove_prefix(close + 1);
  } else {
    // addr-spec: everything behind ';' is the header's (§20.10), and '?' or ',' can't be in it.
    const auto end = std::min(text.find_first_of(";, \t"), text.size());
    uri = text.substr(0, end);
    if (uri.find('?') != std::string_view::npos) return false;
    text.remove_prefix(end);
  }
  auto parsed = parse_uri(uri);
  if (!parsed) return false;
  out.uri = std::move(*parsed);
  return take_params(text, out.params);
}

bool take_via(std::string_view& text, Via& out) {
  // sent-protocol with optional blanks around the slashes (§25.1): "SIP / 2.0 / UDP".
  const auto part = [&text](std::string_view ends) {
    skip_blanks(text);
    const auto end = std::min(text.find_first_of(ends), text.size());
    const auto found = text.substr(0, end);
    text.remove_prefix(end);
    skip_blanks(text);
    return found;
  };
  const auto name = part("/ \t");
  if (text.empty() || text.front() != '/') return false;
  text.remove_prefix(1);
  const auto version = part("/ \t");
  // Any version of SIP: whoever speaks another one is told so (505) over this Via (RFC 4475 §3.1.2.16).
  if (!equal_ignoring_case(name, "SIP") || !is_token(version) || text.empty() || text.front() != '/') return false;
  text.remove_prefix(1);
  const auto transport = part(" \t");
  if (!is_token(transport)) return false;
  out.transport = transport;
  std::string_view host;
  if (!text.empty() && text.front() == '[') {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return false;
    host = text.substr(0, close + 1);
    text.remove_prefix(close + 1);
    skip_blanks(text);
  } else {
    host = part(":;, \t");
  }
  if (host.empty()) return false;
  out.host = host;
  if (!text.empty() && text.front() == ':') {
    text.remove_prefix(1);
    const auto port = parse_number(part(";, \t"), 65535);
    if (!port) return false;
    out.port = static_cast<std::uint16_t>(*port);
  }
  return take_params(text, out.params);
}

template <class T, class Take>
bool take_list(std::string_view text, std::vector<T>& out, std::size_t max, Take take) {
  for (;;) {
    if (out.size() >= max) return false;
    if (!take(text, out.emplace_back())) {
      out.pop_back();  // an answer must not go by half an address
      return false;
    }
    skip_blanks(text);
    if (text.empty()) return true;
    if (text.front() != ',') return false;
    text.remove_prefix(1);
  }
}

}  // namespace

bool parse_params(std::string_view text, Params& params) { return take_params(text, params) && text.empty(); }

bool parse_name_addrs(std::string_view text, std::vector<NameAddr>& out, std::size_t max) {
  return take_list(text, out, max, take_name_addr);
}

bool parse_vias(std::string_view text, std::vector<Via>& out, std::size_t max) {
  return take_list(text, out, max, take_via);
}

std::optional<NameAddr> parse_name_addr(std::string_view text) {
  std::vector<NameAddr> found;
  if (!parse_name_addrs(text, found, 1)) return std::nullopt;
  return std::move(found.front());
}

}  // namespace roamdesk::sip
