#include "pbx-core/operations/publisher.hpp"

#include <chrono>
#include <utility>
#include <variant>

#include "pbx-core/operations/notice_log.hpp"
#include "pbx-core/watch/intruders.hpp"

namespace roamdesk::core {
namespace {

void note_intruders(const element::Notice& notice, const Directory& directory, watch::Watcher& watcher) {
  const auto now = std::chrono::steady_clock::now();
  const auto source = [](const Endpoint& peer) { return to_string(peer.address.source()); };
  if (const auto* impostor = std::get_if<element::Impostor>(&notice)) {
    watcher.note(watch::impostor(source(impostor->peer), impostor->site.value(), impostor->what), now);
  } else if (const auto* refused = std::get_if<element::ProvisioningRefused>(&notice)) {
    watcher.note(watch::refused_file(source(refused->peer), refused->site.value(), refused->why), now);
  } else if (const auto* failed = std::get_if<element::LoginFailed>(&notice);
             failed && failed->fault == hotdesk::LoginFault::locked) {
    const HotDesk* desk = directory.desk(failed->desk);
    watcher.note(watch::locked_desk(failed->desk.value(), desk ? desk->site.value() : ""), now);
  }
}

}  // namespace

std::function<void(const element::Notice&)> publisher(administration::Administration& administration, api::Api& api,
                                                      Metrics& metrics, Notifier& notifier, Rounds& rounds) {
  return [&administration, &api, &metrics, &notifier,
          &watcher = rounds.wrong_now().watcher()](const element::Notice& notice) {
    log_notice(notice);
    if (const auto* login = std::get_if<element::LoginTimed>(&notice)) metrics.login_times().answered(*login);
    if (const auto* called = std::get_if<element::EmergencyCalled>(&notice))
      notifier.tell(called->emergency, administration.directory());
    note_intruders(notice, administration.directory(), watcher);
    administration.take_note(notice);
    if (!api.is_listened_to()) return;
    if (auto event = administration.event_of(notice)) api.post_event(std::move(*event));
  };
}

}  // namespace roamdesk::core
