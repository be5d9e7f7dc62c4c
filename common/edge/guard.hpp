#pragma once
#include <cstddef>
#include <string_view>

#include "common/sip/limits.hpp"

namespace roamdesk::edge {

struct GuardLimits {
  std::size_t bytes = sip::largest_datagram;  // sip::largest_stream_message on streams
  std::size_t header_lines = sip::most_header_lines;
};

enum class Verdict {
  pass,
  keepalive,  // sip::is_keepalive(): keeps a mapping alive, says nothing
  too_large,
  nul_byte,  // where a start line should be
  not_sip,   // no start line with SIP/
  too_many_headers,
};
std::string_view describe(Verdict verdict);

// Whether it may enter the tunnel. No stricter than the core's parser: what gets an answer there (400, 505) beside the
// core must get it behind an SBC as well.
Verdict inspect(std::string_view message, const GuardLimits& limits);

}  // namespace roamdesk::edge
