#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "common/phones/mac.hpp"

namespace roamdesk::phones {

// Who made a phone. What is known of each stands in vendors/<vendor>.cpp; some are recognised only, so that the console
// can name them.
enum class Vendor : std::uint8_t { unknown, yealink, snom, fanvil, grandstream, htek, poly, cisco, gigaset };

// "yealink"; "" for unknown. The spelling of records, API and file names.
std::string_view to_string(Vendor vendor);
// "Yealink"; "unknown vendor" for unknown.
std::string_view display_name(Vendor vendor);
// Any case; unknown for every other word.
Vendor parse_vendor(std::string_view name);
// By the first three bytes (docs/reference/provisioning.md §8); unknown where no vendor's list holds them.
Vendor vendor_of(const Mac& mac);
// Whether we can write its configuration.
bool is_supported(Vendor vendor);
// All whose configuration we can write, in the enum's order.
std::span<const Vendor> supported_vendors();

}  // namespace roamdesk::phones
