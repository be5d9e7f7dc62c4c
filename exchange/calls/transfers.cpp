#include "exchange/calls/transfers.hpp"

#include <algorithm>
#include <utility>

#include "common/sip/refer.hpp"
#include "exchange/calls/privacy.hpp"
#include "exchange/calls/sip_rules.hpp"

namespace roamdesk::calls {

void Transfers::refer(Leg& leg, sip::ServerTx tx, const sip::Message& request) {
  Call* call = book_.call(leg.call);
  if (!call || !call->is_bridge()) return requests_.answer(tx, leg, request, 603);
  if (leg.outside && !leg.manner().may_transfer) return requests_.answer(tx, leg, request, 403);
  const Leg* other = book_.other_party(leg);
  // Whoever has help on the line keeps it (RFC 6881: no transfer during an emergency call): it is handed to nobody
  // else.
  if (other && other->is_help()) return requests_.answer(tx, leg, request, 403);
  // The ACK of the party that stays may be on its way still: the join waits for it.
  if (!other || !other->confirmed() || !leg.is<Up>() || call->transfer || call->donates_to != Serial{})
    return requests_.answer(tx, leg, request, 491);
  if (call->transfers >= context_.options.limits.transfers) return requests_.answer(tx, leg, request, 603);
  const auto to = sip::refer_to(request);
  const auto scheme = to ? to->address.uri.scheme : "";
  if (!to || to->method != "INVITE" || (scheme != "sip" && scheme != "sips" && scheme != "tel"))
    return requests_.answer(tx, leg, request, 400);
  auto accepted = requests_.make_answer(leg, request, 202);
  const bool silent = request.header("Refer-Sub").value_or("").starts_with("false");  // RFC 4488
  if (silent) accepted.set_header("Refer-Sub", "false");
  requests_.respond(tx, std::move(accepted));

  const Caller by = leg.who;
  begin(*call,
        {.transferor = leg.id, .by = by, .staying = other->id, .event_id = request.cseq.number, .notify = !silent});
  notify(*call, 100);
  if (!to->replaces) return blind(*call, by, to->address.uri.user);
  Leg* consulting = book_.find_replaced(*to->replaces);
  // A party may only hand over a dialog of its own. Of its call for help it wasn't asked who it is: by its address.
  const bool own = consulting && by.peer &&
                   (consulting->who.peer == by.peer || (consulting->who.help && consulting->who.seen == by.peer));
  if (!own || consulting->call == call->serial) return failed(call->serial, 481);
  attended(*call, *consulting);
}

void Transfers::begin(Call& call, Transfer transfer) {
  call.transfer = std::move(transfer);
  call.handed.reset();
  call.fork.restart();
}

void Transfers::blind(Call& call, const Caller& by, std::string_view user) {
  const auto serial = call.serial;
  const auto& times = context_.options.times;
  const Caller staying = book_.leg(call.transfer->staying)->who;
  Errand errand{.by = by, .caller = staying, .user = std::string{user}, .call = call.id};
  auto route = context_.host.route(errand);
  // Its desk may be another person's by now, or free: the party that comes back may call that number itself.
  if (route.refused && call.transfer->recall) {
    errand.by = staying;
    route = context_.host.route(errand);
  }
  if (route.refused) return failed(serial, route.refused);
  const bool absent = route.targets.empty();
  std::erase_if(route.targets, [&](const Target& target) { return !target.manner && staying.peer == target.peer; });
  if (route.targets.empty() && !absent) return failed(serial, 486);
  if (route.help) {
    call.help = route.help;
    call.took_line_of.reset();
    call.transfer->to_help = true;
    notices_.tell(call);
  }
  context_.set_timer(TimerKind::call_ringing, serial,
                     call.transfer->recall ? times.recall
                     : route.help          ? times.no_answer
                                           : times.transfer);
  if (route.targets.empty() && route.hold) {
    call.fork.waiting = true;
    context_.set_timer(TimerKind::call_waiting, serial, times.hold);
    notify(call, 180);
  }
  ringing_.ring(serial, std::move(route.targets));
  if (Call* still = book_.call(serial); still && still->transfer && !still->transfer->chosen) hear_ringing(*still);
}

void Transfers::take_help(Call& call, const Call& second) {
  call.help = second.help;
  call.took_line_of = second.took_line_of;
  context_.events.emplace_back(HelpHandedOn{.from = second.id, .to = call.id});
}

void Transfers::attended(Call& call, Leg& consulting) {
  const auto serial = call.serial;
  Call* second = book_.call(consulting.call);
  if (!second || !second->is_bridge() || second->transfer || second->donates_to != Serial{}) return failed(serial, 491);
  // No outside party reaches help through us: it would come to where our phone stands.
  Leg* far = book_.other_party(consulting);
  const bool for_help = second->help && (!far || far->is_help());
  if (for_help && book_.leg(call.transfer->staying)->outside) return failed(serial, 403);
  if (!consulting.outgoing() && consulting.is<Early>()) return take_over(call, consulting);
  if (!far || !far->is<Up>() || !consulting.is<Up>() || far->exchange || consulting.exchange || far->awaits_ack ||
      !far->stream)
    return failed(serial, 491);
  second->donates_to = serial;
  call.transfer->consultation = second->serial;
  call.transfer->consulting = consulting.id;
  call.transfer->chosen = far->id;
  negotiation_.join(*far, call.transfer->staying, {});
}

// A consultation that rings still (RFC 5589 §7.6): its phones ring on, for the party that stays. So the new party gets
// no second INVITE, and misses no call.
void Transfers::take_over(Call& call, Leg& consulting) {
  const auto serial = call.serial;
  const auto early = consulting.server()->early_from();
  const Leg& staying = *book_.leg(call.transfer->staying);
  const auto peer = staying.who.peer;
  Call& second = *book_.call(consulting.call);
  call.fork = std::exchange(second.fork, {});
  const auto& times = context_.options.times;
  if (second.help) {
    take_help(call, second);
    call.transfer->to_help = true;
  }
  auto& fork = call.fork;
  bool rang = fork.waiting;
  for (const auto id : fork.branches) {
    Leg& branch = *book_.leg(id);
    branch.call = serial;
    branch.show(shown_as(staying.who));
    rang = rang || (branch.client() && branch.client()->rang);
    notices_.joined(branch, call);
    notices_.dialogs_changed(branch);
  }
  context_.set_timer(TimerKind::call_ringing, serial, call.help ? times.no_answer : times.transfer);
  if (fork.waiting) context_.set_timer(TimerKind::call_waiting, serial, times.hold);
  endings_.give_up(second.serial, 487, nullptr, {});
  notices_.tell(call);
  for (const auto id : std::vector<LegId>{fork.branches})
    if (peer && book_.leg(id)->who.peer == peer && !book_.leg(id)->outside) {  // it isn't rung for itself
      std::erase(fork.branches, id);
      legs_.end(id, 487);
      ringing_.note_failure(call, 486);
    }
  if (rang) notify(call, 180);
  Leg* heard = book_.leg(early);
  if (heard && heard->call == serial && !heard->remote_sdp.empty())
    hear_early(call, *heard);
  else if (fork.waiting || !fork.branches.empty())
    hear_ringing(call);
  ringing_.settle(serial);
}

// RFC 3515 §2.4.4: the subscription that REFER has made; the last word ends it.
void Transfers::notify(Call& call, int status) {
  Transfer& transfer = *call.transfer;
  Leg* leg = book_.leg(transfer.transferor);
  if (!leg || !transfer.notify || !leg->is<Up>() || status == transfer.notified) return;
  transfer.notified = status;
  auto request = requests_.make(*leg, "NOTIFY");
  request.set_header("Event", "refer;id=" + std::to_string(transfer.event_id));
  request.set_header("Subscription-State", status >= 200 ? "terminated;reason=noresource" : "active;expires=180");
  request.content_type = "message/sipfrag;version=2.0";
  request.body = sip::sipfrag(status);
  requests_.send(*leg, std::move(request), ForNotify{});
}

void Transfers::rings(Call& call, Leg& branch, int status, bool early) {
  notify(call, status);
  // One early medium, as for a caller.
  if (early && call.transfer->early.value_or(branch.id) == branch.id) hear_early(call, branch);
}

void Transfers::early_gone(Call& call, LegId branch) {
  if (!call.transfer || call.transfer->early != branch) return;
  call.transfer->early.reset();
  hear_ringing(call);
}

void Transfers::answered(Call& call, Leg& branch, std::string offer) {
  call.transfer->chosen = branch.id;
  negotiation_.join(branch, call.transfer->staying, std::move(offer));
}

// Ringing tone, in place of who hands it over.
void Transfers::hear_ringing(Call& call) {
  Leg* staying = book_.leg(call.transfer->staying);
  if (!staying || staying->playing) return;
  streams_.play(*staying, {"ringback"}, true);
  // Held in a way that lets it hear nothing (a=inactive): it is asked to listen.
  if (staying->receives || staying->exchange || staying->awaits_ack || !staying->is<Up>()) return;
  staying->local_sdp = streams_.word(*staying, sdp_view::held(staying->local_sdp));
  negotiation_.offer_anew(*staying);
}

// What the new party's phone says before it is answered, where both have the same codec; else the ringing tone.
void Transfers::hear_early(Call& call, Leg& branch) {
  Leg* staying = book_.leg(call.transfer->staying);
  if (!staying) return;
  const auto theirs = sdp_view::read(branch.remote_sdp, branch.flow.address.peer.address),
             ours = sdp_view::read(staying->remote_sdp, staying->flow.address.peer.address);
  const bool same = theirs && ours && theirs->codec == ours->codec && theirs->codec_payload == ours->codec_payload &&
                    ours->codec != media::Codec::other && ours->codec != media::Codec::image;
  if (!same) return hear_ringing(call);
  call.transfer->early = branch.id;
  streams_.set_remote(branch, branch.remote_sdp);
  streams_.hush(*staying);
  streams_.connect(*staying, branch);
}

// The call is what it was; where the transferor has gone already, the other party comes back to it.
void Transfers::failed(Serial serial, int status) {
  Call* call = book_.call(serial);
  if (!call || !call->transfer) return;
  notify(*call, status);
  const Transfer over = *std::exchange(call->transfer, std::nullopt);
  auto& fork = call->fork;
  fork.waiting = false;
  fork.best = {};
  fork.hunts.clear();
  if (over.to_help) call->help.reset();
  context_.clear_timer(TimerKind::call_ringing, serial);
  context_.clear_timer(TimerKind::call_waiting, serial);
  ringing_.cancel_all(*call, std::nullopt, sip_reason(480));
  if (Leg* chosen = book_.leg(over.chosen)) {
    if (const auto* exchange = exchanges_.of(*chosen); exchange && exchange->kind == Exchange::Kind::join)
      exchanges_.abort(exchange->id);
    if (chosen->call == serial) legs_.end(chosen->id, status);
  }
  if (Call* second = book_.call(over.consultation)) {
    second->donates_to = Serial{};
    if (!second->caller || !second->callee) endings_.end_call(second->serial, status, {});
  }
  if (!over.transferor) {
    if (over.recall) return endings_.end_call(serial, status, sip_reason(status));
    return recall(serial, over.staying, over.by, status);
  }
  Call* still = book_.call(serial);
  Leg *by = book_.leg(over.transferor), *staying = book_.leg(over.staying);
  if (!still || !by || !staying) return;
  streams_.hush(*staying);
  streams_.connect(*by, *staying);
  still->handed = Call::Handed{.transferor = by->id, .by = over.by, .status = status, .at = context_.now};
  notices_.tell(*still);
}

void Transfers::done(Serial serial) {
  Call& call = *book_.call(serial);
  notify(call, 200);
  const Transfer over = *std::exchange(call.transfer, std::nullopt);
  ++call.transfers;
  context_.clear_timer(TimerKind::call_ringing, serial);
  Leg& staying = *book_.leg(over.staying);
  Leg& chosen = *book_.leg(*over.chosen);
  if (Call* second = book_.call(over.consultation)) {
    for (auto* slot : {&second->caller, &second->callee})
      if (*slot == chosen.id) slot->reset();
    second->donates_to = Serial{};
    if (chosen.is_help()) take_help(call, *second);
    chosen.call = serial;
    notices_.joined(chosen, call);
    // BYE to the transferor's second dialog, as RFC 3891's UA would.
    endings_.end_call(second->serial, 480, {});
  }
  if (call.callee == staying.id) call.from = staying.who.party;
  call.caller = staying.id;
  call.callee = chosen.id;
  call.to = chosen.who.party;
  streams_.hush(staying);
  staying.show(shown_as(chosen.who));
  chosen.show(shown_as(staying.who));
  if (Leg* transferor = book_.leg(over.transferor)) legs_.detach(*transferor);
  notices_.dialogs_changed(staying);
  notices_.dialogs_changed(chosen);
  notices_.tell(call);
}

bool Transfers::hands_over(const Call& call, const Leg& leg, bool said_bye) const {
  if (!call.handed || call.handed->transferor != leg.id || !said_bye) return false;
  // A held one at which it hung up is nothing else for a little longer.
  const auto& times = context_.options.times;
  return context_.now < call.handed->at + (leg.holds() ? Duration{times.handed_held} : Duration{times.handed});
}

void Transfers::recall(Serial serial, LegId staying, const Caller& by, int status) {
  Call* call = book_.call(serial);
  const Leg* leg = book_.leg(staying);
  if (!call || !leg || leg->call != serial || by.party.number.empty())
    return endings_.end_call(serial, status, sip_reason(status));
  const Caller back = by;  // begin() may end what it stands in
  begin(*call, {.by = back, .staying = staying, .recall = true, .notify = false});
  blind(*call, back, back.party.number);
}

}  // namespace roamdesk::calls
