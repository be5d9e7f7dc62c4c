#pragma once
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/sip/refer.hpp"
#include "exchange/element/context.hpp"
#include "exchange/presence/subscription_server.hpp"

namespace roamdesk::element {

// Calls that ring at other exchanges, as lamps here name them: by aliases, random, good for nothing but Replaces
// (RFC 3891). So no lamp names a dialog of ours, whatever that exchange says.
class UpstreamPickups {
 public:
  struct Ringing {
    presence::Watched watched;  // whose phone rings
    sip::Replaces there;        // the dialog in that exchange's words
  };
  explicit UpstreamPickups(Unique unique) : unique_(std::move(unique)) {}

  // All calls of the number from now on. One that rings there and is named gets its alias in place of its names, the
  // same as long as it rings; any other is named no more.
  void rename(const presence::Watched& watched, std::vector<presence::DialogInfo>& dialogs);
  // The call that rings, by its alias with the tags either way round; nullopt where none is named so.
  std::optional<Ringing> find(const sip::Replaces& named) const;

 private:
  struct Named {
    sip::Replaces there;
    std::string call_id, local_tag, remote_tag;  // of the alias
  };
  Unique unique_;
  std::map<presence::Watched, std::map<std::string, Named>> all_;                        // by the dialogs' ids there
  std::unordered_map<std::string, std::pair<presence::Watched, std::string>> by_alias_;  // by its call_id
};

}  // namespace roamdesk::element
