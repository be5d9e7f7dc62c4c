#include "common/sip/parse.hpp"

#include "common/sip/address_parser.hpp"
#include "common/sip/header_names.hpp"
#include "common/sip/sofia_check.hpp"
#include "common/sip/text.hpp"

namespace roamdesk::sip {
namespace {

class Parser {
 public:
  Parser(std::string_view bytes, const ParseLimits& limits) : bytes_(bytes), limits_(limits) {}

  Result<Message, ParseError> run() {
    if (is_keepalive(bytes_)) return fail(ParseFault::keepalive, "a keepalive");
    while (bytes_.starts_with("\r\n") || bytes_.starts_with('\n')) bytes_.remove_prefix(bytes_.front() == '\r' ? 2 : 1);
    if (bytes_.size() > limits_.max_bytes) return fail(ParseFault::too_large, "over the size limit");
    if (!split()) return fail(ParseFault::too_many_headers, "too many header lines");
    if (const auto fault = start_line()) return fail(*fault, detail_);
    headers();
    // Of a version that we don't speak, the headers aren't ours to judge.
    if (start_fault_) return fail(*start_fault_, start_detail_);
    if (!clean_.empty() && message_.is_request())
      return fail(ParseFault::control_character, "control characters in the header part");
    if (fault_) return fail(*fault_, detail_);
    if (const auto fault = check()) return fail(*fault, detail_);
    if (message_.is_request()) {
      // What stands now is bounded and has sound addresses; sofia-sip judges the headers that routing needs.
      routing_ += "\r\n";
      if (const auto why = sofia_objection(routing_); !why.empty()) return fail(ParseFault::malformed, why);
    }
    return std::move(message_);
  }

 private:
  ParseError fail(ParseFault fault, std::string detail) {
    ParseError error{fault, std::move(detail), std::nullopt};
    // RFC 3261 §8.2: an answer needs these, read or not; without them (or to a response or an ACK) there is none.
    if (message_.is_request() && !message_.method.empty() && message_.method != "ACK" && !message_.via.empty() &&
        from_ && to_ && !message_.call_id.empty() && (!message_.cseq.method.empty() || !message_.cseq.unread.empty()))
      error.answerable = std::move(message_);
    return error;
  }
  std::optional<ParseFault> bad(ParseFault fault, std::string detail) {
    detail_ = std::move(detail);
    return fault;
  }

  // The header part ends at the first empty line; counts its lines (false: too many), and looks for control characters.
  bool split() {
    std::size_t lines = 0, at = 0;
    head_ = bytes_;
    head_size_ = bytes_.size();
    for (auto end = bytes_.find('\n'); end != std::string_view::npos; end = bytes_.find('\n', at)) {
      if (end == at || (end == at + 1 && bytes_[at] == '\r')) {
        head_ = bytes_.substr(0, at);
        head_size_ = end + 1;
        break;
      }
      at = end + 1;
      if (++lines > limits_.max_header_lines) return false;
    }
    body_ = bytes_.substr(head_size_);
    bool controls = false;
    char last = 0;
    for (const char c : head_) {
      controls |= (is_control(c) && c != '\r' && c != '\n') || (last == '\r' && c != '\n');
      last = c;
    }
    if (controls || last == '\r') blank_controls();
    return true;
  }

  // A CR or another control character within a line means something else to every reader: none is passed on.
  void blank_controls() {
    unclean_ = head_;
    clean_ = head_;
    for (std::size_t i = 0; i < clean_.size(); ++i)
      if (is_control_at(i)) clean_[i] = ' ';
    head_ = clean_;
  }
  bool is_control_at(std::size_t i) const {
    const char c = unclean_[i];
    return is_control(c) && c != '\n' && !(c == '\r' && i + 1 < unclean_.size() && unclean_[i + 1] == '\n');
  }
  bool has_controls(std::size_t from, std::size_t to) const {
    for (auto i = from; !unclean_.empty() && i < to; ++i)
      if (is_control_at(i)) return true;
    return false;
  }

  std::string_view take_line() {
    const auto end = std::min(head_.find('\n', at_), head_.size());
    auto line = head_.substr(at_, end - at_);
    at_ = std::min(end + 1, head_.size());
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }

  // RFC 3261 §7.3.1: a line that begins with white space goes on. `room` holds the whole where it is folded.
  std::string_view take_folded(std::string& room) {
    const auto line = take_line();
    while (at_ < head_.size() && (head_[at_] == ' ' || head_[at_] == '\t')) {
      if (room.empty()) room = line;
      room += ' ';
      room += trim(take_line());
    }
    return room.empty() ? line : std::string_view{room};
  }

  std::optional<ParseFault> start_line() {
    if (starts_ignoring_case(head_, "SIP/")) return status_line(take_line());
    std::string room;
    const auto whole = take_folded(room);
    const auto line = trim(whole);
    if (!room.empty()) start_fault_ = ParseFault::malformed, start_detail_ = "folded start line";
    if (line.size() != whole.size())
      start_fault_ = ParseFault::malformed, start_detail_ = "blanks around the start line";
    const auto first = line.find(' '), last = line.rfind(' ');
    if (first == std::string_view::npos) return bad(ParseFault::not_sip, "no request line");
    const auto version = line.substr(last + 1);
    if (!starts_ignoring_case(version, "SIP/") || !is_token(line.substr(0, first)))
      return bad(ParseFault::not_sip, "no request line");
    message_.method = line.substr(0, first);
    if (!equal_ignoring_case(version, "SIP/2.0"))
      start_fault_ = ParseFault::bad_version, start_detail_ = "version other than SIP/2.0";
    const auto uri = first < last ? parse_uri(line.substr(first + 1, last - first - 1)) : std::nullopt;
    if (uri) message_.request_uri = *uri;
    // §19.1.1, table 1: no headers there; obeyed, they would let a link set Route (RFC 4475 §3.1.2.11).
    if ((!uri || !uri->headers.empty()) && !start_fault_)
      start_fault_ = ParseFault::malformed, start_detail_ = "unreadable Request-URI";
    routing_.reserve(head_.size() + 16);
    routing_ = line.substr(0, last);
    routing_ += " SIP/2.0\r\n";
    return std::nullopt;
  }

  // SIP/2.0 200 OK
  std::optional<ParseFault> status_line(std::string_view line) {
    const auto rest = line.size() > 8 && line[7] == ' ' ? trim(line.substr(8)) : std::string_view{};
    const bool ours = starts_ignoring_case(line, "SIP/2.0") && rest.size() >= 3 && (rest.size() == 3 || rest[3] == ' ');
    const auto status = ours ? parse_number(rest.substr(0, 3), 699).value_or(0) : 0;
    if (status < 100) return bad(ParseFault::not_sip, "unreadable status line");
    message_.status = static_cast<int>(status);
    message_.reason = rest.size() > 4 ? rest.substr(4) : std::string_view{};
    return std::nullopt;
  }

  // The first fault is kept; the others are still read, so that an answer can be made.
  void note(std::string_view name, std::string_view why) {
    if (fault_) return;
    fault_ = bad(ParseFault::malformed, std::string{name} + ": " + std::string{why});
  }

  void headers() {
    while (at_ < head_.size()) {
      const auto from = at_;
      std::string room;
      const auto line = take_folded(room);
      const auto colon = line.find(':');
      const auto name = colon == std::string_view::npos ? std::string_view{} : trim(line.substr(0, colon));
      if (!is_token(name)) continue;  // §8.2.2: what isn't needed isn't looked at
      const auto known = canonical_name(name);
      const auto value = trim(line.substr(colon + 1));
      if (known == "From" || known == "To") {
        address(known, value);
      } else if (known == "Via" || known == "Call-ID" || known == "CSeq") {
        needed(known, value);
      } else if (!has_controls(from, at_)) {
        other(known, value);
      }
    }
  }

  // What sofia-sip is to judge: as it came, or what we made of it.
  void route(std::string_view name, std::string_view value) {
    if (!message_.is_request()) return;
    routing_ += name;
    routing_ += ": ";
    routing_ += value;
    routing_ += "\r\n";
  }

  void address(std::string_view name, std::string_view value) {
    bool& there = name == "From" ? from_ : to_;
    auto& address = name == "From" ? message_.from : message_.to;
    if (there) {
      if (message_.is_request()) note(name, "given twice");
      return;
    }
    there = true;
    const auto reading = read_address(value, address);
    if (!message_.is_request()) return;
    // A binding is for the address in To (§10.3 step 5); nothing else that we do needs either.
    if (reading == Reading::unread && name == "To" && message_.method == "REGISTER") note(name, "unreadable");
    if (reading == Reading::as_written)
      route(name, value);
    else
      route(name, reading == Reading::recovered ? to_string(address) : "<sip:unread.invalid>");
  }

  // Via, Call-ID, CSeq: without them nothing is answered or matched.
  void needed(std::string_view name, std::string_view value) {
    const bool request = message_.is_request();
    if (name == "Via") {
      const auto before = message_.via.size();
      if (parse_vias(value, message_.via)) {
        for (auto i = before; request && i < message_.via.size(); ++i) route(name, to_string(message_.via[i]));
        return;
      }
      if (request || message_.via.empty()) note(name, "unreadable");
      if (request && message_.via.empty()) message_.via.emplace_back().unread = value;
    } else if (name == "Call-ID") {
      if (!message_.call_id.empty()) {
        if (request) note(name, "given twice");
        return;
      }
      message_.call_id = value;
      route(name, value);
      if (value.empty() || value.size() > 256 || value.find_first_of(" \t") != std::string_view::npos)
        note(name, "unreadable");
    } else {
      cseq(value);
    }
  }

  void cseq(std::string_view value) {
    auto& cseq = message_.cseq;
    if (!cseq.method.empty() || !cseq.unread.empty()) {
      if (message_.is_request()) note("CSeq", "given twice");
      return;
    }
    route("CSeq", value);
    const auto blank = std::min(value.find_first_of(" \t"), value.size());
    const auto number = parse_number(value.substr(0, blank), 0x7fffffff);  // §8.1.1.5
    const auto method = trim(value.substr(blank));
    if (number && is_token(method)) {
      cseq.number = static_cast<std::uint32_t>(*number);
      cseq.method = method;
    } else {
      cseq.unread = value;
      note("CSeq", number ? "unreadable" : "number out of range");
    }
  }

  // Headers that are left out where they can't be read: a response is judged without them (§8.1.3), and so is a request
  // (§8.2.2) that doesn't need them.
  void other(std::string_view name, std::string_view value) {
    if (name == "Contact") {
      if (value == "*")
        message_.contact_star = true;
      else if (!parse_name_addrs(value, message_.contact) && message_.method == "REGISTER")
        note(name, "unreadable");  // what it adds or removes can't be guessed
    } else if (name == "Route") {
      parse_name_addrs(value, message_.route);
    } else if (name == "Record-Route") {
      parse_name_addrs(value, message_.record_route);
    } else if (name == "Max-Forwards") {
      const auto number = parse_number(value, 255);
      if (number && !message_.max_forwards) message_.max_forwards = static_cast<int>(*number);
    } else if (name == "Expires") {
      expires(value);
    } else if (name == "Content-Type") {
      message_.content_type = value;
    } else if (name == "Content-Length") {
      const auto number = parse_number(value, UINT32_MAX);
      if (message_.is_request() && !number) note(name, "unreadable");
      if (message_.is_request() && number && length_ && *length_ != *number) note(name, "given twice");
      if (number && !length_) length_ = *number;
    } else {
      message_.headers.push_back({std::string{name}, std::string{value}});
    }
  }

  // §20.19: a malformed value counts as the default (none), a larger one than 2^32-1 as the largest.
  void expires(std::string_view value) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (end != value.data() && error != std::errc::invalid_argument)
      message_.expires = error == std::errc::result_out_of_range || number > UINT32_MAX
                             ? UINT32_MAX
                             : static_cast<std::uint32_t>(number);
  }

  // What a message must have to be routed (RFC 3261 §8.1.1, §16.3).
  std::optional<ParseFault> check() {
    if (message_.via.empty()) return bad(ParseFault::malformed, "no Via");
    if (!from_ || !to_) return bad(ParseFault::malformed, "no From or no To");
    if (message_.call_id.empty()) return bad(ParseFault::malformed, "no Call-ID");
    if (message_.cseq.method.empty()) return bad(ParseFault::malformed, "no CSeq");
    if (message_.is_request() && message_.cseq.method != message_.method)
      return bad(ParseFault::malformed, "CSeq: another method than the request's");
    if (message_.method == "REGISTER" && message_.contact_star && !message_.contact.empty())
      return bad(ParseFault::malformed, "Contact: * beside an address");
    // §18.3: for a response too, and then there is no sender to tell.
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
  std::optional<ParseFault> start_fault_, fault_;
  std::string detail_, start_detail_;
  std::string routing_;       // start line and the headers without which no request is routed
  std::string_view unclean_;  // the header part as it came where it has control characters
  std::string clean_;         // the same with blanks in their place
};

}  // namespace

bool is_keepalive(std::string_view bytes) {
  if (bytes.find_first_not_of(std::string_view{"\r\n \t\0", 5}) == std::string_view::npos) return true;
  if (bytes == "jaK" || bytes == "jaK\r\n" || bytes == std::string_view{"jaK\0", 4}) return true;
  // RFC 5389 §6, and without its cookie RFC 3489 §11.1: two zero bits, and a length that fits.
  if (bytes.size() < 20 || (static_cast<unsigned char>(bytes[0]) & 0xc0) != 0) return false;
  const auto length =
      static_cast<std::size_t>(static_cast<unsigned char>(bytes[2])) << 8 | static_cast<unsigned char>(bytes[3]);
  return length + 20 == bytes.size() && length % 4 == 0;
}

Result<Message, ParseError> parse(std::string_view bytes, const ParseLimits& limits) {
  auto parsed = Parser{bytes, limits}.run();
  return parsed;
}

}  // namespace roamdesk::sip
