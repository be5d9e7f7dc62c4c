#include "pbx-core/provisioning/text.hpp"

#include <cstdint>

namespace roamdesk::provisioning {
namespace {

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t length = 0;  // 0: not UTF-8
};

// RFC 3629: no overlong forms, no surrogates, nothing above 10FFFF.
CodePoint decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  std::size_t length = 0;
  std::uint32_t value = 0, least = 0;
  if (first >= 0xc2 && first <= 0xdf) {
    length = 2, value = first & 0x1fu, least = 0x80;
  } else if ((first & 0xf0) == 0xe0) {
    length = 3, value = first & 0x0fu, least = 0x800;
  } else if (first >= 0xf0 && first <= 0xf4) {
    length = 4, value = first & 0x07u, least = 0x10000;
  }
  if (length == 0 || text.size() < length) return {};
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    value = value << 6 | (byte(i) & 0x3fu);
  }
  if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return {};
  return {value, length};
}

bool is_unwanted(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029 || (c & 0xfffe) == 0xfffe ||
         (c >= 0xfdd0 && c <= 0xfdef);
}

}  // namespace

std::string clean_text(std::string_view text, std::size_t longest) {
  std::string clean;
  std::size_t count = 0;
  while (!text.empty() && count < longest) {
    const auto point = decode(text);
    const auto taken = point.length == 0 ? 1 : point.length;
    if (point.length != 0 && (point.value == '\t' || !is_unwanted(point.value))) {
      const bool blank = point.value == '\t' || point.value == ' ';
      if (!(blank && clean.empty())) {
        if (blank)
          clean += ' ';
        else
          clean += text.substr(0, taken);
        ++count;
      }
    }
    text.remove_prefix(taken);
  }
  while (!clean.empty() && clean.back() == ' ') clean.pop_back();
  return clean;
}

std::string escape_xml(std::string_view clean) {
  std::string out;
  out.reserve(clean.size());
  for (const char c : clean) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string clean_number(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      std::string_view{"*#+._-"}.find(c) != std::string_view::npos;
    if (good && out.size() < 64) out += c;
  }
  return out;
}

std::string escape_line(std::string_view clean) {
  if (clean == "%NULL%" || clean == "%EMPTY%") return std::string{clean.substr(1, clean.size() - 2)};
  return std::string{clean};
}

}  // namespace roamdesk::provisioning
