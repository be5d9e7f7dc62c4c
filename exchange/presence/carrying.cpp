#include <algorithm>
#include <utility>

#include "exchange/presence/subscription_server.hpp"

// Lamps that go on in the next process.
namespace roamdesk::presence {

std::vector<CarriedSubscription> SubscriptionServer::carried(TimePoint now) const {
  std::vector<CarriedSubscription> result;
  for (const auto& [tag, subscription] : subscriptions_) {
    // What is watched at another exchange is asked for anew there.
    if (subscription.ended || subscription.doubted || !subscription.target.exchange.empty()) continue;
    if (subscription.expires <= now) continue;
    CarriedSubscription carried;
    carried.device = subscription.device;
    carried.is_mailbox = subscription.package == Package::message_summary;
    carried.watched = subscription.target.number;
    carried.flow = subscription.flow.address;
    carried.dialog = subscription.dialog;
    carried.event_id = subscription.event_id;
    carried.version = subscription.version;
    carried.left = subscription.expires - now;
    carried.shows_something = subscription.dirty || subscription.pending || shows_something(subscription);
    result.push_back(std::move(carried));
  }
  return result;
}

bool SubscriptionServer::shows_something(const Subscription& subscription) const {
  return subscription.package == Package::dialog ? dialogs_.contains(subscription.target)
                                                 : mailboxes_.contains(subscription.target.number);
}

bool SubscriptionServer::adopt(CarriedSubscription carried, const std::optional<sip::Flow>& flow, TimePoint now) {
  const Tag tag = carried.dialog.local_tag;
  if (tag.empty() || carried.dialog.remote_tag.empty() || carried.left <= Duration::zero()) return false;
  if (subscriptions_.size() >= limits_.total || size_of(carried.device) >= limits_.per_device) return false;
  Subscription subscription{carried.device};
  subscription.package = carried.is_mailbox ? Package::message_summary : Package::dialog;
  subscription.target = Watched{std::move(carried.watched)};
  subscription.site = carried.flow.site;
  subscription.flow.address = std::move(carried.flow);
  if (flow) subscription.flow = *flow;
  subscription.detached = !flow;
  subscription.dialog = std::move(carried.dialog);
  subscription.event_id = std::move(carried.event_id);
  subscription.version = carried.version;
  subscription.expires = now + std::min<Duration>(carried.left, limits_.longest);
  subscription.credit_at = now;
  // A lamp that was dark is told where that has changed, as all are (publish).
  subscription.dirty = carried.shows_something;
  const auto [it, made] = subscriptions_.emplace(tag, std::move(subscription));
  if (!made) return false;
  by_target_[it->second.target].insert(tag);
  by_device_[it->second.device].insert(tag);
  rearm(tag, it->second);
  return true;
}

}  // namespace roamdesk::presence
