#include "common/http/request_head.hpp"

#include <algorithm>

#include "common/http/field_text.hpp"

namespace roamdesk::http {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool has_control(std::string_view value) {
  return std::any_of(value.begin(), value.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

// RFC 3986 §3.2.2: a registered name or an IPv4 address; empty is one too.
bool is_name(std::string_view host) {
  constexpr std::string_view marks = "-._~!$&'()*+,;=";
  for (std::size_t i = 0; i < host.size(); ++i) {
    const char c = host[i];
    if (c == '%') {
      if (i + 2 >= host.size() || !is_hex(host[i + 1]) || !is_hex(host[i + 2])) return false;
      i += 2;
    } else if (!is_digit(c) && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && marks.find(c) == marks.npos) {
      return false;
    }
  }
  return true;
}

// uri-host [ ":" port ]; a user before it isn't possible here (RFC 9110 §4.2.4).
bool is_host(std::string_view text) {
  std::string_view host = text, port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == text.npos || end < 3) return false;
    host = text.substr(1, end - 1);
    port = text.substr(end + 1);
    if (!std::all_of(host.begin(), host.end(), [](char c) { return is_hex(c) || c == ':' || c == '.'; })) return false;
    host = {};
  } else if (const std::size_t colon = text.find(':'); colon != text.npos) {
    host = text.substr(0, colon);
    port = text.substr(colon);
  }
  if (!port.empty() && port.front() != ':') return false;
  if (!port.empty()) port.remove_prefix(1);
  return is_name(host) && port.size() <= 5 && std::all_of(port.begin(), port.end(), is_digit);
}

unsigned fault_of_hosts(unsigned version, const std::vector<Field>& fields) {
  std::size_t hosts = 0;
  for (const Field& field : fields) {
    if (!same_name(field.name, "Host")) continue;
    ++hosts;
    if (!is_host(trim(field.value))) return 400;
  }
  return hosts > 1 || (hosts == 0 && version >= 11) ? 400 : 0;
}

unsigned fault_of_codings(unsigned version, const std::vector<Field>& fields) {
  std::size_t fields_of_it = 0, chunked = 0;
  bool unknown = false, length = false;
  for (const Field& field : fields) {
    if (same_name(field.name, "Content-Length")) length = true;
    if (!same_name(field.name, "Transfer-Encoding")) continue;
    ++fields_of_it;
    std::string_view rest = field.value;
    for (bool more = true; more;) {
      const std::size_t comma = rest.find(',');
      const std::string_view coding = trim(rest.substr(0, comma));
      more = comma != rest.npos;
      if (more) rest.remove_prefix(comma + 1);
      if (coding.empty()) continue;  // RFC 9110 §5.6.1.2: an empty list element is none
      if (same_name(coding, "chunked"))
        ++chunked;
      else
        unknown = true;
    }
  }
  if (fields_of_it == 0) return 0;
  if (version < 11 || length) return 400;  // a proxy that forwarded this may have read it otherwise
  if (unknown) return 501;
  return chunked == 1 ? 0 : 400;
}

}  // namespace

unsigned fault_of_head(unsigned version, const std::vector<Field>& fields) {
  if (std::any_of(fields.begin(), fields.end(), [](const Field& field) { return has_control(field.value); }))
    return 400;
  if (const unsigned fault = fault_of_hosts(version, fields)) return fault;
  return fault_of_codings(version, fields);
}

bool make_origin_form(std::string& target, std::vector<Field>& fields, std::string_view method) {
  if (target.starts_with('/')) return true;
  if (target == "*") return method == "OPTIONS";
  if (method == "CONNECT") return true;  // an authority; it is always refused
  const std::size_t colon = target.find("://");
  if (colon == target.npos) return false;
  const std::string_view scheme = std::string_view(target).substr(0, colon);
  if (!same_name(scheme, "http") && !same_name(scheme, "https")) return false;
  const std::size_t begin = colon + 3, end = std::min(target.find_first_of("/?#", begin), target.size());
  const std::string host = target.substr(begin, end - begin);
  if (host.empty() || !is_host(host)) return false;
  std::string path = target.substr(end);
  if (!path.starts_with('/')) path.insert(0, "/");
  target = std::move(path);
  std::erase_if(fields, [](const Field& field) { return same_name(field.name, "Host"); });
  fields.push_back({"Host", host});
  return true;
}

}  // namespace roamdesk::http
