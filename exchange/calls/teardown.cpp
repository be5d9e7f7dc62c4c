#include <algorithm>

#include "exchange/calls/impl.hpp"
#include "exchange/calls/words.hpp"

// How legs and calls end. Media goes at once; a leg stays, without a call, until its last transaction has its answer.
namespace roamdesk::calls {

void Engine::Impl::end_leg(LegId id, int status, const std::string& reason) {
  Leg* l = leg(id);
  if (!l || l->state == LegState::ending) return;
  if (l->exchange) abort_exchange(*l->exchange);
  close_media(*l);
  for (const auto kind : {TimerKind::leg_silent, TimerKind::leg_refresh, TimerKind::leg_expiry, TimerKind::leg_lost})
    clear_timer(kind, id.value());
  const auto before = l->invite_tx ? LegState::early : l->state;
  if (l->invite_tx) reject_invite(*l, status < 300 ? 487 : status);
  // RFC 3261 §15.1.2: what is pending gets 487.
  for (const auto tx : std::vector<sip::ServerTx>{l->unanswered}) {
    const sip::Message request = open_.at(tx).request;
    respond(tx, make_answer(*l, request, 487));
  }
  l->state = LegState::ending;
  l->call = Serial{};
  l->bye_reason = reason;
  dialogs_changed(*l);
  set_timer(TimerKind::leg_ending, id.value(), options_.times.reply);
  if (l->outgoing && before == LegState::early) {
    if (l->invite_ctx && sent_.at(*l->invite_ctx).open && !l->cancelled) {
      l->cancelled = true;
      transactions_.cancel(*l->invite_ctx, now_, reason);
    }
    return forget_if_done(id);
  }
  if (before == LegState::early || l->said_bye) return forget_if_done(id);
  if (!l->outgoing && before == LegState::answered && l->awaits_ack) {
    l->bye_when_acked = true;  // RFC 3261 §15: not before the ACK, or its timeout
    return;
  }
  send_bye(*l);
}

void Engine::Impl::send_bye(Leg& l) {
  if (l.ack_due) {
    l.ack_due = false;
    acknowledge(l, *l.invite_ctx, l.invite_cseq, {});
  }
  if (l.said_bye) return forget_if_done(l.id);
  l.said_bye = true;
  auto bye = make_request(l, "BYE");
  if (!l.bye_reason.empty()) bye.set_header("Reason", l.bye_reason);
  send(l, std::move(bye), Sent{Sent::What::bye, l.id, 0, true, {}, {}});
  set_timer(TimerKind::leg_ending, l.id.value(), options_.times.reply);
}

void Engine::Impl::forget_if_done(LegId id) {
  const Leg* l = leg(id);
  if (!l || l->state != LegState::ending || l->detached || l->bye_when_acked) return;
  for (const auto tx : l->requests)
    if (sent_.at(tx).open) return;
  forget_leg(id);
}

void Engine::Impl::forget_leg(LegId id) {
  const auto it = legs_.find(id);
  if (it == legs_.end()) return;
  Leg& l = it->second;
  if (l.exchange) abort_exchange(*l.exchange);
  close_media(l);
  for (const auto tx : std::vector<sip::ServerTx>{l.unanswered}) {
    const sip::Message request = open_.at(tx).request;
    respond(tx, make_answer(l, request, 487));
  }
  for (const auto tx : l.requests) sent_.erase(tx);
  if (l.awaits_ack) awaiting_ack_.erase(l.awaits_ack->tx);
  for (const auto kind : {TimerKind::leg_silent, TimerKind::leg_ending, TimerKind::leg_refresh, TimerKind::leg_expiry,
                          TimerKind::leg_lost})
    clear_timer(kind, id.value());
  drop(l);
  by_tag_.erase(l.local_tag);
  by_alias_.erase(l.alias.call_id);
  if (const auto number = by_number_.find(l.who.party.number); number != by_number_.end()) {
    number->second.erase(id);
    if (number->second.empty()) by_number_.erase(number);
  }
  count_peer(l, -1);
  legs_.erase(it);
}

// A party hung up, or can't be reached any more.
void Engine::Impl::leg_left(LegId id, int status, const std::string& reason) {
  Leg* l = leg(id);
  if (!l) return;
  const auto serial = l->call;
  Call* c = call(serial);
  if (c && std::find(c->branches.begin(), c->branches.end(), id) != c->branches.end()) {
    sip::Message response;
    response.status = 480;
    response.reason = sip::default_reason(480);
    if (!c->answered || c->transfer) return branch_failed(id, response);
    std::erase(c->branches, id);  // a newcomer with Replaces; the call goes on
    return end_leg(id, 487, reason);
  }
  std::optional<LegId> comes_back;
  if (const Leg* other = c && hands_over(*c, *l) ? other_party(*l) : nullptr) comes_back = other->id;
  end_leg(id, status, reason);
  c = call(serial);
  if (!c) return;
  const bool transferor = c->transfer && c->transfer->transferor == id;
  const bool chosen = c->transfer && c->transfer->chosen == id;
  if (chosen) return transfer_failed(serial, 480);
  const auto clear_slot = [&] {
    if (c->a == id) c->a.reset();
    if (c->b == id) c->b.reset();
  };
  if (comes_back) {
    clear_slot();
    const auto handed = *c->handed;
    return recall(serial, *comes_back, handed.by, handed.status);
  }
  if (transferor) {  // as it should: the other one waits for whom it was handed to
    c->transfer->transferor.reset();
    clear_slot();
    return tell(*c);
  }
  if (c->donates_to != Serial{}) {
    const Call* first = call(c->donates_to);
    if (first && first->transfer && first->transfer->consulting == id) {
      clear_slot();
      return;
    }
  }
  end_call(serial, status, reason);
}

// Its call goes on without it; it hangs up itself (RFC 5589 §6), or we do after a while.
void Engine::Impl::detach(Leg& l) {
  const auto id = l.id;
  if (l.exchange) abort_exchange(*l.exchange);
  close_media(l);
  for (const auto kind : {TimerKind::leg_refresh, TimerKind::leg_expiry, TimerKind::leg_lost})
    clear_timer(kind, id.value());
  for (const auto tx : std::vector<sip::ServerTx>{l.unanswered}) {
    const sip::Message request = open_.at(tx).request;
    respond(tx, make_answer(l, request, 487));
  }
  l.state = LegState::ending;
  l.call = Serial{};
  l.detached = true;
  dialogs_changed(l);
  set_timer(TimerKind::leg_ending, id.value(), options_.times.transferor);
}

void Engine::Impl::end_call(Serial serial, int status, const std::string& reason) {
  Call* c = call(serial);
  if (!c) return;
  // RFC 3326: a failure is told; that somebody hung up, or that nobody came, is what a BYE or CANCEL says by itself.
  const bool failed = reason.empty() && status != 480 && status != 487 && status >= 400;
  const auto why = failed ? sip_reason(status) : reason;
  // From here on nobody finds it: what its legs' ends set off can't come back to it.
  Call ended = std::move(*c);
  calls_.erase(serial);
  by_call_id_.erase(ended.id.value());
  for (const auto kind :
       {TimerKind::call_waiting, TimerKind::call_expires, TimerKind::call_ringing, TimerKind::call_announcing})
    clear_timer(kind, serial.value());
  if (ended.kind == CallKind::dialogue) dialogues_.erase(ended.dialogue);
  announcements_.erase(serial);

  std::vector<LegId> parties = ended.branches;
  if (ended.a) parties.push_back(*ended.a);
  if (ended.b) parties.push_back(*ended.b);
  Serial second{};
  if (ended.transfer) {
    second = ended.transfer->consultation;
    if (second == Serial{} && ended.transfer->chosen) parties.push_back(*ended.transfer->chosen);
  }
  for (const auto id : parties) end_leg(id, status, why);
  if (Call* other = call(second)) {
    other->donates_to = Serial{};
    if (!other->a || !other->b) end_call(second, status, reason);
  }
  if (ended.donates_to != Serial{}) transfer_failed(ended.donates_to, 480);
  auto last = info(ended);
  last.to_site = ended.told.to_site;
  last.from_site = ended.told.from_site;
  last.state = ended.told.state;
  last.from_peer = ended.told.from_peer;
  last.to_peer = ended.told.to_peer;
  if (!ended.told.id.value().empty()) events_.emplace_back(CallChanged{last, false, true, status});
  if (ended.kind == CallKind::dialogue) events_.emplace_back(DialogueEnded{ended.dialogue});
}

void Engine::Impl::handle_flow_closed(sip::FlowId flow) {
  std::vector<LegId> lost;
  for (const auto& [id, l] : legs_)
    if (l.flow.id == flow) lost.push_back(id);
  std::sort(lost.begin(), lost.end());
  for (const auto id : lost) {
    Leg* l = leg(id);
    if (!l || l->flow_lost) continue;
    l->flow_lost = true;
    // What is up goes on: the phone comes back over another flow, or doesn't answer the probe. Open transactions of the
    // flow fail by themselves.
    if (l->state == LegState::up || l->state == LegState::answered)
      set_timer(TimerKind::leg_lost, id.value(), options_.times.lost_flow);
  }
}

void Engine::Impl::end_across(const SiteId& site) {
  std::vector<Serial> dead;
  for (const auto& [serial, c] : calls_) {
    if (!c.answered && c.kind == CallKind::bridge) continue;
    bool there = false, elsewhere = c.kind != CallKind::bridge;
    for (const auto& id : {c.a, c.b})
      if (const Leg* l = id ? leg(*id) : nullptr) (l->flow.address.site == site ? there : elsewhere) = true;
    if (there && elsewhere) dead.push_back(serial);
  }
  std::sort(dead.begin(), dead.end());
  for (const auto serial : dead) end_call(serial, 503, "Q.850 ;cause=38 ;text=\"Network out of order\"");
}

void Engine::Impl::probe(PeerId peer) {
  if (!of_peer_.contains(peer)) return;
  for (const auto& [id, l] : legs_)
    if (l.who.peer == peer && (l.state == LegState::up || l.state == LegState::answered))
      set_timer(TimerKind::leg_lost, id.value(), std::chrono::seconds{0});
}

}  // namespace roamdesk::calls
