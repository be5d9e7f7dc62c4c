#include <algorithm>
#include <charconv>

#include "exchange/numbers/plans.hpp"

namespace roamdesk::numbers::plans {
namespace {

bool step(Begin& at, char c) {
  if (c < '0' || c > '9') return false;
  at = states[at].next[static_cast<std::size_t>(c - '0')];
  return at != 0;
}

}  // namespace

const Region* find_region(std::string_view name) {
  const auto found = std::lower_bound(regions.begin(), regions.end(), name,
                                      [](const Region& region, std::string_view n) { return region.name < n; });
  return found != regions.end() && found->name == name ? &*found : nullptr;
}

const Code* find_code(std::string_view digits) {
  // ITU-T E.164: one to three digits, none of which begins another.
  for (std::size_t length = 1; length <= 3 && length <= digits.size(); ++length) {
    std::uint16_t number = 0;
    std::from_chars(digits.data(), digits.data() + length, number);
    const auto found = std::lower_bound(codes.begin(), codes.end(), number,
                                        [](const Code& code, std::uint16_t n) { return code.digits < n; });
    if (found != codes.end() && found->digits == number && number != 0 && digits[0] != '0') return &*found;
  }
  return nullptr;
}

std::uint16_t whole(Begin begin, std::string_view digits) {
  if (begin == 0) return 0;
  for (const char c : digits)
    if (!step(begin, c)) return 0;
  return states[begin].value;
}

std::size_t longest_front(Begin begin, std::string_view digits) {
  std::size_t longest = 0;
  for (std::size_t i = 0; begin != 0 && i < digits.size() && step(begin, digits[i]); ++i)
    if (states[begin].value != 0) longest = i + 1;
  return longest;
}

}  // namespace roamdesk::numbers::plans
