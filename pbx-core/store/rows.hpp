#pragma once
#include <soci/soci.h>

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "pbx-core/store/cell.hpp"

// Rows of a record's table, by the record's description. SOCI binds addresses: nothing in here moves while a statement
// lives.
namespace roamdesk::store {

struct ColumnOf {
  std::string name;
  bool number = false, fixed = false;
};

namespace detail {

template <class T>
inline constexpr bool is_number_of = is_number<std::remove_const_t<T>>;

struct Describe {
  std::vector<ColumnOf>& columns;
  template <class T>
  void operator()(const Field& field, const T&) {
    columns.push_back({std::string{field.column}, is_number_of<T>, field.is_fixed});
  }
  template <class T, class Members>
  void optional(const std::optional<T>&, const Members& members) {
    T none{};
    members(none);
  }
};

struct ToCells {
  std::vector<Cell>& cells;
  std::size_t at = 0;
  template <class T>
  void operator()(const Field&, const T& value) {
    put(cells[at++], value);
  }
  // NULL where the column allows it, else what an empty one holds: the table says which, by its constraints.
  template <class T, class Members>
  void optional(const std::optional<T>& value, const Members& members) {
    if (value) return members(*value);
    const std::size_t from = at;
    const T none{};
    members(none);
    if constexpr (std::is_same_v<T, Credentials>)
      for (std::size_t i = from; i < at; ++i) cells[i].is = soci::i_null;
  }
};

struct FromCells {
  const std::vector<Cell>& cells;
  std::size_t at = 0;
  template <class T>
  void operator()(const Field&, T&& value) {
    get(cells[at++], value);
  }
  template <class T, class Members>
  void optional(std::optional<T>& value, const Members& members) {
    T found{};
    const bool there = cells[at].is == soci::i_ok && !cells[at].text.empty();
    members(found);
    if (there) value = std::move(found);
  }
};

template <class Exchange>
void bind(const std::vector<ColumnOf>& columns, std::vector<Cell>& cells, const Exchange& exchange) {
  for (std::size_t i = 0; i < columns.size(); ++i) exchange(columns[i], cells[i]);
}

}  // namespace detail

template <class Record>
const std::vector<ColumnOf>& columns_of() {
  static const std::vector<ColumnOf> all = [] {
    std::vector<ColumnOf> columns;
    detail::Describe describe{columns};
    const Record record = blank<Record>();
    fields(describe, record);
    return columns;
  }();
  return all;
}

template <class Record>
std::string column_list() {
  std::string list;
  for (const ColumnOf& column : columns_of<Record>()) list += (list.empty() ? "" : ", ") + column.name;
  return list;
}

// Inserts a record, or replaces the row with its key; parsed once, so that one that is written often costs less.
template <class Record>
class Upsert {
 public:
  explicit Upsert(soci::session& sql) : cells_(columns_of<Record>().size()), statement_(sql) {
    const auto& columns = columns_of<Record>();
    std::string values, updates;
    const std::string key = std::string(", ") + table<Record>.key + ",";
    for (std::size_t i = 0; i < columns.size(); ++i) {
      values += (i ? ", :c" : ":c") + std::to_string(i);
      if (columns[i].fixed || key.find(" " + columns[i].name + ",") != std::string::npos) continue;
      updates += (updates.empty() ? "" : ", ") + columns[i].name + " = excluded." + columns[i].name;
    }
    std::string text =
        std::string("INSERT INTO ") + table<Record>.name + " (" + column_list<Record>() + ") VALUES (" + values + ")";
    if (*table<Record>.key) text += std::string(" ON CONFLICT (") + table<Record>.key + ") DO UPDATE SET " + updates;
    detail::bind(columns, cells_, [this](const ColumnOf& column, Cell& cell) {
      if (column.number)
        statement_.exchange(soci::use(cell.number, cell.is));
      else
        statement_.exchange(soci::use(cell.text, cell.is));
    });
    statement_.alloc();
    statement_.prepare(text);
    statement_.define_and_bind();
  }
  Upsert(const Upsert&) = delete;
  Upsert& operator=(const Upsert&) = delete;

  // Within the transaction that is open. Throws soci::soci_error.
  void operator()(const Record& record) {
    detail::ToCells to{cells_};
    fields(to, record);
    statement_.execute(true);
  }

 private:
  std::vector<Cell> cells_;
  soci::statement statement_;
};

// Hands the rows to `each`, which says whether to go on. `rest` follows FROM: "WHERE id < :b ORDER BY id", with `binds`
// for its names in their order.
using Bind = std::variant<long long, std::string>;
template <class Record, class Each>
void select(soci::session& sql, const std::string& rest, const std::vector<Bind>& binds, const Each& each) {
  const auto& columns = columns_of<Record>();
  std::vector<Cell> cells(columns.size());
  soci::statement statement(sql);
  detail::bind(columns, cells, [&statement](const ColumnOf& column, Cell& cell) {
    if (column.number)
      statement.exchange(soci::into(cell.number, cell.is));
    else
      statement.exchange(soci::into(cell.text, cell.is));
  });
  for (const Bind& bind : binds)
    std::visit([&statement](const auto& value) { statement.exchange(soci::use(value)); }, bind);
  statement.alloc();
  statement.prepare("SELECT " + column_list<Record>() + " FROM " + table<Record>.name + " " + rest);
  statement.define_and_bind();
  statement.execute();
  while (statement.fetch()) {
    auto record = blank<Record>();
    detail::FromCells from{cells};
    fields(from, record);
    if (!each(std::move(record))) return;
  }
}

template <class Record>
std::vector<Record> select_all(soci::session& sql) {
  std::vector<Record> all;
  select<Record>(sql, std::string("ORDER BY ") + table<Record>.order, {}, [&all](Record record) {
    all.push_back(std::move(record));
    return true;
  });
  return all;
}

}  // namespace roamdesk::store
