#include "common/csv/csv.hpp"

#include <algorithm>
#include <optional>

#include "common/base/utf8.hpp"

namespace roamdesk::csv {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// The first of both that stands outside of quotes decides; a comma where there is neither.
char separator_of(std::string_view text) {
  bool quoted = false;
  text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == ',' || c == ';') return c;
    if (c == '\n') break;
  }
  return ',';
}

class Scanner {
 public:
  Scanner(std::string_view text, const Limits& limits) : text_(text), limits_(limits), separator_(separator_of(text)) {}

  Result<std::vector<Row>, Problem> run() {
    std::vector<Row> rows;
    while (at_ < text_.size()) {
      Row row{.line = line_, .cells = {}};
      if (!take_row(row)) return *problem_;
      if (row.cells.size() == 1 && row.cells.front().empty()) continue;
      if (rows.size() == limits_.rows) return Problem{Fault::too_many_rows, row.line};
      rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  bool fail(Fault fault, std::size_t line) {
    problem_ = Problem{fault, line};
    return false;
  }
  bool at_end() const { return at_ == text_.size(); }

  bool take_row(Row& row) {
    for (;;) {
      if (row.cells.size() == limits_.columns) return fail(Fault::too_many_columns, row.line);
      std::string cell;
      const bool quoted = !at_end() && text_[at_] == '"';
      if (!(quoted ? take_quoted(cell) : take_plain(cell))) return false;
      row.cells.push_back(std::move(cell));
      if (at_end()) return true;
      const char c = text_[at_];
      if (c == separator_) {
        ++at_;
        continue;
      }
      return take_line_end();
    }
  }

  // At what ends a cell: CR LF, LF; else it is a fault.
  bool take_line_end() {
    if (text_[at_] == '\r') {
      if (at_ + 1 == text_.size() || text_[at_ + 1] != '\n') return fail(Fault::lone_carriage_return, line_);
      ++at_;
    }
    ++at_;
    ++line_;
    return true;
  }

  // One character onto the cell, however many bytes it has.
  bool take_character(std::string& cell) {
    const CodePoint point = first_code_point(text_.substr(at_));
    if (point.length == 0) return fail(Fault::not_utf8, line_);
    if (point.value == 0) return fail(Fault::nul, line_);
    if (cell.size() + point.length > limits_.cell) return fail(Fault::cell_too_long, line_);
    cell.append(text_.substr(at_, point.length));
    at_ += point.length;
    return true;
  }

  bool take_plain(std::string& cell) {
    while (!at_end()) {
      const char c = text_[at_];
      if (c == separator_ || c == '\n' || c == '\r') return true;
      if (c == '"') return fail(Fault::stray_quote, line_);
      if (!take_character(cell)) return false;
    }
    return true;
  }

  bool take_quoted(std::string& cell) {
    const std::size_t begin = line_;
    ++at_;
    while (!at_end()) {
      if (text_[at_] == '"') {
        ++at_;
        if (!at_end() && text_[at_] == '"') {
          if (!take_character(cell)) return false;
          continue;
        }
        const bool ends = at_end() || text_[at_] == separator_ || text_[at_] == '\n' || text_[at_] == '\r';
        return ends || fail(Fault::stray_quote, line_);
      }
      const bool line_ends = text_[at_] == '\n';
      if (!take_character(cell)) return false;
      if (line_ends) ++line_;
    }
    return fail(Fault::unclosed_quote, begin);
  }

  std::string_view text_;
  const Limits& limits_;
  char separator_;
  std::size_t at_ = 0, line_ = 1;
  std::optional<Problem> problem_;
};

bool is_formula(std::string_view text) {
  const std::size_t first = text.find_first_not_of('\'');
  return first != std::string_view::npos && std::string_view("=+-@").find(text[first]) != std::string_view::npos;
}

}  // namespace

std::string_view to_string(Fault fault) {
  switch (fault) {
    case Fault::not_utf8:
      return "isn't UTF-8; save it as \"CSV UTF-8\"";
    case Fault::stray_quote:
      return "has a quote at a wrong place; a quoted cell is expected whole in quotes, with quotes in it doubled";
    case Fault::unclosed_quote:
      return "has a quote that nothing closes; a second one is expected";
    case Fault::lone_carriage_return:
      return "has a CR without an LF; lines are expected to end with CR LF or LF";
    case Fault::nul:
      return "has a NUL; text is expected";
    case Fault::too_many_rows:
      return "is one too many; 10000 rows below the header at most are expected";
    case Fault::too_many_columns:
      return "has too many cells; 64 at most are expected";
    case Fault::cell_too_long:
      return "has a cell that is too long; 32 KiB at most are expected";
  }
  return "";
}

Result<std::vector<Row>, Problem> read(std::string_view text, const Limits& limits) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return Scanner(text, limits).run();
}

std::string write(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) {
    if (&cell != &cells.front()) line += ',';
    // A cell with the other separator is quoted too: in the header it would be taken for the separator.
    if (cell.find_first_of(",;\"\r\n") == std::string::npos) {
      line += cell;
      continue;
    }
    line += '"';
    for (const char c : cell) line.append(c == '"' ? 2 : 1, c);
    line += '"';
  }
  return line + "\r\n";
}

std::string defuse(std::string_view text) { return (is_formula(text) ? "'" : "") + std::string(text); }

std::string undefuse(std::string_view text) {
  if (text.starts_with('\'') && is_formula(text)) text.remove_prefix(1);
  return std::string(text);
}

}  // namespace roamdesk::csv
