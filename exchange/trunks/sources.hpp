#pragma once
#include <optional>
#include <string_view>

#include "common/base/endpoint.hpp"

namespace roamdesk::trunks {

// Addresses from which calls come, as the record has them: "192.0.2.1", "2001:db8::1", or a network, "192.0.2.0/24" (8
// to 32), "2001:db8::/48" (32 to 128).
struct AddressRange {
  IpAddress first;
  unsigned bits = 32;  // that count, of the 32 or 128
  // An address of the other family is in none.
  bool has(IpAddress address) const;
};
// nullopt for anything else.
std::optional<AddressRange> parse_range(std::string_view text);

}  // namespace roamdesk::trunks
