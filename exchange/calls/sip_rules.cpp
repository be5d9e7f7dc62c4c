#include "exchange/calls/sip_rules.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/base/text.hpp"
#include "common/sip/multipart.hpp"

namespace roamdesk::calls {
namespace {

// A list goes on in the next line.
std::string_view without_blanks(std::string_view text) { return trim(text, " \t\r\n"); }

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(at);
    parts.push_back(without_blanks(text.substr(0, end)));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// A qvalue (RFC 3261 §25.1) in thousandths.
int preference(std::optional<std::string_view> q) {
  if (!q || q->empty() || (*q)[0] == '1') return 1000;
  int value = 0, weight = 100;
  const auto point = q->find('.');
  for (std::size_t i = point == q->npos ? q->size() : point + 1; i < q->size() && weight > 0; ++i, weight /= 10) {
    const char c = (*q)[i];
    if (c < '0' || c > '9') break;
    value += (c - '0') * weight;
  }
  return value;
}

bool is_key(char c) { return (c >= '0' && c <= '9') || c == '*' || c == '#' || (c >= 'A' && c <= 'D'); }

}  // namespace

const char* name(CallState state) {
  switch (state) {
    case CallState::ringing:
      return "ringing";
    case CallState::up:
      return "up";
    case CallState::held:
      return "held";
  }
  return "";
}

sip::Uri contact_at(const sip::Flow& flow, const std::string& user) {
  sip::Uri uri;
  uri.user = user;
  uri.host = host_of(flow.address.face.address);
  uri.port = flow.address.face.port;
  if (flow.address.transport == sip::Transport::tcp) uri.params.set("transport", "tcp");
  if (flow.address.transport == sip::Transport::tls) uri.params.set("transport", "tls");
  return uri;
}

std::optional<char> parse_info_digit(std::string_view content_type, std::string_view body) {
  static constexpr std::string_view keys = "0123456789*#ABCD", event = "audio/telephone-event";
  std::optional<std::string_view> found;
  for (const auto type : {std::string_view{"application/dtmf-relay"}, std::string_view{"application/dtmf"},
                          std::string_view{"application/vnd.nortelnetworks.digits"}, event}) {
    found = sip::find_body(content_type, body, type);
    // RFC 4733 §2.3: event, flags and volume, duration.
    if (found && type == event && found->size() == 4 && static_cast<std::uint8_t>(found->front()) < keys.size())
      return keys[static_cast<std::uint8_t>(found->front())];
    if (found) break;
  }
  if (!found) return std::nullopt;
  auto text = without_blanks(*found);
  for (const auto line : split(*found, '\n')) {
    const auto equals = line.find('=');
    if (equals == line.npos) continue;
    if (const auto name = lowered(without_blanks(line.substr(0, equals))); name == "signal" || name == "d") {
      text = without_blanks(line.substr(equals + 1));
      break;
    }
  }
  if (text.size() == 1) {
    const char c = (text[0] >= 'a' && text[0] <= 'd') ? static_cast<char>(text[0] - 'a' + 'A') : text[0];
    if (is_key(c)) return c;
  }
  if (text.size() == 2 && text[0] == '1' && text[1] >= '0' && text[1] <= '5')
    return keys[static_cast<std::size_t>(10 + text[1] - '0')];
  return std::nullopt;
}

std::string_view sdp_of(const sip::Message& message) {
  // Who leaves the type out can mean nothing else.
  if (message.content_type.empty() && message.body.starts_with("v=0")) return message.body;
  return sip::find_body(message.content_type, message.body, "application/sdp").value_or(std::string_view{});
}

bool is_foreign(const sip::Message& message) {
  return !message.body.empty() && sdp_of(message).empty() &&
         !sip::is_optional(message.header("Content-Disposition").value_or(""));
}

std::string sip_reason(int cause) {
  return "SIP;cause=" + std::to_string(cause) + ";text=\"" + std::string{sip::default_reason(cause)} + "\"";
}

std::string reasons_of(const sip::Message& message) {
  std::string all;
  for (const auto value : message.headers_named("Reason")) all.append(all.empty() ? "" : ", ").append(value);
  return all;
}

std::string callers_reason(const sip::Message& request) {
  const auto reason = reasons_of(request);
  auto text = lowered(reason);
  std::erase_if(text, [](char c) { return c == ' ' || c == '\t'; });
  return text.find("cause=2") == text.npos ? reason : std::string{};
}

std::vector<std::string> contacts_by_preference(const sip::Message& response, std::size_t most) {
  std::vector<std::pair<int, std::string>> found;  // q in thousandths
  for (const auto& contact : response.contact)
    found.emplace_back(preference(contact.params.find("q")), contact.uri.user);
  std::stable_sort(found.begin(), found.end(), [](const auto& x, const auto& y) { return x.first > y.first; });
  std::vector<std::string> users;
  for (auto& [q, user] : found)
    if (users.size() < most) users.push_back(std::move(user));
  return users;
}

int passed_on(int status) {
  if (status == 401 || status == 407) return 480;
  if (status >= 300 && status < 400) return 480;
  // A phone, or the way to it, that isn't there at the moment. (RFC 3261 §16.7 has proxies say 500, since they forward
  // for others; we are the end that the caller called.)
  if (status == 503) return 480;
  if (status == 481 || status < 300) return 480;
  return status;
}

bool better_final(int status, int best) {
  if (best == 0) return true;
  const auto rank = [](int code) {
    if (code >= 600) return 0;   // 6xx wins
    if (code == 486) return 41;  // a person is there, and busy: it says more than an absent one
    if (code == 415 || code == 420 || code == 484) return 40;
    if (code >= 400 && code < 500) return code == 408 || code == 480 ? 43 : 42;
    return code / 100 * 10;
  };
  return rank(status) < rank(best);
}

}  // namespace roamdesk::calls
