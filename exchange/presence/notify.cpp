#include <algorithm>
#include <iterator>
#include <utility>

#include "exchange/presence/event_header.hpp"
#include "exchange/presence/subscription_server.hpp"

namespace roamdesk::presence {
namespace {

// RFC 6665 §4.2.2 and RFC 5057: answers that end the subscription. All others leave it as it is.
bool ends_subscription(int status) {
  switch (status) {
    case 404:
    case 405:
    case 408:
    case 410:
    case 416:
    case 489:
    case 501:
    case 604:
      return true;
    default:
      return status >= 480 && status <= 485;
  }
}

}  // namespace

void SubscriptionServer::publish(const Watched& watched, std::vector<DialogInfo> dialogs, TimePoint now) {
  const auto known = dialogs_.find(watched);
  if (known == dialogs_.end() ? dialogs.empty() : known->second == dialogs) return;
  if (dialogs.empty())
    dialogs_.erase(watched);
  else
    dialogs_[watched] = std::move(dialogs);
  const auto at = by_target_.find(watched);
  if (at == by_target_.end()) return;
  for (const Tag& tag : std::set<Tag>{at->second}) {
    Subscription& subscription = subscriptions_.at(tag);
    if (subscription.package == Package::dialog) changed(tag, subscription, now);
  }
}

void SubscriptionServer::publish_mailbox(const ExtensionNumber& mailbox, const MailboxState& state, TimePoint now) {
  const auto known = mailboxes_.find(mailbox);
  if ((known == mailboxes_.end() ? MailboxState{} : known->second) == state) return;
  if (state == MailboxState{})
    mailboxes_.erase(mailbox);
  else
    mailboxes_[mailbox] = state;
  const auto at = by_target_.find(mailbox);
  if (at == by_target_.end()) return;
  for (const Tag& tag : std::set<Tag>{at->second}) {
    Subscription& subscription = subscriptions_.at(tag);
    if (subscription.package == Package::message_summary) changed(tag, subscription, now);
  }
}

void SubscriptionServer::changed(const Tag& tag, Subscription& subscription, TimePoint now) {
  if (subscription.ended) return;  // its last word is chosen
  subscription.dirty = true;
  if (!subscription.pending && !subscription.detached && take_credit(subscription, now))
    send_notify(tag, subscription, now);
  else
    rearm(tag, subscription);
}

bool SubscriptionServer::take_credit(Subscription& subscription, TimePoint now) const {
  const auto earned = (now - subscription.credit_at) / limits_.pace;
  if (earned > 0) {
    subscription.credit = static_cast<unsigned>(std::min<std::int64_t>(limits_.burst, subscription.credit + earned));
    subscription.credit_at += earned * limits_.pace;
  }
  if (subscription.credit == 0) return false;
  --subscription.credit;
  return true;
}

std::string SubscriptionServer::body_of(Subscription& subscription) const {
  // Who loses the right to watch learns no more than that the lamp goes out.
  const bool blank = subscription.ended && subscription.end_reason == "noresource";
  if (subscription.package == Package::message_summary) {
    const auto state = mailboxes_.find(subscription.target.number);
    return message_summary(subscription.target.number, domain_,
                           blank || state == mailboxes_.end() ? MailboxState{} : state->second);
  }
  static const std::vector<DialogInfo> none;
  const auto dialogs = dialogs_.find(subscription.target);
  return dialog_info_xml(subscription.target.number, domain_, subscription.version++,
                         blank || dialogs == dialogs_.end() ? none : dialogs->second);
}

sip::Message SubscriptionServer::build_notify(Subscription& subscription, TimePoint now) const {
  auto notify = subscription.dialog.make_request("NOTIFY");
  notify.contact = {contact_on(subscription.flow, subscription.target.number)};
  std::string event = to_string(subscription.package);
  if (!subscription.event_id.empty()) event += ";id=" + subscription.event_id;
  notify.set_header("Event", std::move(event));
  if (subscription.ended) {
    notify.set_header("Subscription-State", "terminated;reason=" + subscription.end_reason);
  } else {
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(subscription.expires - now).count();
    notify.set_header("Subscription-State", "active;expires=" + std::to_string(std::max<std::int64_t>(left, 0)));
  }
  notify.content_type = content_type(subscription.package);
  notify.body = body_of(subscription);
  return notify;
}

void SubscriptionServer::send_notify(const Tag& tag, Subscription& subscription, TimePoint now) {
  sip::Message notify = build_notify(subscription, now);
  subscription.dirty = false;
  subscription.challenged = false;
  subscription.sent = notify;
  subscription.pending = layer_.send_request(subscription.flow, std::move(notify), owner_, now);
  pending_[*subscription.pending] = tag;
  rearm(tag, subscription);
}

void SubscriptionServer::handle_response(sip::ClientTx tx, const sip::Message& response, TimePoint now) {
  const auto at = pending_.find(tx);
  if (at == pending_.end()) return;
  if (response.status < 200) return;
  const Tag tag = at->second;
  pending_.erase(at);
  Subscription& subscription = subscriptions_.at(tag);
  subscription.pending.reset();
  if ((response.status == 401 || response.status == 407) && answer_challenge(tag, subscription, response, now)) return;
  if (response.status < 300) subscription.doubted = false;
  if (ends_subscription(response.status))
    erase(tag);
  else
    settle(tag, subscription, now);
}

bool SubscriptionServer::answer_challenge(const Tag& tag, Subscription& subscription, const sip::Message& response,
                                          TimePoint now) {
  if (!authorise_ || !subscription.sent || std::exchange(subscription.challenged, true)) return false;
  if (subscription.detached) return false;
  sip::Message again = *subscription.sent;
  again.cseq.number = ++subscription.dialog.local_cseq;  // a new request in the dialog (RFC 3261 §22.2)
  const auto credentials = authorise_(subscription.device, again, response);
  if (!credentials) return false;
  again.set_header(response.status == 401 ? "Authorization" : "Proxy-Authorization", *credentials);
  subscription.sent = again;
  subscription.pending = layer_.send_request(subscription.flow, std::move(again), owner_, now);
  pending_[*subscription.pending] = tag;
  rearm(tag, subscription);
  return true;
}

void SubscriptionServer::handle_failure(sip::ClientTx tx, bool timed_out, TimePoint now) {
  const auto at = pending_.find(tx);
  if (at == pending_.end()) return;
  const Tag tag = at->second;
  pending_.erase(at);
  Subscription& subscription = subscriptions_.at(tag);
  subscription.pending.reset();
  if (timed_out) return erase(tag);
  // The flow is gone, not the phone: what it wasn't told it is told over the next one.
  subscription.detached = true;
  subscription.dirty = true;
  settle(tag, subscription, now);
}

void SubscriptionServer::settle(const Tag& tag, Subscription& subscription, TimePoint now) {
  subscription.sent.reset();
  if (subscription.ended && (!subscription.dirty || subscription.detached)) return erase(tag);
  if (subscription.dirty && !subscription.detached && (subscription.ended || take_credit(subscription, now)))
    return send_notify(tag, subscription, now);
  rearm(tag, subscription);
}

void SubscriptionServer::rearm(const Tag& tag, const Subscription& subscription) {
  if (subscription.ended) return timers_.clear(tag);  // its NOTIFY's transaction ends it
  TimePoint at = subscription.expires;
  if (subscription.dirty && !subscription.pending && !subscription.detached)
    at = std::min<TimePoint>(at, subscription.credit_at + limits_.pace);
  timers_.set(tag, at);
}

void SubscriptionServer::handle_timeout(TimePoint now) {
  while (const auto tag = timers_.pop_due(now)) {
    Subscription& subscription = subscriptions_.at(*tag);
    if (subscription.expires <= now)
      end(*tag, "timeout", now);
    else
      changed(*tag, subscription, now);
  }
}

std::optional<TimePoint> SubscriptionServer::deadline() const { return timers_.earliest(); }

}  // namespace roamdesk::presence
