#pragma once
#include <chrono>
#include <optional>

#include "common/sip/message.hpp"

namespace roamdesk::sip {

// For how long the sender of `response` wants to be left alone (RFC 3261 §20.33), in 0 s to one hour: nobody takes
// itself, or us, away for longer by one answer. Its comment and its `duration` aren't looked at. nullopt where it
// doesn't say, or says no number.
std::optional<std::chrono::seconds> retry_after(const Message& response);

}  // namespace roamdesk::sip
