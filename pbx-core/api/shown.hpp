#pragma once
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string_view>
#include <vector>

#include "exchange/model/fields.hpp"
#include "pbx-core/api/reader.hpp"

// Records as the API shows and reads them, by their description in exchange/model/fields.hpp. Secrets have no way out
// here.
namespace roamdesk::api {

template <class Record>
boost::json::object shown(const Record& record);

namespace detail {
namespace json = boost::json;

template <class T>
json::value value_shown(const Field& field, const T& value) {
  if constexpr (std::is_same_v<T, WallTime>) {
    return json::value(to_rfc3339(value));
  } else if constexpr (std::is_same_v<T, bool> || std::is_arithmetic_v<T>) {
    return json::value(value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    return value.empty() && field.null_where_empty ? json::value(nullptr) : json::value(value);
  } else if constexpr (std::is_same_v<T, SharedText>) {
    return value_shown(field, value.str());
  } else if constexpr (std::is_same_v<T, Mac>) {
    return json::value(value.text());
  } else if constexpr (std::is_same_v<T, phones::Vendor>) {
    return json::value(std::string{phones::to_string(value)});
  } else if constexpr (Worded<T>) {
    return json::value(std::string{word_of(value)});
  } else if constexpr (requires { value.has_value(); }) {
    return value ? value_shown(field, *value) : json::value(nullptr);
  } else if constexpr (requires { typename T::allocator_type; }) {
    json::array array;
    for (const auto& item : value) array.push_back(value_shown(field, item));
    return array;
  } else if constexpr (requires { typename T::value_type; }) {
    return value_shown(field, value.value());
  } else {
    return shown(value);
  }
}

struct ToShown {
  json::object& object;

  template <class T>
  void operator()(const Field& field, const T& value) {
    if constexpr (!std::is_same_v<T, Secret>)
      if (!field.shown.empty())
        object[json::string_view(field.shown.data(), field.shown.size())] = value_shown(field, value);
  }
  template <class Optional>
  void operator()(const Field& field, const EmptyIsNone<Optional>& none) {
    (*this)(field, none.value);
  }
  template <class Number>
  void operator()(const Field& field, const GivenByTable<Number>& given) {
    (*this)(field, given.number);
  }
  template <class Site>
  void operator()(const Field& field, const LocalIsNull<Site>& local) {
    (*this)(field, local.site);
  }
  // What belongs together and may be missing is credentials.
  template <class T, class Members>
  void optional(const std::optional<T>&, const Members&) {}
};

struct Names {
  std::vector<std::string_view>& names;
  template <class T>
  void operator()(const Field& field, const T&) {
    if (!field.shown.empty()) names.push_back(field.shown);
  }
};

// What a body names is changed, null empties it, what it doesn't name stays.
struct FromBody {
  Reader& reader;
  std::size_t longest_list;

  void operator()(const Field& field, std::optional<std::string>& value) {
    if (reader.null(field.shown)) value.reset();
    if (auto given = reader.text(field.shown)) value = std::move(given);
  }
  template <Worded E>
  void operator()(const Field& field, std::optional<E>& value) {
    if (reader.null(field.shown)) value.reset();
    if (const auto given = reader.word<E>(field.shown)) value = given;
  }
  void operator()(const Field& field, std::vector<std::string>& value) {
    if (reader.null(field.shown)) value.clear();
    if (auto given = reader.texts(field.shown, longest_list)) value = std::move(*given);
  }
};

}  // namespace detail

template <class Record>
boost::json::object shown(const Record& record) {
  boost::json::object object;
  if constexpr (std::is_same_v<Record, Key>) {
    object = {{"type", word_of(record.type)}, {"value", record.value}, {"label", record.label}};
  } else {
    detail::ToShown to{object};
    fields(to, record);
  }
  return object;
}

// The members that a body may name.
template <class Record>
std::vector<std::string_view> names_shown() {
  std::vector<std::string_view> names;
  detail::Names to{names};
  const Record record = blank<Record>();
  fields(to, record);
  return names;
}

// Of a record whose members are optional texts, optional words and lists of at most `longest_list` texts.
template <class Record>
void read_shown(Reader& reader, Record& record, std::size_t longest_list = 16) {
  detail::FromBody from{reader, longest_list};
  fields(from, record);
}

}  // namespace roamdesk::api
