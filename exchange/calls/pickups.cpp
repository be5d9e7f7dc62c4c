#include "exchange/calls/pickups.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "common/sip/refer.hpp"
#include "exchange/calls/privacy.hpp"
#include "exchange/calls/sip_rules.hpp"

namespace roamdesk::calls {

// RFC 3891 §9 asks for rights. What rings may be taken by who may watch the person; what is up only by the person's own
// other phone. (A transfer that a party of the dialog has begun is carried out here: no phone sends this for it.)
// Everything else gets what a dialog gets that isn't there.
std::optional<CallId> Pickups::start(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, Caller caller,
                                     Party callee) {
  const auto refused = [&] {
    legs_.refuse(tx, flow, invite, caller, std::move(callee), 481);
    return std::nullopt;
  };
  const auto named = sip::parse_replaces(*invite.header("Replaces"));
  const Leg* old = named ? book_.find_replaced(*named) : nullptr;
  if (!old) return refused();
  const auto id = old->id;
  const Call* call = book_.call(old->call);
  const bool rings = call && old->outgoing() && old->is<Early>();
  // A trunk's own dialog is one of the same trunk; who calls by it is no person of ours, whatever the number says.
  const bool own = caller.manner
                       ? old->outside && caller.peer == old->who.peer
                       : caller.peer && !caller.desk && !old->outside && caller.party.number == old->who.party.number;
  const bool watches = !caller.manner && !old->outside && context_.host.may_watch(caller, old->who.party.number);
  if (rings ? !watches : !own) {
    context_.events.emplace_back(TakeoverRefused{.by = caller, .of = old->who.party, .ringing = rings});
    return refused();
  }
  const Leg* waiting = call ? book_.waiting_party(*call) : nullptr;
  const bool can = rings ? waiting && waiting->who.peer != caller.peer && !call->has_chosen()
                         : old->is<Up>() && book_.other_party(*old);
  if (!can) return refused();
  Leg* newcomer = legs_.accept(tx, flow, invite, std::move(caller), rings ? shown_as(waiting->who) : Party{old->shown});
  if (!newcomer) return std::nullopt;
  return rings ? pick_up(*newcomer, id) : carry_on(*newcomer, id);
}

std::optional<CallId> Pickups::refuse(LegId newcomer, int status) {
  legs_.end(newcomer, status);
  return std::nullopt;
}

void Pickups::stop_ringing(Call& call) {
  call.fork.waiting = false;
  call.fork.hunts.clear();
  for (const auto kind : {TimerKind::call_waiting, TimerKind::call_ringing, TimerKind::call_expires})
    context_.clear_timer(kind, call.serial);
  ringing_.cancel_all(call, std::nullopt, completed_elsewhere);
}

std::optional<CallId> Pickups::pick_up(Leg& newcomer, LegId ringing) {
  Call& call = *book_.call(book_.leg(ringing)->call);
  const auto id = call.id;
  const auto serial = call.serial;
  Leg& waiting = *book_.waiting_party(call);
  // One of the two has to make an offer; a party that has a call already is asked with it.
  if (!newcomer.offered && (call.transfer || !waiting.offered)) return refuse(newcomer.id, 488);
  const bool both_offer = !call.transfer && newcomer.offered && waiting.offered;
  std::string to_waiting, to_newcomer;
  if (both_offer) {
    to_waiting = sdp_view::common_answer(waiting.remote_sdp, newcomer.remote_sdp, waiting.next_origin());
    to_newcomer = sdp_view::common_answer(newcomer.remote_sdp, waiting.remote_sdp, newcomer.next_origin());
    if (to_waiting.empty() || to_newcomer.empty()) return refuse(newcomer.id, 488);  // it goes on ringing
  }

  newcomer.call = serial;
  notices_.joined(newcomer, call);
  stop_ringing(call);
  if (call.transfer) {
    call.transfer->chosen = newcomer.id;
    const auto& invite = *newcomer.server();
    requests_.respond(invite.tx(), requests_.make_answer(newcomer, invite.request(), 100));
    streams_.set_remote(newcomer, newcomer.remote_sdp);
    negotiation_.join(newcomer, waiting.id, newcomer.remote_sdp);
    return id;
  }
  const auto picker = newcomer.id;
  call.callee = picker;
  call.answered = true;
  call.to = newcomer.who.party;
  waiting.shown = shown_as(newcomer.who);
  if (both_offer) {
    ++waiting.sdp_version;
    ++newcomer.sdp_version;
    streams_.set_remote(waiting, waiting.remote_sdp);
    streams_.set_remote(newcomer, newcomer.remote_sdp);
    streams_.connect(waiting, newcomer);
    answers_.accept(waiting, to_waiting, picker);
    answers_.accept(newcomer, to_newcomer, waiting.id);
  } else if (newcomer.offered) {
    answers_.accept(waiting, streams_.word(waiting, newcomer.remote_sdp), picker);  // its ACK has the answer
  } else {
    answers_.accept(newcomer, streams_.word(newcomer, waiting.remote_sdp), waiting.id);
  }
  if (const Leg* leg = book_.leg(picker)) notices_.dialogs_changed(*leg);
  if (Call* still = book_.call(serial)) notices_.tell(*still);
  return id;
}

std::optional<CallId> Pickups::carry_on(Leg& newcomer, LegId old_id) {
  const Leg& old = *book_.leg(old_id);
  const Leg& other = *book_.other_party(old);
  Call& call = *book_.call(old.call);
  const bool busy = old.exchange || other.exchange || !other.is<Up>() || other.awaits_ack || call.transfer ||
                    call.donates_to != Serial{} || !other.stream;
  if (busy) return refuse(newcomer.id, 491);
  newcomer.call = call.serial;
  notices_.joined(newcomer, call);
  newcomer.shown = shown_as(other.who);
  call.fork.branches.push_back(newcomer.id);
  const auto id = call.id;
  const auto& invite = *newcomer.server();
  requests_.respond(invite.tx(), requests_.make_answer(newcomer, invite.request(), 100));
  negotiation_.replace(newcomer, old_id, other.id);
  return id;
}

void Pickups::replaced(Leg& newcomer, LegId old) {
  Call& call = *book_.call(newcomer.call);
  std::erase(call.fork.branches, newcomer.id);
  const bool called = call.caller == old;
  (called ? call.from : call.to) = newcomer.who.party;
  (called ? call.caller : call.callee) = newcomer.id;
  if (Leg* other = book_.other_party(newcomer)) {
    other->show(shown_as(newcomer.who));
    streams_.connect(newcomer, *other);
    notices_.dialogs_changed(*other);
  }
  legs_.end(old, 480);  // RFC 3891 §3: BYE for the dialog that was replaced
}

}  // namespace roamdesk::calls
