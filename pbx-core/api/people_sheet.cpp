#include "pbx-core/api/people_sheet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/base/text.hpp"
#include "common/csv/csv.hpp"
#include "pbx-core/api/csv_table.hpp"
#include "pbx-core/api/validation.hpp"

namespace roamdesk::api {
namespace {

constexpr std::array<std::string_view, 6> columns = {"number",        "name", "hot_desking",
                                                     "voicemail_pin", "keys", "version"};
constexpr std::size_t most_keys = 200;

class Row {
 public:
  Row(const csv::Row& cells, const CsvTable& table) : cells_(cells), table_(table) { row_.line = cells.line; }

  SheetRow read() {
    row_.number = cell("number").value_or("");
    refuse("number", check_number(row_.number));
    if ((row_.name = cell("name"))) refuse("name", check_label(*row_.name, 64));
    if (const auto word = cell("hot_desking"); word && !word->empty()) {
      row_.hot_desking = truth_of(*word);
      if (!row_.hot_desking) refuse("hot_desking", Fault{"is neither true nor false; true or false is expected"});
    }
    if (const auto pin = cell("voicemail_pin"); pin && !pin->empty()) {
      refuse("voicemail_pin", check_pin(*pin, row_.number));
      row_.pin = Secret{*pin};
    }
    if (const auto keys = cell("keys")) read_keys_of(*keys);
    row_.version = cell("version");
    if (!row_.problem) row_.problem = table_.surplus(cells_);
    return std::move(row_);
  }

 private:
  std::optional<std::string> cell(const std::string& column) const { return table_.cell(cells_, column); }
  void refuse(std::string_view field, const Fault& fault) {
    if (fault && !row_.problem) row_.problem = fmt::format("{} {}", field, *fault);
  }
  void read_keys_of(const std::string& text) {
    auto keys = read_keys(text);
    if (!keys) {
      if (!row_.problem) row_.problem = "keys" + keys.error().value_or("");
      return;
    }
    row_.keys = std::move(*keys);
    if (row_.keys->size() > most_keys)
      return refuse("keys", Fault{fmt::format("are too many; {} at most are expected", most_keys)});
    for (std::size_t i = 0; i < row_.keys->size(); ++i) refuse(fmt::format("keys[{}]", i), check_key((*row_.keys)[i]));
  }

  const csv::Row& cells_;
  const CsvTable& table_;
  SheetRow row_;
};

}  // namespace

std::string write_keys(const std::vector<Key>& keys) {
  std::string cell;
  for (const Key& key : keys) {
    if (&key != &keys.front()) cell += '|';
    cell += word_of(key.type);
    if (key.value.empty() && key.label.empty()) continue;
    cell += ":" + key.value;
    if (key.label.empty()) continue;
    cell += ':';
    for (const char c : key.label) {
      if (c == '|' || c == '\\') cell += '\\';
      cell += c;
    }
  }
  return cell;
}

Result<std::vector<Key>, Fault> read_keys(std::string_view cell) {
  std::vector<Key> keys;
  if (trim(cell).empty()) return keys;
  std::array<std::string, 3> parts;  // type, value, label
  std::size_t part = 0;
  Fault fault;
  const auto finish = [&] {
    const auto type = value_of<KeyType>(trim(parts[0]));
    if (!type && !fault)
      fault = fmt::format("[{}] has an unknown type; expected one of {}", keys.size(), all_words<KeyType>());
    keys.push_back({type.value_or(KeyType::none), std::string{trim(parts[1])}, parts[2]});
    parts = {};
    part = 0;
  };
  for (std::size_t i = 0; i < cell.size(); ++i) {
    const char c = cell[i];
    if (c == '\\' && i + 1 < cell.size())
      parts[part] += cell[++i];
    else if (c == '|')
      finish();
    else if (c == ':' && part < 2)
      ++part;
    else
      parts[part] += c;
  }
  finish();
  if (fault) return fault;
  return keys;
}

Result<std::vector<SheetRow>, Problem> read_people(std::string_view text) {
  const auto table = read_table(text, columns, "number");
  if (!table) return table.error();
  std::vector<SheetRow> people;
  for (const csv::Row& row : table->rows) people.push_back(Row(row, *table).read());
  return people;
}

std::string write_people(std::vector<ExtensionView> people, std::string (*version)(const Extension&)) {
  std::sort(people.begin(), people.end(),
            [](const ExtensionView& a, const ExtensionView& b) { return a.record.number < b.record.number; });
  std::string text = "\xEF\xBB\xBF" + csv::write({columns.begin(), columns.end() - (version ? 0 : 1)});
  for (const ExtensionView& person : people) {
    std::vector<std::string> cells{person.record.number.value(), csv::defuse(person.record.name),
                                   person.record.hot_desking ? "true" : "false", "",
                                   csv::defuse(write_keys(person.record.keys))};
    if (version) cells.push_back(version(person.record));
    text += csv::write(cells);
  }
  return text;
}

}  // namespace roamdesk::api
