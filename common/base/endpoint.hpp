#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace roamdesk {

// An IPv4 address, host byte order. (Phones' networks are IPv4; contract §2.)
struct IpAddress {
  std::uint32_t value = 0;
  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
  bool is_unspecified() const { return value == 0; }
  bool is_loopback() const { return (value >> 24) == 127; }
};

// A transport address as SIP and RTP name it.
struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;
  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

// "192.0.2.1"; nullopt for anything else (no leading zeros, no blanks).
std::optional<IpAddress> parse_ipv4(std::string_view text);
// "192.0.2.1:5060"; the port is 1..65535, or 0 where `allow_port_zero`.
std::optional<Endpoint> parse_endpoint(std::string_view text, bool allow_port_zero = false);
std::string to_string(IpAddress address);
std::string to_string(const Endpoint& endpoint);

}  // namespace roamdesk

template <>
struct std::hash<roamdesk::Endpoint> {
  std::size_t operator()(const roamdesk::Endpoint& e) const {
    return std::hash<std::uint64_t>{}((std::uint64_t{e.address.value} << 16) | e.port);
  }
};
