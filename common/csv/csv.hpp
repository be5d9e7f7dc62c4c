#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"

namespace roamdesk::csv {

struct Row {
  std::size_t line = 1;  // on which it begins, from 1
  std::vector<std::string> cells;
  friend bool operator==(const Row&, const Row&) = default;
};

struct Limits {
  std::size_t rows = 10'001;  // the header among them
  std::size_t columns = 64;
  std::size_t cell = 32 << 10;  // bytes
};

enum class Fault : std::uint8_t {
  not_utf8,              // a spreadsheet's "CSV (UTF-8)" is expected
  stray_quote,           // a quote within an unquoted cell, or text behind a quoted one
  unclosed_quote,        // `line` is where the cell begins
  lone_carriage_return,  // a CR without an LF, outside of quotes
  nul,
  too_many_rows,
  too_many_columns,
  cell_too_long,
};
std::string_view to_string(Fault fault);  // what is wrong and what would be right, a clause

struct Problem {
  Fault fault{};
  std::size_t line = 1;
  friend bool operator==(const Problem&, const Problem&) = default;
};

// RFC 4180 as spreadsheets write it (README); lines without anything in them are left out. Never truncates.
Result<std::vector<Row>, Problem> read(std::string_view text, const Limits& limits = {});

// One line with its CRLF. Reads back as the same cells, unless it is a single empty one.
std::string write(const std::vector<std::string>& cells);

// README, Formulas. undefuse(defuse(text)) is text.
std::string defuse(std::string_view text);
std::string undefuse(std::string_view text);

}  // namespace roamdesk::csv
