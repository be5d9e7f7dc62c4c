#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>

#include "common/base/words.hpp"

namespace roamdesk {

// Some of an enumeration's words, in a byte: a record that ten thousand people have takes no list of its own for them.
// In the order of the enumeration.
template <Worded E>
class WordSet {
  static_assert(words<E>.size() <= 8);

 public:
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = E;
    using difference_type = std::ptrdiff_t;
    using pointer = const E*;
    using reference = E;
    Iterator() = default;
    explicit Iterator(std::uint8_t rest) : rest_(rest) {}
    E operator*() const { return static_cast<E>(std::countr_zero(rest_)); }
    Iterator& operator++() {
      rest_ &= static_cast<std::uint8_t>(rest_ - 1);
      return *this;
    }
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    std::uint8_t rest_ = 0;
  };
  using value_type = E;
  using iterator = Iterator;
  using const_iterator = Iterator;

  WordSet() = default;
  WordSet(std::initializer_list<E> all) {
    for (const E value : all) insert(value);
  }
  void insert(E value) { bits_ |= bit(value); }
  bool contains(E value) const { return (bits_ & bit(value)) != 0; }
  bool empty() const { return bits_ == 0; }
  std::size_t size() const { return static_cast<std::size_t>(std::popcount(bits_)); }
  Iterator begin() const { return Iterator{bits_}; }
  Iterator end() const { return Iterator{}; }
  friend bool operator==(const WordSet&, const WordSet&) = default;

 private:
  static std::uint8_t bit(E value) { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(value)); }
  std::uint8_t bits_ = 0;
};

}  // namespace roamdesk
