#include "pbx-core/api/csv_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/base/text.hpp"

namespace roamdesk::api {
namespace {

Problem unreadable(std::size_t line, std::string_view what) {
  return {422, fmt::format("Line {} {}", line, what), "body"};
}

bool empty(const csv::Row& row) {
  return std::all_of(row.cells.begin(), row.cells.end(), [](const auto& cell) { return trim(cell).empty(); });
}

}  // namespace

std::optional<bool> truth_of(std::string_view text) {
  static const std::map<std::string, bool, std::less<>> words = {
      {"true", true},   {"yes", true}, {"on", true},   {"1", true},  {"wahr", true},    {"ja", true},
      {"false", false}, {"no", false}, {"off", false}, {"0", false}, {"falsch", false}, {"nein", false}};
  const auto found = words.find(lowered(text));
  return found == words.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> CsvTable::cell(const csv::Row& row, const std::string& column) const {
  const auto found = at.find(column);
  if (found == at.end()) return std::nullopt;
  if (found->second >= row.cells.size()) return "";
  return csv::undefuse(trim(row.cells[found->second]));
}

std::optional<std::string> CsvTable::surplus(const csv::Row& row) const {
  if (row.cells.size() <= width) return std::nullopt;
  return "has more cells than the first line; is there a separator that isn't quoted?";
}

Result<CsvTable, Problem> read_table(std::string_view text, std::span<const std::string_view> columns,
                                     std::string_view needed) {
  auto rows = csv::read(text);
  if (!rows) return unreadable(rows.error().line, csv::to_string(rows.error().fault));
  const std::string expected = fmt::format("{} are known, {} is needed", fmt::join(columns, ", "), needed);
  if (rows->empty())
    return Problem{422, "The sheet is empty; a first line with the columns is expected: " + expected, "body"};
  CsvTable table;
  const csv::Row& header = rows->front();
  for (std::size_t i = 0; i < header.cells.size(); ++i) {
    const std::string name = lowered(trim(header.cells[i]));
    if (name.empty()) continue;
    if (std::find(columns.begin(), columns.end(), name) == columns.end())
      return unreadable(header.line, fmt::format("has an unknown column {}; {}", i + 1, expected));
    if (!table.at.emplace(name, i).second)
      return unreadable(header.line, fmt::format("has the column {} twice; each once is expected", name));
  }
  if (!table.at.contains(std::string{needed}))
    return unreadable(header.line, fmt::format("has no column {}; {}", needed, expected));
  table.width = header.cells.size();
  for (std::size_t i = 1; i < rows->size(); ++i)
    if (!empty((*rows)[i])) table.rows.push_back(std::move((*rows)[i]));  // spreadsheets leave some below the last one
  return table;
}

}  // namespace roamdesk::api
