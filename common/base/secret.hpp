#pragma once
#include <fmt/format.h>

#include <string>
#include <utility>

namespace roamdesk {

// A password, PIN or key. Prints as *** everywhere; reveal() is the one way to the text, and easy to grep for.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
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
