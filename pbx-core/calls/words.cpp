#include "pbx-core/calls/words.hpp"

#include <algorithm>
#include <vector>

namespace roamdesk::calls {
namespace {

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(at);
    parts.push_back(trim(text.substr(0, end)));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
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
  uri.host = to_string(flow.address.face.address);
  uri.port = flow.address.face.port;
  if (flow.address.transport == sip::Transport::tcp) uri.params.set("transport", "tcp");
  if (flow.address.transport == sip::Transport::tls) uri.params.set("transport", "tls");
  return uri;
}

std::optional<char> parse_info_digit(std::string_view content_type, std::string_view body) {
  const auto type = lower(trim(content_type.substr(0, content_type.find(';'))));
  std::string_view text;
  if (type == "application/dtmf-relay") {
    for (const auto line : split(body, '\n')) {
      const auto equals = line.find('=');
      if (equals != line.npos && lower(trim(line.substr(0, equals))) == "signal") text = trim(line.substr(equals + 1));
    }
  } else if (type == "application/dtmf") {
    text = trim(body);
  } else {
    return std::nullopt;
  }
  if (text.size() == 1) {
    const char c = (text[0] >= 'a' && text[0] <= 'd') ? static_cast<char>(text[0] - 'a' + 'A') : text[0];
    if (is_key(c)) return c;
  }
  if (text == "10") return '*';  // RFC 4733 event numbers, which some phones send
  if (text == "11") return '#';
  return std::nullopt;
}

std::string unsupported(const sip::Message& request) {
  std::string result;
  for (const auto value : request.headers_named("Require"))
    for (const auto tag : split(value, ',')) {
      const auto option = lower(tag);
      if (option.empty() || option == "100rel" || option == "timer" || option == "replaces" || option == "norefersub")
        continue;
      if (!result.empty()) result += ", ";
      result += tag;
    }
  return result;
}

bool is_sdp(std::string_view content_type) {
  return lower(trim(content_type.substr(0, content_type.find(';')))) == "application/sdp";
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
  const auto rank = [](int s) {
    if (s >= 600) return 0;               // 6xx wins
    if (s == 486 || s == 600) return 41;  // somebody is there, and busy: it says more than an absent one
    if (s == 415 || s == 420 || s == 484) return 40;
    if (s >= 400 && s < 500) return s == 408 || s == 480 ? 43 : 42;
    return s / 100 * 10;
  };
  const int a = rank(status), b = rank(best);
  return a < b;
}

}  // namespace roamdesk::calls
