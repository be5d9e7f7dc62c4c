#include "exchange/calls/book.hpp"

#include <algorithm>
#include <utility>

namespace roamdesk::calls {
namespace {

template <class Map, class Key>
auto* entry(Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace

Leg* Book::leg(LegId id) { return entry(legs_, id); }
const Leg* Book::leg(LegId id) const { return entry(legs_, id); }
Call* Book::call(Serial serial) { return entry(calls_, serial); }
const Call* Book::call(Serial serial) const { return entry(calls_, serial); }
Call* Book::call(const CallId& id) {
  const auto* serial = entry(by_call_id_, id.value());
  return serial ? call(*serial) : nullptr;
}
Call* Book::call(DialogueId id) {
  const auto* serial = entry(by_dialogue_, id);
  return serial ? call(*serial) : nullptr;
}

Leg* Book::other_party(const Leg& of) {
  const Call* its = call(of.call);
  if (!its || !its->answered || !its->caller || !its->callee) return nullptr;
  if (*its->caller == of.id) return leg(*its->callee);
  if (*its->callee == of.id) return leg(*its->caller);
  return nullptr;
}

Leg* Book::waiting_party(const Call& call) { return call.transfer ? leg(call.transfer->staying) : leg(call.caller); }

Leg* Book::find_dialog(const SiteId& site, const sip::Message& request) {
  const auto* id = entry(by_tag_, request.to.tag());
  Leg* found = id ? leg(*id) : nullptr;
  if (!found || found->dialog.call_id != request.call_id || found->flow.address.site != site) return nullptr;
  const bool any_tag = found->outgoing() && found->dialog.remote_tag.empty();  // early: each fork below it has its own
  return any_tag || found->dialog.remote_tag == request.from.tag() ? found : nullptr;
}

Leg* Book::find_replaced(const sip::Replaces& replaces) {
  const auto names = [&](const Leg& leg, const auto& as) {
    return !leg.is<Ending>() && as.call_id == replaces.call_id &&
           ((replaces.to_tag == as.local_tag && replaces.from_tag == as.remote_tag) ||
            (replaces.to_tag == as.remote_tag && replaces.from_tag == as.local_tag)) &&
           (!replaces.early_only || leg.is<Early>());
  };
  if (const auto* id = entry(by_alias_, replaces.call_id)) {
    Leg* found = leg(*id);
    return found && names(*found, found->alias) ? found : nullptr;
  }
  for (const auto* ours : {&replaces.to_tag, &replaces.from_tag}) {
    const auto* id = entry(by_tag_, *ours);
    Leg* found = id ? leg(*id) : nullptr;
    if (found && names(*found, found->dialog)) return found;
  }
  return nullptr;
}

const std::set<LegId>& Book::legs_of(const std::string& number) const {
  static const std::set<LegId> none;
  const auto* found = entry(by_number_, number);
  return found ? *found : none;
}

std::size_t Book::dialogs_of(PeerId peer) const {
  const auto* count = entry(by_peer_, peer);
  return count ? *count : 0;
}

std::size_t Book::calls_to(PeerId trunk) const {
  const auto* count = entry(to_trunk_, trunk);
  return count ? *count : 0;
}

Leg& Book::add(Leg fresh) {
  const auto id = fresh.id;
  last_leg_ = std::max(last_leg_, id.value());
  Leg& leg = legs_.emplace(id, std::move(fresh)).first->second;
  by_tag_.emplace(leg.dialog.local_tag, leg.id);
  by_alias_.emplace(leg.alias.call_id, leg.id);
  if (!leg.outside) by_number_[leg.who.party.number].insert(leg.id);
  if (leg.who.peer) ++by_peer_[*leg.who.peer];
  if (leg.outside && leg.outgoing()) ++to_trunk_[*leg.who.peer];
  return leg;
}

void Book::rename(Leg& leg, std::string local_tag) {
  by_tag_.erase(leg.dialog.local_tag);
  leg.dialog.set_local_tag(std::move(local_tag));
  by_tag_.emplace(leg.dialog.local_tag, leg.id);
}

void Book::remove(LegId id) {
  const auto it = legs_.find(id);
  if (it == legs_.end()) return;
  const Leg& leg = it->second;
  by_tag_.erase(leg.dialog.local_tag);
  by_alias_.erase(leg.alias.call_id);
  if (const auto number = by_number_.find(leg.who.party.number); number != by_number_.end()) {
    number->second.erase(id);
    if (number->second.empty()) by_number_.erase(number);
  }
  if (leg.who.peer)
    if (const auto count = by_peer_.find(*leg.who.peer); --count->second == 0) by_peer_.erase(count);
  if (leg.outside && leg.outgoing())
    if (const auto count = to_trunk_.find(*leg.who.peer); --count->second == 0) to_trunk_.erase(count);
  legs_.erase(it);
}

Call& Book::add(Call fresh) {
  fresh.serial = Serial{++last_call_};
  by_call_id_.emplace(fresh.id.value(), fresh.serial);
  if (const auto* dialogue = fresh.dialogue()) by_dialogue_.emplace(dialogue->id, fresh.serial);
  if (fresh.announcement()) announcements_.insert(fresh.serial);
  if (fresh.alert()) alerts_.insert(fresh.serial);
  const auto serial = fresh.serial;
  return calls_.emplace(serial, std::move(fresh)).first->second;
}

void Book::announce(Call& call, Announcement what) {
  call.kind = std::move(what);
  announcements_.insert(call.serial);
}

Call Book::remove(Serial serial) {
  const auto it = calls_.find(serial);
  Call gone = std::move(it->second);
  calls_.erase(it);
  by_call_id_.erase(gone.id.value());
  if (const auto* dialogue = gone.dialogue()) by_dialogue_.erase(dialogue->id);
  announcements_.erase(serial);
  alerts_.erase(serial);
  return gone;
}

bool Book::empty() const {
  return legs_.empty() && calls_.empty() && by_call_id_.empty() && by_tag_.empty() && by_alias_.empty() &&
         by_number_.empty() && by_dialogue_.empty() && announcements_.empty() && alerts_.empty() && by_peer_.empty() &&
         to_trunk_.empty();
}

std::string Book::inconsistency() const {
  for (const auto& [id, leg] : legs_) {
    const auto* tag = entry(by_tag_, leg.dialog.local_tag);
    if (!tag || *tag != id) return "leg " + std::to_string(id.value()) + " has no tag";
  }
  return {};
}

}  // namespace roamdesk::calls
