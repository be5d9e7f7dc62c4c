#include "exchange/calls/impl.hpp"

#include "exchange/calls/words.hpp"

namespace roamdesk::calls {

Engine::Impl::Impl(sip::TransactionLayer& transactions, Host& host, std::function<std::string()> unique,
                   Options options)
    : transactions_(transactions), host_(host), unique_(std::move(unique)), options_(std::move(options)) {}

Leg* Engine::Impl::leg(LegId id) {
  const auto it = legs_.find(id);
  return it == legs_.end() ? nullptr : &it->second;
}
const Leg* Engine::Impl::leg(LegId id) const {
  const auto it = legs_.find(id);
  return it == legs_.end() ? nullptr : &it->second;
}
Call* Engine::Impl::call(Serial serial) {
  const auto it = calls_.find(serial);
  return it == calls_.end() ? nullptr : &it->second;
}
const Call* Engine::Impl::call(Serial serial) const {
  const auto it = calls_.find(serial);
  return it == calls_.end() ? nullptr : &it->second;
}
Call* Engine::Impl::call(const CallId& id) {
  const auto it = by_call_id_.find(id.value());
  return it == by_call_id_.end() ? nullptr : call(it->second);
}
Exchange* Engine::Impl::exchange(ExchangeId id) {
  const auto it = exchanges_.find(id);
  return it == exchanges_.end() ? nullptr : &it->second;
}

Leg* Engine::Impl::other_party(const Leg& of) {
  const Call* c = call(of.call);
  if (!c || !c->answered || !c->a || !c->b) return nullptr;
  if (*c->a == of.id) return leg(*c->b);
  if (*c->b == of.id) return leg(*c->a);
  return nullptr;
}

Leg& Engine::Impl::make_leg(const sip::Flow& flow, Caller who, Party shown) {
  Leg fresh;
  fresh.id = LegId{++last_leg_};
  fresh.flow = flow;
  fresh.who = std::move(who);
  fresh.shown = std::move(shown);
  fresh.local_tag = unique_();
  fresh.alias = {unique_(), unique_(), unique_()};
  Leg& made = legs_.emplace(fresh.id, std::move(fresh)).first->second;
  by_tag_.emplace(made.local_tag, made.id);
  by_alias_.emplace(made.alias.call_id, made.id);
  by_number_[made.who.party.number].insert(made.id);
  count_peer(made, +1);
  return made;
}

void Engine::Impl::handle_timer(TimerKey key) {
  const auto [kind, id] = key;
  switch (kind) {
    case TimerKind::call_waiting:
      return waiting_over(Serial{id});
    case TimerKind::call_ringing: {
      Call* c = call(Serial{id});
      if (!c) return;
      if (c->transfer) {
        cancel_branches(*c, std::nullopt, sip_reason(480));
        return transfer_failed(c->serial, 480);
      }
      return give_up(c->serial, 480, nullptr, sip_reason(480));
    }
    case TimerKind::call_expires:
      if (const Call* c = call(Serial{id}); c && !c->answered) give_up(c->serial, 487, nullptr, sip_reason(487));
      return;
    case TimerKind::leg_silent:
      return branch_silent(LegId{id});
    case TimerKind::call_announcing:
      return announced(Serial{id});
    case TimerKind::leg_ending: {
      Leg* l = leg(LegId{id});
      if (!l) return;
      if (!l->detached) return forget_leg(l->id);
      l->detached = false;  // the transferor didn't say BYE
      set_timer(TimerKind::leg_ending, id, options_.times.reply);
      return send_bye(*l);
    }
    case TimerKind::leg_refresh:
      if (Leg* l = leg(LegId{id})) refresh(*l);
      return;
    case TimerKind::leg_expiry:  // RFC 4028 §10: the one that doesn't refresh sends the BYE
      return leg_left(LegId{id}, 408, "SIP;cause=408;text=\"Session expired\"");
    case TimerKind::leg_lost: {
      Leg* l = leg(LegId{id});
      if (!l) return;
      reattach(*l);
      if (l->flow_lost) return leg_left(l->id, 503, {});
      return refresh(*l);
    }
    case TimerKind::exchange_reply: {
      Exchange* e = exchange(ExchangeId{id});
      if (!e) return;
      if (e->stage == Exchange::Stage::acking) return leg_left(*e->asker, 408, {});
      return on_exchange_failure(e->id, 408, nullptr);
    }
    case TimerKind::exchange_retry:
      if (Exchange* e = exchange(ExchangeId{id})) retry_exchange(*e);
      return;
  }
}

}  // namespace roamdesk::calls
