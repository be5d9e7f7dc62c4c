#include "common/sip/retry_after.hpp"

#include <algorithm>
#include <charconv>

#include "common/base/text.hpp"

namespace roamdesk::sip {

std::optional<std::chrono::seconds> retry_after(const Message& response) {
  constexpr std::chrono::seconds longest{3600};
  const auto value = response.header("Retry-After");
  if (!value) return std::nullopt;
  const auto text = trim(*value);
  std::uint32_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc::result_out_of_range) return longest;
  if (error != std::errc{}) return std::nullopt;
  return std::min(std::chrono::seconds{seconds}, longest);
}

}  // namespace roamdesk::sip
