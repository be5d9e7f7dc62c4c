#include "exchange/provisioning/text.hpp"

#include <cstdint>

namespace roamdesk::provisioning {
namespace {

bool is_unwanted(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029 || (c & 0xfffe) == 0xfffe ||
         (c >= 0xfdd0 && c <= 0xfdef);
}

}  // namespace

std::string clean_text(std::string_view text, std::size_t longest) {
  std::string clean;
  std::size_t count = 0;
  while (!text.empty() && count < longest) {
    const auto point = first_code_point(text);
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

std::string clean_number(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      std::string_view{"*#+._-"}.find(c) != std::string_view::npos;
    if (good && out.size() < 64) out += c;
  }
  return out;
}

}  // namespace roamdesk::provisioning
