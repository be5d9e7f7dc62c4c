#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "exchange/presence/dialog_info_reader.hpp"
#include "exchange/presence/event_header.hpp"
#include "exchange/presence/message_summary.hpp"
#include "exchange/upstream/subscription_state.hpp"
#include "exchange/upstream/subscriptions.hpp"

// What an upstream tells in a subscription (RFC 6665 §4.1.3).
namespace roamdesk::upstream {
namespace {

constexpr Duration short_life = std::chrono::seconds{30}, between_questions = std::chrono::minutes{1};

}  // namespace

int Subscriptions::notified(const sip::Message& notify, TimePoint now) {
  const auto tag = tags_.find(notify.to.tag());
  if (tag == tags_.end()) return 481;
  auto& subscription = all_.at(tag->second);
  auto& standing = *subscription.standing;
  auto& dialog = standing.dialog;
  const auto from = notify.from.tag();
  if (notify.call_id != dialog.call_id || from.empty()) return 481;
  if (!dialog.remote_tag.empty() && dialog.remote_tag != from) return 481;
  const auto event = presence::parse_event(notify);
  const bool mailbox = subscription.subject.is_mailbox();
  if (!event || (event->package == presence::Package::message_summary) != mailbox) return 489;
  if (dialog.remote_cseq && notify.cseq.number < *dialog.remote_cseq) return 500;  // RFC 3261 §12.2.2
  if (dialog.remote_cseq == notify.cseq.number) return 200;  // once more, since our answer was lost
  dialog.remote_cseq = notify.cseq.number;
  if (dialog.remote_tag.empty()) {  // faster than the answer (RFC 6665 §4.1.2.4)
    dialog.remote_tag = std::string{from};
    dialog.remote.params.set("tag", dialog.remote_tag);
    dialog.routes = notify.record_route;
  }
  dialog.refresh_target(notify);
  const auto state = read_subscription_state(notify.header("Subscription-State").value_or(""));
  if (!standing.until) standing.until = now + times_.expires;
  if (mailbox)
    take_mailbox(subscription, notify);
  else if (notify.body.empty())  // how many exchanges say that there are none
    tell_dark(subscription);
  else
    take_calls(subscription, notify, now);
  if (state.terminated) {
    terminated(subscription, state.reason, state.retry_after, now);
  } else if (state.expires && state.expires->count() > 0 && now + *state.expires < *standing.until) {
    standing.until = now + *state.expires;
    const auto at = now + std::max(Duration{*state.expires} / 2, times_.soonest_refresh);
    if (!subscription.request && subscription.due && at < *subscription.due) schedule(subscription, at);
  }
  work(now);
  return 200;
}

void Subscriptions::terminated(Subscription& subscription, std::string_view reason,
                               std::optional<std::chrono::seconds> retry_after, TimePoint now) {
  const auto life = now - subscription.standing->since;
  drop(subscription);
  if (!subscription.wanted) return give_up(subscription);
  auto why = fmt::format("the upstream ended it: {}", reason.empty() ? "without a reason" : reason.substr(0, 64));
  const Duration after = retry_after.value_or(std::chrono::seconds{0});
  if (reason == "rejected" || reason == "noresource" || reason == "invariant")
    return refused(subscription, std::move(why), after, now);
  if (reason == "probation" || reason == "giveup" || life < short_life)
    return unanswered(subscription, std::move(why), after, now);
  schedule(subscription, now + after);
}

void Subscriptions::take_mailbox(const Subscription& subscription, const sip::Message& notify) {
  const auto* account = upstream_.account(subscription.subject.account);
  const auto state = presence::parse_message_summary(notify.body);
  if (account && state) effects_.emplace_back(MailboxTold{account->self.record.extension, *state});
}

void Subscriptions::take_calls(Subscription& subscription, const sip::Message& notify, TimePoint now) {
  auto told = presence::read_dialog_info(notify.body);
  if (!told) return;
  auto& dialogs = subscription.dialogs;
  // A word was lost, or the first one isn't the whole: it is asked for the whole (RFC 4235 §4.3).
  const bool gap = !told->full && (!subscription.known || told->version != subscription.version + 1);
  if (told->full || !subscription.known) dialogs.clear();
  subscription.known = true;
  subscription.version = told->version;
  constexpr std::size_t most = 64;
  for (auto& each : told->dialogs) {
    if (each.over)
      dialogs.erase(each.dialog.id);
    else if (dialogs.contains(each.dialog.id) || dialogs.size() < most)
      dialogs[each.dialog.id] = std::move(each.dialog);
  }
  CallsTold calls{subscription.subject.number, {}};
  for (const auto& [id, dialog] : dialogs) calls.dialogs.push_back(dialog);
  if (!calls.dialogs.empty() || subscription.lit) {
    subscription.lit = !calls.dialogs.empty();
    effects_.emplace_back(std::move(calls));
  }
  if (gap && !subscription.request && subscription.asked_again + between_questions <= now) {
    subscription.asked_again = now;
    schedule(subscription, now);
  }
}

}  // namespace roamdesk::upstream
