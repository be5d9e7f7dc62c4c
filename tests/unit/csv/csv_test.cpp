#include "common/csv/csv.hpp"

#include <gmock/gmock.h>
#include <rapidcheck.h>

namespace roamdesk::csv {
namespace {

using Cells = std::vector<std::string>;

std::vector<Cells> cells_of(std::string_view text) {
  const auto rows = read(text);
  std::vector<Cells> all;
  if (rows)
    for (const Row& row : *rows) all.push_back(row.cells);
  return all;
}
Problem problem_of(std::string_view text, const Limits& limits = {}) {
  const auto rows = read(text, limits);
  EXPECT_FALSE(rows) << text;
  return rows ? Problem{} : rows.error();
}

TEST(Csv, ReadsWhatSpreadsheetsWrite) {
  EXPECT_EQ(cells_of("a,b\r\n1,2\r\n"), (std::vector<Cells>{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(cells_of("\xEF\xBB\xBF"
                     "a;b\n1;\"x,y\"\n"),
            (std::vector<Cells>{{"a", "b"}, {"1", "x,y"}}));
  EXPECT_EQ(cells_of("a,b\n\"say \"\"hi\"\"\",\"two\r\nlines\""),
            (std::vector<Cells>{{"a", "b"}, {"say \"hi\"", "two\r\nlines"}}));
  EXPECT_EQ(cells_of("a,\n,\n"), (std::vector<Cells>{{"a", ""}, {"", ""}}));
  EXPECT_EQ(cells_of("\n\r\na\n\n\n"), (std::vector<Cells>{{"a"}}));
  EXPECT_EQ(cells_of("\n\na;b"), (std::vector<Cells>{{"a", "b"}}));
  EXPECT_TRUE(cells_of("").empty());
  EXPECT_EQ(cells_of("\"a;b\",c"), (std::vector<Cells>{{"a;b", "c"}}));
}

TEST(Csv, CountsLinesWithinQuotesToo) {
  const auto rows = read("a\r\n\r\n\"1\n2\"\n3\n");
  ASSERT_TRUE(rows);
  EXPECT_EQ((*rows)[1].line, 3u);
  EXPECT_EQ((*rows)[2].line, 5u);
}

TEST(Csv, NamesFaultAndLine) {
  EXPECT_EQ(problem_of("a\n\"b"), (Problem{Fault::unclosed_quote, 2}));
  EXPECT_EQ(problem_of("a\n\"b\n\nc"), (Problem{Fault::unclosed_quote, 2}));
  EXPECT_EQ(problem_of("a\nb\"c"), (Problem{Fault::stray_quote, 2}));
  EXPECT_EQ(problem_of("a\n\"b\"c"), (Problem{Fault::stray_quote, 2}));
  EXPECT_EQ(problem_of("a\nb\rc"), (Problem{Fault::lone_carriage_return, 2}));
  EXPECT_EQ(problem_of("a\r"), (Problem{Fault::lone_carriage_return, 1}));
  EXPECT_EQ(problem_of("a\nM\xFCller"), (Problem{Fault::not_utf8, 2}));
  EXPECT_EQ(problem_of(std::string_view("a\n\0", 3)), (Problem{Fault::nul, 2}));
}

TEST(Csv, IsBounded) {
  const Limits limits{.rows = 2, .columns = 2, .cell = 3};
  EXPECT_TRUE(read("a,b\n1,abc\n", limits));
  EXPECT_EQ(problem_of("a\nb\nc\n", limits), (Problem{Fault::too_many_rows, 3}));
  EXPECT_EQ(problem_of("a,b,c\n", limits), (Problem{Fault::too_many_columns, 1}));
  EXPECT_EQ(problem_of("a\nabcd\n", limits), (Problem{Fault::cell_too_long, 2}));
  EXPECT_EQ(problem_of("a\n\"abcd\"\n", limits), (Problem{Fault::cell_too_long, 2}));
}

TEST(Csv, DefusesFormulasSoThatTheyComeBack) {
  EXPECT_EQ(defuse("=1+1"), "'=1+1");
  EXPECT_EQ(defuse("+49"), "'+49");
  EXPECT_EQ(defuse("-"), "'-");
  EXPECT_EQ(defuse("@a"), "'@a");
  EXPECT_EQ(defuse("'=1"), "''=1");
  EXPECT_EQ(defuse("'t Hooft"), "'t Hooft");
  EXPECT_EQ(undefuse("'t Hooft"), "'t Hooft");
  EXPECT_EQ(undefuse("=1"), "=1");
  EXPECT_TRUE(rc::check("there and back", [] {
    const auto text = *rc::gen::container<std::string>(rc::gen::element('\'', '=', '+', '-', '@', 'a', ' '));
    const std::string safe = defuse(text);
    RC_ASSERT(undefuse(safe) == text);
    RC_ASSERT(safe.empty() || std::string("=+-@").find(safe.front()) == std::string::npos);
  }));
}

TEST(Csv, ReadsWhatItHasWritten) {
  EXPECT_TRUE(rc::check("there and back", [] {
    const auto cell = rc::gen::container<std::string>(rc::gen::element('a', '"', ',', ';', '\r', '\n', ' ', '\''));
    const auto rows = *rc::gen::container<std::vector<Cells>>(rc::gen::resize(8, rc::gen::container<Cells>(3, cell)));
    std::string text;
    for (const Cells& cells : rows) text += write(cells);
    RC_ASSERT(cells_of(text) == rows);
  }));
}

}  // namespace
}  // namespace roamdesk::csv
