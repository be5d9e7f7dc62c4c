#pragma once
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "exchange/routing/dial_codes.hpp"
#include "pbx-core/api/people_sheet.hpp"

namespace roamdesk::api {

enum class RowAction { create, update, unchanged, error };

// PINs: from null, to "given" (in the sheet) or "random" (a new extension without one).
struct RowChange {
  std::string field;
  boost::json::value from, to;
};

struct PlannedRow {
  SheetRow row;
  RowAction action = RowAction::unchanged;
  std::vector<RowChange> changes;
};

// What an import would do, a row each; nothing is done where a row is an error.
struct ImportPlan {
  std::vector<PlannedRow> rows;
  std::size_t create = 0, update = 0, unchanged = 0, errors = 0;
};

// Pure. A PIN in the sheet counts as a change: the present one can't be read. `codes` are routing::codes_anywhere().
ImportPlan plan_import(std::vector<SheetRow> sheet, const std::vector<ExtensionView>& existing,
                       const routing::Codes& codes);

boost::json::object to_json(const ImportPlan& plan);

}  // namespace roamdesk::api

namespace roamdesk {
template <>
inline constexpr std::array<std::string_view, 4> words<api::RowAction> = {"create", "update", "unchanged", "error"};
}  // namespace roamdesk
