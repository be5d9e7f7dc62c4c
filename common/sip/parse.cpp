#include "common/sip/parse.hpp"

#include <array>

#include "common/sip/address_parser.hpp"
#include "common/sip/sofia_check.hpp"
#include "common/sip/text.hpp"

namespace roamdesk::sip {
namespace {

// RFC 3261 §7.3.3, §20 and the extensions that phones use.
std::string_view canonical(std::string_view name) {
  if (name.size() == 1) {
    switch (lower(name.front())) {
      case 'a':
        return "Accept-Contact";
      case 'b':
        return "Referred-By";
      case 'c':
        return "Content-Type";
      case 'd':
        return "Request-Disposition";
      case 'e':
        return "Content-Encoding";
      case 'f':
        return "From";
      case 'i':
        return "Call-ID";
      case 'j':
        return "Reject-Contact";
      case 'k':
        return "Supported";
      case 'l':
        return "Content-Length";
      case 'm':
        return "Contact";
      case 'o':
        return "Event";
      case 'r':
        return "Refer-To";
      case 's':
        return "Subject";
      case 't':
        return "To";
      case 'u':
        return "Allow-Events";
      case 'v':
        return "Via";
      case 'x':
        return "Session-Expires";
      default:
        return name;
    }
  }
  static constexpr std::array known = std::to_array<std::string_view>({"Via",
                                                                       "From",
                                                                       "To",
                                                                       "Call-ID",
                                                                       "CSeq",
                                                                       "Contact",
                                                                       "Max-Forwards",
                                                                       "Route",
                                                                       "Record-Route",
                                                                       "Expires",
                                                                       "Content-Type",
                                                                       "Content-Length",
                                                                       "Authorization",
                                                                       "Proxy-Authorization",
                                                                       "WWW-Authenticate",
                                                                       "Proxy-Authenticate",
                                                                       "User-Agent",
                                                                       "Server",
                                                                       "Allow",
                                                                       "Supported",
                                                                       "Require",
                                                                       "Proxy-Require",
                                                                       "Unsupported",
                                                                       "Event",
                                                                       "Allow-Events",
                                                                       "Subscription-State",
                                                                       "Accept",
                                                                       "Refer-To",
                                                                       "Referred-By",
                                                                       "Replaces",
                                                                       "Session-Expires",
                                                                       "Min-SE",
                                                                       "RSeq",
                                                                       "RAck",
                                                                       "Reason",
                                                                       "Retry-After",
                                                                       "Min-Expires",
                                                                       "P-Asserted-Identity",
                                                                       "Warning",
                                                                       "Date"});
  for (const auto candidate : known)
    if (equal_ignoring_case(candidate, name)) return candidate;
  return name;
}

class Parser {
 public:
  Parser(std::string_view bytes, const ParseLimits& limits) : bytes_(bytes), limits_(limits) {}

  Result<Message, ParseError> run() {
    while (bytes_.starts_with("\r\n") || bytes_.starts_with('\n')) bytes_.remove_prefix(bytes_.front() == '\r' ? 2 : 1);
    if (bytes_.empty()) return fail(ParseFault::empty, "nothing but line ends");
    if (bytes_.size() > limits_.max_bytes) return fail(ParseFault::too_large, "over the size limit");
    if (const auto fault = split()) return fail(*fault, detail_);
    if (const auto fault = start_line()) return fail(*fault, detail_);
    const auto header_fault = headers();
    // Of a version that we don't speak, the headers aren't ours to judge.
    if (start_fault_) return fail(*start_fault_, start_detail_);
    if (header_fault) return fail(*header_fault, detail_);
    if (const auto fault = check()) return fail(*fault, detail_);
    // What stands now is bounded and has sound addresses; sofia-sip judges the headers that routing needs.
    routing_ += "\r\n";
    if (const auto why = sofia_objection(routing_, message_.is_request()); !why.empty())
      return fail(ParseFault::malformed, why);
    return std::move(message_);
  }

 private:
  ParseError fail(ParseFault fault, std::string detail) {
    ParseError error{fault, std::move(detail), std::nullopt};
    // RFC 3261 §8.2: an answer needs these; without them (or to a response or an ACK) there is none.
    if (message_.is_request() && !message_.method.empty() && message_.method != "ACK" && !message_.via.empty() &&
        from_ && to_ && !message_.call_id.empty() && !message_.cseq.method.empty())
      error.answerable = std::move(message_);
    return error;
  }
  std::optional<ParseFault> bad(ParseFault fault, std::string detail) {
    detail_ = std::move(detail);
    return fault;
  }

  // Guards on the raw bytes: NUL, number of lines; finds the header part's end.
  std::optional<ParseFault> split() {
    auto end = bytes_.find("\r\n\r\n");
    std::size_t gap = 4;
    if (end == std::string_view::npos) {
      end = bytes_.find("\n\n");
      gap = 2;
    }
    if (end == std::string_view::npos) {
      end = bytes_.size();
      gap = 0;
    }
    head_ = bytes_.substr(0, end);
    head_size_ = end + gap;
    body_ = bytes_.substr(head_size_);
    if (head_.find('\0') != std::string_view::npos) return bad(ParseFault::nul_byte, "NUL in the header part");
    std::size_t lines = 0;
    for (const char c : head_) lines += c == '\n';
    if (lines > limits_.max_header_lines) return bad(ParseFault::too_many_headers, "too many header lines");
    return std::nullopt;
  }

  std::string_view take_line() {
    const auto end = std::min(head_.find('\n', at_), head_.size());
    auto line = head_.substr(at_, end - at_);
    at_ = std::min(end + 1, head_.size());
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }

  std::optional<ParseFault> start_line() {
    routing_.reserve(head_.size());
    routing_ = head_.substr(0, std::min(head_.find('\n') + 1, head_.size()));
    if (head_.starts_with("SIP/")) {
      const auto line = take_line();
      // SIP/2.0 200 OK
      const bool ours = line.starts_with("SIP/2.0 ") && line.size() >= 11 && (line.size() == 11 || line[11] == ' ');
      const auto status = ours ? parse_number(line.substr(8, 3), 699).value_or(0) : 0;
      if (status < 100) return bad(ParseFault::not_sip, "unreadable status line");
      message_.status = static_cast<int>(status);
      message_.reason = line.size() > 12 ? line.substr(12) : std::string_view{};
      return std::nullopt;
    }
    const auto whole = take_line();
    const auto line = trim(whole);
    if (line.size() != whole.size())
      start_fault_ = ParseFault::malformed, start_detail_ = "blanks around the start line";
    const auto first = line.find(' '), last = line.rfind(' ');
    if (first == std::string_view::npos) return bad(ParseFault::not_sip, "no request line");
    const auto version = line.substr(last + 1);
    if (!version.starts_with("SIP/") || !is_token(line.substr(0, first)))
      return bad(ParseFault::not_sip, "no request line");
    message_.method = line.substr(0, first);
    if (version != "SIP/2.0") start_fault_ = ParseFault::bad_version, start_detail_ = "version other than SIP/2.0";
    const auto uri = first < last ? parse_uri(line.substr(first + 1, last - first - 1)) : std::nullopt;
    if (uri) message_.request_uri = *uri;
    // §19.1.1, table 1: no headers there; obeyed, they would let a link set Route (RFC 4475 §3.1.2.11).
    if ((!uri || !uri->headers.empty()) && !start_fault_)
      start_fault_ = ParseFault::malformed, start_detail_ = "unreadable Request-URI";
    return std::nullopt;
  }

  std::optional<ParseFault> headers() {
    std::optional<ParseFault> fault;  // the first; the others are still read, so that an answer can be made
    const auto note = [&](std::string detail) {
      if (!fault) fault = bad(ParseFault::malformed, std::move(detail));
    };
    while (at_ < head_.size()) {
      const auto from = at_;
      const auto line = take_line();
      std::string folded;
      // RFC 3261 §7.3.1: a line that begins with white space goes on.
      while (at_ < head_.size() && (head_[at_] == ' ' || head_[at_] == '\t')) {
        if (folded.empty()) folded = line;
        folded += ' ';
        folded += trim(take_line());
      }
      const std::string_view whole = folded.empty() ? line : std::string_view{folded};
      const auto colon = whole.find(':');
      const auto name = colon == std::string_view::npos ? std::string_view{} : trim(whole.substr(0, colon));
      if (!is_token(name)) {
        note("a line that is no header");
        continue;
      }
      const auto known = canonical(name);
      for (const auto* needed : {"Via", "From", "To", "Call-ID", "CSeq"})
        if (known == needed) {
          routing_ += head_.substr(from, at_ - from);
          if (!routing_.ends_with('\n')) routing_ += "\r\n";  // the header part's last line
        }
      if (const auto why = one(known, trim(whole.substr(colon + 1))); !why.empty())
        note(std::string{known} + ": " + std::string{why});
    }
    return fault;
  }

  // Stores one header; what is wrong with it, or "".
  std::string_view one(std::string_view name, std::string_view value) {
    if (name == "Via") return parse_vias(value, message_.via) ? "" : "unreadable";
    if (name == "From" || name == "To") {
      bool& there = name == "From" ? from_ : to_;
      if (there) return "given twice";
      auto address = parse_name_addr(value);
      if (!address) return "unreadable";
      (name == "From" ? message_.from : message_.to) = std::move(*address);
      there = true;
      return "";
    }
    if (name == "Call-ID") {
      if (!message_.call_id.empty()) return "given twice";
      message_.call_id = value;
      return value.empty() || value.size() > 256 || value.find_first_of(" \t") != std::string_view::npos ? "unreadable"
                                                                                                         : "";
    }
    if (name == "CSeq") {
      if (!message_.cseq.method.empty()) return "given twice";
      const auto blank = value.find_first_of(" \t");
      if (blank == std::string_view::npos) return "unreadable";
      message_.cseq.method = trim(value.substr(blank));
      const auto number = parse_number(value.substr(0, blank), 0x7fffffff);  // RFC 3261 §8.1.1.5
      if (!number) return "number out of range";
      message_.cseq.number = static_cast<std::uint32_t>(*number);
      return is_token(message_.cseq.method) ? "" : "unreadable";
    }
    if (name == "Contact") {
      if (value == "*") {
        message_.contact_star = true;
        return "";
      }
      return parse_name_addrs(value, message_.contact) ? "" : "unreadable";
    }
    if (name == "Route") return parse_name_addrs(value, message_.route) ? "" : "unreadable";
    if (name == "Record-Route") return parse_name_addrs(value, message_.record_route) ? "" : "unreadable";
    if (name == "Max-Forwards") {
      const auto number = parse_number(value, 255);
      if (!number || message_.max_forwards) return "unreadable";
      message_.max_forwards = static_cast<int>(*number);
      return "";
    }
    if (name == "Expires") {
      // §20.19: a malformed value counts as the default (none), a larger one than 2^32-1 as the largest.
      std::uint64_t number = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
      if (end != value.data() && error != std::errc::invalid_argument)
        message_.expires = error == std::errc::result_out_of_range || number > UINT32_MAX
                               ? UINT32_MAX
                               : static_cast<std::uint32_t>(number);
      return "";
    }
    if (name == "Content-Type") {
      message_.content_type = value;
      return "";
    }
    if (name == "Content-Length") {
      const auto number = parse_number(value, UINT32_MAX);
      if (!number) return "unreadable";
      if (length_ && *length_ != *number) return "given twice";
      length_ = *number;
      return "";
    }
    message_.headers.push_back({std::string{name}, std::string{value}});
    return "";
  }

  // What a message must have to be routed (RFC 3261 §8.1.1, §16.3).
  std::optional<ParseFault> check() {
    if (message_.via.empty()) return bad(ParseFault::malformed, "no Via");
    if (!from_ || !to_) return bad(ParseFault::malformed, "no From or no To");
    if (message_.call_id.empty()) return bad(ParseFault::malformed, "no Call-ID");
    if (message_.cseq.method.empty()) return bad(ParseFault::malformed, "no CSeq");
    if (message_.is_request() && message_.cseq.method != message_.method)
      return bad(ParseFault::malformed, "CSeq: another method than the request's");
    if (message_.contact_star && !message_.contact.empty())
      return bad(ParseFault::malformed, "Contact: * beside an address");
    if (length_ && *length_ > body_.size()) return bad(ParseFault::truncated, "body shorter than Content-Length");
    message_.body = body_.substr(0, length_.value_or(body_.size()));
    return std::nullopt;
  }

  std::string_view bytes_, head_, body_;
  ParseLimits limits_;
  std::size_t at_ = 0, head_size_ = 0;
  Message message_;
  bool from_ = false, to_ = false;
  std::optional<std::uint64_t> length_;
  std::optional<ParseFault> start_fault_;
  std::string detail_, start_detail_;
  std::string routing_;  // start line and the headers without which no message is routed, as they came
};

}  // namespace

Result<Message, ParseError> parse(std::string_view bytes, const ParseLimits& limits) {
  auto parsed = Parser{bytes, limits}.run();
  return parsed;
}

}  // namespace roamdesk::sip
