#pragma once
#include <string>

#include "exchange/trace/trace.hpp"

namespace roamdesk::trace {

// The messages as a pcap file (LINKTYPE_RAW): each one IPv4/UDP datagram between the phone and the face at which it
// sees us, whatever transport it took.
std::string to_pcap(const Transcript& transcript);

}  // namespace roamdesk::trace
