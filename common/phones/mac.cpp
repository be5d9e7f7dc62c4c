#include "common/phones/mac.hpp"

#include <fmt/format.h>

#include <charconv>
#include <system_error>

namespace roamdesk {

std::optional<Mac> Mac::parse(std::string_view text) {
  if (text.size() != 12) return std::nullopt;
  std::uint64_t value = 0;
  // from_chars would take a minus sign.
  if (text.front() == '-') return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return Mac{value};
}

std::string Mac::text() const { return fmt::format("{:012x}", value_); }

}  // namespace roamdesk
