#include "exchange/presence/event_header.hpp"

#include <algorithm>
#include <string_view>

#include "common/base/text.hpp"

namespace roamdesk::presence {
std::optional<EventHeader> parse_event(const sip::Message& request) {
  const auto value = request.header("Event");
  if (!value) return std::nullopt;
  EventHeader event;
  std::string_view rest = *value;
  const auto next = [&rest] {
    const auto end = rest.find(';');
    const std::string_view part = trim(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    return part;
  };
  const std::string package = lowered(next());
  if (package == "dialog")
    event.package = Package::dialog;
  else if (package == "message-summary")
    event.package = Package::message_summary;
  else
    return std::nullopt;
  while (!rest.empty()) {
    const std::string_view parameter = next();
    const auto equals = parameter.find('=');
    if (equals == std::string_view::npos || lowered(trim(parameter.substr(0, equals))) != "id") continue;
    event.id = trim(parameter.substr(equals + 1));
  }
  return event;
}

const char* to_string(Package package) {
  switch (package) {
    case Package::dialog:
      return "dialog";
    case Package::message_summary:
      return "message-summary";
  }
  return "";
}

const char* content_type(Package package) {
  switch (package) {
    case Package::dialog:
      return "application/dialog-info+xml";
    case Package::message_summary:
      return "application/simple-message-summary";
  }
  return "";
}

bool accepts(const sip::Message& request, Package package) {
  const auto values = request.headers_named("Accept");
  if (values.empty()) return true;
  return std::any_of(values.begin(), values.end(), [&](std::string_view value) {
    const std::string text = lowered(value);
    return text.find(content_type(package)) != std::string::npos || text.find("*/*") != std::string::npos ||
           text.find("application/*") != std::string::npos;
  });
}

sip::NameAddr contact_on(const sip::Flow& flow, const ExtensionNumber& user) {
  sip::NameAddr contact;
  contact.uri.scheme = "sip";
  contact.uri.user = user.value();
  contact.uri.host = host_of(flow.address.face.address);
  contact.uri.port = flow.address.face.port;
  switch (flow.address.transport) {
    case sip::Transport::udp:
      break;
    case sip::Transport::tcp:
      contact.uri.params.set("transport", "tcp");
      break;
    case sip::Transport::tls:
      contact.uri.scheme = "sips";
      break;
  }
  return contact;
}

}  // namespace roamdesk::presence
