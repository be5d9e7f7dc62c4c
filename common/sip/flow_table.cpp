#include "common/sip/flow_table.hpp"

#include <algorithm>
#include <iterator>

namespace roamdesk::net {

using sip::Standing;

namespace {

bool is_at_home(Standing standing) { return standing >= Standing::registered; }

// How many there are of this standing and above.
template <class Lists>
std::size_t count(const Lists& lists, Standing from) {
  std::size_t sum = 0;
  for (auto at = static_cast<std::size_t>(from); at < std::size(lists); ++at) sum += lists[at].size();
  return sum;
}

}  // namespace

FlowTable::FlowTable(Settings settings) : settings_(settings) {
  settings_.newcomers = std::min(settings_.newcomers, settings_.udp_flows / 4);
}

std::optional<FlowTable::Touched> FlowTable::touch(const FlowKey& key, std::uint64_t number, TimePoint now) {
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    Entry& entry = found->second;
    entry.used = now;
    if (entry.udp()) {
      unlink(entry);
      link(entry);
    }
    return Touched{entry.number, false};
  }
  if (!make_room(key)) return std::nullopt;
  add(key, number, now);
  return Touched{number, true};
}

bool FlowTable::insert(const FlowKey& key, std::uint64_t number, TimePoint now) {
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    if (by_number_.emplace(number, &found->second).second) more_numbers_.emplace(&found->second, number);
    if (found->second.standing == Standing::unproven) set_standing(number, Standing::proven);
    return true;
  }
  if (by_number_.contains(number) || !make_room(key)) return false;
  stand(add(key, number, now), Standing::proven);
  return true;
}

void FlowTable::set_standing(std::uint64_t number, Standing standing) {
  const auto found = by_number_.find(number);
  if (found != by_number_.end() && found->second->standing != standing) stand(*found->second, standing);
}

void FlowTable::stand(Entry& entry, Standing standing) {
  entry.bucket = {};  // of another rate from now on
  Address& address = entry.address->second;
  if (is_at_home(entry.standing) && --address.registered == 0) --homes_;
  if (is_at_home(standing) && address.registered++ == 0) ++homes_;
  if (!entry.udp()) {
    entry.standing = standing;
    return;
  }
  unlink(entry);
  if (entry.standing == Standing::unproven) make_proven_room(entry);
  entry.standing = standing;
  link(entry);
}

TokenBucket* FlowTable::bucket(std::uint64_t number) {
  const auto found = by_number_.find(number);
  return found == by_number_.end() ? nullptr : &found->second->bucket;
}

void FlowTable::renumber(const std::function<std::uint64_t(const FlowKey&)>& next) {
  by_number_.clear();
  more_numbers_.clear();
  for (auto& [key, entry] : by_key_) {
    entry.number = next(key);
    by_number_.emplace(entry.number, &entry);
  }
}

std::optional<FlowKey> FlowTable::find(std::uint64_t number) const {
  const auto found = by_number_.find(number);
  return found == by_number_.end() ? std::nullopt : std::optional{*found->second->key};
}

std::optional<FlowTable::Known> FlowTable::find(const FlowKey& key) const {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return std::nullopt;
  return Known{found->second.number, found->second.standing};
}

std::optional<Standing> FlowTable::standing(std::uint64_t number) const {
  const auto found = by_number_.find(number);
  return found == by_number_.end() ? std::nullopt : std::optional{found->second->standing};
}

bool FlowTable::is_home(IpAddress address) const {
  const auto found = addresses_.find(address.source());
  return found != addresses_.end() && found->second.registered > 0;
}

bool FlowTable::close(std::uint64_t number) {
  const auto found = by_number_.find(number);
  if (found == by_number_.end()) return false;
  forget(*found->second, false);
  return true;
}

bool FlowTable::expire(TimePoint now, std::size_t most) {
  for (std::size_t ended = 0;;) {
    Entry* idle = nullptr;
    for (auto& list : udp_) {
      const Duration patience = &list == &udp_[0] ? settings_.idle_unproven : settings_.idle;
      if (!idle && !list.empty() && now - list.front().used >= patience) idle = &list.front();
    }
    if (!idle) return false;
    if (ended++ == most) return true;
    forget(*idle, true);
  }
}

std::optional<FlowTable::Closed> FlowTable::poll_closed() {
  if (closed_.empty()) return std::nullopt;
  const Closed closed = closed_.front();
  closed_.pop_front();
  return closed;
}

bool FlowTable::make_room(const FlowKey& key) {
  if (key.transport != sip::Transport::udp) return true;
  if (const auto found = addresses_.find(key.peer.address.source()); found != addresses_.end()) {
    auto& own = found->second;
    if (own.unproven.size() >= settings_.unproven_per_address) {
      evict(own.unproven.front());
      return true;
    }
    if (own.udp >= settings_.udp_flows_per_address) {
      if (own.unproven.empty() && own.proven.empty()) return false;
      evict(own.unproven.empty() ? own.proven.front() : own.unproven.front());
      return true;
    }
  }
  if (count(udp_, Standing::unproven) < settings_.udp_flows) return true;
  if (udp_[0].empty()) return false;
  evict(udp_[0].front());
  return true;
}

void FlowTable::make_proven_room(Entry& entry) {
  if (auto& own = entry.address->second.proven; own.size() >= settings_.proven_per_address) return evict(own.front());
  if (count(udp_, Standing::proven) + settings_.newcomers < settings_.udp_flows) return;
  if (!udp_[1].empty())
    evict(udp_[1].front());
  else if (!udp_[2].empty())
    evict(udp_[2].front());
}

FlowTable::Entry& FlowTable::add(const FlowKey& key, std::uint64_t number, TimePoint now) {
  const auto place = by_key_.try_emplace(key).first;
  Entry& entry = place->second;
  entry.key = &place->first;
  entry.number = number;
  entry.used = now;
  entry.address = addresses_.try_emplace(key.peer.address.source()).first;
  ++entry.address->second.flows;
  by_number_.emplace(number, &entry);
  if (entry.udp()) link(entry);
  return entry;
}

FlowTable::List<FlowTable::OfAddress>* FlowTable::own_list_of(Entry& entry) {
  Address& address = entry.address->second;
  if (entry.standing == Standing::unproven) return &address.unproven;
  return entry.standing == Standing::proven ? &address.proven : nullptr;
}

void FlowTable::link(Entry& entry) {
  list_of(entry).push_back(entry);
  ++entry.address->second.udp;
  if (auto* own = own_list_of(entry)) own->push_back(entry);
}

void FlowTable::unlink(Entry& entry) {
  auto& list = list_of(entry);
  list.erase(list.iterator_to(entry));
  --entry.address->second.udp;
  if (auto* own = own_list_of(entry)) own->erase(own->iterator_to(entry));
}

void FlowTable::evict(Entry& entry) {
  ++(entry.standing == Standing::unproven ? evicted_newcomers_ : evicted_proven_);
  forget(entry, true);
}

void FlowTable::forget(Entry& entry, bool tell) {
  if (tell) closed_.push_back({entry.number, *entry.key, entry.standing});
  by_number_.erase(entry.number);
  const auto [more, end] = more_numbers_.equal_range(&entry);
  for (auto at = more; at != end; ++at) by_number_.erase(at->second);
  more_numbers_.erase(more, end);
  if (entry.udp()) unlink(entry);
  Address& address = entry.address->second;
  if (is_at_home(entry.standing) && --address.registered == 0) --homes_;
  if (--address.flows == 0) addresses_.erase(entry.address);
  by_key_.erase(FlowKey{*entry.key});  // not by the key that dies with it
}

}  // namespace roamdesk::net
