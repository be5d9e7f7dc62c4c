#include "pbx-core/watch/intruders.hpp"

#include <utility>

namespace roamdesk::watch {
namespace {

// Within five minutes. A phone with a wrong configuration is no flood.
constexpr double passwords = 5, files = 3, sip_messages = 1000, connections = 300;

}  // namespace

alarms::Happenings::Event wrong_password(const std::string& peer) {
  alarms::Happenings::Event event{.kind = AlarmKind::password_guessing, .subject = peer, .threshold = passwords};
  event.detail = "log-in at the console or the API";
  return event;
}

alarms::Happenings::Event locked_desk(const std::string& desk, const std::string& site) {
  alarms::Happenings::Event event{.kind = AlarmKind::password_guessing, .subject = desk};
  event.site = site;
  event.detail = "PINs at the desk";
  return event;
}

alarms::Happenings::Event impostor(const std::string& peer, const std::string& site, const std::string& what) {
  alarms::Happenings::Event event{.kind = AlarmKind::attack, .subject = peer};
  event.site = site;
  event.detail = "another's credentials: " + what;
  return event;
}

alarms::Happenings::Event refused_file(const std::string& peer, const std::string& site, const std::string& why) {
  alarms::Happenings::Event event{.kind = AlarmKind::provisioning_refused, .severity = AlarmSeverity::notice};
  event.subject = peer;
  event.site = site;
  event.detail = why;
  event.threshold = files;
  return event;
}

std::vector<alarms::Happenings::Event> Floods::look(const Strangers& now) {
  const auto last = std::exchange(last_, now);
  if (!last) return {};
  std::vector<alarms::Happenings::Event> events;
  const auto add = [&events](const char* door, std::uint64_t before, std::uint64_t after, double threshold,
                             const char* what) {
    if (after <= before) return;
    alarms::Happenings::Event event{.kind = AlarmKind::attack, .subject = door};
    event.detail = what;
    event.count = static_cast<double>(after - before);
    event.threshold = threshold;
    events.push_back(std::move(event));
  };
  add("sip", last->sip, now.sip, sip_messages, "a flood of messages from strangers");
  add("tunnel", last->tunnel, now.tunnel, connections, "many connections that are no SBC's");
  add("http", last->http, now.http, connections, "more connections than there is room for");
  return events;
}

}  // namespace roamdesk::watch
