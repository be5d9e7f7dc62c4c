#pragma once
#include <fmt/format.h>

#include <string>
#include <utility>

#include "common/base/wipe.hpp"

namespace roamdesk {

// A password, PIN or key. Prints as *** everywhere; reveal() is the one way to the text, and easy to grep for. What it
// held is overwritten when it is destroyed, moved from or given another text. What reveal() is copied into, and what a
// text was before it became one, is its owner's business.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) { wipe(text); }
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { wipe(other.text_); }
  Secret& operator=(const Secret& other) {
    if (this == &other) return *this;
    wipe(text_);
    text_ = other.text_;
    return *this;
  }
  Secret& operator=(Secret&& other) noexcept {
    if (this == &other) return *this;
    wipe(text_);
    text_ = std::move(other.text_);
    wipe(other.text_);
    return *this;
  }
  ~Secret() { wipe(text_); }

  // A secret that comes one character at a time: what it outgrows is overwritten.
  void push_back(char c) {
    if (text_.size() == text_.capacity()) {
      std::string wider;
      wider.reserve(2 * text_.size());
      wider = text_;
      text_.swap(wider);
      wipe(wider);
    }
    text_.push_back(c);
  }

  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }
  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  std::string text_;
};

}  // namespace roamdesk

template <>
struct fmt::formatter<roamdesk::Secret> : fmt::formatter<fmt::string_view> {
  template <class Context>
  auto format(const roamdesk::Secret&, Context& ctx) const {
    return fmt::formatter<fmt::string_view>::format("***", ctx);
  }
};
