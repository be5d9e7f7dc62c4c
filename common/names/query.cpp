#include "common/names/query.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace roamdesk::names {
namespace {

constexpr std::size_t longest_label = 63, longest_name = 253;  // RFC 1035 §2.3.4

bool is_label_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= longest_label && std::all_of(label.begin(), label.end(), is_label_character);
}

}  // namespace

bool is_host_name(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.size() > longest_name) return false;
  std::string_view last;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('.', at), text.size());
    last = text.substr(at, end - at);
    if (!is_label(last)) return false;
    at = end + 1;
  }
  // Else it is an address that was written badly (RFC 3696 §2: no top-level domain is all digits).
  return !std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<Query> parse_server(std::string_view server, std::optional<sip::Transport> transport) {
  Query query{.host = {}, .port = std::nullopt, .transport = transport};
  if (const auto address = parse_ip_host(server)) {
    query.host = to_string(*address);
    return query;
  }
  if (server.starts_with('[')) {
    const auto endpoint = parse_endpoint(server);
    if (!endpoint) return std::nullopt;
    query.host = to_string(endpoint->address);
    query.port = endpoint->port;
    return query;
  }
  const auto colon = server.find(':');
  if (colon != std::string_view::npos) {
    // The port by the same rules as everywhere else.
    const auto endpoint = parse_endpoint("0.0.0.0" + std::string{server.substr(colon)});
    if (!endpoint) return std::nullopt;
    query.port = endpoint->port;
    server = server.substr(0, colon);
  }
  if (!parse_ipv4(server) && !is_host_name(server)) return std::nullopt;
  query.host = server;
  return query;
}

bool is_said(Fault fault) {
  return fault == Fault::not_a_name || fault == Fault::no_such_name || fault == Fault::no_address ||
         fault == Fault::not_offered;
}

std::string to_string(const Problem& problem) {
  switch (problem.fault) {
    case Fault::not_a_name:
      return fmt::format("\"{}\" is neither a host name nor an address", problem.name);
    case Fault::no_such_name:
      return fmt::format("the name {} doesn't exist (DNS: NXDOMAIN)", problem.name);
    case Fault::no_address:
      return fmt::format("the name {} exists, but has no address", problem.name);
    case Fault::not_offered:
      return fmt::format("{} doesn't offer SIP this way: the target of its SRV record is \".\"", problem.name);
    case Fault::server_failed:
      return fmt::format("the DNS servers can't look up {} (SERVFAIL, REFUSED, or not reachable)", problem.name);
    case Fault::no_answer:
      return fmt::format("no DNS server has answered in time when asked for {}", problem.name);
    case Fault::bad_answer:
      return fmt::format("what the DNS server says of {} can't be read", problem.name);
    case Fault::leads_too_far:
      return fmt::format("the DNS records of {} lead too far", problem.name);
    case Fault::too_many:
      return fmt::format("{} waits: too many names are being looked up", problem.name);
  }
  return {};
}

}  // namespace roamdesk::names
