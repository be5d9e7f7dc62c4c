#pragma once
#include <string>
#include <vector>

#include "exchange/routing/dial_codes.hpp"
#include "pbx-core/api/people_sheet.hpp"
#include "pbx-core/api/sheet_plan.hpp"

namespace roamdesk::api {

inline const std::string& number_of(const SheetRow& row) { return row.number; }
using PlannedRow = Planned<SheetRow>;
using ImportPlan = SheetPlan<SheetRow>;

// Pure. A PIN in the sheet counts as a change: the present one can't be read. `codes` are routing::codes_anywhere().
ImportPlan plan_import(std::vector<SheetRow> sheet, const std::vector<ExtensionView>& existing,
                       const routing::Codes& codes);

}  // namespace roamdesk::api
