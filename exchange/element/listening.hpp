#pragma once
#include <optional>
#include <string_view>

#include "common/sip/flow.hpp"

namespace roamdesk::element {

// Where a phone that registered over TCP takes connections (RFC 3261 §18.1.1, §18.2.1): at the port of its Contact, on
// the IP address that it registered from and on no other, whatever its Contact names. nullopt: it registered over
// something else, its Contact says that it listens for something else (RFC 3263 §4.1), or can't be read.
std::optional<sip::FlowAddress> listening_address(const sip::FlowAddress& registered, std::string_view contact);

}  // namespace roamdesk::element
