#pragma once
#include "common/sip/message.hpp"
#include "exchange/calls/types.hpp"

// A caller who wants to be anonymous to the other parties. Administrators see it as it is: calls, records, traces.
namespace roamdesk::calls {

// RFC 3323 §4.1.1.3: the host of a From that names no one.
inline constexpr const char* anonymous_host = "anonymous.invalid";
// "Anonymous" <sip:anonymous@anonymous.invalid>
const Party& anonymous();
inline bool is_anonymous(const Party& party) { return party.number == "anonymous"; }

// True where the sender of this INVITE, or of the answer to ours, asks for privacy: Privacy (RFC 3323 §4.2, RFC 3325
// §7), a From that names no one, or Remote-Party-ID with `privacy` (draft-ietf-sip-privacy-04 §5, which many phones
// send still). What `Privacy` says goes before the others: "none" shows the caller.
bool wants_privacy(const sip::Message& message);

// The party that the others are shown for `who`.
inline const Party& shown_as(const Caller& who) { return who.hidden ? anonymous() : who.party; }

}  // namespace roamdesk::calls
