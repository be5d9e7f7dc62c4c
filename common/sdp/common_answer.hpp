#pragma once
#include "common/sdp/session.hpp"

namespace roamdesk::sdp {

// Two phones that both made an offer are to talk to each other: the answer to `offer` that the maker of `other` could
// give, in our name. Formats that both know under one payload type, in the order of `offer`; nullopt where no codec is
// among them (events and comfort noise are none).
std::optional<Session> common_answer(const Session& offer, const Session& other, const Self& self);

}  // namespace roamdesk::sdp
