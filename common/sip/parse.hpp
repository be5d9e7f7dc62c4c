#pragma once
#include <cstddef>
#include <string_view>

#include "common/base/result.hpp"
#include "common/sip/limits.hpp"
#include "common/sip/message.hpp"

namespace roamdesk::sip {

// Guards stand before sofia-sip's parser (common/sip/README.md names the test of each).
struct ParseLimits {
  std::size_t max_bytes = largest_datagram;  // largest_stream_message on streams
  std::size_t max_header_lines = most_header_lines;
};

enum class ParseFault {
  keepalive = 1,      // is_keepalive(): no message, nothing to answer or to log
  too_large,          // over ParseLimits::max_bytes
  too_many_headers,   // over ParseLimits::max_header_lines
  control_character,  // in the header part of a request, but for tabs and line ends: 400
  not_sip,            // no start line of SIP/2.0
  bad_version,        // SIP/x.y other than 2.0 in a request: 505
  malformed,          // a header that is needed is missing, repeated or unreadable: 400 where an answer is possible
  truncated,          // Content-Length says more than a datagram holds: 400
};

struct ParseError {
  ParseFault fault{};
  std::string detail;  // for the log; never contains credentials
  // Where a 400 or 505 can be sent: the Via, From, To, Call-ID, CSeq that it repeats, those that can't be read as well.
  std::optional<Message> answerable;
};

// What phones and NAT boxes send to keep a mapping alive: line ends, blanks or NULs and nothing else (RFC 5626 §4.4.1),
// "jaK", a STUN message (RFC 5389 §6).
bool is_keepalive(std::string_view bytes);

// Of a request what is needed must be readable: start line, Via, Call-ID, CSeq, and for REGISTER To and Contact. Of a
// response its topmost Via, Call-ID and CSeq (§8.1.3, §17.1.3); and of either, From and To have to be there. Everything
// else that can't be read is left out (§8.2.2). One datagram, or one message that StreamFramer has cut out of a stream.
Result<Message, ParseError> parse(std::string_view bytes, const ParseLimits& limits = {});

}  // namespace roamdesk::sip
