#include "exchange/calls/privacy.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/text.hpp"

namespace roamdesk::calls {
namespace {

// The token at the front of `rest`, which is left with what follows it.
std::string_view take_token(std::string_view& rest) {
  constexpr std::string_view between = " \t;,=\"";
  rest.remove_prefix(std::min(rest.find_first_not_of(between), rest.size()));
  const auto end = std::min(rest.find_first_of(between), rest.size());
  const auto token = rest.substr(0, end);
  rest.remove_prefix(end);
  return token;
}

// What Privacy asks for; nothing where it isn't there, or says nothing about the identity. A word that we don't know is
// a wish for privacy all the same.
std::optional<bool> asked_by_privacy(const sip::Message& message) {
  std::optional<bool> result;
  for (const auto value : message.headers_named("Privacy")) {
    const auto text = lowered(value);
    std::string_view rest = text;
    for (auto token = take_token(rest); !token.empty(); token = take_token(rest)) {
      if (token == "critical" || token == "history") continue;  // how, and RFC 4244's
      result = token != "none" || result.value_or(false);
    }
  }
  return result;
}

bool names_nobody(const sip::NameAddr& from) {
  const auto host = lowered(from.uri.host);
  return lowered(from.uri.user) == "anonymous" || host == "invalid" || host.ends_with(".invalid") ||
         lowered(from.display) == "anonymous";
}

bool asked_by_remote_party_id(const sip::Message& message) {
  constexpr std::string_view name = "privacy=";
  for (const auto value : message.headers_named("Remote-Party-ID")) {
    auto text = lowered(value);
    std::erase_if(text, [](char c) { return c == ' ' || c == '\t'; });
    std::string_view rest = text;
    for (auto at = rest.find(name); at != rest.npos; at = rest.find(name)) {
      rest.remove_prefix(at + name.size());
      const auto token = take_token(rest);
      if (!token.empty() && token != "off" && token != "ipaddr") return true;
    }
  }
  return false;
}

}  // namespace

const Party& anonymous() {
  static const Party nobody{"anonymous", "Anonymous"};
  return nobody;
}

bool wants_privacy(const sip::Message& message) {
  if (const auto asked = asked_by_privacy(message)) return *asked;
  // The From of an answer is ours.
  return (message.is_request() && names_nobody(message.from)) || asked_by_remote_party_id(message);
}

}  // namespace roamdesk::calls
