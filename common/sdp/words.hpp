#pragma once
#include <algorithm>
#include <string_view>

#include "common/base/text.hpp"

// Reading a line of a description. Phones write tabs, and blanks where RFC 4566 has none.
namespace roamdesk::sdp {

// Takes the next word off the front of `text`; "" at its end.
constexpr std::string_view take_word(std::string_view& text) {
  text = trim(text);
  const auto size = static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_blank) - text.begin());
  const auto word = text.substr(0, size);
  text.remove_prefix(size);
  return word;
}

}  // namespace roamdesk::sdp
