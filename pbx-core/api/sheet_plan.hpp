#pragma once
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/words.hpp"

// What the import of a spreadsheet would do, a row each. Pure.
namespace roamdesk::api {

enum class RowAction { create, update, unchanged, error };

// Of secrets: from null, to "given" (in the sheet) or "random" (made up).
struct RowChange {
  std::string field;
  boost::json::value from, to;
};

// `Row` has `line`, `problem` (nullopt where nothing is wrong with it), `version` (that its cell says was seen of the
// record; nullopt or "" for none), and number_of(row), whose it is.
template <class Row>
struct Planned {
  Row row;
  RowAction action = RowAction::unchanged;
  std::vector<RowChange> changes;
  // The version of the record that is changed, over which alone that is done; "": over whichever is there.
  std::string over{};
};

// Nothing is done where a row is an error.
template <class Row>
struct SheetPlan {
  std::vector<Planned<Row>> rows;
  std::size_t create = 0, update = 0, unchanged = 0, errors = 0;
  std::size_t stale = 0;  // of the errors: what was changed since the sheet was made

  void count(RowAction action) {
    create += action == RowAction::create;
    update += action == RowAction::update;
    unchanged += action == RowAction::unchanged;
    errors += action == RowAction::error;
  }
};

// Rows of which somebody has changed the record since the sheet was made are errors. `version_now(key)`: "" where there
// is no such record. `all`: also what the sheet has no version of is done over no other version than that one.
template <class Row, class VersionNow>
void hold_against_versions(SheetPlan<Row>& plan, bool all, const VersionNow& version_now) {
  for (Planned<Row>& planned : plan.rows) {
    const std::string seen = planned.row.version.value_or("");
    if (planned.action != RowAction::create && planned.action != RowAction::update) continue;
    if (seen.empty() && !all) continue;
    const std::string is = planned.action == RowAction::update ? version_now(number_of(planned.row)) : std::string{};
    planned.over = is;
    if (seen.empty() || seen == is) continue;
    planned.row.problem = is.empty()
                              ? "was deleted since the sheet was made; without its version it is made anew"
                              : "was changed since the sheet was made; take a new export, or leave its version out";
    --(planned.action == RowAction::update ? plan.update : plan.create);
    planned.action = RowAction::error;
    ++plan.errors;
    ++plan.stale;
  }
}

boost::json::object row_to_json(std::size_t line, const std::string& number, RowAction action,
                                const std::vector<RowChange>& changes, const std::optional<std::string>& problem);

template <class Row>
boost::json::object to_json(const SheetPlan<Row>& plan) {
  boost::json::array rows;
  rows.reserve(plan.rows.size());
  for (const Planned<Row>& one : plan.rows)
    rows.push_back(row_to_json(one.row.line, number_of(one.row), one.action, one.changes, one.row.problem));
  return {{"rows", std::move(rows)},
          {"create", plan.create},
          {"update", plan.update},
          {"unchanged", plan.unchanged},
          {"errors", plan.errors}};
}

}  // namespace roamdesk::api

namespace roamdesk {
template <>
inline constexpr std::array<std::string_view, 4> words<api::RowAction> = {"create", "update", "unchanged", "error"};
}  // namespace roamdesk
