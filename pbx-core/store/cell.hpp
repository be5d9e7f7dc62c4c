#pragma once
#include <soci/soci.h>

#include <optional>
#include <string>
#include <type_traits>

#include "common/base/endpoint.hpp"
#include "pbx-core/store/json_column.hpp"

// A record's members as the values of its row. Text and numbers only: times are milliseconds, booleans 0 and 1, lists
// and records JSON.
namespace roamdesk::store {

struct Cell {
  std::string text;
  long long number = 0;
  soci::indicator is = soci::i_null;
};

// Whether a member's column holds numbers.
template <class T>
inline constexpr bool is_number =
    std::is_same_v<T, WallTime> || std::is_same_v<T, std::chrono::seconds> || std::is_integral_v<T>;
template <class T>
inline constexpr bool is_number<std::optional<T>> = is_number<T>;

template <class Number>
inline constexpr bool is_number<GivenByTable<Number>> = true;

template <class T>
void put(Cell& cell, const T& value) {
  cell.is = soci::i_ok;
  if constexpr (std::is_same_v<T, WallTime>) {
    cell.number = to_ms(value);
  } else if constexpr (std::is_same_v<T, std::chrono::seconds>) {
    cell.number = value.count();
  } else if constexpr (std::is_integral_v<T>) {
    cell.number = static_cast<long long>(value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    cell.text = value;
  } else if constexpr (std::is_same_v<T, SharedText> || std::is_same_v<T, PackedText>) {
    cell.text = value.str();
  } else if constexpr (std::is_same_v<T, Secret>) {
    cell.text = value.reveal();
  } else if constexpr (std::is_same_v<T, Mac>) {
    cell.text = value.text();
  } else if constexpr (std::is_same_v<T, IpAddress> || std::is_same_v<T, Endpoint> ||
                       std::is_same_v<T, phones::Vendor>) {
    cell.text = to_string(value);
  } else if constexpr (Worded<T>) {
    cell.text = word_of(value);
  } else if constexpr (requires {
                         typename T::value_type;
                         value.value();
                       } &&
                       !detail::is_vector<T>) {
    cell.text = value.value();
  } else {
    cell.text = to_json_text(value);
  }
}
template <class T>
void put(Cell& cell, const std::optional<T>& value) {
  if (value)
    put(cell, *value);
  else
    cell.is = soci::i_null;
}
template <class Site>
void put(Cell& cell, const LocalIsNull<Site>& local) {
  if (local.site == local_site())
    cell.is = soci::i_null;
  else
    put(cell, local.site);
}
template <class Optional>
void put(Cell& cell, const EmptyIsNone<Optional>& none) {
  cell.is = soci::i_ok;
  cell.text.clear();
  if (none.value) put(cell, *none.value);
}

template <class Number>
void put(Cell& cell, const GivenByTable<Number>&) {
  cell.is = soci::i_null;
}

template <class T>
void get(const Cell& cell, T& value) {
  if constexpr (std::is_same_v<T, WallTime>) {
    value = from_ms(cell.number);
  } else if constexpr (std::is_same_v<T, std::chrono::seconds>) {
    value = std::chrono::seconds{cell.number};
  } else if constexpr (std::is_same_v<T, bool>) {
    value = cell.number != 0;
  } else if constexpr (std::is_integral_v<T>) {
    value = static_cast<T>(cell.number);
  } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, SharedText> ||
                       std::is_same_v<T, PackedText>) {
    value = cell.text;
  } else if constexpr (std::is_same_v<T, Secret>) {
    value = Secret{cell.text};
  } else if constexpr (std::is_same_v<T, Mac>) {
    const auto mac = Mac::parse(cell.text);
    if (!mac) throw_foreign("a MAC " + cell.text);
    value = *mac;
  } else if constexpr (std::is_same_v<T, IpAddress>) {
    const auto address = parse_ip(cell.text);
    if (!address) throw_foreign("an address " + cell.text);
    value = *address;
  } else if constexpr (std::is_same_v<T, Endpoint>) {
    const auto endpoint = parse_endpoint(cell.text, true);
    if (!endpoint) throw_foreign("an address " + cell.text);
    value = *endpoint;
  } else if constexpr (std::is_same_v<T, phones::Vendor>) {
    value = phones::parse_vendor(cell.text);
  } else if constexpr (Worded<T>) {
    const auto known = value_of<T>(cell.text);
    if (!known) throw_foreign("the word " + cell.text);
    value = *known;
  } else if constexpr (requires {
                         typename T::value_type;
                         value.value();
                       } &&
                       !detail::is_vector<T>) {
    value = T{cell.text};
  } else {
    value = from_json_text<T>(cell.text);
  }
}
template <class T>
void get(const Cell& cell, std::optional<T>& value) {
  if (cell.is != soci::i_ok) return;
  auto found = blank<T>();
  get(cell, found);
  value = std::move(found);
}
template <class Site>
void get(const Cell& cell, LocalIsNull<Site>& local) {
  local.site = cell.is == soci::i_ok ? SiteId{cell.text} : local_site();
}
template <class Optional>
void get(const Cell& cell, EmptyIsNone<Optional>& none) {
  if (cell.text.empty()) return;
  auto found = blank<typename Optional::value_type>();
  get(cell, found);
  none.value = std::move(found);
}

template <class Number>
void get(const Cell& cell, GivenByTable<Number>& given) {
  given.number = cell.number;
}

}  // namespace roamdesk::store
