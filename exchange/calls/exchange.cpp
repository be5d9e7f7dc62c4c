#include "exchange/calls/body.hpp"
#include "exchange/calls/impl.hpp"
#include "exchange/calls/privacy.hpp"
#include "exchange/calls/words.hpp"

// Offers and answers through a call that is up: hold, resume, new codecs, session refresh (RFC 3261 §14, RFC 3311).
namespace roamdesk::calls {

void Engine::Impl::on_modify(Leg& l, sip::ServerTx tx, const sip::Message& request) {
  const bool invite = request.method == "INVITE";
  if (is_foreign(request)) {
    auto response = make_answer(l, request, 415);
    response.set_header("Accept", accepted_bodies);
    return respond(tx, std::move(response));
  }
  const auto sdp = sdp_of(request);
  if (!sdp.empty() && !body::read(sdp)) return answer(tx, l, request, 488);
  if (!check_session(tx, request, &l)) return;
  learn(l, request);
  if (!invite && sdp.empty()) {  // RFC 4028 §7.4: nothing but a refresh
    auto response = make_answer(l, request, 200);
    answer_session(l, request, response);
    return respond(tx, std::move(response));
  }
  Call* c = call(l.call);
  if (!c) return answer(tx, l, request, 481);
  if (l.exchange) {
    // RFC 3261 §14.2, RFC 3311 §5.2: 500 where its own one is on its way, 491 where ours to it is.
    const Exchange* e = exchange(*l.exchange);
    return answer(tx, l, request, e && e->kind == Exchange::Kind::relay && e->asker == l.id ? 500 : 491);
  }
  if (l.state != LegState::up) return answer(tx, l, request, l.outgoing ? 491 : 500);
  if (l.awaits_ack) return answer(tx, l, request, 500);
  if (c->kind != CallKind::bridge) return answer_alone(l, tx, request);
  if (!sdp.empty() && sdp == l.remote_sdp) return answer_alone(l, tx, request);  // a refresh
  if (c->handed && c->handed->transferor == l.id) c->handed.reset();             // it has taken the other party back
  Leg* other = other_party(l);
  // Its ACK may still be on its way, from further off than this request: no reason to refuse anything.
  const bool acknowledges =
      other && other->awaits_ack && (other->state == LegState::up || other->state == LegState::answered);
  if (!other || (other->state != LegState::up && !acknowledges) || other->exchange || !l.stream || !other->stream ||
      (c->transfer && c->transfer->chosen))
    return answer(tx, l, request, 491);
  expect_answer(tx, l, request);
  if (invite) respond(tx, make_answer(l, request, 100));
  Exchange& e = begin(Exchange::Kind::relay, l.id, other->id);
  e.tx = tx;
  e.request = request;
  e.offer = sdp;
  if (!acknowledges) ask_other(e);
}

// Where there is no other side to ask: the voice dialogue, or nothing new.
void Engine::Impl::answer_alone(Leg& l, sip::ServerTx tx, const sip::Message& request) {
  Call& c = *call(l.call);
  std::string sdp = l.local_sdp;
  const auto offer = sdp_of(request);
  if (c.kind != CallKind::bridge) {
    const body::Origin origin{l.id.value(), l.sdp_version + 1, l.media};
    if (offer.empty()) {
      sdp = body::offer_g711(origin);
    } else if (offer != l.remote_sdp) {
      const auto answered = body::answer_g711(offer, origin);
      if (!answered) return answer(tx, l, request, 488);
      sdp = *answered;
    }
    if (sdp != l.local_sdp) ++l.sdp_version;
    if (!offer.empty()) {
      l.remote_sdp = offer;
      set_remote(l, offer);
    }
  }
  l.local_sdp = sdp;
  auto response = make_answer(l, request, 200);
  answer_session(l, request, response);
  response.content_type = "application/sdp";
  response.body = sdp;
  if (request.method == "INVITE") expect_ack(l, tx, request);
  respond(tx, std::move(response));
}

Exchange& Engine::Impl::begin(Exchange::Kind kind, std::optional<LegId> asker, LegId other) {
  Exchange fresh;
  fresh.id = ExchangeId{++last_exchange_};
  fresh.kind = kind;
  fresh.stage = Exchange::Stage::waiting;
  fresh.asker = asker;
  fresh.other = other;
  if (Leg* l = leg(asker)) l->exchange = fresh.id;
  if (Leg* l = leg(other); l && !l->exchange) l->exchange = fresh.id;
  set_timer(TimerKind::exchange_reply, fresh.id.value(), options_.times.reply);
  return exchanges_.emplace(fresh.id, std::move(fresh)).first->second;
}

void Engine::Impl::ask_other(Exchange& e) {
  Leg& other = *leg(e.other);
  other.exchange = e.id;
  e.stage = Exchange::Stage::waiting;
  const bool update =
      e.kind == Exchange::Kind::relay && e.request.method == "UPDATE" && other.takes_update && !e.offer.empty();
  auto request = make_request(other, update ? "UPDATE" : "INVITE");
  // Whoever comes in is shown from this request on.
  const Leg* newcomer = e.kind == Exchange::Kind::join || e.replaced ? leg(e.asker) : nullptr;
  show_identity(other, request, newcomer ? shown_as(newcomer->who) : other.shown);
  ask_session(other, request);
  if (e.kind == Exchange::Kind::refresh) {
    request.body = other.local_sdp;
  } else if (!e.offer.empty()) {
    request.body = worded(other, e.offer);
  }
  if (!request.body.empty()) request.content_type = "application/sdp";
  e.ctx_cseq = request.cseq.number;
  e.ctx = send(other, std::move(request), Sent{Sent::What::exchange, other.id, 0, true, e.id, {}});
  set_timer(TimerKind::exchange_reply, e.id.value(), options_.times.reply);
}

void Engine::Impl::on_exchange_response(Exchange& e, const sip::Message& response) {
  if (e.kind == Exchange::Kind::join) return on_join_response(e, response);
  if (response.status >= 300) return on_exchange_failure(e.id, response.status, &response);
  exchange_accepted(e, response);
}

void Engine::Impl::exchange_accepted(Exchange& e, const sip::Message& response) {
  Leg& other = *leg(e.other);
  learn(other, response);
  agree_session(other, response);
  const bool invite = response.cseq.method == "INVITE";
  auto sdp = std::string{sdp_of(response)};
  if (!body::read(sdp)) sdp.clear();
  const bool late = e.kind == Exchange::Kind::relay && e.offer.empty();
  if (invite && !late) acknowledge(other, *e.ctx, e.ctx_cseq, {});
  if (e.kind == Exchange::Kind::refresh) {
    if (!sdp.empty()) {
      other.remote_sdp = sdp;
      set_remote(other, sdp);
    }
    return forget_exchange(e.id);
  }
  Leg& asker = *leg(*e.asker);
  if (sdp.empty()) {  // no answer, or no offer: neither side knows what holds
    if (late) acknowledge(other, *e.ctx, e.ctx_cseq, {});
    const auto left = other.id;
    return leg_left(left, 488, {});
  }
  other.remote_sdp = sdp;
  if (late) {
    e.owed = Exchange::OwedAck{other.id, *e.ctx, e.ctx_cseq, sdp};
  } else {
    other.local_sdp = worded(other, e.offer);
    set_remote(other, sdp);
    asker.remote_sdp = e.offer;
    set_remote(asker, e.offer);
  }
  e.ctx.reset();
  const auto wording = worded(asker, sdp, e.offer);
  const auto id = e.id;
  const auto asking = asker.id;
  const auto serial = asker.call;
  if (e.replaced) {
    e.stage = Exchange::Stage::acking;
    e.tx.reset();
    const auto old = *e.replaced;
    e.replaced.reset();
    accept_invite(asker, wording, std::nullopt);
    replaced(asker, old);
  } else {
    if (!e.tx) return forget_exchange(id);
    asker.local_sdp = wording;
    auto answered = make_answer(asker, e.request, 200);
    show_identity(asker, answered);
    answer_session(asker, e.request, answered);
    answered.content_type = "application/sdp";
    answered.body = wording;
    const auto tx = *e.tx;
    e.tx.reset();
    if (e.request.method == "INVITE") {
      e.stage = Exchange::Stage::acking;
      expect_ack(asker, tx, e.request);
      set_timer(TimerKind::exchange_reply, id.value(), options_.times.reply);
    }
    const bool done = e.request.method != "INVITE";
    respond(tx, std::move(answered));
    if (done) forget_exchange(id);
  }
  if (const Leg* l = leg(asking)) dialogs_changed(*l);
  if (Call* c = call(serial)) tell(*c);
}

void Engine::Impl::exchange_acked(Exchange& e, const sip::Message& ack) {
  const auto id = e.id;
  Leg& asker = *leg(*e.asker);
  const auto serial = asker.call;
  if (e.owed) {
    const auto sdp = sdp_of(ack);
    if (!body::read(sdp)) return leg_left(asker.id, 488, {});
    Leg& other = *leg(e.owed->leg);
    other.local_sdp = worded(other, sdp, e.owed->offer);
    asker.remote_sdp = sdp;
    set_remote(asker, sdp);
    set_remote(other, e.owed->offer);
    acknowledge(other, e.owed->tx, e.owed->cseq, other.local_sdp);
    e.owed.reset();
    connect(asker, other);
  }
  forget_exchange(id);
  if (Call* c = call(serial)) tell(*c);
}

void Engine::Impl::on_exchange_failure(ExchangeId id, int status, const sip::Message* response) {
  Exchange& e = *exchange(id);
  const auto other = e.other;
  // RFC 3261 §12.2.1.2: the dialog is gone.
  const bool gone = status == 408 || status == 481;
  switch (e.kind) {
    case Exchange::Kind::join:
      return join_failed(id, status);
    case Exchange::Kind::refresh: {
      forget_exchange(id);
      if (Leg* l = leg(other)) on_refresh_response(*l, status, response);
      return;
    }
    case Exchange::Kind::relay:
      break;
  }
  if (e.stage == Exchange::Stage::waiting && e.ctx && status == 408) transactions_.cancel(*e.ctx, now_);
  const auto asker = *e.asker;
  Leg& l = *leg(asker);
  const bool fresh = l.invite_tx.has_value();  // INVITE with Replaces
  const auto tx = e.tx;
  const sip::Message request = e.request;
  const int said = status == 491 || status == 487 ? status : passed_on(status);
  forget_exchange(id);
  if (fresh) {
    if (Call* c = call(l.call)) std::erase(c->branches, asker);
    end_leg(asker, said);
  } else if (tx) {
    auto answered = make_answer(l, request, said);
    if (response)
      if (const auto after = response->header("Retry-After")) answered.set_header("Retry-After", std::string{*after});
    respond(*tx, std::move(answered));
  }
  if (gone) leg_left(other, status, {});
}

void Engine::Impl::forget_exchange(ExchangeId id) {
  const auto it = exchanges_.find(id);
  if (it == exchanges_.end()) return;
  for (Leg* l : {leg(it->second.asker), leg(it->second.other)})
    if (l && l->exchange == id) l->exchange.reset();
  clear_timer(TimerKind::exchange_reply, id.value());
  clear_timer(TimerKind::exchange_retry, id.value());
  exchanges_.erase(it);
}

// One of its legs goes. The other one gets what it waits for.
void Engine::Impl::abort_exchange(ExchangeId id) {
  const Exchange* found = exchange(id);
  if (!found) return;
  const Exchange e = *found;
  forget_exchange(id);
  if (e.ctx) {
    const auto it = sent_.find(*e.ctx);
    if (it != sent_.end() && it->second.open) transactions_.cancel(*e.ctx, now_);
  }
  if (e.owed)
    if (Leg* l = leg(e.owed->leg)) acknowledge(*l, e.owed->tx, e.owed->cseq, l->local_sdp);
  if (e.tx)
    if (const Leg* l = leg(e.asker)) respond(*e.tx, make_answer(*l, e.request, 487));
}

void Engine::Impl::retry_exchange(Exchange& e) {
  Leg* other = leg(e.other);
  if (e.stage == Exchange::Stage::asking) {
    Leg& asker = *leg(*e.asker);
    auto request = make_request(asker, "INVITE");
    if (other) show_identity(asker, request, shown_as(other->who));
    ask_session(asker, request);
    e.ctx_cseq = request.cseq.number;
    e.ctx = send(asker, std::move(request), Sent{Sent::What::exchange, asker.id, 0, true, e.id, {}});
    set_timer(TimerKind::exchange_reply, e.id.value(), options_.times.reply);
    return;
  }
  if (!other || other->state != LegState::up || (other->exchange && *other->exchange != e.id) || other->awaits_ack) {
    if (!other || ++e.retries > 8) return on_exchange_failure(e.id, 491, nullptr);
    return set_timer(TimerKind::exchange_retry, e.id.value(), std::chrono::milliseconds{500});
  }
  ask_other(e);
}

}  // namespace roamdesk::calls
