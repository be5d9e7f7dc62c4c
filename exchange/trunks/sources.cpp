#include "exchange/trunks/sources.hpp"

#include <algorithm>
#include <charconv>

namespace roamdesk::trunks {
namespace {

// Whether the first `bits` of two numbers are the same.
bool alike(std::uint64_t a, std::uint64_t b, unsigned bits) { return bits == 0 || (a ^ b) >> (64 - bits) == 0; }

}  // namespace

bool AddressRange::has(IpAddress address) const {
  if (address.is_v4() != first.is_v4()) return false;
  // An IPv4 address is the last 32 bits of its mapped form.
  const unsigned all = first.is_v4() ? bits + 96 : bits;
  return alike(address.high(), first.high(), std::min(all, 64U)) &&
         alike(address.low(), first.low(), all > 64 ? all - 64 : 0);
}

std::optional<AddressRange> parse_range(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = parse_ip(text.substr(0, slash));
  if (!address) return std::nullopt;
  const unsigned fewest = address->is_v4() ? 8 : 32, most = address->is_v4() ? 32 : 128;
  if (slash == std::string_view::npos) return AddressRange{*address, most};
  const auto length = text.substr(slash + 1);
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
  if (error != std::errc{} || end != length.data() + length.size() || bits < fewest || bits > most) return std::nullopt;
  return AddressRange{*address, bits};
}

}  // namespace roamdesk::trunks
