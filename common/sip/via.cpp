#include "common/sip/via.hpp"

#include "common/sip/address_parser.hpp"
#include "common/sip/text.hpp"

namespace roamdesk::sip {
namespace {

constexpr std::uint16_t default_port = 5060;  // RFC 3261 §18.2.2

// The value of the first Via, folded lines joined; "" where there is none before the header part's end.
std::string first_via(std::string_view message) {
  for (auto at = message.find('\n'); at != std::string_view::npos && ++at < message.size();
       at = message.find('\n', at)) {
    const auto line = message.substr(at, message.find('\n', at) - at);
    if (line.empty() || line == "\r") break;
    const auto colon = std::min(line.find(':'), line.size());
    const auto name = trim(line.substr(0, colon));
    if (!equal_ignoring_case(name, "v") && !equal_ignoring_case(name, "Via")) continue;
    std::string value;
    for (auto from = at + colon + 1;;) {
      const auto end = std::min(message.find('\n', from), message.size());
      value += message.substr(std::min(from, end), end - std::min(from, end));
      if (value.ends_with('\r')) value.pop_back();
      from = end + 1;
      if (from >= message.size() || (message[from] != ' ' && message[from] != '\t')) return value;
    }
  }
  return {};
}

// Whether the first Via has an rport, as nearly every phone's has; told without a parser. A quoted value may hold
// anything, and blanks may stand around the name: then the grammar decides.
bool plainly_asks_for_rport(std::string_view value) {
  constexpr std::string_view parameter = ";rport";
  const auto first = value.substr(0, value.find(','));
  if (first.find('"') != std::string_view::npos) return false;
  for (auto at = first.find(';'); at != std::string_view::npos; at = first.find(';', at + 1)) {
    if (!starts_ignoring_case(first.substr(at), parameter)) continue;
    const auto rest = first.substr(at + parameter.size());
    if (rest.empty() || rest.front() == ';' || rest.front() == '=') return true;
  }
  return false;
}

}  // namespace

void stamp(Via& via, const Endpoint& source) {
  if (!via.unread.empty()) return;
  const bool rport = via.params.has("rport");
  if (rport) via.params.set("rport", std::to_string(source.port));
  // Any spelling of an IPv6 address is that address (RFC 5118 §4.1).
  const auto sent_by = parse_ip_host(via.host);
  if (rport || sent_by != source.address || via.params.has("received"))
    via.params.set("received", to_string(source.address));
}

Endpoint answers_to(std::string_view datagram, const Endpoint& source) {
  datagram.remove_prefix(std::min(datagram.find_first_not_of("\r\n"), datagram.size()));
  if (datagram.empty() || starts_ignoring_case(datagram, "SIP/")) return source;
  const auto value = first_via(datagram);
  if (plainly_asks_for_rport(value)) return source;
  std::vector<Via> via;
  parse_vias(value, via, 1);
  if (via.empty() || via.front().params.has("rport")) return source;
  return {source.address, via.front().port != 0 ? via.front().port : default_port};
}

}  // namespace roamdesk::sip
