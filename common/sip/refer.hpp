#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "common/sip/message.hpp"

// REFER (RFC 3515), Referred-By (RFC 3892) and Replaces (RFC 3891).
namespace roamdesk::sip {

// RFC 3891 §3: seen by the one who is asked, to-tag is the local tag. A missing tag of an RFC 2543 peer is written 0.
struct Replaces {
  std::string call_id, to_tag, from_tag;
  bool early_only = false;
  friend bool operator==(const Replaces&, const Replaces&) = default;
};
std::optional<Replaces> parse_replaces(std::string_view value);
// The header's value.
std::string to_string(const Replaces& replaces);

struct ReferTo {
  NameAddr address;                  // without the headers of its URI
  std::string method = "INVITE";     // the URI's method parameter
  std::optional<Replaces> replaces;  // attended transfer
};
// nullopt where there isn't exactly one Refer-To (RFC 3515 §2.4.2: 400), it is unreadable, or its Replaces is.
std::optional<ReferTo> refer_to(const Message& refer);

// The body of REFER's NOTIFYs, message/sipfrag;version=2.0 (§2.4.5).
std::string sipfrag(int status, std::string_view reason = {});

}  // namespace roamdesk::sip
