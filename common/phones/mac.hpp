#pragma once
#include <compare>
#include <cstdint>
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
  std::string text() const;
  std::uint64_t value() const { return value_; }
  friend auto operator<=>(const Mac&, const Mac&) = default;

 private:
  explicit Mac(std::uint64_t value) : value_(value) {}
  std::uint64_t value_;  // its 48 bits; their order is the text's
};

}  // namespace roamdesk

template <>
struct std::hash<roamdesk::Mac> {
  std::size_t operator()(const roamdesk::Mac& mac) const { return std::hash<std::uint64_t>{}(mac.value()); }
};
