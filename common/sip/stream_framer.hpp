#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "common/base/endpoint.hpp"
#include "common/base/result.hpp"
#include "common/sip/limits.hpp"

namespace roamdesk::sip {

struct FrameLimits {
  std::size_t max_bytes = largest_stream_message;  // one message
  std::size_t max_head_bytes = largest_head;       // its header part
};

// Each is final: where a message ends can't be known any more, so that the connection has to be closed.
enum class FrameFault {
  message_too_large = 1,  // over FrameLimits::max_bytes
  head_too_large,         // no end of the header part within FrameLimits::max_head_bytes
  bad_length,             // no Content-Length (RFC 3261 §20.14: a stream must have one), two that differ, or no number
  not_sip,                // the first line isn't one of SIP
};

// RFC 5626 §4.4.1: CRLF CRLF between messages; the answer is one CRLF.
struct Ping {};
// One message, bytes as they came: for parse().
struct FramedMessage {
  std::string bytes;
};
using Frame = std::variant<FramedMessage, Ping>;

// Cuts SIP messages out of a TCP or TLS byte stream (RFC 3261 §18.3). Sans-IO; one for each connection. It holds at
// most one unfinished message besides what was pushed last.
class StreamFramer {
 public:
  explicit StreamFramer(FrameLimits limits = {}) : limits_(limits) {}

  // Bytes as they were read, any number of them. Then call next() until it says nullopt or a fault.
  void push(std::string_view bytes);
  // The next message or ping; nullopt: more bytes are needed. After a fault it says the same fault for ever.
  Result<std::optional<Frame>, FrameFault> next();
  // The header part of the message that was refused, where it was whole: so that its sender can be told why.
  const std::string& refused() const { return refused_; }
  std::size_t buffered() const { return buffer_.size() - at_; }

 private:
  Result<std::optional<Frame>, FrameFault> fail(FrameFault fault);
  std::optional<FrameFault> measure(std::string_view head);

  FrameLimits limits_;
  std::string buffer_;
  std::size_t at_ = 0;       // where the next message begins
  std::size_t scanned_ = 0;  // behind at_: no end of the header part before this
  std::size_t wanted_ = 0;   // size of the message at at_ as soon as its header part is complete; 0: not yet
  std::optional<FrameFault> fault_;
  std::string refused_;
};

// What the sender of a message that StreamFramer has refused is answered before the connection is closed (RFC 3261
// §18.3, §20.14): 400, or 513 where it was too large. `head` is StreamFramer::refused(). "" where nothing can be
// answered.
std::string answer_refused(std::string_view head, FrameFault fault, const Endpoint& source, std::string_view to_tag);

}  // namespace roamdesk::sip
