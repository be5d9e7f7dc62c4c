#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/csv/csv.hpp"

// Whatever a browser uploads: what is read keeps to the limits, and what we write of it reads back the same.
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace roamdesk;
  const csv::Limits limits{.rows = 50, .columns = 8, .cell = 64};
  const auto rows = csv::read({reinterpret_cast<const char*>(data), size}, limits);
  if (!rows) {
    require(rows.error().line >= 1 && rows.error().line <= size + 1);
    require(!csv::to_string(rows.error().fault).empty());
    return 0;
  }
  require(rows->size() <= limits.rows);
  // A cell may begin with one, and only the first of a file goes.
  std::string text = "\xEF\xBB\xBF";
  std::size_t line = 0;
  for (const csv::Row& row : *rows) {
    require(!row.cells.empty() && row.cells.size() <= limits.columns);
    require(row.line > line);
    line = row.line;
    for (const std::string& cell : row.cells) {
      require(cell.size() <= limits.cell);
      require(csv::undefuse(csv::defuse(cell)) == cell);
    }
    text += csv::write(row.cells);
  }
  const auto again = csv::read(text, limits);
  require(again.has_value() && again->size() == rows->size());
  for (std::size_t i = 0; i < rows->size(); ++i) require((*again)[i].cells == (*rows)[i].cells);
  return 0;
}
