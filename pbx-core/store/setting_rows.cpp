#include "pbx-core/store/setting_rows.hpp"

#include <charconv>
#include <map>
#include <string>
#include <string_view>

#include "pbx-core/store/json_column.hpp"

namespace roamdesk::store {
namespace {

// Values as text: "" for none, times in seconds, lists as JSON.
struct ToRows {
  std::map<std::string, std::string>& rows;

  void text(const char* path, const std::string& value) { rows[path] = value; }
  void time_of_day(const char* path, const std::optional<std::string>& value) { rows[path] = value.value_or(""); }
  void duration(const char* path, const std::optional<std::chrono::seconds>& value, std::chrono::seconds,
                std::chrono::seconds) {
    rows[path] = value ? std::to_string(value->count()) : "";
  }
  void choice(const char* path, bool value, const char* yes, const char* no) { rows[path] = value ? yes : no; }
  void word(const char* path, const auto& value) { rows[path] = word_of(value); }
  void texts(const char* path, const std::vector<std::string>& value, std::size_t) { rows[path] = to_json_text(value); }
  void number(const char* path, unsigned value, unsigned, unsigned) { rows[path] = std::to_string(value); }
  void number_of_api(const char* path, unsigned value, unsigned least, unsigned most) {
    number(path, value, least, most);
  }
};

struct FromRows {
  const std::map<std::string, std::string>& rows;

  const std::string* find(const char* path) const {
    const auto found = rows.find(path);
    return found == rows.end() ? nullptr : &found->second;
  }
  static long long number_in(const std::string& text) {
    long long value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) throw_foreign("the setting " + text);
    return value;
  }
  void text(const char* path, std::string& value) {
    if (const auto* row = find(path)) value = *row;
  }
  void time_of_day(const char* path, std::optional<std::string>& value) {
    if (const auto* row = find(path)) value = row->empty() ? std::nullopt : std::optional{*row};
  }
  void duration(const char* path, std::optional<std::chrono::seconds>& value, std::chrono::seconds,
                std::chrono::seconds) {
    if (const auto* row = find(path))
      value = row->empty() ? std::nullopt : std::optional{std::chrono::seconds{number_in(*row)}};
  }
  void choice(const char* path, bool& value, std::string_view yes, const char*) {
    if (const auto* row = find(path)) value = *row == yes;
  }
  template <Worded E>
  void word(const char* path, E& value) {
    const auto* row = find(path);
    if (!row) return;
    const auto known = value_of<E>(*row);
    if (!known) throw_foreign("the setting " + *row);
    value = *known;
  }
  void texts(const char* path, std::vector<std::string>& value, std::size_t) {
    if (const auto* row = find(path)) value = from_json_text<std::vector<std::string>>(*row);
  }
  void number(const char* path, unsigned& value, unsigned, unsigned) {
    if (const auto* row = find(path)) value = static_cast<unsigned>(number_in(*row));
  }
  void number_of_api(const char* path, unsigned& value, unsigned least, unsigned most) {
    number(path, value, least, most);
  }
};

}  // namespace

void write_settings(soci::session& sql, const Settings& value) {
  std::map<std::string, std::string> rows;
  ToRows to{rows};
  settings(to, value);
  for (const auto& [name, text] : rows)
    sql << "INSERT INTO setting_values (name, value) VALUES (:n, :v)"
           " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        soci::use(name), soci::use(text);
}

std::optional<Settings> read_settings(soci::session& sql) {
  std::map<std::string, std::string> rows;
  std::string name, value;
  soci::statement all = (sql.prepare << "SELECT name, value FROM setting_values", soci::into(name), soci::into(value));
  all.execute();
  while (all.fetch()) rows.insert_or_assign(name, value);
  if (rows.empty()) return std::nullopt;
  Settings read;
  FromRows from{rows};
  settings(from, read);
  return read;
}

}  // namespace roamdesk::store
