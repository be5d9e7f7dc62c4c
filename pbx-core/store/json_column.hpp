#pragma once
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "exchange/model/fields.hpp"
#include "pbx-core/store/store.hpp"

// Columns that hold lists and records within records, as JSON. What is read was written by us: StoreError where it
// isn't what we write. An empty optional is left out.
namespace roamdesk::store {

inline std::int64_t to_ms(WallTime time) { return time.time_since_epoch().count(); }
inline WallTime from_ms(std::int64_t ms) { return WallTime{std::chrono::milliseconds{ms}}; }

[[noreturn]] inline void throw_foreign(const std::string& what) {
  throw StoreError("the database holds something that we don't write: " + what);
}

template <class T>
void json_to(boost::json::value& out, const T& value);
template <class T>
void json_from(const boost::json::value& in, T& value);

namespace detail {
namespace json = boost::json;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_word_set = false;
template <class E>
inline constexpr bool is_word_set<WordSet<E>> = true;

struct ToObject {
  json::object& object;
  template <class T>
  void operator()(const Field& field, const T& value) {
    if constexpr (is_optional<T>) {
      if (value) json_to(object[json::string_view(field.column.data(), field.column.size())], *value);
    } else {
      json_to(object[json::string_view(field.column.data(), field.column.size())], value);
    }
  }
};

struct FromObject {
  const json::object& object;
  template <class T>
  void operator()(const Field& field, T& value) {
    if (const auto* found = object.if_contains(json::string_view(field.column.data(), field.column.size())))
      json_from(*found, value);
  }
};

inline std::string text_of(const json::value& value) {
  const json::string* text = value.if_string();
  if (!text) throw_foreign("JSON of another shape");
  return std::string(text->data(), text->size());
}

}  // namespace detail

template <class T>
void json_to(boost::json::value& out, const T& value) {
  if constexpr (detail::is_vector<T> || detail::is_word_set<T>) {
    auto& array = out.emplace_array();
    for (const auto& item : value) json_to(array.emplace_back(nullptr), item);
  } else if constexpr (std::is_same_v<T, Key>) {
    out = boost::json::array{word_of(value.type), value.value, value.label};
  } else if constexpr (std::is_same_v<T, WallTime>) {
    out = to_ms(value);
  } else if constexpr (std::is_same_v<T, Mac>) {
    out = value.text();
  } else if constexpr (std::is_same_v<T, std::string>) {
    out = value;
  } else if constexpr (Worded<T>) {
    out = word_of(value);
  } else if constexpr (requires {
                         typename T::value_type;
                         value.value();
                       }) {
    out = value.value();
  } else {
    detail::ToObject object{out.emplace_object()};
    fields(object, value);
  }
}

template <class T>
void json_from(const boost::json::value& in, T& value) {
  using detail::is_optional;
  using detail::is_vector;
  if constexpr (is_optional<T>) {
    // "" stood for nothing once.
    if (const auto* text = in.if_string(); text && text->empty() && !std::is_same_v<T, std::optional<std::string>>)
      value.reset();
    else {
      auto found = blank<typename T::value_type>();
      json_from(in, found);
      value = std::move(found);
    }
  } else if constexpr (is_vector<T>) {
    const auto* array = in.if_array();
    if (!array) throw_foreign("JSON of another shape");
    for (const auto& item : *array) json_from(item, value.emplace_back());
  } else if constexpr (detail::is_word_set<T>) {
    std::vector<typename T::value_type> some;
    json_from(in, some);
    value = {};
    for (const auto word : some) value.insert(word);
  } else if constexpr (std::is_same_v<T, Key>) {
    const auto* parts = in.if_array();
    if (!parts || parts->size() != 3) throw_foreign("a key of another shape");
    json_from((*parts)[0], value.type), json_from((*parts)[1], value.value), json_from((*parts)[2], value.label);
    // A type of a newer core: its place stays, empty.
    if (value.type == KeyType::none) value = Key{};
  } else if constexpr (std::is_same_v<T, WallTime>) {
    const auto* ms = in.if_int64();
    if (!ms) throw_foreign("JSON of another shape");
    value = from_ms(*ms);
  } else if constexpr (std::is_same_v<T, Mac>) {
    const auto mac = Mac::parse(detail::text_of(in));
    if (!mac) throw_foreign("a MAC");
    value = *mac;
  } else if constexpr (std::is_same_v<T, std::string>) {
    value = detail::text_of(in);
  } else if constexpr (Worded<T>) {
    value = value_of<T>(detail::text_of(in)).value_or(T{});
  } else if constexpr (requires {
                         typename T::value_type;
                         value.value();
                       }) {
    value = T{detail::text_of(in)};
  } else {
    const auto* object = in.if_object();
    if (!object) throw_foreign("JSON of another shape");
    detail::FromObject members{*object};
    fields(members, value);
  }
}

template <class T>
std::string to_json_text(const T& value) {
  boost::json::value json;
  json_to(json, value);
  return boost::json::serialize(json);
}

template <class T>
T from_json_text(const std::string& text) {
  boost::system::error_code ec;
  const boost::json::value json = boost::json::parse(text, ec);
  if (ec) throw_foreign("text that isn't JSON: " + ec.message());
  T value{};
  json_from(json, value);
  return value;
}

}  // namespace roamdesk::store
