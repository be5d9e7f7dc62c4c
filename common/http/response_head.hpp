#pragma once
#include <string>

#include "common/http/message.hpp"

namespace roamdesk::http {

// The status line and the header of `response`, with the empty line. `version` is the request's, 10 or 11.
// Where the body is left out (HEAD), Content-Length is still its size; 204 and 304 have none (RFC 9110 §8.6).
std::string response_head(const Response& response, unsigned version, bool keep_alive);
// The same for text/event-stream, which ends with the connection.
std::string event_stream_head(const Response& response);

}  // namespace roamdesk::http
