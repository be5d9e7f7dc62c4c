#pragma once
#include <cstdint>

#include "common/base/endpoint.hpp"
#include "common/base/ids.hpp"
#include "common/base/words.hpp"

namespace roamdesk {
namespace sip {
enum class Transport : std::uint8_t { udp, tcp, tls };
}
template <>
inline constexpr std::array<std::string_view, 3> words<sip::Transport> = {"udp", "tcp", "tls"};
}  // namespace roamdesk

namespace roamdesk::sip {

// Numbers a flow within the running core; never reused.
using FlowId = Strong<struct FlowTag, std::uint64_t>;

// What survives a restart of either side, and by which a flow is found or opened again.
struct FlowAddress {
  SiteId site;
  Transport transport = Transport::udp;
  Endpoint face;  // the address and port at which the phone sees us
  Endpoint peer;  // the phone's
  friend auto operator<=>(const FlowAddress&, const FlowAddress&) = default;
};

// Something that a SIP message can be sent back on (RFC 5626's sense), beside the core or through a tunnel.
struct Flow {
  FlowId id;
  FlowAddress address;
  // UDP, also behind a tunnel, is unreliable: the retransmission timers run end to end.
  bool reliable() const { return address.transport != Transport::udp; }
  friend bool operator==(const Flow&, const Flow&) = default;
};

}  // namespace roamdesk::sip
