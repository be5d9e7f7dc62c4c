#pragma once
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Emergency numbers, by country.
namespace roamdesk::numbers {

// Are emergency numbers wherever a phone stands: people dial at work abroad what they know from home.
inline constexpr std::array<std::string_view, 2> emergency_everywhere = {"112", "911"};

// Whether digits, as they are dialled, are an emergency number of that country (ISO 3166); those of everywhere aren't
// counted in.
bool is_emergency(std::string_view digits, std::string_view country);
// All of them, the shorter ones first, then by their digits. Empty for a country that isn't known.
std::vector<std::string> emergency_numbers(std::string_view country);

// A part of a number, its end, that may be a short number.
struct ShortForm {
  std::string_view digits;
  // What stood in front is of the country's plan: an international prefix, the country code, a national prefix. False
  // where it was a +, or nothing.
  bool behind_prefix = false;
};

// What may be meant by a short number that is written as long ones are: in Germany 112 is that of 112, +112, 00112,
// +49112, +49 (0)112, 0049112 and 0112. `dialled` as cleaned() gives it, and lasts longer than this.
class ShortForms {
 public:
  ShortForms(std::string_view dialled, std::string_view country);
  const ShortForm* begin() const { return forms_.data(); }
  const ShortForm* end() const { return forms_.data() + count_; }

 private:
  void add(std::string_view digits, bool behind_prefix);
  std::array<ShortForm, 16> forms_{};
  std::size_t count_ = 0;
};

}  // namespace roamdesk::numbers
