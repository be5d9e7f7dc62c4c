#include <algorithm>

#include "exchange/calls/body.hpp"
#include "exchange/calls/impl.hpp"
#include "exchange/calls/privacy.hpp"
#include "exchange/calls/words.hpp"

// Two dialogs become one call (RFC 3725, flow I with a fresh offer): the new party offers, the staying one is asked
// with that offer in a re-INVITE, its answer goes back in the ACK. So both negotiate anew, with all that they can.
namespace roamdesk::calls {

// `offer` is empty where the offerer has to be asked for one first. The offerer is in no exchange; the other one may
// be: then the join waits for its end.
void Engine::Impl::begin_join(Leg& offerer, LegId other, std::string offer) {
  const auto serial = leg(other)->call;
  Exchange& e = begin(Exchange::Kind::join, offerer.id, other);
  e.call = serial;
  e.stage = offer.empty() ? Exchange::Stage::asking : Exchange::Stage::waiting;
  e.offer = std::move(offer);
  retry_exchange(e);
}

void Engine::Impl::on_join_response(Exchange& e, const sip::Message& response) {
  const auto ctx = *e.ctx;
  e.ctx.reset();
  if (response.status == 491 && ++e.retries <= 8) {
    // RFC 3261 §14.1: the owner of the Call-ID waits 2.1 to 4 s, in steps of 10 ms. The spread comes from the id.
    const auto spread = std::chrono::milliseconds{10 * ((e.id.value() * 37 + e.retries * 61) % 190)};
    set_timer(TimerKind::exchange_retry, e.id.value(), std::chrono::milliseconds{2100} + spread);
    set_timer(TimerKind::exchange_reply, e.id.value(), options_.times.reply);
    return;
  }
  Leg& asker = *leg(*e.asker);
  if (response.status >= 300) {
    const bool gone = response.status == 408 || response.status == 481;
    if (e.stage != Exchange::Stage::asking || gone || asker.remote_sdp.empty())
      return join_failed(e.id, response.status);
    // Not every phone makes a late offer. What it said last is an offer as well, as far as it goes.
    e.offer = asker.remote_sdp;
    e.stage = Exchange::Stage::waiting;
    e.renew = true;
    return retry_exchange(e);
  }
  Leg& from = e.stage == Exchange::Stage::asking ? asker : *leg(e.other);
  auto sdp = std::string{sdp_of(response)};
  if (!body::read(sdp)) sdp.clear();
  learn(from, response);
  agree_session(from, response);
  if (e.stage == Exchange::Stage::asking) {
    if (sdp.empty()) {
      acknowledge(asker, ctx, e.ctx_cseq, {});
      return join_failed(e.id, 488);
    }
    e.owed = Exchange::OwedAck{asker.id, ctx, e.ctx_cseq, sdp};
    e.offer = sdp;
    e.stage = Exchange::Stage::waiting;
    return retry_exchange(e);
  }
  acknowledge(from, ctx, e.ctx_cseq, {});
  if (sdp.empty()) return join_failed(e.id, 488);
  from.remote_sdp = sdp;
  from.local_sdp = worded(from, e.offer);
  set_remote(from, sdp);
  asker.remote_sdp = e.offer;
  set_remote(asker, e.offer);
  asker.local_sdp = worded(asker, sdp, e.offer);
  if (e.owed) {
    acknowledge(asker, e.owed->tx, e.owed->cseq, asker.local_sdp);
    e.owed.reset();
  } else if (asker.ack_due) {
    asker.ack_due = false;
    asker.state = LegState::up;
    acknowledge(asker, *asker.invite_ctx, asker.invite_cseq, asker.local_sdp);
  } else if (asker.invite_tx) {  // it has picked up what rang
    accept_invite(asker, asker.local_sdp, std::nullopt);
  }
  joined(e.id);
}

void Engine::Impl::joined(ExchangeId id) {
  const Exchange e = *exchange(id);
  forget_exchange(id);
  connect(*leg(*e.asker), *leg(e.other));
  transfer_done(e.call);
  if (!e.renew) return;
  if (const Leg* asker = leg(e.asker); asker && asker->state == LegState::up && !asker->exchange)
    ask_other(begin(Exchange::Kind::refresh, std::nullopt, asker->id));
}

void Engine::Impl::join_failed(ExchangeId id, int status) {
  const Exchange e = *exchange(id);
  forget_exchange(id);
  if (e.ctx) {
    const auto it = sent_.find(*e.ctx);
    if (it != sent_.end() && it->second.open) transactions_.cancel(*e.ctx, now_);
  }
  // The new party made an offer that nobody took up: it goes on as it was.
  if (e.owed)
    if (Leg* l = leg(e.owed->leg)) acknowledge(*l, e.owed->tx, e.owed->cseq, l->local_sdp);
  const auto failed = e.stage == Exchange::Stage::asking ? *e.asker : e.other;
  transfer_failed(e.call, passed_on(status));
  // The consulted one has been shown somebody who doesn't come.
  if (Leg* asker = leg(e.asker); asker && asker->id != failed && asker->state == LegState::up && asker->call != e.call)
    refresh(*asker);
  if (status == 408 || status == 481) leg_left(failed, status, {});  // RFC 3261 §12.2.1.2
}

// RFC 3891: a new dialog takes the place of one that is up. Its offer goes to the party that stays, like a re-INVITE's.
std::optional<CallId> Engine::Impl::start_replacing(Leg& fresh, LegId old_id) {
  Leg& old = *leg(old_id);
  Leg& other = *other_party(old);
  Call& c = *call(old.call);
  const bool busy = old.exchange || other.exchange || other.state != LegState::up || other.awaits_ack || c.transfer ||
                    c.donates_to != Serial{} || !other.stream;
  fresh.call = c.serial;
  if (busy) {
    fresh.call = Serial{};
    end_leg(fresh.id, 491);
    return std::nullopt;
  }
  note_joined(fresh, c);
  fresh.shown = shown_as(other.who);
  c.branches.push_back(fresh.id);
  const auto id = c.id;
  respond(*fresh.invite_tx, make_answer(fresh, fresh.invite, 100));
  Exchange& e = begin(Exchange::Kind::relay, fresh.id, other.id);
  e.request = fresh.invite;
  e.offer = fresh.remote_sdp;
  e.replaced = old_id;
  ask_other(e);
  return id;
}

void Engine::Impl::replaced(Leg& fresh, LegId old) {
  Call& c = *call(fresh.call);
  std::erase(c.branches, fresh.id);
  auto& slot = c.a == old ? c.a : c.b;
  (c.a == old ? c.from : c.to) = fresh.who.party;
  slot = fresh.id;
  if (Leg* other = other_party(fresh)) {
    other->shown = shown_as(fresh.who);
    connect(fresh, *other);
    dialogs_changed(*other);
  }
  end_leg(old, 480);  // RFC 3891 §3: BYE for the dialog that was replaced
}

}  // namespace roamdesk::calls
