#pragma once

#include <algorithm>
#include <cctype>
#include <string_view>

// How a header field's text is read (RFC 9110 §5).
namespace roamdesk::http {

// Names are the same whatever their case (§5.1).
inline bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

// Without the optional white space around it (§5.6.3).
inline std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace roamdesk::http
