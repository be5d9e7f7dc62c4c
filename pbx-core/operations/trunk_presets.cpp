#include "pbx-core/operations/trunk_presets.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "common/config/tree.hpp"
#include "pbx-core/api/reader.hpp"
#include "pbx-core/api/shown.hpp"

namespace roamdesk::core {
namespace {
namespace json = boost::json;

// What isn't in quotes and reads as a number, or true or false, is one.
json::value to_json(const config::Tree& node) {
  using Kind = config::Tree::Kind;
  if (node.kind == Kind::list) {
    json::array array;
    for (const auto& item : node.items) array.push_back(to_json(item));
    return array;
  }
  if (node.kind == Kind::map) {
    json::object object;
    for (const auto& [key, value] : node.entries) object[key.text] = to_json(value);
    return object;
  }
  if (node.kind == Kind::null) return nullptr;
  const std::string& text = node.text;
  if (!node.quoted && (text == "true" || text == "false")) return json::value(text == "true");
  if (!node.quoted && !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos)
    return json::value(std::stoll(text));
  return json::value(text);
}

json::value parse(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error("can't be read");
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  config::Faults faults;
  const config::Tree tree = config::parse_tree(text, faults);
  if (!faults.empty()) throw std::runtime_error(faults.front().what + "; " + faults.front().expected);
  return to_json(tree);
}

void check(const json::object& preset) {
  api::Reader reader(preset, {"name", "sources", "notes", "trunk", "emergency"});
  reader.required("name", "a provider's name");
  for (const char* list : {"sources", "notes"})
    if (const auto texts = reader.texts(list, 20); !texts || texts->empty())
      reader.malformed(list, "is missing; a list of texts is expected");
  reader.word<PlaceBy>("emergency");
  const json::object* members = reader.object("trunk");
  if (!members) reader.malformed("trunk", "is missing; members of a trunk are expected");
  if (members) {
    api::Reader inner(*members, api::names_shown<Trunk>(), "trunk.");
    Trunk trunk;
    api::read_shown(inner, trunk);
    if (inner.has("name") || inner.has("password")) inner.malformed("name", "can't stand in a preset, nor a password");
    reader.take(inner);
  }
  if (reader.problem()) throw std::runtime_error(reader.problem()->detail);
}

json::object load(const std::filesystem::path& file) {
  try {
    const json::value read = parse(file);
    if (!read.is_object())
      throw std::runtime_error("expected the keys name, sources, notes and trunk, and perhaps emergency");
    check(read.as_object());
    json::object preset = read.as_object();
    preset["id"] = file.stem().string();
    return preset;
  } catch (const std::exception& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

}  // namespace

std::vector<json::object> load_trunk_presets(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(directory, none))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<json::object> presets;
  presets.reserve(files.size());
  for (const auto& file : files) presets.push_back(load(file));
  return presets;
}

}  // namespace roamdesk::core
