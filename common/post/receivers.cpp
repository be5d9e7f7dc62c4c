#include "common/post/receivers.hpp"

#include <algorithm>
#include <utility>

#include "common/base/ip_address.hpp"
#include "common/base/text.hpp"

namespace roamdesk::post {
namespace {

bool is_host_text(std::string_view host) {
  if (host.empty() || host.size() > 253) return false;
  for (std::size_t begin = 0; begin <= host.size();) {
    const auto end = std::min(host.find('.', begin), host.size());
    const auto label = host.substr(begin, end - begin);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    for (const char c : label)
      if (!((c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-')) return false;
    begin = end + 1;
  }
  return true;
}

bool is_host(std::string_view text) {
  return text.starts_with('[') ? parse_ip_host(text).has_value() : is_host_text(text);
}

bool is_port_text(std::string_view text) {
  return !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// The host, and the port where there is one.
std::pair<std::string_view, std::optional<std::string_view>> split(std::string_view text) {
  const auto colon = text.find(':', text.starts_with('[') ? std::min(text.find(']'), text.size()) : 0);
  if (colon == std::string_view::npos) return {text, std::nullopt};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

}  // namespace

bool is_mail_address(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at > 64 || text.size() > 254) return false;
  const auto local = text.substr(0, at);
  if (local.front() == '.' || local.back() == '.' || local.find("..") != std::string_view::npos) return false;
  constexpr std::string_view others = "!#$%&'*+-/=?^_`{|}~.";  // RFC 5322 §3.2.3
  for (const char c : local)
    if (!((c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || others.find(c) != std::string_view::npos))
      return false;
  return is_host_text(text.substr(at + 1));
}

bool is_web_hook(std::string_view text) {
  constexpr std::size_t longest = 500;
  if (text.size() > longest) return false;
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\'; }))
    return false;
  const auto scheme = lowered(text.substr(0, std::min(text.find("://"), text.size())));
  if (scheme != "http" && scheme != "https") return false;
  auto rest = text.substr(scheme.size() + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (const auto user = rest.rfind('@'); user != std::string_view::npos) rest.remove_prefix(user + 1);
  const auto [host, port] = split(rest);
  if (port && !is_port_text(*port)) return false;
  if (scheme == "http") return host == "127.0.0.1" || host == "localhost" || host == "[::1]";
  return is_host(host);
}

std::optional<SyslogServer> syslog_server(std::string_view text) {
  if (text == "local") return SyslogServer{};
  constexpr std::size_t longest = 300;
  if (text.size() > longest) return std::nullopt;
  for (const auto& [scheme, by] :
       {std::pair{"udp://", SyslogBy::udp}, std::pair{"tcp://", SyslogBy::tcp}, std::pair{"tls://", SyslogBy::tls}}) {
    if (!text.starts_with(scheme)) continue;
    const auto rest = text.substr(6);
    const auto [host, port] = split(rest);
    if (!port || !is_port_text(*port) || !is_host(host)) return std::nullopt;
    return SyslogServer{by, std::string(rest)};
  }
  return std::nullopt;
}

}  // namespace roamdesk::post
