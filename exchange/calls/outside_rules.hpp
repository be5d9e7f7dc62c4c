#pragma once
#include "common/sip/message.hpp"
#include "exchange/calls/types.hpp"

// What final responses of trunks mean. No state.
namespace roamdesk::calls {

// Whether another server, or trunk, is asked after this final response (RFC 3263 §4.3): 408, 5xx, what the manner
// names, and credentials that weren't taken. Never after one that speaks of the callee.
bool is_next_asked(const Manner& manner, int status);
// Whether it is said of the trunk's lines, to a call for help.
bool says_full(int status);
// Whether what stands in the message may be the reason: without its attachment it may be taken.
bool speaks_of_body(int status);
// Whether the other servers of the same trunk would say the same.
inline bool is_of_the_whole_trunk(int status) { return status < 500 && status != 408; }

// The refusal as the caller is to hear it: what concerns us and the provider alone becomes a 5xx that says so, and
// never 503, which would turn a phone away from us (RFC 3261 §16.7 step 6). All else keeps its status, phrase, Reason
// and Warning.
sip::Message in_callers_words(const sip::Message& response);

// ---- refusals that no server sent
sip::Message trunk_silent();
sip::Message trunk_full();
sip::Message not_admitted(const Admission& admission);

// Why a call ends for one for help: RFC 4411, in words as well.
inline constexpr const char* preempted = "preemption ;cause=3 ;text=\"An emergency call needs the line\"";

}  // namespace roamdesk::calls
