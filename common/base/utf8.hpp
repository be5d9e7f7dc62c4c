#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace roamdesk {

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t length = 0;  // of its bytes; 0: what stands there isn't UTF-8
};
// The first one of a text that isn't empty. RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
CodePoint first_code_point(std::string_view text);

// Text as it may stand in XML, in an attribute too. What isn't UTF-8, or no character of XML 1.0 (§2.2), becomes
// U+FFFD; control characters, line ends among them, go.
std::string escape_xml(std::string_view text);

}  // namespace roamdesk
