#pragma once
#include <optional>
#include <string>

#include "common/sip/message.hpp"

// The rules that every request has to keep, from any sender, and what we say that we can (RFC 3261 §8.2).
namespace roamdesk::sip {

// Our Allow, Accept and Supported, wherever one of them is said.
inline constexpr const char* allowed_methods =
    "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REFER, NOTIFY, REGISTER, SUBSCRIBE";
inline constexpr const char* accepted_bodies = "application/sdp, multipart/mixed";
inline constexpr const char* supported_options = "100rel, timer, replaces, norefersub";

// The option tags of Require that aren't ours, in any case, as they were written and with ", " between them (RFC 3261
// §8.2.2.3); "" if all are. `privacy` (RFC 3323) is kept though it isn't in Supported.
std::string unsupported(const Message& request);

// The refusal of a request that can't be understood, inside a dialog or outside: 416 for a Request-URI that is neither
// sip, sips nor tel (§8.2.2.1), 420 for an option that isn't ours (§8.2.2.3). nullopt if it can be.
std::optional<Message> refuse_if_not_understood(const Message& request);

// The answer to a request outside of all dialogs whose method opens nothing: OPTIONS is told what we can (§11.2), what
// belongs into a dialog gets 481, every other method 405 (§8.2.1).
Message answer_out_of_dialog(const Message& request);

}  // namespace roamdesk::sip
