#include "pbx-core/api/alarm_rules.hpp"

#include "common/post/receivers.hpp"
#include "pbx-core/api/validation.hpp"

namespace roamdesk::api {
namespace {

constexpr std::size_t shortest_key = 16, longest_key = 200;

Fault check_to(const AlarmReceiver& r) {
  switch (r.way) {
    case AlarmWay::mail:
      if (post::is_mail_address(r.to)) return std::nullopt;
      return "isn't an address; expected one like \"night@example.com\"";
    case AlarmWay::web_hook:
      if (post::is_web_hook(r.to)) return std::nullopt;
      return "isn't a URL; expected an https URL, like \"https://example.com/alarms\" (http to 127.0.0.1 alone)";
    case AlarmWay::syslog:
      if (post::syslog_server(r.to)) return std::nullopt;
      return "isn't a syslog server; expected \"local\", or udp, tcp or tls with a host and a port, like "
             "\"udp://logs.example.com:514\"";
  }
  return std::nullopt;
}

Fault check_key(const AlarmReceiver& r) {
  if (r.way != AlarmWay::web_hook) return std::nullopt;
  const auto& key = r.signing_key.reveal();
  if (key.size() >= shortest_key && key.size() <= longest_key && !check_label(key, longest_key)) return std::nullopt;
  return "is missing, too short or too long; a web hook's messages are signed with 16 to 200 characters";
}

}  // namespace

void check_record(Reader& reader, const AlarmReceiver& r) {
  const bool name_fine = !r.name.empty() && r.name.size() <= 40 &&
                         r.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  if (!name_fine) reader.refuse("name", "is not a receiver's name; expected 1 to 40 of a-z, 0-9 and \"-\"");
  reader.refuse("to", check_to(r));
  reader.refuse("signing_key", check_key(r));
}

}  // namespace roamdesk::api
