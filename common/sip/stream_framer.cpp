#include "common/sip/stream_framer.hpp"

#include <algorithm>

#include "common/sip/text.hpp"

namespace roamdesk::sip {

void StreamFramer::push(std::string_view bytes) {
  if (fault_) return;
  if (at_ != 0) {
    buffer_.erase(0, at_);
    at_ = 0;
  }
  buffer_ += bytes;
}

Result<std::optional<Frame>, FrameFault> StreamFramer::fail(FrameFault fault) {
  fault_ = fault;
  buffer_ = {};
  at_ = 0;
  return fault;
}

Result<std::optional<Frame>, FrameFault> StreamFramer::next() {
  if (fault_) return *fault_;
  const std::optional<Frame> nothing;
  if (wanted_ == 0) {
    // RFC 3261 §7.5: CRLFs before the start line are ignored; RFC 5626 §4.4.1: two of them are a ping.
    for (;;) {
      const auto rest = std::string_view{buffer_}.substr(at_);
      if (rest.empty() || rest == "\r" || rest == "\r\n" || rest == "\r\n\r") return nothing;
      if (rest.starts_with("\r\n\r\n")) {
        at_ += 4;
        return std::optional<Frame>{Ping{}};
      }
      if (!rest.starts_with("\r\n")) break;
      at_ += 2;
    }
    const auto rest = std::string_view{buffer_}.substr(at_);
    const auto end = rest.find("\r\n\r\n", scanned_);
    const auto head_bytes = end == std::string_view::npos ? rest.size() : end + 4;
    if (head_bytes > limits_.max_head_bytes) return fail(FrameFault::head_too_large);
    if (end == std::string_view::npos) {
      scanned_ = rest.size() < 3 ? 0 : rest.size() - 3;
      return nothing;
    }
    scanned_ = 0;
    if (const auto fault = measure(rest.substr(0, end + 2))) return fail(*fault);
  }
  if (buffered() < wanted_) return nothing;
  FramedMessage message{buffer_.substr(at_, wanted_)};
  at_ += std::exchange(wanted_, 0);
  return std::optional<Frame>{std::move(message)};
}

// `head`: the start line and the headers, each with its CRLF.
std::optional<FrameFault> StreamFramer::measure(std::string_view head) {
  auto line_end = head.find("\r\n");
  const auto start = head.substr(0, line_end);
  if (!start.starts_with("SIP/") && start.find(" SIP/") == std::string_view::npos) return FrameFault::not_sip;
  std::optional<std::uint64_t> length;
  for (std::size_t at = line_end + 2; at < head.size(); at = line_end + 2) {
    line_end = head.find("\r\n", at);
    const auto line = head.substr(at, line_end - at);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const auto name = trim(line.substr(0, colon));
    if (!equal_ignoring_case(name, "Content-Length") && !equal_ignoring_case(name, "l")) continue;
    std::string value{trim(line.substr(colon + 1))};
    // A folded value (§7.3.1).
    for (auto next = line_end + 2; next < head.size() && (head[next] == ' ' || head[next] == '\t');) {
      const auto end = head.find("\r\n", next);
      value += trim(head.substr(next, end - next));
      next = end + 2;
    }
    const auto number = parse_number(value, UINT32_MAX);
    // Two that differ would let two readers see different messages in the same bytes.
    if (!number || (length && *length != *number)) return FrameFault::bad_length;
    length = number;
  }
  if (!length) return FrameFault::bad_length;
  if (head.size() + 2 + *length > limits_.max_bytes) return FrameFault::message_too_large;
  wanted_ = head.size() + 2 + *length;
  return std::nullopt;
}

}  // namespace roamdesk::sip
