#pragma once
#include <functional>
#include <string>

#include "exchange/model/directory.hpp"
#include "pbx-core/api/notices.hpp"
#include "pbx-core/config.hpp"
#include "pbx-core/notices/alarm_letters.hpp"
#include "pbx-core/notices/courier.hpp"
#include "pbx-core/notices/emergency_letters.hpp"

namespace roamdesk::core {

// Tells people outside of the system; any thread. Whoever asks never waits.
class Notifier {
 public:
  explicit Notifier(const Config& config);

  // Those whom its location names.
  void tell(const Emergency& emergency, const Directory& directory);
  // Those who want to hear of alarms.
  void tell(const alarms::Bulletin& bulletin, const Directory& directory);
  // `done` is called on any thread.
  void test(const api::TestMessage& message, std::function<void(api::TestResult)> done);
  api::NoticeWays ways() const;
  notices::Courier::Counts counts() const { return courier_.counts(); }

 private:
  std::optional<notices::MailServer> mail_;
  notices::Sender sender_;
  notices::Courier courier_;
};

}  // namespace roamdesk::core
