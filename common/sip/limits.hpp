#pragma once
#include <cstddef>

// How large a SIP message may be, for all who look at one: parser, framer, edge, sockets. A phone behind an SBC gets
// the answers that it would get beside the core, so that there is one set of them.
namespace roamdesk::sip {

inline constexpr std::size_t largest_datagram = 16 * 1024;        // a message over UDP, bytes
inline constexpr std::size_t largest_stream_message = 32 * 1024;  // a message over TCP or TLS, bytes
inline constexpr std::size_t largest_head = 16 * 1024;            // its header part, bytes
inline constexpr std::size_t most_header_lines = 200;

}  // namespace roamdesk::sip
