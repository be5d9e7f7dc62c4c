#pragma once
#include <string>

#include "exchange/trace/trace.hpp"

namespace roamdesk::trace {

// The messages as a pcap file (LINKTYPE_RAW): each one UDP datagram over IPv4 or IPv6 between the phone and the face at
// which it sees us, whatever transport it took.
std::string to_pcap(const Transcript& transcript);

}  // namespace roamdesk::trace
