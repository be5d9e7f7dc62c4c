#pragma once
#include <soci/soci.h>

#include <optional>
#include <string>
#include <string_view>

namespace roamdesk::store {

// A column that may be NULL: `into(c.value, c.is)` and `use(c.value, c.is)`. (SOCI 4.0 knows no std::optional. And it
// binds by address, at the end of the full expression: never give it a temporary.)
template <class T>
struct Column {
  T value{};
  soci::indicator is = soci::i_null;

  Column() = default;
  explicit Column(const std::optional<T>& v) : value(v.value_or(T{})), is(v ? soci::i_ok : soci::i_null) {}
  std::optional<T> optional() const { return is == soci::i_ok ? std::optional<T>(value) : std::nullopt; }
};

using TextColumn = Column<std::string>;
using NumberColumn = Column<long long>;

}  // namespace roamdesk::store
