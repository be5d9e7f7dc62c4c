#include "common/base/endpoint.hpp"

#include <fmt/format.h>

#include <charconv>

namespace roamdesk {
namespace {

// A decimal number without leading zeros, at most `max`; advances `text` past it.
std::optional<std::uint32_t> take_number(std::string_view& text, std::uint32_t max) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number > max) return std::nullopt;
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (digits > 1 && text.front() == '0') return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

}  // namespace

std::optional<IpAddress> parse_ipv4(std::string_view text) {
  std::uint32_t value = 0;
  for (int octet = 0; octet < 4; ++octet) {
    if (octet > 0) {
      if (text.empty() || text.front() != '.') return std::nullopt;
      text.remove_prefix(1);
    }
    const auto number = take_number(text, 255);
    if (!number) return std::nullopt;
    value = (value << 8) | *number;
  }
  if (!text.empty()) return std::nullopt;
  return IpAddress{value};
}

std::optional<Endpoint> parse_endpoint(std::string_view text, bool allow_port_zero) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto address = parse_ipv4(text.substr(0, colon));
  auto rest = text.substr(colon + 1);
  const auto port = take_number(rest, 65535);
  if (!address || !port || !rest.empty() || (*port == 0 && !allow_port_zero)) return std::nullopt;
  return Endpoint{*address, static_cast<std::uint16_t>(*port)};
}

std::string to_string(IpAddress address) {
  return fmt::format("{}.{}.{}.{}", address.value >> 24, (address.value >> 16) & 255, (address.value >> 8) & 255,
                     address.value & 255);
}

std::string to_string(const Endpoint& endpoint) {
  return fmt::format("{}:{}", to_string(endpoint.address), endpoint.port);
}

}  // namespace roamdesk
