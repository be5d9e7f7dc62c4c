#include "pbx-core/operations/notifier.hpp"

#include "common/asio/wall_clock.hpp"
#include "common/crypto/random.hpp"

namespace roamdesk::core {

Notifier::Notifier(const Config& config)
    : mail_(config.mail),
      sender_{"Roamdesk " + config.sip.domain, config.mail ? config.mail->from : std::string{}, config.sip.domain},
      courier_({.mail = config.mail, .host_name = config.sip.domain}) {}

void Notifier::tell(const Emergency& emergency, const Directory& directory) {
  const auto location = directory.all<Location>().find(emergency.location);
  if (location == directory.all<Location>().end()) return;
  for (auto& letter : notices::letters_of(emergency, location->second, sender_, crypto::random_hex(16)))
    courier_.send(std::move(letter));
}

void Notifier::tell(const alarms::Bulletin& bulletin, const Directory& directory) {
  for (const auto& [name, receiver] : directory.all<AlarmReceiver>())
    if (auto letter = notices::letter_of(bulletin, receiver, sender_, crypto::random_hex(16), wall_now()))
      courier_.send(std::move(*letter));
}

void Notifier::test(const api::TestMessage& message, std::function<void(api::TestResult)> done) {
  courier_.try_once(notices::trial_letter(message.receiver, sender_, crypto::random_hex(16), wall_now()),
                    [done = std::move(done)](const notices::Outcome& outcome) {
                      done({outcome.delivered, outcome.why});
                    });
}

api::NoticeWays Notifier::ways() const {
  if (!mail_) return {};
  return {api::NoticeWays::Mail{to_string(mail_->server), mail_->from, std::string{word_of(mail_->tls)},
                                !mail_->user.empty()}};
}

}  // namespace roamdesk::core
