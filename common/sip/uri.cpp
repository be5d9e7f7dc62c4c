#include <algorithm>

#include "common/sip/address_parser.hpp"
#include "common/sip/message.hpp"
#include "common/sip/text.hpp"

namespace roamdesk::sip {
namespace {

bool is_uri_character(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u > 0x20 && u != 0x7f && c != '<' && c != '>' && c != '"' && c != '\\' && c != '^' && c != '`' && c != '{' &&
         c != '}' && c != '|';
}

bool parse_host_port(std::string_view text, Uri& uri) {
  if (text.empty()) return false;
  std::string_view host = text, port;
  if (text.front() == '[') {  // IPv6 reference
    const auto close = text.find(']');
    if (close == std::string_view::npos) return false;
    host = text.substr(0, close + 1);
    port = text.substr(close + 1);
  } else if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon);
  }
  if (host.empty()) return false;
  for (const char c : host.front() == '[' ? std::string_view{} : host)
    if (!((c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-' || c == '.' || c == '_'))
      return false;
  if (!port.empty()) {
    const auto number = parse_number(port.substr(1), 65535);
    if (port.front() != ':' || !number) return false;
    uri.port = static_cast<std::uint16_t>(*number);
  }
  uri.host = host;
  return true;
}

}  // namespace

std::optional<Uri> parse_uri(std::string_view text) {
  for (const char c : text)
    if (!is_uri_character(c)) return std::nullopt;
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  Uri uri;
  uri.scheme = text.substr(0, colon);
  for (char& c : uri.scheme) c = lower(c);
  if (!is_token(uri.scheme)) return std::nullopt;
  auto rest = text.substr(colon + 1);
  if (uri.scheme != "sip" && uri.scheme != "sips") {
    // tel: and schemes that we don't know (RFC 3261 §20.20: they are opaque to us).
    if (rest.empty()) return std::nullopt;
    uri.user = rest;
    return uri;
  }
  // The '@' that ends userinfo is the last one before headers; ';' and '?' may stand in the user part unescaped.
  if (const auto at = rest.find('@'); at != std::string_view::npos) {
    auto user = rest.substr(0, at);
    if (user.empty()) return std::nullopt;
    if (const auto separator = user.find(':'); separator != std::string_view::npos) {
      uri.password = user.substr(separator + 1);
      user = user.substr(0, separator);
      if (user.empty()) return std::nullopt;
    }
    uri.user = user;
    rest = rest.substr(at + 1);
  }
  if (const auto question = rest.find('?'); question != std::string_view::npos) {
    uri.headers = rest.substr(question + 1);
    rest = rest.substr(0, question);
  }
  auto params = std::string_view{};
  if (const auto semicolon = rest.find(';'); semicolon != std::string_view::npos) {
    params = rest.substr(semicolon);
    rest = rest.substr(0, semicolon);
  }
  if (!parse_host_port(rest, uri) || !parse_params(params, uri.params)) return std::nullopt;
  return uri;
}

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// The character that "%HH" at `i` stands for; nullopt where there is none.
std::optional<char> escaped_at(std::string_view text, std::size_t i) {
  if (text[i] != '%' || i + 2 >= text.size()) return std::nullopt;
  const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<char>(high * 16 + low);
}

// RFC 3261 §19.1.4: an escape is the same as its character, but for those of RFC 2396's reserved set.
std::string comparable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto escaped = escaped_at(text, i);
    if (!escaped) {
      out += text[i];
      continue;
    }
    if (std::string_view{";/?:@&=+$,"}.find(*escaped) == std::string_view::npos) {
      out += *escaped;
    } else {
      out += '%';
      out += lower(text[i + 1]);
      out += lower(text[i + 2]);
    }
    i += 2;
  }
  return out;
}

// A parameter in both must match; user, ttl, method, maddr and transport must be in both or none.
bool params_match(const Params& x, const Params& y) {
  for (const auto& param : x.all()) {
    const auto other = y.find(param.name);
    if (other) {
      if (!equal_ignoring_case(comparable(*other), comparable(param.value.value_or("")))) return false;
    } else {
      for (const auto* strict : {"user", "ttl", "method", "maddr", "transport"})
        if (equal_ignoring_case(param.name, strict)) return false;
    }
  }
  return true;
}

// Headers are never ignored; their order doesn't matter.
std::vector<std::string> comparable_headers(std::string_view headers) {
  std::vector<std::string> all;
  while (!headers.empty()) {
    const auto end = std::min(headers.find('&'), headers.size());
    auto field = comparable(headers.substr(0, end));
    for (char& c : field) {
      if (c == '=') break;
      c = lower(c);
    }
    all.push_back(std::move(field));
    headers.remove_prefix(std::min(end + 1, headers.size()));
  }
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

std::string unescape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto escaped = escaped_at(text, i);
    out += escaped.value_or(text[i]);
    if (escaped) i += 2;
  }
  return out;
}

bool equivalent(const Uri& a, const Uri& b) {
  if (a == b) return true;
  return a.scheme == b.scheme && comparable(a.user) == comparable(b.user) &&
         comparable(a.password) == comparable(b.password) && equal_ignoring_case(a.host, b.host) && a.port == b.port &&
         params_match(a.params, b.params) && params_match(b.params, a.params) &&
         comparable_headers(a.headers) == comparable_headers(b.headers);
}

}  // namespace roamdesk::sip
