#include "common/base/ip_address.hpp"

#include <fmt/format.h>

#include <charconv>

namespace roamdesk {
namespace {

constexpr std::size_t groups = 8;  // of 16 bits each

// Up to four hexadecimal digits; advances `text` past them.
std::optional<std::uint16_t> take_group(std::string_view& text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (error != std::errc{} || digits > 4) return std::nullopt;
  text.remove_prefix(digits);
  return static_cast<std::uint16_t>(value);
}

struct Groups {
  std::array<std::uint16_t, groups> value{};
  std::size_t count = 0;
  bool add(std::uint16_t group) {
    if (count == groups) return false;
    value[count++] = group;
    return true;
  }
};

// "2001:db8:0:1", "", or with an IPv4 address at its end where that may be.
bool read_groups(std::string_view text, bool may_end_in_v4, Groups& out) {
  while (!text.empty()) {
    const bool is_last = text.find(':') == std::string_view::npos;
    if (is_last && may_end_in_v4 && text.find('.') != std::string_view::npos) {
      const auto v4 = parse_ipv4(text);
      return v4 && out.add(static_cast<std::uint16_t>(v4->v4() >> 16)) && out.add(static_cast<std::uint16_t>(v4->v4()));
    }
    const auto group = take_group(text);
    if (!group || !out.add(*group)) return false;
    if (text.empty()) return true;
    if (text.front() != ':' || text.size() == 1) return false;
    text.remove_prefix(1);
  }
  return true;
}

IpAddress address_of(const std::array<std::uint16_t, groups>& value) {
  std::uint64_t half[2] = {};
  for (std::size_t i = 0; i < groups; ++i) half[i / 4] = half[i / 4] << 16 | value[i];
  return {half[0], half[1]};
}

std::optional<IpAddress> parse_ipv6(std::string_view text) {
  const auto gap = text.find("::");
  Groups front, back;
  if (!read_groups(text.substr(0, gap), gap == std::string_view::npos, front)) return std::nullopt;
  if (gap == std::string_view::npos)
    return front.count == groups ? std::optional{address_of(front.value)} : std::nullopt;
  // The gap stands for one group of zeros at least.
  if (!read_groups(text.substr(gap + 2), true, back) || front.count + back.count >= groups) return std::nullopt;
  for (std::size_t i = 0; i < back.count; ++i) front.value[groups - back.count + i] = back.value[i];
  return address_of(front.value);
}

// RFC 5952 §4.2: the longest run of two zero groups or more, of equals the first.
std::pair<std::size_t, std::size_t> longest_gap(const std::array<std::uint16_t, groups>& value) {
  std::size_t best = 0, length = 0;
  for (std::size_t at = 0; at < groups; ++at) {
    std::size_t end = at;
    while (end < groups && value[end] == 0) ++end;
    if (end - at > length) best = at, length = end - at;
    at = end;
  }
  return {best, length < 2 ? 0 : length};
}

std::string ipv6_text(IpAddress address) {
  std::array<std::uint16_t, groups> value{};
  for (std::size_t i = 0; i < groups; ++i)
    value[i] = static_cast<std::uint16_t>((i < 4 ? address.high() : address.low()) >> (48 - 16 * (i % 4)));
  const auto [gap, length] = longest_gap(value);
  std::string text;
  for (std::size_t i = 0; i < groups; ++i) {
    if (length > 0 && i == gap) {
      text += "::";
      i += length - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    text += fmt::format("{:x}", value[i]);
  }
  return text;
}

}  // namespace

IpAddress IpAddress::from_bytes(const Bytes& bytes) {
  std::uint64_t half[2] = {};
  for (std::size_t i = 0; i < bytes.size(); ++i) half[i / 8] = half[i / 8] << 8 | bytes[i];
  return {half[0], half[1]};
}

IpAddress::Bytes IpAddress::bytes() const {
  Bytes bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::uint8_t>((i < 8 ? high() : low()) >> (56 - 8 * (i % 8)));
  return bytes;
}

std::optional<IpAddress> parse_ipv4(std::string_view text) {
  std::uint32_t value = 0;
  for (int octet = 0; octet < 4; ++octet) {
    if (octet > 0) {
      if (text.empty() || text.front() != '.') return std::nullopt;
      text.remove_prefix(1);
    }
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto digits = static_cast<std::size_t>(end - text.data());
    if (error != std::errc{} || number > 255 || (digits > 1 && text.front() == '0')) return std::nullopt;
    text.remove_prefix(digits);
    value = value << 8 | number;
  }
  if (!text.empty()) return std::nullopt;
  return IpAddress{value};
}

std::optional<IpAddress> parse_ip(std::string_view text) {
  return text.find(':') == std::string_view::npos ? parse_ipv4(text) : parse_ipv6(text);
}

std::optional<IpAddress> parse_ip_host(std::string_view text) {
  if (!text.starts_with('[')) return parse_ip(text);
  const auto address = text.ends_with(']') ? parse_ip(text.substr(1, text.size() - 2)) : std::nullopt;
  return address && text.find(':') != std::string_view::npos ? address : std::nullopt;
}

std::string to_string(IpAddress address) {
  if (!address.is_v4()) return ipv6_text(address);
  const auto value = address.v4();
  return fmt::format("{}.{}.{}.{}", value >> 24, value >> 16 & 255, value >> 8 & 255, value & 255);
}

std::string host_of(IpAddress address) { return address.is_v4() ? to_string(address) : '[' + ipv6_text(address) + ']'; }

}  // namespace roamdesk
