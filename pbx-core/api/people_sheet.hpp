#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/secret.hpp"
#include "pbx-core/api/domain.hpp"
#include "pbx-core/api/problem.hpp"
#include "pbx-core/api/validation.hpp"

// Extensions as a spreadsheet has them: number,name,hot_desking,voicemail_pin,keys, and version, if it is to be held
// against. Pure.
namespace roamdesk::api {

// What a line says; a column that isn't there, or an empty hot_desking or voicemail_pin, says nothing.
struct SheetRow {
  std::size_t line = 1;
  std::string number;
  std::optional<std::string> name;
  std::optional<bool> hot_desking;
  std::optional<Secret> pin;
  std::optional<std::vector<Key>> keys;
  std::optional<std::string> problem;    // the first thing that is wrong with its cells
  std::optional<std::string> version{};  // of the extension, as it was when the sheet was made
};

// 422 where the sheet as a whole can't be read: no CSV, or columns that we don't know.
Result<std::vector<SheetRow>, Problem> read_people(std::string_view text);
// With a BOM, by number; the PINs' column is empty. `version`: of each, in a column of its own; null: without it.
std::string write_people(std::vector<ExtensionView> people, std::string (*version)(const Extension&) = nullptr);

// Keys in one cell: "blf:102:Bob|speed_dial:*99:Door|none". A label is the last part; "\|" and "\\" stand for what
// they escape.
std::string write_keys(const std::vector<Key>& keys);
// What is wrong where a type is unknown.
Result<std::vector<Key>, Fault> read_keys(std::string_view cell);

}  // namespace roamdesk::api
