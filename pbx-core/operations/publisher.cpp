#include "pbx-core/operations/publisher.hpp"

#include <utility>
#include <variant>

#include "pbx-core/operations/notice_log.hpp"

namespace roamdesk::core {

std::function<void(const element::Notice&)> publisher(administration::Administration& administration, api::Api& api,
                                                      Metrics& metrics, Notifier& notifier) {
  return [&administration, &api, &metrics, &notifier](const element::Notice& notice) {
    log_notice(notice);
    if (const auto* login = std::get_if<element::LoginTimed>(&notice)) metrics.login_times().answered(*login);
    if (const auto* called = std::get_if<element::EmergencyCalled>(&notice))
      notifier.tell(called->emergency, administration.directory());
    administration.take_note(notice);
    if (!api.is_listened_to()) return;
    if (auto event = administration.event_of(notice)) api.post_event(std::move(*event));
  };
}

}  // namespace roamdesk::core
