#pragma once
#include <algorithm>
#include <string_view>

// Reading a line of a description. Phones write tabs, and blanks where RFC 4566 has none.
namespace roamdesk::sdp {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

constexpr std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Takes the next word off the front of `text`; "" at its end.
constexpr std::string_view take_word(std::string_view& text) {
  text = trim(text);
  const auto size = static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_blank) - text.begin());
  const auto word = text.substr(0, size);
  text.remove_prefix(size);
  return word;
}

}  // namespace roamdesk::sdp
