#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "exchange/presence/dialog_info.hpp"

namespace roamdesk::presence {

// A dialog of which another exchange tells.
struct ToldDialog {
  // Call-ID and tags are that exchange's words: of no dialog of ours, and nothing that a phone may be shown.
  DialogInfo dialog;
  bool over = false;  // `terminated`
};

// What another exchange says of the calls of a number (RFC 4235 §4.1).
struct ToldDialogs {
  bool full = true;  // else what isn't in it stays as it was
  std::uint32_t version = 0;
  std::vector<ToldDialog> dialogs;
};

// application/dialog-info+xml, with any prefix or none for its namespace. Whom it names as `entity` isn't looked at:
// exchanges write the subscriber there. A dialog without an id or a state that is known is left out, a direction that
// isn't said is the initiator's. Texts have 64 bytes at most. Call-ID and
// tags are all there, and can stand in a header, or none is. nullopt where it is no dialog-info, has more than 64 kB,
// or more than 64 dialogs.
std::optional<ToldDialogs> read_dialog_info(std::string_view body);

}  // namespace roamdesk::presence
