#include "pbx-core/api/desk_model.hpp"

#include <fmt/format.h>

#include <set>

#include "common/base/text.hpp"

namespace roamdesk::api {

Result<KnownModel, Problem> find_model(const std::vector<ModelView>& models, phones::Vendor vendor,
                                       std::string_view model) {
  std::set<std::string_view> vendors;
  std::vector<std::string> of_vendor;
  for (const ModelView& m : models) {
    vendors.insert(phones::to_string(m.vendor));
    if (m.vendor != vendor) continue;
    if (equal_ignoring_case(m.model, model)) return KnownModel{m.vendor, m.model};
    of_vendor.push_back(m.model);
  }
  if (of_vendor.empty())
    return Problem{422, fmt::format("unknown vendor; expected one of {}", fmt::join(vendors, ", ")), "vendor"};
  return Problem{422, fmt::format("unknown model of this vendor; expected one of {}", fmt::join(of_vendor, ", ")),
                 "model"};
}

}  // namespace roamdesk::api
