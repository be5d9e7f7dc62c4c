#include "exchange/trunks/sources.hpp"

#include <charconv>

namespace roamdesk::trunks {

std::optional<AddressRange> parse_range(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = parse_ipv4(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == std::string_view::npos) return AddressRange{*address, 32};
  const auto length = text.substr(slash + 1);
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
  if (error != std::errc{} || end != length.data() + length.size() || bits < 8 || bits > 32) return std::nullopt;
  return AddressRange{*address, bits};
}

}  // namespace roamdesk::trunks
