#pragma once
#include <optional>
#include <string_view>

#include "exchange/presence/dialog_info.hpp"

namespace roamdesk::presence {

// What another exchange says of a mailbox (RFC 3842 §5.2), its numbers up to 9999. nullopt where it doesn't say whether
// messages wait; without numbers a message that waits is one.
std::optional<MailboxState> parse_message_summary(std::string_view body);

}  // namespace roamdesk::presence
