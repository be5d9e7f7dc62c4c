#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "common/base/secret.hpp"

namespace roamdesk::ivr {

// What the caller types. It may be a PIN: it stays where it is, and is overwritten, not just forgotten.
class Typed {
 public:
  static constexpr std::size_t capacity = 32;

  Typed() = default;
  Typed(const Typed&) = default;
  Typed& operator=(const Typed&) = default;
  ~Typed() { wipe(); }

  // Of more than `longest` keys (at most `capacity`) nothing is usable.
  void add(char key, std::size_t longest) {
    if (size_ < std::min(longest, capacity))
      keys_[size_++] = key;
    else
      overlong_ = true;
  }
  bool empty() const { return size_ == 0 && !overlong_; }
  // Digits alone; "" where there were too many keys, or one that is no digit.
  std::string digits() const { return usable() ? std::string{keys_.data(), size_} : std::string{}; }
  Secret secret() const { return Secret{digits()}; }
  void wipe() {
    volatile char* at = keys_.data();
    for (std::size_t i = 0; i < keys_.size(); ++i) at[i] = '\0';
    size_ = 0;
    overlong_ = false;
  }

 private:
  bool usable() const {
    return !overlong_ && std::all_of(keys_.data(), keys_.data() + size_, [](char c) { return c >= '0' && c <= '9'; });
  }
  std::array<char, capacity> keys_{};
  std::size_t size_ = 0;
  bool overlong_ = false;
};

}  // namespace roamdesk::ivr
