#include <cassert>
#include <vector>

#include "common/phones/vendor_facts.hpp"

// The list of vendors. One that is in the enum and not in the switch doesn't compile.
namespace roamdesk::phones {

namespace vendors {
// Each in vendors/<name>.cpp.
extern const VendorFacts yealink, snom, fanvil, grandstream, htek, poly, cisco, gigaset;
}  // namespace vendors

const VendorFacts* facts_of(Vendor vendor) {
  switch (vendor) {
    case Vendor::unknown:
      return nullptr;
    case Vendor::yealink:
      return &vendors::yealink;
    case Vendor::snom:
      return &vendors::snom;
    case Vendor::fanvil:
      return &vendors::fanvil;
    case Vendor::grandstream:
      return &vendors::grandstream;
    case Vendor::htek:
      return &vendors::htek;
    case Vendor::poly:
      return &vendors::poly;
    case Vendor::cisco:
      return &vendors::cisco;
    case Vendor::gigaset:
      return &vendors::gigaset;
  }
  return nullptr;
}

std::span<const VendorFacts* const> all_vendors() {
  static const auto all = [] {
    std::vector<const VendorFacts*> found;
    for (std::uint8_t number = 1; const auto* facts = facts_of(Vendor{number}); ++number) found.push_back(facts);
    return found;
  }();
  return all;
}

const Grammar& grammar_of(Vendor vendor) {
  const auto* facts = facts_of(vendor);
  assert(facts != nullptr && *facts->grammar != nullptr);
  return **facts->grammar;
}

bool can_fetch_by_https(const Model& model) {
  const auto* facts = facts_of(model.vendor);
  return facts && *facts->grammar && *(*facts->grammar)->takes_authority && model.https;
}

}  // namespace roamdesk::phones
