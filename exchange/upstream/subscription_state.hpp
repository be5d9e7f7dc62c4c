#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace roamdesk::upstream {

// Subscription-State (RFC 6665 §4.1.3, §8.4).
struct SubscriptionState {
  bool terminated = false;  // else active or pending
  std::string reason{};     // in lower case; "" where none is given
  // nullopt where it isn't there, or no number; 7 days at most.
  std::optional<std::chrono::seconds> expires{}, retry_after{};
};
// Of a NOTIFY without it, or with one that can't be read: active.
SubscriptionState read_subscription_state(std::string_view header);

}  // namespace roamdesk::upstream
