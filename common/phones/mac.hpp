#pragma once
#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace roamdesk {

// A phone's MAC: 12 lower-case hexadecimal characters, no separator (contract §1).
class Mac {
 public:
  // Takes 12 hexadecimal characters of any case; nullopt for every other form.
  static std::optional<Mac> parse(std::string_view text);
  const std::string& text() const { return text_; }
  friend auto operator<=>(const Mac&, const Mac&) = default;

 private:
  explicit Mac(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace roamdesk

template <>
struct std::hash<roamdesk::Mac> {
  std::size_t operator()(const roamdesk::Mac& mac) const { return std::hash<std::string>{}(mac.text()); }
};
