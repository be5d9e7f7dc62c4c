#pragma once
#include "common/base/endpoint.hpp"
#include "common/base/port_range.hpp"

namespace roamdesk::door {

// Where the phones of a site find us: on the core's own networks, or on one LAN of an SBC. Port 0: not offered there.
struct Front {
  Endpoint sip;           // the face
  Endpoint sips;          // SIP over TLS
  Endpoint provisioning;  // HTTP
  Endpoint ntp;
  PortRange rtp;
  Endpoint https{};  // provisioning over TLS, with a certificate of our authority
};

}  // namespace roamdesk::door
