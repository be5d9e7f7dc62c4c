#include "common/post/letter.hpp"

#include <string_view>

#include "common/base/text.hpp"

namespace roamdesk::post {

std::string receiver_of(const Letter& letter) {
  if (letter.way == Way::mail) return "mail";
  if (letter.way == Way::syslog) return "syslog " + letter.to;
  const std::string_view url = letter.to;
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return "web hook";
  auto host = url.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (const auto user = host.rfind('@'); user != std::string_view::npos) host.remove_prefix(user + 1);
  return lowered(url.substr(0, scheme + 3)) + lowered(host);
}

std::string shown_receiver(const Letter& letter) { return letter.way == Way::mail ? letter.to : receiver_of(letter); }

}  // namespace roamdesk::post
