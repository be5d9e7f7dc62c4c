#pragma once
#include "common/sip/flow_table.hpp"

namespace roamdesk::edge {

inline const TimePoint t0{std::chrono::hours{1}};

inline net::FlowKey udp(std::uint32_t host, std::uint16_t port = 5060) {
  return {sip::Transport::udp, {{0x0a000001}, 5060}, {{0x0a000000 + host}, port}};
}

}  // namespace roamdesk::edge
