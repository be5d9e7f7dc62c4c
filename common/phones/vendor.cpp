#include "common/phones/vendor.hpp"

#include <vector>

#include "common/phones/vendor_facts.hpp"
#include "common/sip/text.hpp"

namespace roamdesk::phones {

std::string_view to_string(Vendor vendor) {
  const auto* facts = facts_of(vendor);
  return facts != nullptr ? facts->name : std::string_view{};
}

std::string_view display_name(Vendor vendor) {
  const auto* facts = facts_of(vendor);
  return facts != nullptr ? facts->display : std::string_view{"unknown vendor"};
}

Vendor parse_vendor(std::string_view text) {
  for (const auto* facts : all_vendors())
    if (sip::equal_ignoring_case(facts->name, text)) return *facts->vendor;
  return Vendor::unknown;
}

Vendor vendor_of(const Mac& mac) {
  const auto first_half = mac.value() >> 24;
  for (const auto* facts : all_vendors())
    for (const auto oui : *facts->ouis)
      if (oui.value() == first_half) return *facts->vendor;
  return Vendor::unknown;
}

bool is_supported(Vendor vendor) {
  const auto* facts = facts_of(vendor);
  return facts != nullptr && *facts->grammar != nullptr;
}

std::span<const Vendor> supported_vendors() {
  static const auto supported = [] {
    std::vector<Vendor> found;
    for (const auto* facts : all_vendors())
      if (is_supported(*facts->vendor)) found.push_back(*facts->vendor);
    return found;
  }();
  return supported;
}

}  // namespace roamdesk::phones
