#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "pbx-core/api/domain.hpp"
#include "pbx-core/api/problem.hpp"
#include "pbx-core/api/sheet_plan.hpp"

// Hot desks as a spreadsheet has them: mac,vendor,model,site,sbc_address,name,location,language,time_zone,
// emergency_location, and version, if it is to be held against. The columns id, extension, person and since of an
// export are read over. Pure.
namespace roamdesk::api {

// What a line says, column by column; a column that isn't there says nothing, an empty cell takes the value away
// (of vendor, model and site it says nothing).
struct DeskRow {
  std::size_t line = 1;
  std::string mac;  // as it is kept, where it is one
  std::map<std::string, std::string> cells;
  std::optional<std::string> problem;    // the first thing that is wrong
  std::optional<std::string> version{};  // of the desk, as it was when the sheet was made
  // What is to be done, once it is planned.
  std::optional<NewDesk> made{};
  DeskPatch patch{};
};
inline const std::string& number_of(const DeskRow& row) { return row.mac; }
using DeskPlan = SheetPlan<DeskRow>;

// What the rows are held against.
struct DeskWorld {
  std::vector<DeskView> desks;
  std::vector<ModelView> models;
  std::vector<std::string> sbcs, locations;
};

// 422 where the sheet as a whole can't be read: no CSV, or columns that we don't know.
Result<std::vector<DeskRow>, Problem> read_desks(std::string_view text);
DeskPlan plan_desks(std::vector<DeskRow> sheet, const DeskWorld& world);
// With a BOM, by id. `version`: of each, in a column of its own; null: without it.
std::string write_desks(std::vector<DeskView> desks, std::string (*version)(const HotDesk&) = nullptr);

}  // namespace roamdesk::api
