#include "common/net/flow_table.hpp"

#include <algorithm>
#include <set>

namespace roamdesk::net {

FlowTable::Entries& FlowTable::list_of(const Entry& entry) {
  if (entry.key.transport != sip::Transport::udp) return connections_;
  return entry.proven ? proven_ : unproven_;
}

std::optional<FlowTable::Touched> FlowTable::touch(const FlowKey& key, std::uint64_t number, TimePoint now) {
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    Entry& entry = *found->second;
    entry.used = now;
    Entries& list = list_of(entry);
    list.splice(list.end(), list, found->second);
    return Touched{entry.numbers.front(), false, entry.proven};
  }
  if (!make_room(key)) return std::nullopt;
  add(key, number, now, false);
  return Touched{number, true, false};
}

bool FlowTable::insert(const FlowKey& key, std::uint64_t number, TimePoint now) {
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    if (by_number_.emplace(number, found->second).second) found->second->numbers.push_back(number);
    prove(number);
    return true;
  }
  if (by_number_.contains(number) || !make_room(key)) return false;
  add(key, number, now, true);
  return true;
}

void FlowTable::prove(std::uint64_t number) {
  const auto found = by_number_.find(number);
  if (found == by_number_.end() || found->second->proven) return;
  Entries& from = list_of(*found->second);
  found->second->proven = true;
  Entries& to = list_of(*found->second);
  to.splice(to.end(), from, found->second);
}

bool FlowTable::is_proven(std::uint64_t number) const {
  const auto found = by_number_.find(number);
  return found != by_number_.end() && found->second->proven;
}

void FlowTable::renumber(const std::function<std::uint64_t(const FlowKey&)>& next) {
  by_number_.clear();
  for (const auto& [key, entry] : by_key_) {
    entry->numbers = {next(key)};
    by_number_.emplace(entry->numbers.front(), entry);
  }
}

std::optional<FlowKey> FlowTable::find(std::uint64_t number) const {
  const auto found = by_number_.find(number);
  return found == by_number_.end() ? std::nullopt : std::optional{found->second->key};
}

std::optional<std::uint64_t> FlowTable::find(const FlowKey& key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? std::nullopt : std::optional{found->second->numbers.front()};
}

bool FlowTable::close(std::uint64_t number) {
  const auto found = by_number_.find(number);
  if (found == by_number_.end()) return false;
  forget(found->second, false);
  return true;
}

void FlowTable::expire(TimePoint now) {
  while (!unproven_.empty() && now - unproven_.front().used >= settings_.idle_unproven) forget(unproven_.begin(), true);
  while (!proven_.empty() && now - proven_.front().used >= settings_.idle) forget(proven_.begin(), true);
}

std::optional<FlowTable::Closed> FlowTable::poll_closed() {
  if (closed_.empty()) return std::nullopt;
  const Closed closed = closed_.front();
  closed_.pop_front();
  return closed;
}

std::vector<FlowTable::Closed> FlowTable::all() const {
  std::vector<Closed> flows;
  flows.reserve(by_key_.size());
  for (const auto& [key, entry] : by_key_) flows.push_back({entry->numbers.front(), key});
  return flows;
}

std::size_t FlowTable::proven_addresses() const {
  std::set<std::uint32_t> addresses;
  for (const auto& [key, entry] : by_key_)
    if (entry->proven) addresses.insert(key.peer.address.value);
  return addresses.size();
}

// An address over its share loses its own longest idle flow, unproven ones first; a full table loses the longest idle
// unproven one.
bool FlowTable::make_room(const FlowKey& key) {
  if (key.transport != sip::Transport::udp) return true;
  if (const auto own = udp_of_address_.find(key.peer.address.value);
      own != udp_of_address_.end() && own->second.size() >= settings_.udp_flows_per_address) {
    const auto oldest = std::min_element(own->second.begin(), own->second.end(), [](const auto& a, const auto& b) {
      return std::pair{a->proven, a->used} < std::pair{b->proven, b->used};
    });
    forget(*oldest, true);
    return true;
  }
  if (unproven_.size() + proven_.size() < settings_.udp_flows) return true;
  if (unproven_.empty()) return false;
  forget(unproven_.begin(), true);
  return true;
}

FlowTable::Entries::iterator FlowTable::add(const FlowKey& key, std::uint64_t number, TimePoint now, bool proven) {
  Entry entry{key, {number}, now, proven};
  Entries& list = list_of(entry);
  const auto added = list.insert(list.end(), std::move(entry));
  by_key_.emplace(key, added);
  by_number_.emplace(number, added);
  if (key.transport == sip::Transport::udp) udp_of_address_[key.peer.address.value].push_back(added);
  return added;
}

void FlowTable::forget(Entries::iterator entry, bool tell) {
  if (tell) closed_.push_back({entry->numbers.front(), entry->key});
  for (const auto number : entry->numbers) by_number_.erase(number);
  by_key_.erase(entry->key);
  if (entry->key.transport == sip::Transport::udp) {
    const auto own = udp_of_address_.find(entry->key.peer.address.value);
    own->second.erase(std::find(own->second.begin(), own->second.end(), entry));
    if (own->second.empty()) udp_of_address_.erase(own);
  }
  list_of(*entry).erase(entry);
}

}  // namespace roamdesk::net
