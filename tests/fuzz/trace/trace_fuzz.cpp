#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "exchange/trace/pcap.hpp"
#include "exchange/trace/redact.hpp"

// Whatever a phone sends: no secret is left of it, read by other means than those that took them out; it stays bounded;
// and what is kept of it becomes a capture.
namespace {

using namespace roamdesk;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string lower(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return std::tolower(c); });
  return result;
}

// After each scheme: no third star of a dialled code with anything but its end behind it. No URI begins within another
// one's user part.
void has_no_dialled_secret(const std::string& line) {
  for (std::size_t at = 0;;) {
    at = std::min({line.find("sip:", at), line.find("sips:", at), line.find("tel:", at)});
    if (at == std::string::npos) return;
    at = line.find(':', at) + 1;
    auto user = line.substr(at, line.find_first_of("@;>? \t\",:", at) - at);
    at += user.size();
    for (auto star = user.find("%2a"); star != std::string::npos; star = user.find("%2a")) user.replace(star, 3, "*");
    if (!user.starts_with('*')) continue;
    auto third = user.find('*', 1);
    if (third != std::string::npos) third = user.find('*', third + 1);
    if (third == std::string::npos) continue;
    const auto behind = user.substr(third + 1);
    require(behind.empty() || behind == "...");
  }
}

void has_no_secret(const std::string& text) {
  bool in_headers = true, first = true, after_secret = false, info = text.starts_with("INFO ");
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto end = rest.find("\r\n");
    require(end != std::string_view::npos);  // every line ends so
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    if (in_headers && line.empty()) {
      in_headers = false;
      if (info) require(rest.empty() || rest == "(digits taken out)\r\n");
      continue;
    }
    has_no_dialled_secret(lower(line));
    if (in_headers) {
      const bool folds = line.starts_with(' ') || line.starts_with('\t');
      require(!(folds && after_secret));
      const auto colon = line.find(':');
      auto name = lower(line.substr(0, colon));
      name.resize(name.find_last_not_of(" \t") + 1);
      const bool secret = !first && !folds && colon != std::string_view::npos &&
                          (name == "authorization" || name == "proxy-authorization" || name == "authentication-info" ||
                           name == "proxy-authentication-info");
      if (secret) require(line.substr(colon) == ": (taken out)");
      after_secret = secret;
      first = false;
    } else if (line.starts_with("a=crypto:")) {
      require(line.ends_with("(taken out)"));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view message{reinterpret_cast<const char*>(data), size};
  const auto text = trace::redact(message);
  const auto lines = static_cast<std::size_t>(std::count(message.begin(), message.end(), '\n')) + 1;
  const auto uris = static_cast<std::size_t>(std::count(message.begin(), message.end(), ':'));
  require(text.size() <= message.size() + 32 * lines + 16 * uris);
  has_no_secret(text);
  require(trace::redact(text) == text);

  const sip::Flow flow{sip::FlowId{1},
                       {SiteId{"local"}, sip::Transport::udp, {IpAddress{1}, 5060}, {IpAddress{2}, 5060}}};
  trace::Trace kept({.messages = 4, .message_bytes = 512, .bytes = 4096});
  kept.received(flow, message, {});
  kept.joined("call", std::string{trace::header_of(message, "Call-ID", "i")}, flow, "101");
  kept.sent(flow.address.site, message, {});
  require(kept.bytes() <= 2 * (512 + 33 * 512));
  (void)trace::to_pcap(*kept.find("call"));
  return 0;
}
