#pragma once
#include <string_view>

#include "common/base/endpoint.hpp"
#include "common/sip/message.hpp"

// Where a request's answers go (RFC 3261 §18.2, RFC 3581 §4).
namespace roamdesk::sip {

// Notes in the topmost Via where the request came from.
void stamp(Via& via, const Endpoint& source);

// Whom a datagram from `source` speaks for: to a request without rport the answers go to the port of its topmost Via
// (5060 where it names none), and there its sender listens. The address is the packet's own whatever the Via says,
// maddr and received too: a sender can't have answers sent to others. Anything but a request: `source`.
Endpoint answers_to(std::string_view datagram, const Endpoint& source);

}  // namespace roamdesk::sip
