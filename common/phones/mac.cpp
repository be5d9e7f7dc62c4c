#include "common/phones/mac.hpp"

namespace roamdesk {

std::optional<Mac> Mac::parse(std::string_view text) {
  if (text.size() != 12) return std::nullopt;
  std::string lower;
  lower.reserve(12);
  for (char c : text) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return std::nullopt;
    lower.push_back(c);
  }
  return Mac{std::move(lower)};
}

}  // namespace roamdesk
