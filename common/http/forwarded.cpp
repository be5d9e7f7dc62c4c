#include "common/http/forwarded.hpp"

#include <algorithm>

#include "common/http/field_text.hpp"

namespace roamdesk::http {
namespace {

using Hops = std::vector<std::string_view>;  // from the client on; "" for one that doesn't say

// The elements of all fields of this name, in their order. None of what is listed here has commas in quotes.
Hops elements_of(const Request& request, std::string_view name) {
  Hops all;
  for (const Field& field : request.fields) {
    if (!same_name(field.name, name)) continue;
    std::string_view rest = field.value;
    for (bool more = true; more;) {
      const std::size_t comma = rest.find(',');
      more = comma != rest.npos;
      all.push_back(trim(rest.substr(0, comma)));
      if (more) rest.remove_prefix(comma + 1);
    }
  }
  return all;
}

// RFC 7239 §4: `for=192.0.2.60;proto=http`.
std::string_view parameter(std::string_view element, std::string_view name) {
  while (!element.empty()) {
    const std::size_t end = element.find(';');
    const std::string_view pair = trim(element.substr(0, end));
    element.remove_prefix(end == element.npos ? element.size() : end + 1);
    const std::size_t equals = pair.find('=');
    if (equals == pair.npos || !same_name(pair.substr(0, equals), name)) continue;
    std::string_view value = pair.substr(equals + 1);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    return value;
  }
  return {};
}

// With or without a port; IPv6 in brackets (RFC 7239 §6), without them it has none.
std::optional<IpAddress> address_in(std::string_view text) {
  if (text.starts_with('[')) return parse_ip_host(text.substr(0, std::min(text.find(']'), text.size() - 1) + 1));
  const std::size_t colon = text.find(':');
  const bool has_port = colon != text.npos && text.find(':', colon + 1) == text.npos;
  return parse_ip(has_port ? text.substr(0, colon) : text);
}

std::optional<IpAddress> client_of(const Hops& hops, const std::vector<IpAddress>& proxies) {
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
    const auto address = address_in(*hop);
    if (!address) return std::nullopt;
    if (std::find(proxies.begin(), proxies.end(), *address) == proxies.end()) return address;
  }
  return std::nullopt;
}

}  // namespace

void see_through(Request& request, const std::vector<IpAddress>& proxies) {
  if (std::find(proxies.begin(), proxies.end(), request.peer.address) == proxies.end()) return;
  const Hops listed = elements_of(request, "X-Forwarded-For"), standard = elements_of(request, "Forwarded");
  Hops standard_for;
  for (const auto element : standard) standard_for.push_back(parameter(element, "for"));
  const auto by_list = client_of(listed, proxies), by_standard = client_of(standard_for, proxies);
  if (!listed.empty() && !standard.empty() && by_list != by_standard) return;
  const Hops schemes = elements_of(request, "X-Forwarded-Proto");
  const std::string_view scheme = !standard.empty() && schemes.empty() ? parameter(standard.back(), "proto")
                                  : schemes.empty()                    ? std::string_view{}
                                                                       : schemes.back();
  if (same_name(scheme, "https")) request.tls = true;
  if (const auto client = listed.empty() ? by_standard : by_list) request.peer = {*client, 0};
}

}  // namespace roamdesk::http
