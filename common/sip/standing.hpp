#pragma once
#include <cstdint>

namespace roamdesk::sip {

// What is known of a flow, by which it is kept where places are scarce. In the order of the wire (docs/tunnel.md §3).
enum class Standing : std::uint8_t {
  unproven,    // no credentials were shown there
  proven,      // a request that came by it authenticated, or we opened it to a binding
  registered,  // a phone is bound there
  peer,        // a server that an administrator named: a trunk's, with the calls of a whole house
};

}  // namespace roamdesk::sip
