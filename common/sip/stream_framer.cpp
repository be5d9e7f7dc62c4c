#include "common/sip/stream_framer.hpp"

#include <algorithm>

#include "common/sip/parse.hpp"
#include "common/sip/text.hpp"
#include "common/sip/via.hpp"

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
    // RFC 3261 §7.5: CRLFs before the start line are ignored, and so are blanks and NULs; RFC 5626 §4.4.1: two CRLFs
    // are a ping.
    for (;;) {
      const auto rest = std::string_view{buffer_}.substr(at_);
      if (rest.starts_with("\r\n\r\n")) {
        at_ += 4;
        return std::optional<Frame>{Ping{}};
      }
      if (rest.empty() || rest == "\r" || rest == "\r\n" || rest == "\r\n\r") return nothing;
      const auto filler = std::string_view{" \t\r\n\0", 5};
      if (filler.find(rest.front()) == std::string_view::npos) break;
      ++at_;
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
    if (const auto fault = measure(rest.substr(0, end + 2))) {
      refused_ = rest.substr(0, end + 4);
      return fail(*fault);
    }
  }
  if (buffered() < wanted_) return nothing;
  FramedMessage message{buffer_.substr(at_, wanted_)};
  at_ += std::exchange(wanted_, 0);
  return std::optional<Frame>{std::move(message)};
}

// `head`: the start line and the headers, each with its CRLF.
std::optional<FrameFault> StreamFramer::measure(std::string_view head) {
  auto line_end = head.find("\r\n");
  const auto start = trim(head.substr(0, line_end));
  const auto version = start.rfind(' ');
  if (!starts_ignoring_case(start, "SIP/") &&
      (version == std::string_view::npos || !starts_ignoring_case(start.substr(version + 1), "SIP/")))
    return FrameFault::not_sip;
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

std::string answer_refused(std::string_view head, FrameFault fault, const Endpoint& source, std::string_view to_tag) {
  auto parsed = parse(head);
  if (!parsed && !parsed.error().answerable) return {};
  Message request = parsed ? std::move(*parsed) : std::move(*parsed.error().answerable);
  if (!request.is_request() || request.method == "ACK") return {};
  stamp(request.via.front(), source);
  const bool large = fault == FrameFault::message_too_large;
  return serialise(
      make_response(request, large ? 513 : 400, large ? "" : "Bad Request: a stream wants one Content-Length", to_tag));
}

}  // namespace roamdesk::sip
