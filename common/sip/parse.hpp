#pragma once
#include <cstddef>
#include <string_view>

#include "common/base/result.hpp"
#include "common/sip/message.hpp"

namespace roamdesk::sip {

// Guards stand before sofia-sip's parser (common/sip/README.md names the test of each).
struct ParseLimits {
  std::size_t max_bytes = 16 * 1024;  // 32 KB on streams
  std::size_t max_header_lines = 200;
};

enum class ParseFault {
  empty = 1,         // nothing but CRLF: a keepalive, no message
  too_large,         // over ParseLimits::max_bytes
  too_many_headers,  // over ParseLimits::max_header_lines
  nul_byte,          // in the header part
  not_sip,           // no start line of SIP/2.0
  bad_version,       // SIP/x.y other than 2.0 in a request: 505
  malformed,         // a header that routing needs is missing, repeated or unreadable: 400 where an answer is possible
  truncated,         // Content-Length says more than a datagram holds: 400
};

struct ParseError {
  ParseFault fault{};
  std::string detail;  // for the log; never contains credentials
  std::optional<Message>
      answerable;  // Via, From, To, Call-ID, CSeq as far as they could be read, where a 400/505 can be sent
};

// One datagram, or one message that StreamFramer has cut out of a stream.
Result<Message, ParseError> parse(std::string_view bytes, const ParseLimits& limits = {});

}  // namespace roamdesk::sip
