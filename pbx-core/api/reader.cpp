#include "pbx-core/api/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

namespace roamdesk::api {
namespace {
namespace json = boost::json;

std::string text_of(const json::string& text) { return std::string(text.data(), text.size()); }

}  // namespace

Reader::Reader(const json::object& object, const std::vector<std::string_view>& known, std::string prefix)
    : object_(object), prefix_(std::move(prefix)) {
  for (const auto& member : object) {
    const std::string_view name(member.key().data(), member.key().size());
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    malformed(name.size() <= 64 ? name : "", fmt::format("is unknown; expected one of {}", fmt::join(known, ", ")));
    return;
  }
}

void Reader::malformed(std::string_view name, std::string what) {
  if (!problem_) problem_ = Problem{400, fmt::format("{}{} {}", prefix_, name, what), prefix_ + std::string(name)};
}

void Reader::refuse(std::string_view name, const Fault& fault) {
  if (fault && !problem_)
    problem_ = Problem{422, fmt::format("{}{} {}", prefix_, name, *fault), prefix_ + std::string(name)};
}

void Reader::take(const Reader& inner) {
  if (!problem_) problem_ = inner.problem_;
}

bool Reader::null(std::string_view name) const {
  const json::value* value = object_.if_contains(name);
  return value && value->is_null();
}

std::optional<std::string> Reader::text(std::string_view name) {
  const json::value* value = object_.if_contains(name);
  if (!value || value->is_null()) return std::nullopt;
  if (const json::string* text = value->if_string()) return text_of(*text);
  malformed(name, "is not a string; a string is expected");
  return std::nullopt;
}

std::string Reader::required(std::string_view name, std::string_view example) {
  const std::optional<std::string> value = text(name);
  if (!value) malformed(name, fmt::format("is missing; a string is expected, like \"{}\"", example));
  return value.value_or("");
}

std::optional<bool> Reader::boolean(std::string_view name) {
  const json::value* value = object_.if_contains(name);
  if (!value) return std::nullopt;
  if (const bool* b = value->if_bool()) return *b;
  malformed(name, "is not a boolean; true or false is expected");
  return std::nullopt;
}

std::optional<std::int64_t> Reader::integer(std::string_view name) {
  const json::value* value = object_.if_contains(name);
  if (!value) return std::nullopt;
  if (const std::int64_t* number = value->if_int64()) return *number;
  malformed(name, "is not an integer; a whole number is expected");
  return std::nullopt;
}

std::optional<std::vector<std::string>> Reader::texts(std::string_view name, std::size_t most) {
  const json::value* value = object_.if_contains(name);
  if (!value || value->is_null()) return std::nullopt;
  std::vector<std::string> list;
  const json::array* array = value->if_array();
  if (array && array->size() <= most)
    for (const json::value& item : *array)
      if (const json::string* text = item.if_string()) list.push_back(text_of(*text));
  if (array && list.size() == array->size()) return list;
  malformed(name, fmt::format("is not a list of strings; a list of at most {} strings is expected", most));
  return std::nullopt;
}

std::string members_of(const json::object& body) {
  std::string names;
  for (const auto& member : body) names += (names.empty() ? "" : ", ") + std::string(member.key());
  return names;
}

const json::object* Reader::object(std::string_view name) {
  const json::value* value = object_.if_contains(name);
  if (!value) return nullptr;
  if (const json::object* object = value->if_object()) return object;
  malformed(name, "is not an object; an object is expected");
  return nullptr;
}

std::optional<std::vector<const json::object*>> Reader::objects(std::string_view name, std::size_t most) {
  const json::value* value = object_.if_contains(name);
  if (!value || value->is_null()) return std::nullopt;
  std::vector<const json::object*> list;
  const json::array* array = value->if_array();
  if (array && array->size() <= most)
    for (const json::value& item : *array)
      if (const json::object* object = item.if_object()) list.push_back(object);
  if (array && list.size() == array->size()) return list;
  malformed(name, fmt::format("is not a list of objects; a list of at most {} objects is expected", most));
  return std::nullopt;
}

std::optional<std::vector<Key>> Reader::keys(std::string_view name) {
  const json::value* value = object_.if_contains(name);
  if (!value) return std::nullopt;
  const json::array* array = value->if_array();
  if (!array || array->size() > 200) {
    malformed(
        name,
        "is not a list of at most 200 keys; [{\"type\":\"blf\",\"value\":\"102\",\"label\":\"Bob\"}] is expected");
    return std::nullopt;
  }
  std::vector<Key> keys;
  for (std::size_t i = 0; i < array->size(); ++i) {
    const std::string at = fmt::format("{}[{}]", name, i);
    const json::object* object = (*array)[i].if_object();
    if (!object) {
      malformed(at, "is not an object; {\"type\":…,\"value\":…,\"label\":…} is expected");
      return std::nullopt;
    }
    Reader inner(*object, {"type", "value", "label"}, prefix_ + at + ".");
    Key key;
    key.type = inner.required_word<KeyType>("type");
    key.value = inner.text("value").value_or("");
    key.label = inner.text("label").value_or("");
    take(inner);
    refuse(at, check_key(key));
    keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace roamdesk::api
