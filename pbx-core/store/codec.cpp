#include "pbx-core/store/codec.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <utility>

#include "pbx-core/store/store.hpp"

namespace roamdesk::store {
namespace {
namespace json = boost::json;

// The options that are one optional text each, by the name that they have in the contract too.
using Member = std::optional<std::string> DeskOptions::*;
constexpr std::pair<const char*, Member> members[] = {
    {"language", &DeskOptions::language},   {"time_zone", &DeskOptions::time_zone},
    {"transport", &DeskOptions::transport}, {"ring_tone", &DeskOptions::ring_tone},
    {"backlight", &DeskOptions::backlight}, {"name", &DeskOptions::name},
    {"location", &DeskOptions::location},
};

json::value parsed(std::string_view text) {
  boost::system::error_code ec;
  json::value value = json::parse({text.data(), text.size()}, ec);
  if (ec) throw StoreError("the database holds text that isn't JSON: " + ec.message());
  return value;
}

std::string text_of(const json::value& value) {
  const json::string* text = value.if_string();
  if (!text) throw StoreError("the database holds JSON of another shape than ours");
  return std::string(text->data(), text->size());
}

template <class T>
const T& shape(const T* value) {
  if (!value) throw StoreError("the database holds JSON of another shape than ours");
  return *value;
}

}  // namespace

std::string encode_strings(const std::vector<std::string>& strings) {
  json::array array;
  for (const std::string& s : strings) array.emplace_back(s);
  return json::serialize(array);
}

std::vector<std::string> decode_strings(std::string_view text) {
  const json::value value = parsed(text);
  std::vector<std::string> strings;
  for (const json::value& item : shape(value.if_array())) strings.push_back(text_of(item));
  return strings;
}

std::string encode_place(const std::optional<EmergencyPlace>& place) {
  if (!place) return {};
  return json::serialize(json::object{{"site", place->site.value()},
                                      {"address", place->address},
                                      {"number", place->number},
                                      {"phone", place->phone ? place->phone->text() : ""},
                                      {"desk", place->desk},
                                      {"location", place->location},
                                      {"extension", place->extension},
                                      {"name", place->name}});
}

std::optional<EmergencyPlace> decode_place(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const json::value value = parsed(text);
  const json::object& object = shape(value.if_object());
  const auto get = [&](const char* name) { return text_of(object.contains(name) ? object.at(name) : json::value("")); };
  return EmergencyPlace{SiteId{get("site")}, get("address"),  get("number"),    Mac::parse(get("phone")),
                        get("desk"),         get("location"), get("extension"), get("name")};
}

std::string encode_pin_failures(const std::vector<PinFailures>& counts) {
  json::array array;
  for (const PinFailures& count : counts) {
    json::object object;
    if (count.desk) object["desk"] = count.desk->value();
    json::array failures;
    for (const WallTime at : count.failures) failures.emplace_back(to_ms(at));
    object["failures"] = std::move(failures);
    if (count.locked_until) object["locked_until"] = to_ms(*count.locked_until);
    array.push_back(std::move(object));
  }
  return json::serialize(array);
}

std::vector<PinFailures> decode_pin_failures(std::string_view text) {
  const json::value value = parsed(text);
  std::vector<PinFailures> counts;
  for (const json::value& item : shape(value.if_array())) {
    const json::object& object = shape(item.if_object());
    PinFailures count;
    if (const json::value* desk = object.if_contains("desk")) count.desk = HotDeskId{text_of(*desk)};
    if (const json::value* failures = object.if_contains("failures"))
      for (const json::value& at : shape(failures->if_array())) count.failures.push_back(from_ms(shape(at.if_int64())));
    if (const json::value* until = object.if_contains("locked_until"))
      count.locked_until = from_ms(shape(until->if_int64()));
    counts.push_back(std::move(count));
  }
  return counts;
}

std::string encode_keys(const std::vector<Key>& keys) {
  json::array array;
  for (const Key& key : keys) array.push_back(json::array{key.type, key.value, key.label});
  return json::serialize(array);
}

std::vector<Key> decode_keys(std::string_view text) {
  const json::value value = parsed(text);
  std::vector<Key> keys;
  for (const json::value& item : shape(value.if_array())) {
    const json::array& fields = shape(item.if_array());
    if (fields.size() != 3) throw StoreError("the database holds a key of another shape than ours");
    keys.push_back({text_of(fields[0]), text_of(fields[1]), text_of(fields[2])});
  }
  return keys;
}

std::string encode_options(const DeskOptions& options) {
  json::object object;
  for (const auto& [name, member] : members)
    if (options.*member) object[name] = *(options.*member);
  if (!options.codecs.empty()) {
    json::array codecs;
    for (const std::string& codec : options.codecs) codecs.emplace_back(codec);
    object["codecs"] = std::move(codecs);
  }
  return json::serialize(object);
}

DeskOptions decode_options(std::string_view text) {
  const json::value value = parsed(text);
  const json::object& object = shape(value.if_object());
  DeskOptions options;
  for (const auto& [name, member] : members)
    if (const json::value* v = object.if_contains(name)) options.*member = text_of(*v);
  if (const json::value* codecs = object.if_contains("codecs"))
    for (const json::value& codec : shape(codecs->if_array())) options.codecs.push_back(text_of(codec));
  // Earlier versions took codecs without G.711, which leave a desk without calls.
  const auto has = [&](const char* name) {
    return std::find(options.codecs.begin(), options.codecs.end(), name) != options.codecs.end();
  };
  if (!has("PCMA") && !has("PCMU")) options.codecs.clear();
  return options;
}

std::int64_t to_ms(WallTime time) { return time.time_since_epoch().count(); }
WallTime from_ms(std::int64_t ms) { return WallTime{std::chrono::milliseconds{ms}}; }

}  // namespace roamdesk::store
