#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/model/records.hpp"

namespace roamdesk::presence {

enum class Direction : std::uint8_t { initiator, recipient };  // of the watched extension (RFC 4235 §4.1.2)

// RFC 4235 §3.7.1, as far as a B2BUA's leg can show them; one that is over isn't shown.
enum class DialogState : std::uint8_t { trying, early, confirmed };

struct Party {
  std::string number;   // user part
  std::string display;  // may be empty
  std::string host{};   // of its URI; empty: the domain
  friend bool operator==(const Party&, const Party&) = default;
};

// One dialog of a watched extension, with both parties as seen from it.
struct DialogInfo {
  std::string id;  // unique among the extension's dialogs, the same from its first to its last word
  std::string call_id, local_tag, remote_tag;  // of the leg; what an INVITE with Replaces would name. May be empty
  Direction direction = Direction::initiator;
  DialogState state = DialogState::trying;
  bool held = false;  // local side is on hold: +sip.rendering=no
  Party local, remote;
  friend bool operator==(const DialogInfo&, const DialogInfo&) = default;
};

// RFC 3842.
struct MailboxState {
  unsigned new_messages = 0, old_messages = 0, urgent_new = 0, urgent_old = 0;
  friend bool operator==(const MailboxState&, const MailboxState&) = default;
};

// application/dialog-info+xml, always state="full". Without a dialog: one entry for the extension, `terminated`.
std::string dialog_info_xml(const ExtensionNumber& watched, std::string_view domain, std::uint32_t version,
                            const std::vector<DialogInfo>& dialogs);
// application/simple-message-summary, with an explicit "no" where there is nothing new.
std::string message_summary(const ExtensionNumber& mailbox, std::string_view domain, const MailboxState& state);
}  // namespace roamdesk::presence
