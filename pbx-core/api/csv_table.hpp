#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/csv/csv.hpp"
#include "pbx-core/api/problem.hpp"

namespace roamdesk::api {

// A sheet whose first line names its columns, in any order. Pure.
struct CsvTable {
  std::vector<csv::Row> rows;  // without the first line and empty ones
  // nullopt where the sheet has no such column; without spaces at its ends and what an export put before a formula.
  std::optional<std::string> cell(const csv::Row& row, const std::string& column) const;
  // More cells than columns: what is wrong, in words.
  std::optional<std::string> surplus(const csv::Row& row) const;

  std::map<std::string, std::size_t> at;
  std::size_t width = 0;
};

// 422 where the sheet as a whole can't be read: no CSV, a column that isn't one of `columns`, one twice, or `needed`
// isn't there.
Result<CsvTable, Problem> read_table(std::string_view text, std::span<const std::string_view> columns,
                                     std::string_view needed);

// A truth value as spreadsheets write it in their own language.
std::optional<bool> truth_of(std::string_view text);

}  // namespace roamdesk::api
