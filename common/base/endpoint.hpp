#pragma once
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/ip_address.hpp"

namespace roamdesk {

// A transport address as SIP and RTP name it.
struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;
  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

// "192.0.2.1:5060", "[2001:db8::1]:5060"; the port is 1..65535, or 0 where `allow_port_zero`.
std::optional<Endpoint> parse_endpoint(std::string_view text, bool allow_port_zero = false);
std::string to_string(const Endpoint& endpoint);

}  // namespace roamdesk

template <>
struct std::hash<roamdesk::Endpoint> {
  std::size_t operator()(const roamdesk::Endpoint& e) const {
    return std::hash<std::uint64_t>{}(std::hash<roamdesk::IpAddress>{}(e.address) << 16 ^ e.port);
  }
};
