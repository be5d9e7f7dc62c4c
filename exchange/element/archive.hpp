#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/base/ids.hpp"

// Records as bytes and back, by one function for each record: `field(a, record)`, where `a` is a Writer, and what it is
// given stays as it is, or a Reader. `Here` is any type of the namespace that has the functions of its own records: by
// it they are found.
namespace roamdesk::element::archive {

constexpr std::size_t longest_text = 65'535;

// Numbers are eight bytes, the highest first; a text has its length before it.
template <class Here>
class Writer {
 public:
  static constexpr bool reads = false;
  void number(std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8) text_.push_back(static_cast<char>(value >> shift));
  }
  void text(const std::string& value) {
    number(value.size());
    text_ += value;
  }
  bool fail() { return false; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

// What is wrong once stays so: the rest reads as nothing.
template <class Here>
class Reader {
 public:
  static constexpr bool reads = true;
  explicit Reader(std::string_view text) : rest_(text) {}
  void number(std::uint64_t& value) {
    value = 0;
    if (rest_.size() < 8) {
      fail();
      return;
    }
    for (int i = 0; i < 8; ++i) value = value << 8 | static_cast<std::uint8_t>(rest_[static_cast<std::size_t>(i)]);
    rest_.remove_prefix(8);
  }
  void text(std::string& value) {
    std::uint64_t size = 0;
    number(size);
    value.clear();
    if (size > longest_text || size > rest_.size()) {
      fail();
      return;
    }
    value = rest_.substr(0, size);
    rest_.remove_prefix(size);
  }
  bool fail() {
    good_ = false;
    rest_ = {};
    return false;
  }
  bool good() const { return good_; }
  bool over() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

template <class A>
void field(A& a, std::string& value) {
  a.text(value);
}

template <class A, class T>
requires std::is_integral_v<T> || std::is_enum_v<T>
void field(A& a, T& value) {
  auto number = static_cast<std::uint64_t>(value);
  a.number(number);
  value = static_cast<T>(number);
  if (static_cast<std::uint64_t>(value) != number) a.fail();
}

template <class A>
void field(A& a, bool& value) {
  std::uint64_t number = value;
  a.number(number);
  if (number > 1) a.fail();
  value = number == 1;
}

// An enumeration's value that has to be one of the first `count`.
template <class A, class E>
void one_of(A& a, E& value, std::size_t count) {
  auto number = static_cast<std::uint64_t>(value);
  a.number(number);
  if (number >= count) a.fail();
  value = number < count ? static_cast<E>(number) : E{};
}

// Up to a hundred years, as long as any clock may have run.
template <class A, class Rep, class Period>
void field(A& a, std::chrono::duration<Rep, Period>& value) {
  using std::chrono::milliseconds;
  constexpr std::int64_t longest = milliseconds{std::chrono::hours{24 * 36'525}}.count();
  const auto given = std::chrono::duration_cast<milliseconds>(value).count();
  auto number = static_cast<std::uint64_t>(std::max<std::int64_t>(given, 0));
  a.number(number);
  if (number > static_cast<std::uint64_t>(longest)) {
    a.fail();
    number = 0;
  }
  if constexpr (A::reads)
    value =
        std::chrono::duration_cast<std::chrono::duration<Rep, Period>>(milliseconds{static_cast<std::int64_t>(number)});
}

template <class A, class Tag, class T>
void field(A& a, Strong<Tag, T>& value) {
  auto inner = value.value();
  field(a, inner);
  if constexpr (A::reads) value = Strong<Tag, T>{std::move(inner)};
}

// Whatever is written and read as text. `read` gives nullopt where it can't be read.
template <class A, class T, class Say, class Read>
void as_text(A& a, T& value, Say say, Read read) {
  std::string text;
  if constexpr (!A::reads) text = say(value);
  a.text(text);
  if constexpr (A::reads) {
    if (auto known = read(text))
      value = std::move(*known);
    else
      a.fail();
  }
}

template <class A, class T, class Each>
void optional(A& a, std::optional<T>& value, T fresh, Each each) {
  bool there = value.has_value();
  field(a, there);
  if constexpr (A::reads) {
    value.reset();
    if (there) value.emplace(std::move(fresh));
  }
  if (value) each(*value);
}

template <class A, class T>
void field(A& a, std::optional<T>& value) {
  optional(a, value, T{}, [&](T& inner) { field(a, inner); });
}

template <class A, class T>
void list(A& a, std::vector<T>& values, std::size_t most) {
  std::uint64_t count = values.size();
  a.number(count);
  if (count > most) {
    a.fail();
    return;
  }
  if constexpr (A::reads) {
    values.clear();
    for (std::uint64_t i = 0; i < count && a.good(); ++i) field(a, values.emplace_back());
  } else {
    for (auto& value : values) field(a, value);
  }
}

}  // namespace roamdesk::element::archive
