#include "exchange/upstream/subscription_state.hpp"

#include <algorithm>
#include <charconv>

#include "common/base/text.hpp"

namespace roamdesk::upstream {
namespace {

constexpr std::chrono::seconds longest_told{std::chrono::days{7}};

std::optional<std::chrono::seconds> seconds_of(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end == text.data()) return std::nullopt;
  return error == std::errc{} ? std::min(std::chrono::seconds{number}, longest_told) : longest_told;
}

}  // namespace

SubscriptionState read_subscription_state(std::string_view header) {
  SubscriptionState state;
  const auto next = [&header] {
    const auto end = header.find(';');
    const auto part = trim(header.substr(0, end));
    header = end == std::string_view::npos ? std::string_view{} : header.substr(end + 1);
    return part;
  };
  state.terminated = equal_ignoring_case(next(), "terminated");
  while (!header.empty()) {
    const auto part = next();
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    const auto name = trim(part.substr(0, equals)), value = trim(part.substr(equals + 1));
    if (equal_ignoring_case(name, "reason")) state.reason = lowered(value);
    if (equal_ignoring_case(name, "expires")) state.expires = seconds_of(value);
    if (equal_ignoring_case(name, "retry-after")) state.retry_after = seconds_of(value);
  }
  return state;
}

}  // namespace roamdesk::upstream
