#include "pbx-core/api/import_plan.hpp"

#include <fmt/format.h>

#include <map>
#include <unordered_map>

#include "common/base/text.hpp"

namespace roamdesk::api {
namespace {

template <class From, class To>
void add(PlannedRow& planned, const char* field, const From& from, const To& to) {
  planned.changes.push_back(RowChange{field, boost::json::value(from), boost::json::value(to)});
}

void plan_new(PlannedRow& planned) {
  const SheetRow& row = planned.row;
  planned.action = RowAction::create;
  if (row.name && !row.name->empty()) add(planned, "name", nullptr, *row.name);
  add(planned, "hot_desking", nullptr, row.hot_desking.value_or(false));
  add(planned, "voicemail_pin", nullptr, row.pin ? "given" : "random");
  if (row.keys && !row.keys->empty()) add(planned, "keys", nullptr, write_keys(*row.keys));
}

void plan_change(PlannedRow& planned, const Extension& before) {
  const SheetRow& row = planned.row;
  // As the sheet would show it: spaces at a cell's ends are no change.
  if (row.name && *row.name != trim(before.name)) add(planned, "name", before.name, *row.name);
  if (row.hot_desking && *row.hot_desking != before.hot_desking)
    add(planned, "hot_desking", before.hot_desking, *row.hot_desking);
  if (row.pin) add(planned, "voicemail_pin", nullptr, "given");
  if (row.keys && *row.keys != *read_keys(trim(write_keys(before.keys))))
    add(planned, "keys", write_keys(before.keys), write_keys(*row.keys));
  planned.action = planned.changes.empty() ? RowAction::unchanged : RowAction::update;
}

}  // namespace

ImportPlan plan_import(std::vector<SheetRow> sheet, const std::vector<ExtensionView>& existing,
                       const routing::Codes& codes) {
  std::map<std::string, const Extension*> known;
  for (const ExtensionView& view : existing) known.emplace(view.record.number.value(), &view.record);
  std::unordered_map<std::string, std::size_t> lines;  // of the numbers so far

  ImportPlan plan;
  for (SheetRow& row : sheet) {
    PlannedRow planned{std::move(row), RowAction::unchanged, {}, {}};
    std::optional<std::string>& problem = planned.row.problem;
    if (!problem) {
      const auto [first, fresh] = lines.emplace(planned.row.number, planned.row.line);
      if (!fresh) problem = fmt::format("number is in line {} already; each number once is expected", first->second);
    }
    const auto before = known.find(planned.row.number);
    if (!problem && before == known.end())
      if (const auto fits = routing::check_extension(ExtensionNumber{planned.row.number}, codes); !fits)
        problem = fits.error().detail;
    if (problem)
      planned.action = RowAction::error;
    else if (before == known.end())
      plan_new(planned);
    else
      plan_change(planned, *before->second);
    plan.count(planned.action);
    plan.rows.push_back(std::move(planned));
  }
  return plan;
}

}  // namespace roamdesk::api
