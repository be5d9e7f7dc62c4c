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

// `Row` has `line`, `problem` (nullopt where nothing is wrong with it), and number_of(row), whose it is.
template <class Row>
struct Planned {
  Row row;
  RowAction action = RowAction::unchanged;
  std::vector<RowChange> changes;
};

// Nothing is done where a row is an error.
template <class Row>
struct SheetPlan {
  std::vector<Planned<Row>> rows;
  std::size_t create = 0, update = 0, unchanged = 0, errors = 0;

  void count(RowAction action) {
    create += action == RowAction::create;
    update += action == RowAction::update;
    unchanged += action == RowAction::unchanged;
    errors += action == RowAction::error;
  }
};

boost::json::object row_to_json(std::size_t line, const std::string& number, RowAction action,
                                const std::vector<RowChange>& changes, const std::optional<std::string>& problem);

template <class Row>
boost::json::object to_json(const SheetPlan<Row>& plan) {
  boost::json::array rows;
  rows.reserve(plan.rows.size());
  for (const auto& [row, action, changes] : plan.rows)
    rows.push_back(row_to_json(row.line, number_of(row), action, changes, row.problem));
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
