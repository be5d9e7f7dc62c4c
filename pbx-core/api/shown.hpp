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
// The members that a body may name.
template <class Record>
std::vector<std::string_view> names_shown();

namespace detail {
namespace json = boost::json;

template <class T>
json::value value_shown(const Field& field, const T& value) {
  if constexpr (std::is_same_v<T, WallTime>) {
    return json::value(to_rfc3339(value));
  } else if constexpr (std::is_same_v<T, bool> || std::is_arithmetic_v<T>) {
    return json::value(value);
  } else if constexpr (std::is_same_v<T, std::chrono::seconds>) {
    return json::value(value.count());
  } else if constexpr (std::is_same_v<T, std::string>) {
    return value.empty() && field.null_where_empty ? json::value(nullptr) : json::value(value);
  } else if constexpr (std::is_same_v<T, SharedText> || std::is_same_v<T, PackedText>) {
    return value_shown(field, value.str());
  } else if constexpr (std::is_same_v<T, Mac>) {
    return json::value(value.text());
  } else if constexpr (std::is_same_v<T, phones::Vendor>) {
    return json::value(std::string{phones::to_string(value)});
  } else if constexpr (Worded<T>) {
    return json::value(std::string{word_of(value)});
  } else if constexpr (requires { value.has_value(); }) {
    return value ? value_shown(field, *value) : json::value(nullptr);
  } else if constexpr (requires { value.begin(); }) {
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
  void operator()(const Field& field, std::string& value) {
    if (reader.null(field.shown)) value.clear();
    if (auto given = reader.text(field.shown)) value = std::move(*given);
  }
  void operator()(const Field& field, Secret& value) {
    if (reader.null(field.shown)) value = Secret{};
    if (auto given = reader.text(field.shown)) value = Secret{std::move(*given)};
  }
  template <class Tag>
  void operator()(const Field& field, Strong<Tag, std::string>& value) {
    if (reader.null(field.shown)) value = Strong<Tag, std::string>{};
    if (auto given = reader.text(field.shown)) value = Strong<Tag, std::string>{std::move(*given)};
  }
  void operator()(const Field& field, bool& value) {
    if (const auto given = reader.boolean(field.shown)) value = *given;
  }
  void operator()(const Field& field, unsigned& value) {
    if (const auto given = reader.integer(field.shown)) value = static_cast<unsigned>(in_range(field, *given));
  }
  void operator()(const Field& field, std::chrono::seconds& value) {
    if (const auto given = reader.integer(field.shown)) value = std::chrono::seconds{in_range(field, *given)};
  }
  template <Worded E>
  void operator()(const Field& field, E& value) {
    if (const auto given = reader.word<E>(field.shown)) value = *given;
  }
  template <Worded E>
  void operator()(const Field& field, std::vector<E>& value) {
    const auto given = reader.texts(field.shown, longest_list);
    if (!given) return;
    value.clear();
    for (const std::string& word : *given) {
      const auto known = value_of<E>(word);
      if (!known) return reader.refuse(field.shown, "has an unknown word; expected some of " + all_words<E>());
      value.push_back(*known);
    }
  }
  void operator()(const Field& field, SiteId& value) {
    if (const auto given = reader.text(field.shown)) value = SiteId{*given};
  }
  void operator()(const Field& field, std::vector<SiteId>& value) { read_texts(field, value); }
  template <class Tag>
  void operator()(const Field& field, std::vector<Strong<Tag, std::string>>& value) {
    read_texts(field, value);
  }
  // A record within the record: what its object doesn't name stays, too.
  template <class R>
  requires std::is_same_v<R, CivicAddress>
  void operator()(const Field& field, R& value) {
    const json::object* object = reader.object(field.shown);
    if (!object) return;
    Reader inner(*object, names_shown<R>(), std::string(field.shown) + ".");
    FromBody from{inner, longest_list};
    fields(from, value);
    reader.take(inner);
  }
  // A list of records: the one that is there is replaced as a whole.
  template <class R>
  requires std::is_same_v<R, LocationReference>
  void operator()(const Field& field, std::vector<R>& value) {
    if (reader.null(field.shown)) value.clear();
    const auto given = reader.objects(field.shown, longest_list);
    if (!given) return;
    value.clear();
    for (const json::object* object : *given) {
      Reader inner(*object, names_shown<R>(), std::string(field.shown) + ".");
      FromBody from{inner, longest_list};
      fields(from, value.emplace_back());
      reader.take(inner);
    }
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

 private:
  template <class T>
  void read_texts(const Field& field, std::vector<T>& value) {
    if (reader.null(field.shown)) value.clear();
    const auto given = reader.texts(field.shown, longest_list);
    if (!given) return;
    value.clear();
    for (const std::string& text : *given) value.emplace_back(text);
  }
  // What every number of a record is at most; closer bounds are the record's.
  std::int64_t in_range(const Field& field, std::int64_t given) {
    if (given >= 0 && given <= 1'000'000) return given;
    reader.refuse(field.shown, "is out of range; expected 0 to 1000000");
    return 0;
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

template <class Record>
std::vector<std::string_view> names_shown() {
  std::vector<std::string_view> names;
  detail::Names to{names};
  const Record record = blank<Record>();
  fields(to, record);
  return names;
}

// Of a record whose members are texts, words, numbers, and lists of at most `longest_list` texts or words. Secrets are
// read, and never shown.
template <class Record>
void read_shown(Reader& reader, Record& record, std::size_t longest_list = 16) {
  detail::FromBody from{reader, longest_list};
  fields(from, record);
}

}  // namespace roamdesk::api
