#pragma once
#include <cstdint>

#include "common/base/time.hpp"

namespace roamdesk::tunnel {

// What one end of the sealed media path measures.
struct MediaStats {
  bool udp = false;                                      // our media goes by UDP; false: by the stream
  Duration rtt{};                                        // of the UDP path; 0: unknown
  Duration jitter{};                                     // how much that varies (RFC 6298's RTTVAR)
  double loss = 0;                                       // 0..1, of what the other end sent, over the last seconds
  std::uint64_t sent = 0, received = 0;                  // datagrams
  std::uint64_t bytes_sent = 0, bytes_received = 0;      // of datagrams
  std::uint64_t packets_sent = 0, packets_received = 0;  // RTP and RTCP inside
  std::uint64_t replayed = 0, unauthentic = 0;           // refused datagrams
  std::uint64_t dropped = 0;                             // packets that found no session or no room
  std::uint32_t moves = 0;                               // how often the other end's address changed
};

}  // namespace roamdesk::tunnel
