#include <algorithm>
#include <utility>

#include "common/sip/refer.hpp"
#include "exchange/calls/impl.hpp"
#include "exchange/calls/privacy.hpp"
#include "exchange/calls/words.hpp"

// Transfers: RFC 3515, RFC 3891, RFC 5589. The engine carries them out itself; the party that stays sees a re-INVITE.
namespace roamdesk::calls {

Leg* Engine::Impl::find_replaced(const sip::Replaces& replaces) {
  // As the person's lamp names it, or as its phone does: each with the tags either way round, since who watches writes
  // them as he reads them.
  const auto is = [&](const Leg& l, const std::string& call_id, const std::string& x, const std::string& y) {
    return l.state != LegState::ending && call_id == replaces.call_id &&
           ((replaces.to_tag == x && replaces.from_tag == y) || (replaces.to_tag == y && replaces.from_tag == x)) &&
           (!replaces.early_only || l.state == LegState::early);
  };
  if (const auto it = by_alias_.find(replaces.call_id); it != by_alias_.end()) {
    Leg* l = leg(it->second);
    return l && is(*l, l->alias.call_id, l->alias.local_tag, l->alias.remote_tag) ? l : nullptr;
  }
  for (const auto& ours : {replaces.to_tag, replaces.from_tag}) {
    const auto it = by_tag_.find(ours);
    Leg* l = it == by_tag_.end() ? nullptr : leg(it->second);
    if (l && is(*l, l->call_id, l->local_tag, l->remote_tag)) return l;
  }
  return nullptr;
}

void Engine::Impl::on_refer(Leg& l, sip::ServerTx tx, const sip::Message& request) {
  Call* c = call(l.call);
  if (!c || c->kind != CallKind::bridge) return answer(tx, l, request, 603);
  Leg* other = other_party(l);
  // The ACK of the party that stays may be on its way still: the join waits for it.
  const bool answered = other && (other->state == LegState::up || other->state == LegState::answered);
  if (!answered || l.state != LegState::up || c->transfer || c->donates_to != Serial{})
    return answer(tx, l, request, 491);
  if (c->transfers >= options_.limits.transfers) return answer(tx, l, request, 603);
  const auto to = sip::refer_to(request);
  const auto scheme = to ? to->address.uri.scheme : "";
  if (!to || to->method != "INVITE" || (scheme != "sip" && scheme != "sips" && scheme != "tel"))
    return answer(tx, l, request, 400);
  auto accepted = make_answer(l, request, 202);
  const bool silent = request.header("Refer-Sub").value_or("").starts_with("false");  // RFC 4488
  if (silent) accepted.set_header("Refer-Sub", "false");
  respond(tx, std::move(accepted));

  Transfer transfer;
  transfer.transferor = l.id;
  transfer.by = l.who;
  transfer.staying = other->id;
  transfer.event_id = request.cseq.number;
  transfer.notify = !silent;
  begin_transfer(*c, std::move(transfer));
  notify(*c, 100);
  const Caller by = l.who;
  if (!to->replaces) return transfer_blind(*c, by, to->address.uri.user);
  Leg* consulting = find_replaced(*to->replaces);
  // Somebody may only hand over a dialog of its own.
  if (!consulting || consulting->call == c->serial || !by.peer || consulting->who.peer != by.peer)
    return transfer_failed(c->serial, 481);
  transfer_attended(*c, *consulting);
}

void Engine::Impl::transfer_blind(Call& c, const Caller& by, std::string_view user) {
  const auto serial = c.serial;
  const Leg& staying = *leg(c.transfer->staying);
  auto route = host_.route(by, user);
  // Its desk may be somebody else's by now, or nobody's: whoever comes back may call that number itself.
  if (route.refused && c.transfer->recall) route = host_.route(staying.who, user);
  if (route.refused) return transfer_failed(serial, route.refused);
  const bool absent = route.targets.empty();
  std::erase_if(route.targets, [&](const Target& t) { return staying.who.peer == t.peer; });
  if (route.targets.empty() && !absent) return transfer_failed(serial, 486);
  set_timer(TimerKind::call_ringing, serial.value(),
            c.transfer->recall ? options_.times.recall : options_.times.transfer);
  if (route.targets.empty() && route.hold) {
    c.waiting = true;
    set_timer(TimerKind::call_waiting, serial.value(), options_.times.hold);
    notify(c, 180);
  }
  ring_all(serial, std::move(route.targets));
  if (Call* still = call(serial); still && still->transfer && !still->transfer->chosen) hear_ringing(*still);
}

void Engine::Impl::transfer_attended(Call& c, Leg& consulting) {
  const auto serial = c.serial;
  Call* second = call(consulting.call);
  if (!second || second->kind != CallKind::bridge || second->transfer || second->donates_to != Serial{})
    return transfer_failed(serial, 491);
  if (!consulting.outgoing && consulting.state == LegState::early) return take_over(c, consulting);
  Leg* far = other_party(consulting);
  if (!far || far->state != LegState::up || consulting.state != LegState::up || far->exchange || consulting.exchange ||
      far->awaits_ack || !far->stream)
    return transfer_failed(serial, 491);
  second->donates_to = serial;
  c.transfer->consultation = second->serial;
  c.transfer->consulting = consulting.id;
  c.transfer->chosen = far->id;
  begin_join(*far, c.transfer->staying, {});
}

// RFC 3515 §2.4.4: the subscription that REFER has made; the last word ends it.
void Engine::Impl::notify(Call& c, int status) {
  Transfer& t = *c.transfer;
  Leg* l = leg(t.transferor);
  if (!l || !t.notify || l->state != LegState::up || status == t.notified) return;
  t.notified = status;
  auto request = make_request(*l, "NOTIFY");
  request.set_header("Event", "refer;id=" + std::to_string(t.event_id));
  request.set_header("Subscription-State", status >= 200 ? "terminated;reason=noresource" : "active;expires=180");
  request.content_type = "message/sipfrag;version=2.0";
  request.body = sip::sipfrag(status);
  send(*l, std::move(request), Sent{Sent::What::notify, l->id, 0, true, {}, {}});
}

// The call is what it was; where the transferor has gone already, the other party comes back to it.
void Engine::Impl::transfer_failed(Serial serial, int status) {
  Call* c = call(serial);
  if (!c || !c->transfer) return;
  notify(*c, status);
  const Transfer t = *c->transfer;
  c->transfer.reset();
  c->waiting = false;
  c->best = {};
  c->hunts.clear();
  clear_timer(TimerKind::call_ringing, serial.value());
  clear_timer(TimerKind::call_waiting, serial.value());
  cancel_branches(*c, std::nullopt, sip_reason(480));
  if (Leg* chosen = leg(t.chosen)) {
    if (chosen->exchange)
      if (const Exchange* e = exchange(*chosen->exchange); e && e->kind == Exchange::Kind::join) abort_exchange(e->id);
    if (chosen->call == serial) end_leg(chosen->id, status);
  }
  if (Call* second = call(t.consultation)) {
    second->donates_to = Serial{};
    if (!second->a || !second->b) end_call(second->serial, status);
  }
  if (!t.transferor)
    return t.recall ? end_call(serial, status, sip_reason(status)) : recall(serial, t.staying, t.by, status);
  Call* still = call(serial);
  Leg *by = leg(t.transferor), *staying = leg(t.staying);
  if (!still || !by || !staying) return;
  hush(*staying);
  connect(*by, *staying);
  still->handed = Call::Handed{by->id, t.by, status, now_};
  tell(*still);
}

void Engine::Impl::transfer_done(Serial serial) {
  Call& c = *call(serial);
  notify(c, 200);
  const Transfer t = *c.transfer;
  c.transfer.reset();
  ++c.transfers;
  clear_timer(TimerKind::call_ringing, serial.value());
  Leg& staying = *leg(t.staying);
  Leg& chosen = *leg(*t.chosen);
  if (Call* second = call(t.consultation)) {
    for (auto* slot : {&second->a, &second->b})
      if (*slot == chosen.id) slot->reset();
    second->donates_to = Serial{};
    chosen.call = serial;
    note_joined(chosen, c);
    end_call(second->serial, 480);  // BYE to the transferor's second dialog, as RFC 3891's UA would
  }
  if (c.b == staying.id) c.from = staying.who.party;
  c.a = staying.id;
  c.b = chosen.id;
  c.to = chosen.who.party;
  hush(staying);
  staying.shown = shown_as(chosen.who);
  chosen.shown = shown_as(staying.who);
  if (Leg* transferor = leg(t.transferor)) detach(*transferor);
  dialogs_changed(staying);
  dialogs_changed(chosen);
  tell(c);
}

}  // namespace roamdesk::calls
