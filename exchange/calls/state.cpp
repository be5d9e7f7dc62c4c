#include <algorithm>

#include "exchange/calls/impl.hpp"
#include "exchange/calls/privacy.hpp"

// What others see of the calls.
namespace roamdesk::calls {

CallInfo Engine::Impl::info(const Call& c) const {
  CallInfo result;
  result.id = c.id;
  result.from = c.from;
  result.to = c.to;
  result.since = c.since;
  const Leg* a = c.a ? leg(*c.a) : nullptr;
  const Leg* b = c.b ? leg(*c.b) : nullptr;
  if (c.answered) result.state = (a && a->holds()) || (b && b->holds()) ? CallState::held : CallState::up;
  result.answered = c.answered_at;
  result.emergency_from = c.emergency_from;
  result.quiet = c.quiet;
  if (a) {
    result.from_site = a->flow.address.site;
    result.from_peer = a->who.peer ? a->who.peer : a->who.seen;
  }
  if (b) {
    result.to_site = b->flow.address.site;
    result.to_peer = b->who.peer;
  } else if (c.kind == CallKind::bridge && !c.branches.empty()) {
    if (const Leg* ringing = leg(c.branches.front())) {
      result.to_site = ringing->flow.address.site;
      result.to_peer = ringing->who.peer;
    }
  }
  return result;
}

void Engine::Impl::tell(Call& c) {
  if (c.answered && !c.answered_at) c.answered_at = now_;
  for (const auto& id : {c.a, c.b})
    if (Leg* l = id ? leg(*id) : nullptr) keep(*l);
  auto fresh = info(c);
  const bool began = c.told.id.value().empty();
  // A transferor has left: the call shows what it was until the new party is there.
  if (!began && fresh.from_site.value().empty()) fresh.from_site = c.told.from_site, fresh.from_peer = c.told.from_peer;
  if (!began && fresh == c.told) return;
  c.told = fresh;
  events_.emplace_back(CallChanged{std::move(fresh), began, false});
  for (const auto& id : {c.a, c.b})
    if (const Leg* l = id ? leg(*id) : nullptr) dialogs_changed(*l);
}

void Engine::Impl::note_refused(const sip::Flow& flow, const sip::Message& invite, const Caller& caller, Party callee,
                                int status) {
  CallInfo refused;
  refused.id = CallId{unique_()};
  refused.from = caller.party;
  refused.to = std::move(callee);
  refused.since = now_;
  refused.from_site = flow.address.site;
  refused.from_peer = caller.peer ? caller.peer : caller.seen;
  refused.quiet = caller.quiet;
  if (!caller.peer) refused.emergency_from = flow.address.peer;
  events_.emplace_back(DialogJoined{refused.id, invite.call_id, flow, caller.party.number});
  events_.emplace_back(CallChanged{std::move(refused), true, true, status});
}

void Engine::Impl::note_joined(const Leg& l, const Call& c) {
  events_.emplace_back(DialogJoined{c.id, l.call_id, l.flow, l.who.party.number});
}

void Engine::Impl::dialogs_changed(const Leg& l) {
  if (l.who.party.number.empty()) return;
  // One word is enough for many changes of one step.
  for (auto it = events_.rbegin(); it != events_.rend() && it - events_.rbegin() < 8; ++it)
    if (const auto* changed = std::get_if<DialogsChanged>(&*it); changed && changed->number == l.who.party.number)
      return;
  events_.emplace_back(DialogsChanged{l.who.party.number});
}

void Engine::Impl::count_peer(const Leg& l, int change) {
  if (!l.who.peer) return;
  const auto it = of_peer_.try_emplace(*l.who.peer, 0).first;
  it->second = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(it->second) + change);
  events_.emplace_back(PeerDialogs{*l.who.peer, it->second});
  if (it->second == 0) of_peer_.erase(it);
}

std::vector<CallInfo> Engine::Impl::calls() const {
  std::vector<CallInfo> result;
  for (const auto& [serial, c] : calls_)
    if (c.kind != CallKind::announcement) result.push_back(c.told);
  std::sort(result.begin(), result.end(), [](const auto& x, const auto& y) {
    return std::pair{x.since, x.id} < std::pair{y.since, y.id};
  });
  return result;
}

std::vector<presence::DialogInfo> Engine::Impl::dialogs(std::string_view number) const {
  std::vector<presence::DialogInfo> result;
  const auto of = by_number_.find(std::string{number});
  if (of == by_number_.end()) return result;
  for (const auto id : of->second) {
    const Leg& l = *leg(id);
    const Call* c = call(l.call);
    if (!c) continue;
    presence::DialogInfo info;
    info.id = std::to_string(l.id.value());
    info.call_id = l.alias.call_id;
    info.local_tag = l.alias.remote_tag;  // as the phone sees its dialog
    info.remote_tag = l.alias.local_tag;
    // A person who dials is never shown as somebody who could be picked up (contract §4).
    info.direction = l.outgoing ? presence::Direction::recipient : presence::Direction::initiator;
    if (l.state == LegState::early) {
      info.state = (l.outgoing ? l.rang : l.last_provisional > 100) ? presence::DialogState::early
                                                                    : presence::DialogState::trying;
    } else {
      info.state = presence::DialogState::confirmed;
      info.held = l.holds();
    }
    info.local = {l.who.party.number, l.who.party.display};
    // Who hides is hidden from both ends' watchers: one lamp would tell what the other one doesn't.
    const Party& remote = l.who.hidden ? anonymous() : l.shown;
    info.remote = {remote.number, remote.display, is_anonymous(remote) ? anonymous_host : ""};
    result.push_back(std::move(info));
  }
  return result;
}

bool Engine::Impl::empty() const {
  return legs_.empty() && calls_.empty() && exchanges_.empty() && by_call_id_.empty() && by_tag_.empty() &&
         by_alias_.empty() && sent_.empty() && open_.empty() && awaiting_ack_.empty() && by_number_.empty() &&
         by_stream_.empty() && dialogues_.empty() && announcements_.empty() && of_peer_.empty() && !timers_.earliest();
}

std::string Engine::Impl::inconsistency() const {
  std::size_t streams = 0, requests = 0, unanswered = 0;
  for (const auto& [id, l] : legs_) {
    const auto who = "leg " + std::to_string(id.value()) + " ";
    streams += l.stream.has_value();
    requests += l.requests.size();
    unanswered += l.unanswered.size();
    if (const auto tag = by_tag_.find(l.local_tag); tag == by_tag_.end() || tag->second != id)
      return who + "has no tag";
    if (l.stream && (!by_stream_.contains(*l.stream) || by_stream_.at(*l.stream) != id)) return who + "stream unknown";
    if (l.exchange && !exchanges_.contains(*l.exchange)) return who + "in a dead exchange";
    if (l.invite_tx && !open_.contains(*l.invite_tx)) return who + "INVITE lost";
    if (l.connected && !leg(*l.connected)) return who + "connected to nobody";
    for (const auto tx : l.requests)
      if (!sent_.contains(tx)) return who + "request lost";
    for (const auto tx : l.unanswered)
      if (!open_.contains(tx)) return who + "unanswered request lost";
    if (l.state == LegState::ending) {
      if (l.stream) return who + "ends with its media";
      if (l.call != Serial{}) return who + "ends in a call";
      if (!l.unanswered.empty()) return who + "ends with unanswered requests";
      if (!timers_.of({TimerKind::leg_ending, id.value()})) return who + "ends never";
      continue;
    }
    const Call* c = call(l.call);
    if (!c) return who + "belongs to no call";
    const bool party = c->a == id || c->b == id || (c->transfer && c->transfer->chosen == id) ||
                       std::find(c->branches.begin(), c->branches.end(), id) != c->branches.end();
    if (!party) return who + "is no party of its call";
    if (!l.stream) return who + "has no media";
  }
  if (streams != by_stream_.size()) return "streams of no leg";
  if (requests != sent_.size()) return "requests of no leg";
  if (unanswered != open_.size()) return "open requests of no leg";
  for (const auto& [id, e] : exchanges_) {
    const auto who = "exchange " + std::to_string(id.value()) + " ";
    const Leg* asker = e.asker ? leg(*e.asker) : nullptr;
    const Leg* other = leg(e.other);
    if (e.asker && (!asker || asker->exchange != id)) return who + "has no asker";
    if (!other || other->state == LegState::ending) return who + "has no other side";
    if (!timers_.of({TimerKind::exchange_reply, id.value()})) return who + "ends never";
  }
  for (const auto& [serial, c] : calls_) {
    const auto who = "call " + std::to_string(serial.value()) + " ";
    for (const auto& id : {c.a, c.b}) {
      const Leg* l = id ? leg(*id) : nullptr;
      if (id && (!l || l->call != serial)) return who + "has a party that is elsewhere";
    }
    for (const auto id : c.branches)
      if (const Leg* l = leg(id); !l || l->call != serial) return who + "has a branch that is elsewhere";
    if (c.kind == CallKind::bridge) {
      const bool whole = c.a && (c.b || !c.answered);
      if (!whole && !c.transfer && c.donates_to == Serial{}) return who + "has lost a party";
      const bool rings = !c.answered || (c.transfer && !c.transfer->chosen);
      if (rings && !c.waiting && c.branches.empty()) return who + "rings nobody";
      if (rings && !timers_.of({TimerKind::call_ringing, serial.value()})) return who + "rings forever";
    }
    if (c.donates_to != Serial{} && !call(c.donates_to)) return who + "gives to nobody";
  }
  return {};
}

}  // namespace roamdesk::calls
