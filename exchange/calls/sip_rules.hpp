#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/sip/flow.hpp"
#include "common/sip/message.hpp"
#include "common/sip/request_rules.hpp"
#include "exchange/calls/types.hpp"

// Header values that calls read and write, and what OPTIONS tells of them.
namespace roamdesk::calls {

using sip::accepted_bodies;
using sip::allowed_methods;
using sip::supported_options;
using sip::unsupported;
// In INVITEs of ours: a reliable answer can't be taken back when another fork wins, and we send no REFER.
inline constexpr const char* callers_options = "timer, replaces";
// To a trunk that may not send calls on.
inline constexpr const char* allowed_to_trunks = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK";

// The URI under which a phone on `flow` reaches us as `user`.
sip::Uri contact_at(const sip::Flow& flow, const std::string& user);

// The digit of an INFO, alone or as a part of a multipart body: application/dtmf-relay ("Signal=5"), application/dtmf
// ("5") or audio/telephone-event ("d=5", or the four bytes of RFC 4733), whichever of these texts stands in it. A
// number of two digits is the event's: "11" is #.
std::optional<char> parse_info_digit(std::string_view content_type, std::string_view body);

// The session description in a message: its body, or a part of a multipart body (RFC 5621); a view into it. "": none.
std::string_view sdp_of(const sip::Message& message);
// A body that holds no session description, and of which the sender doesn't say that it may be ignored (RFC 3261
// §20.11): 415.
bool is_foreign(const sip::Message& message);

// RFC 3326, for a CANCEL or BYE: "SIP;cause=480;text=\"Temporarily Unavailable\"".
std::string sip_reason(int cause);
// Another phone took the call: no missed call.
inline constexpr const char* completed_elsewhere = "SIP;cause=200;text=\"Call completed elsewhere\"";
// All that a message says of why (RFC 3326: a SIP status and Q.850's cause may both stand there), as one value.
std::string reasons_of(const sip::Message& message);
// The caller's own Reason, for the phones that ring. Only we may say that another phone took the call: said by a
// caller, it would hide the call.
std::string callers_reason(const sip::Message& request);

// The users of a 3xx's contacts, in the order in which they are to be tried (RFC 3261 §8.1.3.4): by q, which is 1 where
// nothing is said; `most` at most.
std::vector<std::string> contacts_by_preference(const sip::Message& response, std::size_t most);

// What a final response of the one side means to the other: 401 and 407 are between us and that phone, 3xx have been
// followed, 503 would turn the caller away from the whole core (RFC 3261 §16.7 step 6).
int passed_on(int status);

// RFC 3261 §16.7 step 6: true where `status` is a better choice than `best` (0: none yet).
bool better_final(int status, int best);

}  // namespace roamdesk::calls
