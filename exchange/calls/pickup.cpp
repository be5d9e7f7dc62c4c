#include "exchange/calls/body.hpp"
#include "exchange/calls/impl.hpp"
#include "exchange/calls/privacy.hpp"
#include "exchange/calls/words.hpp"

// INVITE with Replaces (RFC 3891): a call that rings is picked up, one that is up is carried on at another phone.
namespace roamdesk::calls {
// RFC 3891 §9 asks for rights. What rings may be taken by whoever may watch the person; what is up only by the person's
// own other phone. (A transfer that a party of the dialog has begun is carried out here: no phone sends this for it.)
// Everything else gets what a dialog gets that isn't there.
std::optional<CallId> Engine::Impl::start_with_replaces(sip::ServerTx tx, const sip::Flow& flow,
                                                        const sip::Message& invite, Caller caller, Party callee) {
  const auto named = sip::parse_replaces(*invite.header("Replaces"));
  Leg* old = named ? find_replaced(*named) : nullptr;
  if (!old) {
    refuse(tx, flow, invite, caller, std::move(callee), 481);
    return std::nullopt;
  }
  const auto id = old->id;
  const Call* c = call(old->call);
  const bool rings = c && old->outgoing && old->state == LegState::early;
  const bool own = caller.peer && !caller.desk && caller.party.number == old->who.party.number;
  if (rings ? !host_.may_watch(caller, old->who.party.number) : !own) {
    events_.emplace_back(TakeoverRefused{caller, old->who.party, rings});
    refuse(tx, flow, invite, caller, std::move(callee), 481);
    return std::nullopt;
  }
  const Leg* waiting = !c ? nullptr : leg(c->transfer ? c->transfer->staying : c->a.value_or(LegId{}));
  const bool can = rings ? waiting && waiting->who.peer != caller.peer && !(c->transfer && c->transfer->chosen)
                         : old->state == LegState::up && other_party(*old);
  if (!can) {
    refuse(tx, flow, invite, caller, std::move(callee), 481);
    return std::nullopt;
  }
  Leg* fresh = accept_leg(tx, flow, invite, std::move(caller), rings ? shown_as(waiting->who) : old->shown);
  if (!fresh) return std::nullopt;
  return rings ? pick_up(*fresh, id) : start_replacing(*fresh, id);
}

std::optional<CallId> Engine::Impl::pick_up(Leg& fresh, LegId ringing) {
  Call& c = *call(leg(ringing)->call);
  const auto id = c.id;
  const auto serial = c.serial;
  const auto refused = [&](int status) {
    end_leg(fresh.id, status);
    return std::nullopt;
  };
  Leg& waiting = c.transfer ? *leg(c.transfer->staying) : *leg(c.a);
  // Somebody has to make an offer; a party that has a call already is asked with it.
  if (!fresh.offered && (c.transfer || !waiting.offered)) return refused(488);
  std::string to_waiting, to_fresh;
  if (!c.transfer && fresh.offered && waiting.offered) {
    to_waiting = body::common_answer(waiting.remote_sdp, fresh.remote_sdp,
                                     {waiting.id.value(), waiting.sdp_version + 1, waiting.media});
    to_fresh = body::common_answer(fresh.remote_sdp, waiting.remote_sdp,
                                   {fresh.id.value(), fresh.sdp_version + 1, fresh.media});
    if (to_waiting.empty() || to_fresh.empty()) return refused(488);  // it goes on ringing
  }

  fresh.call = serial;
  note_joined(fresh, c);
  c.waiting = false;
  c.hunts.clear();
  for (const auto kind : {TimerKind::call_waiting, TimerKind::call_ringing, TimerKind::call_expires})
    clear_timer(kind, serial.value());
  cancel_branches(c, std::nullopt, completed_elsewhere);
  if (c.transfer) {
    c.transfer->chosen = fresh.id;
    respond(*fresh.invite_tx, make_answer(fresh, fresh.invite, 100));
    set_remote(fresh, fresh.remote_sdp);
    begin_join(fresh, waiting.id, fresh.remote_sdp);
    return id;
  }
  const auto picker = fresh.id;
  c.b = picker;
  c.answered = true;
  c.to = fresh.who.party;
  waiting.shown = shown_as(fresh.who);
  if (!waiting.offered) {
    accept_invite(waiting, worded(waiting, fresh.remote_sdp), picker);  // its ACK has the answer
  } else if (!fresh.offered) {
    accept_invite(fresh, worded(fresh, waiting.remote_sdp), waiting.id);
  } else {
    ++waiting.sdp_version;
    ++fresh.sdp_version;
    set_remote(waiting, waiting.remote_sdp);
    set_remote(fresh, fresh.remote_sdp);
    connect(waiting, fresh);
    accept_invite(waiting, to_waiting, picker);
    accept_invite(fresh, to_fresh, waiting.id);
  }
  if (const Leg* l = leg(picker)) dialogs_changed(*l);
  if (Call* still = call(serial)) tell(*still);
  return id;
}

}  // namespace roamdesk::calls
