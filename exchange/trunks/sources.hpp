#pragma once
#include <optional>
#include <string_view>

#include "common/base/endpoint.hpp"

namespace roamdesk::trunks {

// Addresses from which calls come, as the record has them: "192.0.2.1", or "192.0.2.0/24" (8 to 32).
struct AddressRange {
  IpAddress first;
  unsigned bits = 32;
  bool has(IpAddress address) const {
    const std::uint32_t mask = ~std::uint32_t{0} << (32 - bits);
    return ((address.value ^ first.value) & mask) == 0;
  }
};
// nullopt for anything else.
std::optional<AddressRange> parse_range(std::string_view text);

}  // namespace roamdesk::trunks
