#include "common/config/types.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace roamdesk::config {
namespace {

// Decimal digits only, the whole text, no sign.
std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t most) {
  if (text.empty() || text.size() > 18 ||
      !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return std::nullopt;
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  if (value > most) return std::nullopt;
  return value;
}

}  // namespace

std::string to_string(TimeOfDay time) {
  const auto minutes = time.since_midnight.count();
  return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

std::string to_string(const HostPort& host_port) { return fmt::format("{}:{}", host_port.host, host_port.port); }

bool is_time_zone(std::string_view name) {
  // No path tricks: the tz database is a directory of files, and names go into phones' configurations.
  if (name.empty() || name.size() > 64 || name.find("..") != name.npos || name.front() == '/') return false;
  try {
    date::locate_zone(std::string{name});
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  using namespace std::chrono;
  const auto unit_at = text.find_first_not_of("0123456789");
  if (unit_at == text.npos || unit_at == 0) return std::nullopt;
  const auto number = parse_number(text.substr(0, unit_at), 1'000'000'000);
  if (!number) return std::nullopt;
  const auto unit = text.substr(unit_at);
  const auto count = static_cast<std::int64_t>(*number);
  if (unit == "ms") return milliseconds{count};
  if (unit == "s") return seconds{count};
  if (unit == "m") return minutes{count};
  if (unit == "h") return hours{count};
  if (unit == "d") return hours{24 * count};
  return std::nullopt;
}

std::optional<PortRange> parse_port_range(std::string_view text) {
  const auto dash = text.find('-');
  if (dash == text.npos) return std::nullopt;
  const auto first = parse_number(text.substr(0, dash), 65535), last = parse_number(text.substr(dash + 1), 65535);
  if (!first || !last || *first == 0 || *first > *last) return std::nullopt;
  return PortRange{static_cast<std::uint16_t>(*first), static_cast<std::uint16_t>(*last)};
}

std::optional<TimeOfDay> parse_time_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hours = parse_number(text.substr(0, 2), 23), minutes = parse_number(text.substr(3), 59);
  if (!hours || !minutes) return std::nullopt;
  return TimeOfDay{std::chrono::minutes{*hours * 60 + *minutes}};
}

bool is_host(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  std::size_t label = 0;
  char before = '.';
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (c == '.') {
      if (before == '.' || before == '-') return false;
      label = 0;
    } else if (letter || (c == '-' && before != '.')) {
      if (++label > 63) return false;
    } else {
      return false;
    }
    before = c;
  }
  if (before == '.' || before == '-') return false;
  // Digits and dots alone must be an address: "1.2.3" and "300.1.1.1" are slips of the pen.
  if (text.find_first_not_of("0123456789.") == text.npos) return parse_ipv4(text).has_value();
  return true;
}

std::optional<HostPort> parse_host_port(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  const auto port = parse_number(text.substr(colon + 1), 65535);
  const auto host = text.substr(0, colon);
  if (!port || *port == 0 || !(host.starts_with('[') ? parse_ip_host(host).has_value() : is_host(host)))
    return std::nullopt;
  return HostPort{std::string{text.substr(0, colon)}, static_cast<std::uint16_t>(*port)};
}

}  // namespace roamdesk::config
