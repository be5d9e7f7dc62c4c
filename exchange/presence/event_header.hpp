#pragma once
#include <optional>
#include <string>

#include "exchange/presence/subscription_server.hpp"

namespace roamdesk::presence {

struct EventHeader {
  Package package{};
  std::string id;  // RFC 6665 §8.2.1; "" for none
  friend bool operator==(const EventHeader&, const EventHeader&) = default;
};
// Event of a SUBSCRIBE; nullopt where it is missing, unreadable, or a package that isn't served here.
std::optional<EventHeader> parse_event(const sip::Message& request);
const char* to_string(Package package);
const char* content_type(Package package);
// Whether the subscriber takes our body; a missing Accept means the package's default, which is ours (RFC 6665 §3.1.3).
bool accepts(const sip::Message& request, Package package);
// Our Contact as seen on that flow: its face.
sip::NameAddr contact_on(const sip::Flow& flow, const ExtensionNumber& user);

}  // namespace roamdesk::presence
