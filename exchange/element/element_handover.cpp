#include <utility>

#include "exchange/element/element.hpp"
#include "exchange/element/peers.hpp"

// What goes on in the next process: calls that are up, and lamps.
namespace roamdesk::element {
namespace {

void age(Handover::Call& carried, Duration by) {
  carried.call.begun += by;
  carried.call.answered += by;
  for (auto* toll : {&carried.caller_toll, &carried.callee_toll})
    if (*toll) {
      (*toll)->begun += by;
      if ((*toll)->answered) *(*toll)->answered += by;
    }
}

}  // namespace

Handover Element::hand_over(Now now) {
  const Turn turn{*this, now};
  Handover handover;
  handover.at = now.wall;
  std::set<calls::PeerId> outside;
  for (auto& call : calls_.carried(now.mono)) {
    Handover::Call carried;
    for (const auto* leg : {&call.caller, &call.callee})
      if (leg->who.manner) outside.insert(*leg->who.peer);
    if (call.caller.who.toll) carried.caller_toll = trunk_calls_.carried(*call.caller.who.toll);
    if (call.callee.who.toll) carried.callee_toll = trunk_calls_.carried(*call.callee.who.toll);
    carried.help = emergency_.carried(call.id);
    carried.call = std::move(call);
    handover.calls.push_back(std::move(carried));
  }
  handover.peers = names_of(outside);
  handover.subscriptions = presence_.carried(now.mono);
  return handover;
}

std::vector<CarriedPeer> Element::names_of(const std::set<calls::PeerId>& outside) const {
  std::vector<CarriedPeer> names;
  const auto add = [&](calls::PeerId peer, bool is_account, const std::string& name) {
    if (outside.contains(peer)) names.push_back({peer, is_account, name});
  };
  for (const auto& [name, trunk] : context_.directory.all<Trunk>())
    if (const auto number = outside_.trunks().find(name)) add(peer_of(*number), false, name);
  for (const auto& [extension, account] : context_.directory.all<UpstreamAccount>())
    if (const auto place = upstreams_.accounts().of_extension(extension)) add(peer_of(place->account), true, extension);
  return names;
}

std::map<calls::PeerId, calls::PeerId> Element::peers_of(const Handover& handover) const {
  std::map<calls::PeerId, calls::PeerId> peers;
  for (const auto& [peer, is_account, name] : handover.peers) {
    if (is_account) {
      if (const auto place = upstreams_.accounts().of_extension(name)) peers.emplace(peer, peer_of(place->account));
    } else if (const auto number = outside_.trunks().find(name)) {
      peers.emplace(peer, peer_of(*number));
    }
  }
  return peers;
}

bool Element::adopt(Handover::Call& carried, const std::map<calls::PeerId, calls::PeerId>& peers) {
  auto& call = carried.call;
  const auto take = [&](calls::CarriedLeg& leg, const std::optional<routing::CarriedToll>& toll) {
    auto& who = leg.who;
    const bool outside = trunk_of(who.peer) || account_of(who.peer);
    if (!outside) return !who.manner && !toll;
    const auto known = peers.find(*who.peer);
    if (known == peers.end()) return false;
    who.peer = known->second;
    return trunk_calls_.adopt(who, toll);
  };
  const auto give_back = [&] {
    for (const auto* leg : {&call.caller, &call.callee})
      if (leg->who.toll) trunk_calls_.over(*leg->who.toll, true);
    return false;
  };
  if (!take(call.caller, carried.caller_toll) || !take(call.callee, carried.callee_toll)) return give_back();
  const auto id = call.id;
  if (!calls_.adopt(call, context_.now.mono)) return give_back();
  if (carried.help) emergency_.adopt(id, std::move(*carried.help));
  return true;
}

std::set<std::string> Element::adopt(Handover handover) {
  std::set<std::string> tags;
  if (!handover.is_fresh(context_.now.wall)) return tags;
  const Duration away = context_.now.wall - handover.at;
  // Lamps first: what has become of the calls is told to them.
  for (auto& subscription : handover.subscriptions) {
    if (!registrations_.find(subscription.device) || !context_.directory.extension(subscription.watched)) continue;
    subscription.left -= away;
    const auto flow = world_.find_or_open(subscription.flow);
    presence_.adopt(std::move(subscription), flow, context_.now.mono);
  }
  const auto peers = peers_of(handover);
  for (auto& carried : handover.calls) {
    age(carried, away);
    if (!adopt(carried, peers)) continue;
    tags.insert(carried.call.caller.dialog.local_tag);
    tags.insert(carried.call.callee.dialog.local_tag);
  }
  return tags;
}

}  // namespace roamdesk::element
