#include "exchange/upstream/upstreams.hpp"

#include <utility>

namespace roamdesk::upstream {

void Upstreams::put_trunk(trunks::TrunkNumber number, const Trunk& trunk, std::uint32_t first_cseq, TimePoint now) {
  if (auto* known = upstream(number)) return known->change(trunk, now);
  if (trunk.kind != TrunkKind::accounts) return;
  auto& made = all_.try_emplace(number, trunk, software_, unique_, first_cseq, times_).first->second;
  subscriptions_.try_emplace(number, made, software_, unique_);
}

void Upstreams::remove_trunk(trunks::TrunkNumber number, TimePoint now) {
  auto* known = upstream(number);
  if (!known) return;
  gone_.insert(number);
  subscriptions(number)->close();
  auto trunk = known->trunk();
  trunk.enabled = false;
  known->change(std::move(trunk), now);
  for (auto at = by_extension_.begin(); at != by_extension_.end();) {
    const auto place = at->second;
    if (place.trunk != number) {
      ++at;
      continue;
    }
    at = by_extension_.erase(at);
    by_number_.erase(place.account);
    known->remove(place.account, now);
  }
}

void Upstreams::put(const UpstreamAccount& record, std::optional<trunks::TrunkNumber> trunk, bool someone,
                    TimePoint now) {
  const auto known = by_extension_.find(record.extension);
  if (known != by_extension_.end() && known->second.trunk == trunk)
    return upstream(known->second.trunk)->put(known->second.account, record, someone, now);
  remove(record.extension, now);
  auto* at = trunk ? upstream(*trunk) : nullptr;
  if (!at) return;
  const Place place{*trunk, AccountNumber{++last_}};
  by_extension_[record.extension] = place;
  by_number_[place.account] = place.trunk;
  at->put(place.account, record, someone, now);
}

void Upstreams::remove(const std::string& extension, TimePoint now) {
  const auto known = by_extension_.find(extension);
  if (known == by_extension_.end()) return;
  const auto place = known->second;
  by_extension_.erase(known);
  by_number_.erase(place.account);
  if (auto* at = upstream(place.trunk)) at->remove(place.account, now);
}

void Upstreams::set_someone(const std::string& extension, bool someone, TimePoint now) {
  if (const auto known = by_extension_.find(extension); known != by_extension_.end())
    if (auto* at = upstream(known->second.trunk)) at->set_someone(known->second.account, someone, now);
}

void Upstreams::handle_timeout(TimePoint now) {
  for (auto& [number, each] : all_)
    if (const auto at = each.deadline(); at && *at <= now) each.handle_timeout(now);
  for (auto& [number, each] : subscriptions_)
    if (const auto at = each.deadline(); at && *at <= now) each.handle_timeout(now);
}

std::optional<TimePoint> Upstreams::deadline() const {
  std::optional<TimePoint> earliest;
  for (const auto& [number, each] : all_)
    if (const auto at = each.deadline(); at && (!earliest || *at < *earliest)) earliest = at;
  for (const auto& [number, each] : subscriptions_)
    if (const auto at = each.deadline(); at && (!earliest || *at < *earliest)) earliest = at;
  return earliest;
}

std::optional<std::pair<trunks::TrunkNumber, Effect>> Upstreams::poll_effect() {
  for (auto& [number, each] : all_)
    if (auto effect = each.poll_effect()) return std::pair{number, std::move(*effect)};
  std::erase_if(gone_, [&](const auto number) {
    if (all_.at(number).is_needed()) return false;
    subscriptions_.erase(number);
    return all_.erase(number) > 0;
  });
  return std::nullopt;
}

void Upstreams::follow(TimePoint now) {
  for (auto& [number, each] : subscriptions_) each.follow(now);
}

std::optional<std::pair<trunks::TrunkNumber, SubscriptionEffect>> Upstreams::poll_subscription_effect() {
  for (auto& [number, each] : subscriptions_)
    if (auto effect = each.poll_effect()) return std::pair{number, std::move(*effect)};
  return std::nullopt;
}

Subscriptions* Upstreams::subscriptions(trunks::TrunkNumber trunk) {
  const auto found = subscriptions_.find(trunk);
  return found == subscriptions_.end() ? nullptr : &found->second;
}

const Subscriptions* Upstreams::subscriptions(trunks::TrunkNumber trunk) const {
  const auto found = subscriptions_.find(trunk);
  return found == subscriptions_.end() ? nullptr : &found->second;
}

std::optional<trunks::TrunkNumber> Upstreams::of_tag(std::string_view tag) const {
  for (const auto& [number, each] : subscriptions_)
    if (each.has(tag)) return number;
  return std::nullopt;
}

Upstream* Upstreams::upstream(trunks::TrunkNumber trunk) {
  return const_cast<Upstream*>(std::as_const(*this).upstream(trunk));
}

const Upstream* Upstreams::upstream(trunks::TrunkNumber trunk) const {
  const auto found = all_.find(trunk);
  return found == all_.end() ? nullptr : &found->second;
}

std::optional<Upstreams::Place> Upstreams::of_extension(std::string_view extension) const {
  const auto found = by_extension_.find(extension);
  return found == by_extension_.end() ? std::nullopt : std::optional{found->second};
}

std::optional<Upstreams::Place> Upstreams::of_token(std::string_view token) const {
  for (const auto& [number, each] : all_)
    if (const auto account = each.find(token)) return Place{number, *account};
  return std::nullopt;
}

std::optional<trunks::TrunkNumber> Upstreams::trunk_of(AccountNumber account) const {
  const auto found = by_number_.find(account);
  return found == by_number_.end() ? std::nullopt : std::optional{found->second};
}

const Account* Upstreams::account(AccountNumber account) const {
  const auto trunk = trunk_of(account);
  const auto* at = trunk ? upstream(*trunk) : nullptr;
  return at ? at->account(account) : nullptr;
}

Account* Upstreams::account(AccountNumber account) {
  return const_cast<Account*>(std::as_const(*this).account(account));
}

}  // namespace roamdesk::upstream
