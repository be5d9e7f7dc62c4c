#include "common/edge/request_line.hpp"

#include <algorithm>
#include <cctype>

namespace roamdesk::edge {
namespace {

bool begins_with(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) {
           return a == std::tolower(static_cast<unsigned char>(b));
         });
}

}  // namespace

std::string_view method_of(std::string_view message) {
  const auto begin = message.find_first_not_of("\r\n");
  if (begin == message.npos) return {};
  message.remove_prefix(begin);
  if (begins_with(message, "sip/")) return {};
  return message.substr(0, message.find_first_of(" \t\r\n"));
}

std::string_view request_uri_of(std::string_view message) {
  const auto method = method_of(message);
  if (method.empty()) return {};
  message.remove_prefix(static_cast<std::size_t>(method.data() - message.data()) + method.size());
  message.remove_prefix(std::min(message.find_first_not_of(" \t"), message.size()));
  return message.substr(0, message.find_first_of(" \t\r\n"));
}

bool calls_for_help(std::string_view message, const std::vector<std::string>& numbers) {
  if (method_of(message) != "INVITE") return false;
  std::string_view uri = request_uri_of(message);
  if (begins_with(uri, "urn:service:sos")) return true;
  const auto scheme = uri.find(':');
  if (scheme == uri.npos) return false;
  uri.remove_prefix(scheme + 1);
  const auto user = uri.substr(0, uri.find_first_of("@;?"));
  return std::find(numbers.begin(), numbers.end(), user) != numbers.end();
}

}  // namespace roamdesk::edge
