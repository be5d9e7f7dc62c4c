#include "exchange/presence/subscription_server.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "exchange/presence/event_header.hpp"

// Subscribing and ending; notifying is in notify.cpp.
namespace roamdesk::presence {

SubscriptionServer::SubscriptionServer(sip::TransactionLayer& layer, sip::Owner owner, std::string domain,
                                       std::function<std::string()> unique, Authorise authorise,
                                       SubscriptionLimits limits)
    : layer_(layer),
      owner_(owner),
      domain_(std::move(domain)),
      unique_(std::move(unique)),
      authorise_(std::move(authorise)),
      limits_(limits) {}

std::optional<Package> SubscriptionServer::package_of(const sip::Message& subscribe) {
  const auto event = parse_event(subscribe);
  return event ? std::optional{event->package} : std::nullopt;
}

void SubscriptionServer::refuse_package(sip::ServerTx tx, const sip::Message& request) {
  const bool in_dialog = !request.to.tag().empty();
  sip::Message response = sip::make_response(request, in_dialog ? 481 : 489, "", "");
  if (!in_dialog) response.set_header("Allow-Events", "dialog, message-summary");
  layer_.respond_statelessly(tx, std::move(response));
}

void SubscriptionServer::answer(sip::ServerTx tx, const sip::Message& request, int status, TimePoint now) {
  sip::Message response = sip::make_response(request, status, "", unique_());
  if (status == 423) response.set_header("Min-Expires", std::to_string(limits_.shortest.count()));
  if (status == 503) response.set_header("Retry-After", "300");
  layer_.respond(tx, std::move(response), now);
}

std::optional<std::chrono::seconds> SubscriptionServer::grant(sip::ServerTx tx, const sip::Message& request,
                                                              TimePoint now) {
  const std::chrono::seconds asked = request.expires ? std::chrono::seconds{*request.expires} : limits_.usual;
  // RFC 6665 §4.2.1.1: 423 only for what is over zero and under the minimum.
  if (asked > std::chrono::seconds{0} && asked < limits_.shortest) {
    answer(tx, request, 423, now);
    return std::nullopt;
  }
  return std::min(asked, limits_.longest);
}

void SubscriptionServer::handle_subscribe(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request,
                                          const Subscriber& who, TimePoint now) {
  if (!request.to.tag().empty())
    refresh(tx, flow, request, who, now);
  else
    subscribe_anew(tx, flow, request, who, now);
}

void SubscriptionServer::subscribe_anew(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request,
                                        const Subscriber& who, TimePoint now) {
  const auto event = parse_event(request);
  if (!event) return refuse_package(tx, request);
  if (!who.target) return answer(tx, request, 404, now);
  if (request.contact.size() != 1 || request.from.tag().empty()) return answer(tx, request, 400, now);
  if (!accepts(request, event->package)) return answer(tx, request, 406, now);
  const auto granted = grant(tx, request, now);
  if (!granted) return;
  if (!supersede(who.device, event->package, *who.target, event->id, now) || subscriptions_.size() >= limits_.total)
    return answer(tx, request, 503, now);

  const Tag tag = unique_();
  Subscription subscription{who.device};
  subscription.package = event->package;
  subscription.target = *who.target;
  subscription.site = who.site;
  subscription.flow = flow;
  subscription.dialog = sip::Dialog::answering(request, tag);
  subscription.event_id = event->id;
  subscription.expires = now + *granted;
  subscription.credit = limits_.burst;
  subscription.credit_at = now;
  const auto [it, made] = subscriptions_.emplace(tag, std::move(subscription));
  if (!made) return answer(tx, request, 500, now);  // `unique` isn't
  auto& watchers = by_target_[it->second.target];
  if (watchers.empty() && !it->second.target.exchange.empty())
    watch_changes_.push_back({it->second.target, true, who.acts_for});
  watchers.insert(tag);
  by_device_[it->second.device].insert(tag);
  accept(tx, request, it->second, *granted, now);
  if (*granted == std::chrono::seconds{0})
    end(tag, "timeout", now);  // a fetch: one NOTIFY with the state, and the end (RFC 6665 §4.4.3)
  else
    send_notify(tag, it->second, now);
}

// A phone that has booted subscribes to everything again, and says good-bye to nothing. What it had to the same is
// asked whether the phone still knows it: 481 ends it (RFC 6665 §4.2.2); a phone with two keys for one person keeps
// both.
bool SubscriptionServer::supersede(const Mac& device, Package package, const Watched& target,
                                   const std::string& event_id, TimePoint now) {
  const auto at = by_device_.find(device);
  if (at == by_device_.end()) return true;
  std::vector<Tag> same, doubted;
  std::size_t known = 0;
  for (const Tag& tag : at->second) {
    const Subscription& s = subscriptions_.at(tag);
    if (s.ended) continue;
    if (s.doubted)
      doubted.push_back(tag);
    else
      ++known;
    if (s.package == package && s.target == target && s.event_id == event_id) same.push_back(tag);
  }
  for (const Tag& tag : same) {
    Subscription& s = subscriptions_.at(tag);
    if (s.doubted) {
      erase(tag);
      continue;
    }
    s.doubted = s.dirty = true;
    --known;
    if (!s.pending && !s.detached) send_notify(tag, s, now);
  }
  for (const Tag& tag : doubted)
    if (size_of(device) >= 2 * limits_.per_device) erase(tag);
  return known < limits_.per_device;
}

void SubscriptionServer::rebooted(const Mac& device) {
  const auto at = by_device_.find(device);
  if (at == by_device_.end()) return;
  for (const Tag& tag : at->second) subscriptions_.at(tag).doubted = true;
}

void SubscriptionServer::refresh(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request,
                                 const Subscriber& who, TimePoint now) {
  const Tag tag = request.to.tag();
  const auto it = subscriptions_.find(tag);
  const auto event = parse_event(request);
  if (it == subscriptions_.end() || it->second.dialog.call_id != request.call_id ||
      it->second.dialog.remote_tag != request.from.tag() || it->second.device != who.device ||
      it->second.site != who.site || it->second.ended)
    return answer(tx, request, 481, now);
  Subscription& subscription = it->second;
  if (!event || event->package != subscription.package || event->id != subscription.event_id)
    return answer(tx, request, 481, now);
  if (request.cseq.number <= subscription.dialog.remote_cseq) return answer(tx, request, 500, now);  // RFC 3261 §12.2.2
  if (who.target != subscription.target) {  // its rights are gone
    answer(tx, request, 403, now);
    return end(tag, "noresource", now);
  }
  const auto granted = grant(tx, request, now);
  if (!granted) return;
  subscription.dialog.remote_cseq = request.cseq.number;
  if (request.contact.size() == 1) subscription.dialog.refresh_target(request);
  subscription.flow = flow;
  subscription.detached = subscription.doubted = false;
  subscription.expires = now + *granted;
  accept(tx, request, subscription, *granted, now);
  if (*granted == std::chrono::seconds{0}) return end(tag, "timeout", now);
  subscription.dirty = true;
  if (subscription.pending)
    rearm(tag, subscription);
  else
    send_notify(tag, subscription, now);  // RFC 6665 §4.2.1.2: at once, whatever the pace
}

void SubscriptionServer::accept(sip::ServerTx tx, const sip::Message& request, const Subscription& subscription,
                                std::chrono::seconds granted, TimePoint now) {
  auto response = subscription.dialog.make_answer(request, 200);
  response.record_route = request.record_route;
  response.expires = static_cast<std::uint32_t>(granted.count());
  response.contact = {contact_on(subscription.flow, subscription.target.number)};
  layer_.respond(tx, std::move(response), now);
}

void SubscriptionServer::end(const Tag& tag, std::string reason, TimePoint now) {
  const auto it = subscriptions_.find(tag);
  if (it == subscriptions_.end() || it->second.ended) return;
  Subscription& subscription = it->second;
  subscription.ended = true;
  subscription.end_reason = std::move(reason);
  subscription.dirty = true;
  if (subscription.detached) return erase(tag);
  if (subscription.pending) return rearm(tag, subscription);  // after its answer
  send_notify(tag, subscription, now);
}

void SubscriptionServer::erase(const Tag& tag) {
  const auto it = subscriptions_.find(tag);
  if (it == subscriptions_.end()) return;
  const auto leave = [&](auto& index, const auto& key) {
    const auto at = index.find(key);
    at->second.erase(tag);
    if (at->second.empty()) index.erase(at);
  };
  leave(by_target_, it->second.target);
  if (!it->second.target.exchange.empty() && !by_target_.contains(it->second.target))
    watch_changes_.push_back({it->second.target, false});
  leave(by_device_, it->second.device);
  if (it->second.pending) pending_.erase(*it->second.pending);
  timers_.clear(tag);
  subscriptions_.erase(it);
}

void SubscriptionServer::end_all_of(const Mac& device, TimePoint now) {
  const auto at = by_device_.find(device);
  if (at == by_device_.end()) return;
  for (const Tag& tag : std::set<Tag>{at->second}) end(tag, "noresource", now);
}

void SubscriptionServer::end_all_at(const Mac& device, const std::string& exchange, TimePoint now) {
  const auto at = by_device_.find(device);
  if (at == by_device_.end()) return;
  for (const Tag& tag : std::set<Tag>{at->second})
    if (subscriptions_.at(tag).target.exchange == exchange) end(tag, "noresource", now);
}

void SubscriptionServer::end_all_on(const Watched& watched, TimePoint now, const std::string& reason) {
  dialogs_.erase(watched);
  if (watched.exchange.empty()) mailboxes_.erase(watched.number);
  const auto at = by_target_.find(watched);
  if (at == by_target_.end()) return;
  for (const Tag& tag : std::set<Tag>{at->second}) end(tag, reason, now);
}

void SubscriptionServer::handle_flow_closed(sip::FlowId flow, TimePoint) {
  std::vector<Tag> lost;
  for (auto& [tag, subscription] : subscriptions_) {
    if (subscription.flow.id != flow || subscription.detached) continue;
    subscription.detached = true;
    if (subscription.ended) lost.push_back(tag);
  }
  for (const Tag& tag : lost) erase(tag);
}

void SubscriptionServer::move(const Mac& device, const sip::Flow& flow, TimePoint now) {
  const auto at = by_device_.find(device);
  if (at == by_device_.end()) return;
  for (const Tag& tag : std::set<Tag>{at->second}) {
    Subscription& subscription = subscriptions_.at(tag);
    if (subscription.flow == flow && !subscription.detached) continue;
    subscription.flow = flow;
    if (std::exchange(subscription.detached, false)) changed(tag, subscription, now);
  }
}

void SubscriptionServer::move(const Mac& device, const sip::Flow& flow) {
  const auto at = by_device_.find(device);
  if (at == by_device_.end()) return;
  for (const Tag& tag : at->second) {
    Subscription& subscription = subscriptions_.at(tag);
    subscription.flow = flow;
    if (!std::exchange(subscription.detached, false)) continue;
    subscription.dirty = true;
    rearm(tag, subscription);
  }
}

std::optional<WatchChanged> SubscriptionServer::poll_watch() {
  if (watch_changes_.empty()) return std::nullopt;
  auto change = std::move(watch_changes_.front());
  watch_changes_.pop_front();
  return change;
}

std::size_t SubscriptionServer::size_of(const Mac& device) const {
  const auto at = by_device_.find(device);
  return at == by_device_.end() ? 0 : at->second.size();
}

bool SubscriptionServer::consistent() const {
  std::size_t by_target = 0, by_device = 0, pending = 0;
  for (const auto& [target, tags] : by_target_) by_target += tags.size();
  for (const auto& [device, tags] : by_device_) by_device += tags.size();
  for (const auto& [tag, subscription] : subscriptions_) {
    if (subscription.pending) {
      ++pending;
      const auto at = pending_.find(*subscription.pending);
      if (at == pending_.end() || at->second != tag) return false;
    } else if (subscription.ended) {
      return false;  // nothing would ever take it away
    }
    if (!subscription.ended && !timers_.of(tag)) return false;
  }
  return by_target == subscriptions_.size() && by_device == subscriptions_.size() && pending == pending_.size();
}

}  // namespace roamdesk::presence
