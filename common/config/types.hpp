#pragma once
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/endpoint.hpp"
#include "common/base/ids.hpp"
#include "common/base/port_range.hpp"

namespace roamdesk::config {

// "18:30", in a site's own zone.
struct TimeOfDay {
  std::chrono::minutes since_midnight{};
  friend auto operator<=>(const TimeOfDay&, const TimeOfDay&) = default;
};
std::string to_string(TimeOfDay time);  // "18:30"

// A name that the tz database knows: "Europe/Nicosia".
using TimeZone = Strong<struct TimeZoneTag, std::string>;
bool is_time_zone(std::string_view name);

// "pbx.example.com:5090", "192.0.2.1:5090" or "[2001:db8::1]:5090".
struct HostPort {
  std::string host;  // IPv6 in brackets
  std::uint16_t port = 0;
  friend auto operator<=>(const HostPort&, const HostPort&) = default;
};
std::string to_string(const HostPort& host_port);

// nullopt where the text isn't one. A duration is a whole number and one unit: 500ms, 30s, 10m, 10h, 7d.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
// 1..65535, first <= last.
std::optional<PortRange> parse_port_range(std::string_view text);
std::optional<TimeOfDay> parse_time_of_day(std::string_view text);
std::optional<HostPort> parse_host_port(std::string_view text);
// A DNS name of letters, digits, '-' and '.', or an IPv4 address.
bool is_host(std::string_view text);

}  // namespace roamdesk::config
