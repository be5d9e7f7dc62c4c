#pragma once
#include <string_view>
#include <type_traits>

// How a record is described: a Table, its key, and fields(visitor, record), which calls the visitor with a Field and
// the member, for each. See fields.hpp; a type of PlainRecords has all three in its own header.
namespace roamdesk {

class Field {
 public:
  // The column's name, which is the API's too unless shown_as() says otherwise.
  constexpr Field(const char* name) : column(name), shown(name) {}
  constexpr Field shown_as(std::string_view name) const {
    Field field = *this;
    field.shown = name;
    return field;
  }
  // Not in the API. Secrets are never shown, whatever stands here.
  constexpr Field hidden() const { return shown_as(""); }
  // Shown as null where it is empty.
  constexpr Field or_null() const {
    Field field = *this;
    field.null_where_empty = true;
    return field;
  }
  // Written when the row is made; a later Put leaves it as it is.
  constexpr Field fixed() const {
    Field field = *this;
    field.is_fixed = true;
    return field;
  }

  std::string_view column, shown;
  bool is_fixed = false, null_where_empty = false;
};

// `key`: the columns by which a row is found, with ", " between them; "" where rows are only ever appended.
struct Table {
  const char *name, *key, *order;
};
template <class Record>
inline constexpr Table table{};

// The member by which a plain record is found.
template <class R>
inline constexpr auto key_of = nullptr;

// How a member is stored where it isn't as it is. The site `local` is NULL, an empty optional "".
template <class Site>
struct LocalIsNull {
  Site& site;
};
template <class Site>
LocalIsNull(Site&) -> LocalIsNull<Site>;
template <class Optional>
struct EmptyIsNone {
  Optional& value;
};
template <class Optional>
EmptyIsNone(Optional&) -> EmptyIsNone<Optional>;

// A number that the table gives by itself.
template <class Number>
struct GivenByTable {
  Number& number;
};
template <class Number>
GivenByTable(Number&) -> GivenByTable<Number>;

template <class T, class Record>
concept Is = std::is_same_v<std::remove_const_t<T>, Record>;

}  // namespace roamdesk
