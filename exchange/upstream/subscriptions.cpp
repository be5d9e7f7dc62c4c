#include "exchange/upstream/subscriptions.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "exchange/upstream/pauses.hpp"

// What is wanted, and whose turn comes.
namespace roamdesk::upstream {

const Subscription* Subscriptions::find(const Subject& subject) const {
  const auto found = all_.find(subject);
  return found == all_.end() ? nullptr : &found->second;
}

Duration Subscriptions::pause(Duration shortest, Duration longest, unsigned times) {
  return spread(doubled(shortest, longest, times), chance_of(unique_()));
}

void Subscriptions::schedule(Subscription& subscription, std::optional<TimePoint> at) {
  auto& due = kind_of(subscription.subject).due;
  if (subscription.due) due.erase({*subscription.due, subscription.subject});
  subscription.due = at;
  if (at) due.emplace(*at, subscription.subject);
}

Subscription& Subscriptions::want(const Subject& subject, Duration in, TimePoint now) {
  const auto [entry, made] = all_.try_emplace(subject);
  auto& subscription = entry->second;
  if (made) {
    subscription.subject = subject;
    if (!subject.is_mailbox()) ++numbers_;
  }
  const bool again = !std::exchange(subscription.wanted, true);
  const bool idle = !subscription.due && !subscription.standing && !subscription.unsolicited;
  if (!subscription.request && (again || idle)) schedule(subscription, now + in);
  return subscription;
}

void Subscriptions::unwant(Subscription& subscription, Duration in, TimePoint now) {
  subscription.wanted = subscription.unsolicited = false;
  if (subscription.request) return;  // its answer asks again
  if (upstream_.server() && subscription.standing && subscription.standing->until)
    schedule(subscription, now + in);
  else
    erase(Subject{subscription.subject});
}

void Subscriptions::watch(const std::string& number, std::optional<AccountNumber> asker, TimePoint now) {
  if (!takes(number)) return;
  auto& subscription = want({{}, number}, {}, now);
  if (!subscription.standing) subscription.asker = asker;
  work(now);
}

void Subscriptions::unwatch(const std::string& number, TimePoint now) {
  const auto found = all_.find({{}, number});
  if (found == all_.end()) return;
  unwant(found->second, times_.linger, now);
  work(now);
}

void Subscriptions::told_unasked(AccountNumber account) {
  const auto found = all_.find({account, {}});
  if (found == all_.end() || !found->second.wanted || found->second.standing) return;
  auto& subscription = found->second;
  subscription.unsolicited = true;
  subscription.refused = false;
  subscription.why.clear();
  schedule(subscription, std::nullopt);
}

void Subscriptions::follow(TimePoint now) {
  while (const auto news = upstream_.poll_news()) {
    if (const auto* account = std::get_if<AccountStands>(&*news))
      account_stands(account->account, account->registered, now);
    else
      server_changed(now);
  }
  work(now);
}

void Subscriptions::account_stands(AccountNumber account, bool registered, TimePoint now) {
  if (registered) {
    want({account, {}}, times_.settle, now);
    for (const auto& subject : std::exchange(dormant_, {})) schedule(all_.at(subject), now);
    return;
  }
  if (const auto mailbox = all_.find({account, {}}); mailbox != all_.end()) unwant(mailbox->second, {}, now);
  // Another one asks from now on.
  for (auto& [subject, subscription] : all_)
    if (!subject.is_mailbox() && subscription.standing && subscription.standing->by == account)
      schedule(subscription, now);
}

void Subscriptions::server_changed(TimePoint now) {
  std::vector<Subject> over;
  if (!upstream_.server()) {
    if (!dark_at_) dark_at_ = now + times_.unknown_after;
    for (const auto& [subject, subscription] : all_)
      if (!subscription.wanted && !subscription.request) over.push_back(subject);
    for (const auto& subject : over) erase(subject);
    return;
  }
  dark_at_.reset();
  for (auto& kind : kinds_) kind.serves = false;
  // It may have forgotten us, and tells the state of what it hasn't.
  for (auto& [subject, subscription] : all_)
    if (!subscription.request && !subscription.refused && (subscription.standing || !subject.is_mailbox()))
      schedule(subscription, now);
}

void Subscriptions::close() {
  std::vector<Subject> all;
  for (auto& [subject, subscription] : all_) all.push_back(subject);
  for (const auto& subject : all) erase(subject);
  requests_.clear();
  for (auto& kind : kinds_) kind.under_way = 0;
}

void Subscriptions::drop(Subscription& subscription) {
  if (subscription.standing) tags_.erase(subscription.standing->dialog.local_tag);
  subscription.standing.reset();
}

void Subscriptions::tell_dark(Subscription& subscription) {
  subscription.dialogs.clear();
  subscription.known = false;
  if (std::exchange(subscription.lit, false)) effects_.emplace_back(CallsTold{subscription.subject.number, {}});
}

void Subscriptions::erase(const Subject& subject) {
  auto& subscription = all_.at(subject);
  tell_dark(subscription);
  drop(subscription);
  schedule(subscription, std::nullopt);
  dormant_.erase(subject);
  if (!subject.is_mailbox()) --numbers_;
  all_.erase(subject);
}

void Subscriptions::give_up(const Subscription& subscription) {
  if (!subscription.request) erase(Subject{subscription.subject});
}

void Subscriptions::handle_timeout(TimePoint now) {
  if (dark_at_ && *dark_at_ <= now) {
    dark_at_.reset();
    for (auto& [subject, subscription] : all_) tell_dark(subscription);
  }
  work(now);
}

std::optional<TimePoint> Subscriptions::deadline() const {
  auto earliest = dark_at_;
  if (!upstream_.server()) return earliest;
  for (const auto& kind : kinds_)
    if (!kind.due.empty() && kind.under_way < (kind.serves ? times_.most_under_way : 1))
      earlier(earliest, std::max(kind.due.begin()->first, next_send_));
  return earliest;
}

void Subscriptions::work(TimePoint now) {
  for (bool idle = false; !idle && upstream_.server();) {
    idle = true;
    for (auto& kind : kinds_) {
      if (next_send_ > now) return;
      if (kind.due.empty() || kind.due.begin()->first > now) continue;
      if (kind.under_way >= (kind.serves ? times_.most_under_way : 1)) continue;
      idle = false;
      auto& subscription = all_.at(kind.due.begin()->second);
      schedule(subscription, std::nullopt);
      begin(subscription, now);
    }
  }
}

void Subscriptions::begin(Subscription& subscription, TimePoint now) {
  if (subscription.request) return;  // its answer asks again
  leave_what_is_over(subscription, now);
  const auto& standing = subscription.standing;
  if (!standing && !subscription.wanted) return erase(Subject{subscription.subject});
  if (standing && !(subscription.wanted && upstream_.is_registered(standing->by, now)))
    return send(subscription, true, now);
  if (!standing && (subscription.unsolicited || !may_try(subscription, now) || !make_standing(subscription, now)))
    return;
  send(subscription, false, now);
}

// What was never answered, has run out, is another server's, or was asked by an account that is gone.
void Subscriptions::leave_what_is_over(Subscription& subscription, TimePoint now) {
  const auto& standing = subscription.standing;
  if (!standing) return;
  const bool out = !standing->until || *standing->until <= now || !upstream_.account(standing->by);
  if (!out && standing->server == upstream_.server()->key) return;
  drop(subscription);
  if (out) tell_dark(subscription);
}

bool Subscriptions::may_try(Subscription& subscription, TimePoint now) {
  auto& kind = kind_of(subscription.subject);
  if (kind.held_until && *kind.held_until > now) {
    schedule(subscription, *kind.held_until);
    return false;
  }
  kind.held_until.reset();
  while (!refusals_.empty() && refusals_.front() + times_.many_refusals_in <= now) refusals_.pop_front();
  if (subscription.accepted || refusals_.size() < times_.most_refusals) return true;
  subscription.why = "too many subscriptions were refused within 10 minutes; waits, lest our address is banned";
  schedule(subscription, refusals_.front() + times_.many_refusals_in);
  return false;
}

// False where no account can ask.
bool Subscriptions::make_standing(Subscription& subscription, TimePoint now) {
  const auto& subject = subscription.subject;
  const auto rather = subject.is_mailbox() ? std::optional{subject.account} : subscription.asker;
  const auto by = upstream_.registered(rather, now);
  if (!by || (subject.is_mailbox() && by != subject.account)) {
    subscription.why = "no account is registered there";
    tell_dark(subscription);
    if (!subject.is_mailbox()) dormant_.insert(subject);
    return false;
  }
  const auto speaker = upstream_.as(upstream_.account(*by)->self);
  sip::NameAddr local, remote;
  local.uri = remote.uri = trunks::account_of(speaker);
  if (!subject.is_mailbox()) remote.uri.user = subject.number;
  const auto& server = *upstream_.server();
  auto target = remote.uri;
  subscription.standing = Subscription::Standing{
      sip::Dialog::beginning(unique_(), unique_(), std::move(local), std::move(remote), std::move(target)),
      *by,
      server.key,
      server.flow,
      now,
      std::nullopt};
  tags_.emplace(subscription.standing->dialog.local_tag, subject);
  subscription.known = false;
  return true;
}

void Subscriptions::send(Subscription& subscription, bool farewell, TimePoint now) {
  auto& standing = *subscription.standing;
  const auto& server = *upstream_.server();
  auto& account = *upstream_.account(standing.by);
  const auto speaker = upstream_.as(account.self);
  standing.flow = server.flow;
  Request request;
  request.subject = subscription.subject;
  request.farewell = farewell;
  request.first = !standing.until;
  request.asked = farewell ? std::chrono::seconds{0} : times_.expires;
  request.flow = server.flow;
  auto& message = request.message;
  message = standing.dialog.make_request("SUBSCRIBE");
  if (request.first)
    if (auto route = trunks::route_of(speaker)) message.route.push_back(std::move(*route));
  sip::NameAddr contact;
  contact.uri = trunks::contact_of(speaker, server.flow, server.seen_as.value_or(server.flow.address.face), false);
  message.contact.push_back(std::move(contact));
  message.expires = static_cast<std::uint32_t>(request.asked.count());
  const bool mailbox = subscription.subject.is_mailbox();
  message.set_header("Event", mailbox ? "message-summary" : "dialog");
  message.set_header("Accept", mailbox ? "application/simple-message-summary" : "application/dialog-info+xml");
  message.set_header("User-Agent", software_);
  account.self.credentials.prepare(message, unique_());
  subscription.rounds = 0;
  put_under_way(subscription, std::move(request), now);
}

void Subscriptions::put_under_way(Subscription& subscription, Request request, TimePoint now) {
  const trunks::RequestId id{++last_request_};
  subscription.request = id;
  ++kind_of(subscription.subject).under_way;
  effects_.emplace_back(Subscribe{id, request.flow, request.message});
  requests_.emplace(id, std::move(request));
  next_send_ = std::max(next_send_, now) + times_.gap;
}

std::optional<SubscriptionEffect> Subscriptions::poll_effect() {
  if (effects_.empty()) return std::nullopt;
  auto effect = std::move(effects_.front());
  effects_.pop_front();
  return effect;
}

Subscriptions::Counts Subscriptions::counts(bool mailboxes) const {
  Counts counts;
  const auto& kind = kinds_[mailboxes ? 0 : 1];
  if (kind.held_until) counts.reason = kind.why;
  for (const auto& [subject, subscription] : all_) {
    if (subject.is_mailbox() != mailboxes || !subscription.wanted) continue;
    ++counts.all;
    if (subscription.unsolicited || (subscription.standing && subscription.standing->until)) ++counts.told;
    if (!subscription.refused) continue;
    ++counts.refused;
    if (counts.reason.empty()) counts.reason = (mailboxes ? "" : subject.number + ": ") + subscription.why;
  }
  return counts;
}

}  // namespace roamdesk::upstream
