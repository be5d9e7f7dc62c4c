#include "exchange/routing/pattern.hpp"

namespace roamdesk::routing {
namespace {

bool is_decimal(char c) { return c >= '0' && c <= '9'; }

// Whether `set`, what stands between [ and ], is digits and ranges of them.
bool is_set(std::string_view set) {
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (!is_decimal(set[i])) return false;
    if (i + 2 < set.size() && set[i + 1] == '-') {
      if (!is_decimal(set[i + 2]) || set[i + 2] < set[i]) return false;
      i += 2;
    }
  }
  return !set.empty();
}

bool has(std::string_view set, char digit) {
  for (std::size_t i = 0; i < set.size(); ++i) {
    const bool range = i + 2 < set.size() && set[i + 1] == '-';
    if (digit >= set[i] && digit <= set[range ? i + 2 : i]) return true;
    if (range) i += 2;
  }
  return false;
}

// Whether `c` fits the first part of the pattern, which isn't `.`; takes that part away.
bool takes(std::string_view& pattern, char c) {
  std::size_t taken = 1;
  bool fits = pattern.front() == c;
  if (pattern.front() == '[') {
    const std::size_t close = pattern.find(']');
    fits = is_decimal(c) && has(pattern.substr(1, close - 1), c);
    taken = close + 1;
  } else if (pattern.front() == 'x') {
    fits = is_decimal(c);
  }
  pattern.remove_prefix(taken);
  return fits;
}

}  // namespace

std::optional<std::string> pattern_fault(std::string_view pattern) {
  constexpr const char* expected =
      "can't be read; expected are digits, *, #, x for any digit, [2-9] for one of them, + in front, . at the end for "
      "whatever follows, as \"00.\"";
  if (pattern.empty() || pattern.size() > longest_pattern)
    return "is empty or longer than 64; expected is e.g. \"00.\"";
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '[') {
      const std::size_t close = pattern.find(']', i);
      if (close == std::string_view::npos || !is_set(pattern.substr(i + 1, close - i - 1))) return expected;
      i = close;
    } else if (!is_decimal(c) && c != '*' && c != '#' && c != 'x' && !(c == '+' && i == 0) &&
               !(c == '.' && i + 1 == pattern.size())) {
      return expected;
    }
  }
  return std::nullopt;
}

bool matches(std::string_view pattern, std::string_view number) {
  for (; !pattern.empty(); number.remove_prefix(1)) {
    if (pattern.front() == '.') return true;
    if (number.empty() || !takes(pattern, number.front())) return false;
  }
  return number.empty();
}

std::optional<std::string_view> behind_front(std::string_view pattern, std::size_t count, std::string_view number) {
  for (; count > 0; --count) {
    if (pattern.empty() || number.empty()) return std::nullopt;
    if (pattern.front() != '.' && !takes(pattern, number.front())) return std::nullopt;
    number.remove_prefix(1);
  }
  if (pattern.empty() || number.empty()) return std::nullopt;
  return number;
}

}  // namespace roamdesk::routing
