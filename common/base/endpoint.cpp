#include "common/base/endpoint.hpp"

#include <charconv>

namespace roamdesk {
namespace {

// A decimal number without leading zeros.
std::optional<std::uint16_t> port_in(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool leads_with_zero = text.size() > 1 && text.front() == '0';
  if (error != std::errc{} || end != text.data() + text.size() || leads_with_zero) return std::nullopt;
  return port;
}

}  // namespace

std::optional<Endpoint> parse_endpoint(std::string_view text, bool allow_port_zero) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto host = text.substr(0, colon);
  // Without brackets it couldn't be told where an IPv6 address ends.
  const auto address = host.starts_with('[') ? parse_ip_host(host) : parse_ipv4(host);
  const auto port = port_in(text.substr(colon + 1));
  if (!address || !port || (*port == 0 && !allow_port_zero)) return std::nullopt;
  return Endpoint{*address, *port};
}

std::string to_string(const Endpoint& endpoint) {
  return host_of(endpoint.address) + ':' + std::to_string(endpoint.port);
}

}  // namespace roamdesk
