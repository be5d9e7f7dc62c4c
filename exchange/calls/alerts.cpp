#include "exchange/calls/alerts.hpp"

#include <utility>

namespace roamdesk::calls {

std::optional<CallId> Alerts::start(Party from, std::vector<Target> targets, std::vector<std::string> prompts) {
  if (targets.empty() || book_.alerts().size() >= context_.options.limits.alerts) return std::nullopt;
  Call& call = book_.add(Call{.id = CallId{context_.unique()},
                              .kind = Alert{.prompts = std::move(prompts)},
                              .from = std::move(from),
                              .to = targets.front().party,
                              .since = context_.now});
  const auto serial = call.serial;
  const auto id = call.id;
  context_.set_timer(TimerKind::call_ringing, serial, context_.options.times.alert);
  notices_.tell(call);
  ringing_.ring(serial, std::move(targets));
  return book_.call(serial) ? std::optional{id} : std::nullopt;
}

void Alerts::answered(Call& call, Leg& branch) {
  call.callee = branch.id;
  call.answered = true;
  call.to = branch.who.party;
  context_.set_timer(TimerKind::call_announcing, call.serial, context_.options.times.alert_told);
  // Who picks up a receiver misses the first words.
  auto prompts = call.alert()->prompts;
  prompts.insert(prompts.end(), call.alert()->prompts.begin(), call.alert()->prompts.end());
  streams_.play(branch, std::move(prompts));
  notices_.tell(call);
}

void Alerts::over(Serial serial) {
  const Call* call = book_.call(serial);
  if (call && call->alert()) endings_.end_call(serial, 200, "SIP ;cause=200 ;text=\"Told\"");
}

}  // namespace roamdesk::calls
