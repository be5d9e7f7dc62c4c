#include "exchange/calls/call_machine.hpp"

#include <algorithm>
#include <utility>

#include "exchange/calls/outside_rules.hpp"
#include "exchange/calls/privacy.hpp"
#include "exchange/calls/rooms.hpp"
#include "exchange/calls/sip_rules.hpp"

namespace roamdesk::calls {

std::optional<CallId> CallMachine::start(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite,
                                         Caller caller, Party callee, std::vector<Target> targets, bool hold) {
  auto& context = rooms_.context;
  const auto& times = context.options.times;
  const auto refuse = [&](int status) {
    rooms_.legs.refuse(tx, flow, invite, caller, std::move(callee), status);
    return std::nullopt;
  };
  // RFC 3261 §16.3 item 3: what would be passed on isn't any more; loops end here.
  // A call for help goes on whatever its INVITE says.
  const bool help = caller.help.has_value();
  const int hops = help ? 70 : std::min(invite.max_forwards.value_or(70), 255);
  if (hops <= 0) return refuse(483);
  if (invite.expires == 0U && !help) return refuse(487);
  if (wants_privacy(invite) && !help) caller.hidden = true;
  if (invite.header("Replaces") && !help)
    return rooms_.pickups.start(tx, flow, invite, std::move(caller), std::move(callee));
  const bool absent = targets.empty();
  // A call that goes out by the trunk that it came in by is another one's.
  std::erase_if(targets, [&](const Target& target) { return !target.manner && caller.peer == target.peer; });
  if (targets.empty() && !hold) return refuse(absent ? 480 : 486);  // 486: calls itself
  Leg* leg = rooms_.legs.accept(tx, flow, invite, std::move(caller), callee);
  if (!leg) return std::nullopt;
  Call& call = rooms_.book.add(Call{.id = CallId{context.unique()},
                                    .kind = Bridge{},
                                    .from = leg->who.party,
                                    .to = std::move(callee),
                                    .since = context.now,
                                    .caller = leg->id,
                                    .quiet = leg->who.quiet,
                                    .help = leg->who.help});
  leg->call = call.serial;
  if (!leg->who.peer) {
    call.emergency_from = flow.address.peer;
    // Over UDP its address may be another's: media waits until something shows that it hears us there.
    leg->unproven = !leg->who.seen && !flow.reliable();
  }
  rooms_.notices.joined(*leg, call);
  const auto serial = call.serial;
  const auto id = call.id;
  call.fork.max_forwards = hops - 1;
  rooms_.requests.respond(tx, rooms_.requests.make_answer(*leg, invite, 100));
  context.set_timer(TimerKind::call_ringing, serial, times.no_answer);
  // RFC 3261 §13.3.1 item 1: the caller's own limit.
  if (!help && invite.expires && std::chrono::seconds{*invite.expires} < times.no_answer)
    context.set_timer(TimerKind::call_expires, serial, std::chrono::seconds{*invite.expires});
  if (targets.empty()) {
    call.fork.waiting = true;
    context.set_timer(TimerKind::call_waiting, serial, times.hold);
    rooms_.answers.provisional(*leg, {.status = 180, .reason = {}, .sdp = {}});
  }
  rooms_.notices.tell(call);
  rooms_.ringing.ring(serial, std::move(targets));
  return rooms_.book.call(serial) ? std::optional{id} : std::nullopt;
}

void CallMachine::rang_too_long(Serial serial) {
  Call* call = rooms_.book.call(serial);
  if (!call) return;
  if (!call->transfer) return give_up(serial, 480, nullptr, sip_reason(480));
  rooms_.ringing.cancel_all(*call, std::nullopt, sip_reason(480));
  rooms_.transfers.failed(serial, 480);
}

void CallMachine::expired(Serial serial) {
  const Call* call = rooms_.book.call(serial);
  if (call && !call->answered) give_up(serial, 487, nullptr, sip_reason(487));
}

void CallMachine::branch_rings(Call& call, Leg& branch, const sip::Message& response, bool early) {
  if (call.transfer) return rooms_.transfers.rings(call, branch, response.status, early);
  if (Leg* caller = rooms_.book.leg(call.caller)) rooms_.answers.pass_on(*caller, branch, response, early);
}

void CallMachine::branch_answers(Call& call, Leg& branch, std::string sdp) {
  // A phone whose consultation was taken over answered another one's offer: it makes its own now.
  if (call.transfer) return rooms_.transfers.answered(call, branch, branch.offered ? std::string{} : std::move(sdp));
  if (call.alert()) return rooms_.alerts.answered(call, branch);
  Leg& caller = *rooms_.book.leg(call.caller);
  const auto serial = call.serial;
  call.callee = branch.id;
  call.answered = true;
  call.to = branch.who.party;
  caller.shown = shown_as(branch.who);
  const auto wording = rooms_.streams.word(caller, sdp, caller.remote_sdp);
  if (caller.offered) {
    rooms_.streams.set_remote(caller, caller.remote_sdp);
    rooms_.streams.connect(caller, branch);
  }
  rooms_.answers.accept(caller, wording, branch.id);
  if (Call* still = rooms_.book.call(serial)) rooms_.notices.tell(*still);
}

bool CallMachine::take_line(Call& help, PeerId trunk) {
  if (!help.help || !help.help->takes_line || help.took_line_of) return false;
  const Call* newest = nullptr;
  for (const auto& [id, leg] : rooms_.book.legs()) {
    const Call* call = leg.who.peer == trunk ? rooms_.book.call(leg.call) : nullptr;
    if (!call || call->help) continue;
    const auto age = [](const Call& one) { return std::pair{one.since, one.serial}; };
    if (!newest || age(*newest) < age(*call)) newest = call;
  }
  if (!newest) return false;
  help.took_line_of = trunk;
  const auto full = trunk_full();
  give_up(newest->serial, full.status, &full, preempted);
  return true;
}

void CallMachine::branch_gone(Call& call, LegId branch) { rooms_.transfers.early_gone(call, branch); }

void CallMachine::all_failed(Call& call, const sip::Message& best) {
  const int status = best.status ? best.status : 480;
  if (call.transfer) {
    if (!call.transfer->chosen && !call.transfer->consulting) rooms_.transfers.failed(call.serial, status);
  } else if ((call.is_bridge() || call.alert()) && !call.answered) {
    if (call.help && !call.help->prompt.empty() && rooms_.announcements.take_over(call, 503)) return;
    give_up(call.serial, passed_on(status), best.status ? &best : nullptr, {});
  }
}

bool CallMachine::take_late_answer(Leg& leg, const sip::Message& ack) {
  const auto sdp = sdp_of(ack);
  if (sdp.empty() || (rooms_.book.call(leg.call)->is_bridge() && !rooms_.streams.takes(leg, sdp))) {
    leg_left(leg.id, 488, {});
    return false;
  }
  leg.remote_sdp = sdp;
  rooms_.streams.set_remote(leg, sdp);
  Leg* other = rooms_.book.other_party(leg);
  if (!other) return true;
  if (other->owes_answer()) {
    other->state = Up{};
    other->local_sdp = rooms_.streams.word(*other, sdp, other->remote_sdp);
    rooms_.requests.acknowledge(*other, *other->client()->tx, other->client()->cseq, other->local_sdp);
    rooms_.streams.connect(leg, *other);
  } else if (other->outside && other->outside->our_offer && other->is<Up>()) {  // it has answered an offer of ours
    rooms_.streams.connect(leg, *other);
  } else if (other->is_asking()) {  // picked up: it has made an offer, or waits for this one's
    const auto id = other->id;
    rooms_.streams.set_remote(*other, other->remote_sdp);
    rooms_.streams.connect(leg, *other);
    rooms_.answers.accept(*other, rooms_.streams.word(*other, sdp, other->remote_sdp), leg.id);
    if (const Leg* still = rooms_.book.leg(id)) rooms_.notices.dialogs_changed(*still);
  }
  return true;
}

void CallMachine::joined(Serial call) { rooms_.transfers.done(call); }
void CallMachine::join_failed(Serial call, int status) { rooms_.transfers.failed(call, status); }
void CallMachine::replaced(Leg& newcomer, LegId old) { rooms_.pickups.replaced(newcomer, old); }

void CallMachine::leg_left(LegId leg, int status, const std::string& reason) { party_left(leg, status, reason, false); }

void CallMachine::party_left(LegId id, int status, const std::string& reason, bool said_bye) {
  Leg* leg = rooms_.book.leg(id);
  if (!leg) return;
  const auto serial = leg->call;
  Call* call = rooms_.book.call(serial);
  if (call && std::find(call->fork.branches.begin(), call->fork.branches.end(), id) != call->fork.branches.end()) {
    if (!call->answered || call->transfer) return rooms_.ringing.refused(id, as_if_answered(480), said_bye);
    std::erase(call->fork.branches, id);  // a newcomer with Replaces; the call goes on
    return rooms_.legs.end(id, 487, reason, said_bye);
  }
  const Leg* handed_back =
      call && rooms_.transfers.hands_over(*call, *leg, said_bye) ? rooms_.book.other_party(*leg) : nullptr;
  const auto comes_back = handed_back ? std::optional{handed_back->id} : std::nullopt;
  rooms_.legs.end(id, status, reason, said_bye);
  call = rooms_.book.call(serial);
  if (!call) return;
  if (!comes_back) return go_on_without(id, serial, status, reason);
  for (auto* slot : {&call->caller, &call->callee})
    if (*slot == id) slot->reset();
  const auto handed = *call->handed;
  rooms_.transfers.recall(serial, *comes_back, handed.by, handed.status);
}

void CallMachine::go_on_without(LegId gone, Serial serial, int status, const std::string& reason) {
  Call& call = *rooms_.book.call(serial);
  const auto clear_slot = [&] {
    for (auto* slot : {&call.caller, &call.callee})
      if (*slot == gone) slot->reset();
  };
  if (call.transfer && call.transfer->chosen == gone) return rooms_.transfers.failed(serial, 480);
  if (call.transfer && call.transfer->transferor == gone) {
    // As it should: the other one waits for whom it was handed to.
    call.transfer->transferor.reset();
    clear_slot();
    return rooms_.notices.tell(call);
  }
  const Call* first = call.donates_to != Serial{} ? rooms_.book.call(call.donates_to) : nullptr;
  if (first && first->transfer && first->transfer->consulting == gone) return clear_slot();
  end_call(serial, status, reason);
}

void CallMachine::caller_left(LegId id, int status, const std::string& reason) {
  Leg& leg = *rooms_.book.leg(id);
  const auto serial = leg.call;
  rooms_.answers.reject(leg, status);
  Call* call = rooms_.book.call(serial);
  const bool joining = call && call->caller != id && call->callee != id;
  if (joining) std::erase(call->fork.branches, id);
  if (call && call->caller == id) call->caller.reset();
  rooms_.legs.end(id, status);
  if (!joining) return end_call(serial, status, reason);
  call = rooms_.book.call(serial);
  if (call && call->transfer && call->transfer->chosen == id) rooms_.transfers.failed(serial, status);
}

void CallMachine::give_up(Serial serial, int status, const sip::Message* like, const std::string& reason) {
  Call* call = rooms_.book.call(serial);
  if (!call) return;
  if (Leg* caller = rooms_.book.leg(call->caller); caller && caller->is_asking()) {
    const auto id = caller->id;
    rooms_.answers.reject(*caller, status, like);
    call->caller.reset();
    rooms_.legs.end(id, status);
  }
  end_call(serial, status, reason);
}

void CallMachine::end_call(Serial serial, int status, const std::string& reason) {
  if (!rooms_.book.call(serial)) return;
  // RFC 3326: a failure is told; that a party hung up, or that no one answered, is what a BYE or CANCEL says by itself.
  const bool failed = reason.empty() && status != 480 && status != 487 && status >= 400;
  const auto why = failed ? sip_reason(status) : reason;
  // From here on it can't be found: what its legs' ends set off can't come back to it.
  const Call ended = rooms_.book.remove(serial);
  for (const auto kind :
       {TimerKind::call_waiting, TimerKind::call_expires, TimerKind::call_ringing, TimerKind::call_announcing})
    rooms_.context.clear_timer(kind, serial);

  auto parties = ended.fork.branches;
  for (const auto& id : {ended.caller, ended.callee})
    if (id) parties.push_back(*id);
  const auto second = ended.transfer ? ended.transfer->consultation : Serial{};
  if (second == Serial{} && ended.has_chosen()) parties.push_back(*ended.transfer->chosen);
  for (const auto id : parties) rooms_.legs.end(id, status, why);
  if (Call* other = rooms_.book.call(second)) {
    other->donates_to = Serial{};
    if (!other->caller || !other->callee) end_call(second, status, reason);
  }
  if (ended.donates_to != Serial{}) rooms_.transfers.failed(ended.donates_to, 480);
  rooms_.notices.ended(ended, status);
  if (const auto* dialogue = ended.dialogue()) rooms_.context.events.emplace_back(DialogueEnded{dialogue->id});
}

void CallMachine::lose_flow(sip::FlowId flow) {
  std::vector<LegId> lost;
  for (const auto& [id, leg] : rooms_.book.legs())
    if (leg.flow.id == flow && !leg.flow_lost) lost.push_back(id);
  std::sort(lost.begin(), lost.end());
  for (const auto id : lost) {
    Leg& leg = *rooms_.book.leg(id);
    leg.flow_lost = true;
    // What is up goes on: the peer comes back over another flow, or doesn't answer the probe. Open transactions of the
    // flow fail by themselves.
    if (leg.confirmed()) rooms_.context.set_timer(TimerKind::leg_lost, id, rooms_.context.options.times.lost_flow);
  }
}

void CallMachine::end_across(const SiteId& site) {
  std::vector<Serial> dead;
  for (const auto& [serial, call] : rooms_.book.calls()) {
    if (!call.answered && call.is_bridge()) continue;
    bool there = false, elsewhere = !call.is_bridge();
    for (const auto& id : {call.caller, call.callee})
      if (const Leg* leg = rooms_.book.leg(id)) (leg->flow.address.site == site ? there : elsewhere) = true;
    if (there && elsewhere) dead.push_back(serial);
  }
  std::sort(dead.begin(), dead.end());
  for (const auto serial : dead) end_call(serial, 503, "Q.850 ;cause=38 ;text=\"Network out of order\"");
}

// A BYE can be said later, but not an answer to an INVITE or its CANCEL: their transactions end with us.
std::size_t CallMachine::end_ringing() {
  std::vector<Serial> ringing;
  for (const auto& [serial, call] : rooms_.book.calls())
    if (!call.answered && (call.is_bridge() || call.alert())) ringing.push_back(serial);
  std::sort(ringing.begin(), ringing.end());
  for (const auto serial : ringing) give_up(serial, 503, nullptr, {});
  return ringing.size();
}

void CallMachine::reached(PeerId peer) {
  if (rooms_.book.dialogs_of(peer) == 0) return;
  std::vector<LegId> lost;
  for (const auto& [id, leg] : rooms_.book.legs())
    if (leg.who.peer == peer && leg.flow_lost && leg.rekeys) lost.push_back(id);
  std::sort(lost.begin(), lost.end());
  for (const auto id : lost) rooms_.negotiation.rekey(*rooms_.book.leg(id));
}

void CallMachine::probe(PeerId peer) {
  if (rooms_.book.dialogs_of(peer) == 0) return;
  for (const auto& [id, leg] : rooms_.book.legs())
    if (leg.who.peer == peer && leg.confirmed())
      rooms_.context.set_timer(TimerKind::leg_lost, id, std::chrono::seconds{0});
}

}  // namespace roamdesk::calls
