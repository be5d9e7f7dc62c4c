#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/phones/mac.hpp"

namespace roamdesk::phones {

// Those that we configure come first; the others are recognised, so that the console can name them.
enum class Vendor : std::uint8_t { unknown, yealink, snom, fanvil, grandstream, htek, poly, cisco, gigaset };

// "yealink"; "" for unknown. The spelling of records, API and file names.
std::string_view to_string(Vendor vendor);
// "Yealink"; "unknown vendor" for unknown.
std::string_view display_name(Vendor vendor);
// Any case; unknown for every other word.
Vendor parse_vendor(std::string_view name);
// By the first three bytes (reference §8); unknown where the list doesn't hold them.
Vendor vendor_of(const Mac& mac);
// Whether we can write its configuration.
bool is_supported(Vendor vendor);

}  // namespace roamdesk::phones
