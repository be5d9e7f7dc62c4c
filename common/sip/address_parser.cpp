#include "common/sip/address_parser.hpp"

#include <algorithm>

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

constexpr std::size_t most_params = 64;

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
    if (params.all().size() >= most_params) return false;
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

// What stands in <> at the front, or up to the parameters; false where that is no URI.
bool take_address(std::string_view& text, NameAddr& out) {
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
  return true;
}

// RFC 3261 §25.1, name-addr or addr-spec, with its parameters.
bool take_by_grammar(std::string_view& text, NameAddr& out) {
  if (!text.empty() && text.front() == '"') {
    const auto quoted = quoted_length(text);
    if (!quoted) return false;
    out.display = unquote(text.substr(0, *quoted));
    text.remove_prefix(*quoted);
    skip_blanks(text);
    if (text.empty() || text.front() != '<') return false;
  } else if (const auto open = text.find('<'); open != std::string_view::npos && open < text.find_first_of(",;")) {
    // A display name of tokens: no other characters may stand there without quotes.
    const auto display = trim(text.substr(0, open));
    for (std::size_t at = 0; at < display.size();) {
      const auto end = std::min(display.find_first_of(" \t", at), display.size());
      if (end > at && !is_token(display.substr(at, end - at))) return false;
      at = end + 1;
    }
    out.display = display;
    text.remove_prefix(open);
  }
  return take_address(text, out) && take_params(text, out.params);
}

// The first URI in <>: whatever stands before it is a display name. Leaves `text` behind the '>'. In a list, a name
// ends at a comma.
bool take_leniently(std::string_view& text, NameAddr& out, bool in_list) {
  for (std::size_t at = 0;;) {
    const auto close = text.find('>', at);
    if (close == std::string_view::npos || close == 0) return false;
    const auto open = text.rfind('<', close);
    if (open == std::string_view::npos || open < at) return false;
    auto name = text.substr(0, open);
    if (in_list && name.find(',') != std::string_view::npos) return false;
    if (auto uri = parse_uri(trim(text.substr(open + 1, close - open - 1)))) {
      out.uri = std::move(*uri);
      name = trim(name);
      if (name.starts_with('"')) name.remove_prefix(1);
      if (name.ends_with('"')) name.remove_suffix(1);
      out.display = trim(name);
      text.remove_prefix(close + 1);
      return true;
    }
    at = close + 1;
  }
}

bool take_name_addr(std::string_view& text, NameAddr& out) {
  skip_blanks(text);
  const auto whole = text;
  if (take_by_grammar(text, out)) return true;
  text = whole;
  out = {};
  return take_leniently(text, out, true) && take_params(text, out.params);
}

// To the comma behind an address that can't be read: one in quotes or <> belongs to it.
void skip_address(std::string_view& text) {
  bool quoted = false, bracketed = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') quoted = !quoted;
    if (quoted && c == '\\') ++at;
    if (!quoted && c == '<') bracketed = true;
    if (!quoted && c == '>') bracketed = false;
    if (!quoted && !bracketed && c == ',') break;
  }
  text.remove_prefix(std::min(at, text.size()));
}

// Parameters of which at least the tag is wanted.
void salvage_params(std::string_view text, Params& params) {
  const auto whole = text;
  const auto good = [](const Params::Param& param) {
    if (!is_token(param.name) || !param.value) return is_token(param.name);
    return param.value->starts_with('"') ? param.value->find('\\') == std::string::npos : is_token(*param.value);
  };
  if (take_params(text, params) && text.empty() && std::all_of(params.all().begin(), params.all().end(), good)) return;
  params = {};
  for (std::size_t at = 0; at < whole.size(); ++at) {
    if (whole[at] != ';') continue;
    auto name = trim(whole.substr(at + 1));
    if (!starts_ignoring_case(name, "tag")) continue;
    name = trim(name.substr(3));
    if (!name.starts_with('=')) continue;
    const auto value = trim(name.substr(1));
    const auto tag = value.substr(0, value.find_first_of(";, \t"));
    if (!is_token(tag)) continue;
    params.set("tag", std::string{tag});
    return;
  }
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
  // Any version of SIP: a sender of another one is told so (505) over this Via (RFC 4475 §3.1.2.16).
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

}  // namespace

bool parse_params(std::string_view text, Params& params) { return take_params(text, params) && text.empty(); }

bool parse_name_addrs(std::string_view text, std::vector<NameAddr>& out, std::size_t max) {
  bool all = true;
  for (std::size_t taken = 0;; ++taken) {
    if (taken >= max || out.size() >= max) return false;
    const auto whole = text;
    bool good = take_name_addr(text, out.emplace_back());
    skip_blanks(text);
    good = good && (text.empty() || text.front() == ',');
    if (!good) {
      out.pop_back();
      text = whole;
      skip_address(text);
      all = false;
    }
    if (text.empty()) return all;
    text.remove_prefix(1);
  }
}

Reading read_address(std::string_view text, NameAddr& out) {
  text = trim(text);
  auto rest = text;
  if (take_by_grammar(rest, out) && trim(rest).empty()) return Reading::as_written;
  out = {};
  rest = text;
  if (take_leniently(rest, out, false)) {
    salvage_params(rest, out.params);
    return Reading::recovered;
  }
  const auto bracket = text.rfind('>');
  const auto end = bracket != std::string_view::npos ? bracket + 1 : std::min(text.find(';'), text.size());
  const auto before = trim(text.substr(0, end));
  salvage_params(text.substr(end), out.params);
  if (auto uri = parse_uri(before); uri && before.find_first_of("?,") == std::string_view::npos) {
    out.uri = std::move(*uri);
    return Reading::recovered;
  }
  // What is echoed as unread must be unread for its reader too: here the grammar finds a URI in the echo.
  NameAddr good;
  rest = before;
  if (take_by_grammar(rest, good) && trim(rest).empty()) {
    out.display = std::move(good.display);
    out.uri = std::move(good.uri);
    return Reading::recovered;
  }
  out.unread = before.empty() ? std::string_view{"<>"} : before;
  return Reading::unread;
}

bool parse_vias(std::string_view text, std::vector<Via>& out, std::size_t max) {
  for (;;) {
    if (out.size() >= max) return false;
    if (!take_via(text, out.emplace_back())) {
      out.pop_back();  // an answer must not go by half an address
      return false;
    }
    skip_blanks(text);
    if (text.empty()) return true;
    if (text.front() != ',') return false;
    text.remove_prefix(1);
  }
}

std::optional<NameAddr> parse_name_addr(std::string_view text) {
  std::vector<NameAddr> found;
  if (!parse_name_addrs(text, found, 1)) return std::nullopt;
  return std::move(found.front());
}

}  // namespace roamdesk::sip
