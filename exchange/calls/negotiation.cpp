#include "exchange/calls/negotiation.hpp"

#include <algorithm>
#include <utility>

#include "exchange/calls/privacy.hpp"
#include "exchange/calls/sip_rules.hpp"

namespace roamdesk::calls {

void Negotiation::modify(Leg& leg, sip::ServerTx tx, const sip::Message& request) {
  const bool invite = request.method == "INVITE";
  if (is_foreign(request)) {
    auto response = requests_.make_answer(leg, request, 415);
    response.set_header("Accept", accepted_bodies);
    return requests_.respond(tx, std::move(response));
  }
  const auto sdp = sdp_of(request);
  if (!sdp.empty() && !streams_.takes(leg, sdp)) {
    auto response = requests_.make_answer(leg, request, 488);
    if (const auto why = sdp_view::objection(sdp, leg.flow.address.peer.address, leg.seal.srtp); !why.empty())
      response.set_header("Warning", context_.warning(why));
    return requests_.respond(tx, std::move(response));
  }
  if (!sessions_.check(tx, request, &leg)) return;
  requests_.learn(leg, request);
  if (!invite && sdp.empty()) {  // RFC 4028 §7.4: nothing but a refresh
    auto response = requests_.make_answer(leg, request, 200);
    sessions_.answer(leg, request, response);
    return requests_.respond(tx, std::move(response));
  }
  Call* call = book_.call(leg.call);
  if (!call) return requests_.answer(tx, leg, request, 481);
  if (leg.exchange) {
    // RFC 3261 §14.2, RFC 3311 §5.2: 500 where its own one is on its way, 491 where ours to it is.
    const Exchange* exchange = exchanges_.of(leg);
    const bool own = exchange && exchange->kind == Exchange::Kind::relay && exchange->asker == leg.id;
    return requests_.answer(tx, leg, request, own ? 500 : 491);
  }
  if (!leg.is<Up>()) return requests_.answer(tx, leg, request, leg.outgoing() ? 491 : 500);
  if (leg.awaits_ack) return requests_.answer(tx, leg, request, 500);
  if (!call->is_bridge()) return answer_alone(leg, tx, request);
  if (!sdp.empty() && sdp == leg.remote_sdp) return answer_alone(leg, tx, request);  // a refresh
  if (call->handed && call->handed->transferor == leg.id) call->handed.reset();  // it has taken the other party back
  const Leg* other = book_.other_party(leg);
  // Its ACK may still be on its way, from further off than this request: no reason to refuse anything.
  const bool acknowledges = other && other->awaits_ack && other->confirmed();
  if (!other || (!other->is<Up>() && !acknowledges) || other->exchange || !leg.stream || !other->stream ||
      call->has_chosen())
    return requests_.answer(tx, leg, request, 491);
  if (other->outside && !other->manner().relays_hold && answer_hold(leg, *other, tx, request)) return;
  requests_.expect_answer(tx, leg, request);
  if (invite) requests_.respond(tx, requests_.make_answer(leg, request, 100));
  Exchange& exchange = exchanges_.begin(Exchange::Kind::relay, leg.id, other->id);
  exchange.tx = tx;
  exchange.request = request;
  exchange.offer = sdp;
  if (exchange.offer.empty() && !other->takes_late_offers()) return offer_in_its_place(exchange);
  if (!acknowledges) ask_other(exchange);
}

// Where there is no other side to ask: the voice dialogue, or nothing new.
void Negotiation::answer_alone(Leg& leg, sip::ServerTx tx, const sip::Message& request) {
  std::string sdp = leg.local_sdp;
  const auto offer = sdp_of(request);
  if (!book_.call(leg.call)->is_bridge()) {
    if (offer.empty()) {
      sdp = sdp_view::offer_g711(leg.next_origin());
    } else if (offer != leg.remote_sdp) {
      auto answered = sdp_view::answer_g711(offer, leg.next_origin());
      if (!answered) return requests_.answer(tx, leg, request, 488);
      sdp = std::move(*answered);
    }
    if (sdp != leg.local_sdp) ++leg.sdp_version;
    if (!offer.empty()) {
      leg.remote_sdp = offer;
      streams_.set_remote(leg, offer);
    }
  }
  // Once an offer of ours, it had keys of several suites.
  if (leg.seal.agreed && !offer.empty() && sdp == leg.local_sdp) sdp = streams_.word(leg, sdp, offer);
  leg.local_sdp = sdp;
  auto response = requests_.make_answer(leg, request, 200);
  sessions_.answer(leg, request, response);
  response.content_type = "application/sdp";
  response.body = std::move(sdp);
  if (request.method == "INVITE") requests_.expect_ack(leg, tx, request.cseq.number);
  requests_.respond(tx, std::move(response));
}

void Negotiation::replace(Leg& newcomer, LegId old, LegId staying) {
  Exchange& exchange = exchanges_.begin(Exchange::Kind::relay, newcomer.id, staying);
  exchange.request = newcomer.server()->request();
  exchange.offer = newcomer.remote_sdp;
  exchange.replaced = old;
  ask_other(exchange);
}

void Negotiation::offer_anew(Leg& leg) { ask_other(exchanges_.begin(Exchange::Kind::refresh, std::nullopt, leg.id)); }

void Negotiation::seal_lost(Leg& leg) {
  if (!leg.is<Up>()) return listener_.leg_left(leg.id, 503, {});
  streams_.reseal(leg);
  rekey(leg);
}

// SIP with keys is TLS: its connection has gone with its SBC, and the phone comes back over another one.
void Negotiation::rekey(Leg& leg) {
  if (!leg.rekeys || !leg.is<Up>()) return;
  requests_.reattach(leg);
  const bool free = !leg.flow_lost && !leg.exchange && !leg.awaits_ack;
  if (free) offer_anew(leg);
  context_.set_timer(TimerKind::leg_rekey, leg.id, free ? context_.options.times.reply : std::chrono::seconds{1});
}

void Negotiation::refresh(Leg& leg) {
  if (leg.is<Ending>()) return;
  if (leg.exchange || !leg.is<Up>() || leg.awaits_ack)
    return context_.set_timer(TimerKind::leg_refresh, leg.id, std::chrono::seconds{5});
  if (!leg.takes_update) return offer_anew(leg);
  auto request = requests_.make(leg, "UPDATE");
  requests_.show_identity(leg, request);
  sessions_.ask(leg, request);
  requests_.send(leg, std::move(request), ForRefresh{});
}

void Negotiation::refreshed(Leg& leg, int status, const sip::Message* response) {
  if (leg.is<Ending>()) return;
  if (status < 300 && response) requests_.learn(leg, *response);
  switch (leg.session.refreshed(status, response)) {
    case SessionTimer::Refreshed::gone:
      return listener_.leg_left(leg.id, status, {});
    case SessionTimer::Refreshed::without_update:
      leg.takes_update = false;
      [[fallthrough]];
    case SessionTimer::Refreshed::again:
      return context_.set_timer(TimerKind::leg_refresh, leg.id, leg.session.again_in());
    case SessionTimer::Refreshed::agreed:
    case SessionTimer::Refreshed::stands:
      return sessions_.wind_up(leg);
  }
}

void Negotiation::ask_other(Exchange& exchange) {
  Leg& other = *book_.leg(exchange.other);
  other.exchange = exchange.id;
  exchange.stage = Exchange::Stage::waiting;
  const bool update = exchange.kind == Exchange::Kind::relay && exchange.request.method == "UPDATE" &&
                      other.takes_update && !exchange.offer.empty();
  auto request = requests_.make(other, update ? "UPDATE" : "INVITE");
  // Who comes in is shown from this request on.
  const Leg* newcomer =
      exchange.kind == Exchange::Kind::join || exchange.replaced ? book_.leg(exchange.asker) : nullptr;
  requests_.show_identity(other, request, newcomer ? shown_as(newcomer->who) : other.shown);
  sessions_.ask(other, request);
  if (exchange.kind == Exchange::Kind::refresh) {
    request.body = other.local_sdp;
  } else if (!exchange.offer.empty()) {
    request.body = streams_.word(other, exchange.offer);
    if (request.body.empty()) return failed(exchange.id, 488);  // what can't be said there
  }
  if (!request.body.empty()) request.content_type = "application/sdp";
  exchange.asked_cseq = request.cseq.number;
  exchange.asked = requests_.send(other, std::move(request), ForExchange{exchange.id});
  exchanges_.await_reply(exchange);
}

void Negotiation::responded(Exchange& exchange, const sip::Message& response) {
  if (exchange.kind == Exchange::Kind::join) return join_responded(exchange, response);
  if (response.status == 422 && asks_for_longer(exchange, *book_.leg(exchange.other), response)) {
    exchange.asked.reset();
    return retry(exchange);
  }
  if (response.status >= 300) return failed(exchange.id, response.status, &response);
  accepted(exchange, response);
}

void Negotiation::accepted(Exchange& exchange, const sip::Message& response) {
  Leg& other = *book_.leg(exchange.other);
  requests_.learn(other, response);
  sessions_.agree(other, response);
  auto sdp = std::string{sdp_of(response)};
  if (!streams_.takes(other, sdp)) sdp.clear();
  const bool late = exchange.kind == Exchange::Kind::relay && exchange.offer.empty();
  if (response.cseq.method == "INVITE" && !late) requests_.acknowledge(other, *exchange.asked, exchange.asked_cseq, {});
  if (exchange.kind == Exchange::Kind::refresh) {
    if (!sdp.empty()) {
      other.remote_sdp = sdp;
      streams_.set_remote(other, sdp);
    }
    exchanges_.forget(exchange.id);
    if (other.rekeys) listener_.leg_left(other.id, 488, {});
    return;
  }
  if (sdp.empty()) {  // no answer, or no offer: neither side knows what holds
    if (late) requests_.acknowledge(other, *exchange.asked, exchange.asked_cseq, {});
    return listener_.leg_left(exchange.other, 488, {});
  }
  Leg& asker = *book_.leg(*exchange.asker);
  other.remote_sdp = sdp;
  if (late) {
    exchange.owed =
        Exchange::OwedAck{.leg = other.id, .tx = *exchange.asked, .cseq = exchange.asked_cseq, .offer = sdp};
  } else {
    other.local_sdp = streams_.word(other, exchange.offer);
    streams_.set_remote(other, sdp);
    asker.remote_sdp = exchange.offer;
    streams_.set_remote(asker, exchange.offer);
  }
  exchange.asked.reset();
  answer_asker(exchange, streams_.word(asker, sdp, exchange.offer));
}

void Negotiation::answer_asker(Exchange& exchange, const std::string& sdp) {
  const auto id = exchange.id;
  Leg& asker = *book_.leg(*exchange.asker);
  const auto asking = asker.id;
  const auto serial = asker.call;
  if (const auto old = std::exchange(exchange.replaced, std::nullopt)) {
    exchange.stage = Exchange::Stage::acking;
    exchange.tx.reset();
    answers_.accept(asker, sdp, std::nullopt);
    listener_.replaced(asker, *old);
  } else {
    const auto tx = std::exchange(exchange.tx, std::nullopt);
    if (!tx) return exchanges_.forget(id);
    asker.local_sdp = sdp;
    auto response = requests_.make_answer(asker, exchange.request, 200);
    requests_.show_identity(asker, response);
    sessions_.answer(asker, exchange.request, response);
    response.content_type = "application/sdp";
    response.body = sdp;
    const bool acknowledged = exchange.request.method == "INVITE";
    if (acknowledged) {
      exchange.stage = Exchange::Stage::acking;
      requests_.expect_ack(asker, *tx, exchange.request.cseq.number);
      exchanges_.await_reply(exchange);
    }
    requests_.respond(*tx, std::move(response));
    if (!acknowledged) exchanges_.forget(id);
  }
  if (const Leg* leg = book_.leg(asking)) notices_.dialogs_changed(*leg);
  if (Call* call = book_.call(serial)) notices_.tell(*call);
}

void Negotiation::acked(Exchange& exchange, const sip::Message& ack) {
  Leg& asker = *book_.leg(*exchange.asker);
  const auto serial = asker.call;
  if (exchange.our_offer) return tell_what_was_answered(exchange, std::string{sdp_of(ack)});
  if (exchange.owed) {
    const auto sdp = sdp_of(ack);
    if (!streams_.takes(asker, sdp)) return listener_.leg_left(asker.id, 488, {});
    const auto owed = std::exchange(exchange.owed, std::nullopt);
    Leg& other = *book_.leg(owed->leg);
    other.local_sdp = streams_.word(other, sdp, owed->offer);
    asker.remote_sdp = sdp;
    streams_.set_remote(asker, sdp);
    streams_.set_remote(other, owed->offer);
    requests_.acknowledge(other, owed->tx, owed->cseq, other.local_sdp);
    streams_.connect(asker, other);
  }
  exchanges_.forget(exchange.id);
  if (Call* call = book_.call(serial)) notices_.tell(*call);
}

void Negotiation::failed(ExchangeId id, int status, const sip::Message* response) {
  Exchange& exchange = *exchanges_.find(id);
  switch (exchange.kind) {
    case Exchange::Kind::join:
      return join_failed(id, status);
    case Exchange::Kind::refresh: {
      const auto other = exchange.other;
      exchanges_.forget(id);
      Leg* leg = book_.leg(other);
      if (!leg) return;
      if (!leg->rekeys) return refreshed(*leg, status, response);
      // RFC 3261 §14.1: its own request is on the way. Any other refusal leaves it without media.
      if (status != 491) return listener_.leg_left(other, status, {});
      return context_.set_timer(TimerKind::leg_rekey, other, std::chrono::seconds{1});
    }
    case Exchange::Kind::relay:
      return refused(exchange, status, response);
  }
}

void Negotiation::refused(Exchange& exchange, int status, const sip::Message* response) {
  if (exchange.stage == Exchange::Stage::waiting && exchange.asked && status == 408) requests_.cancel(*exchange.asked);
  const auto other = exchange.other;
  Leg& asker = *book_.leg(*exchange.asker);
  const auto tx = exchange.tx;
  const sip::Message request = std::move(exchange.request);
  const int said = status == 491 || status == 487 ? status : passed_on(status);
  exchanges_.forget(exchange.id);
  if (asker.is_asking()) {  // INVITE with Replaces
    if (Call* call = book_.call(asker.call)) std::erase(call->fork.branches, asker.id);
    legs_.end(asker.id, said);
  } else if (tx) {
    auto answered = requests_.make_answer(asker, request, said);
    const auto after = response ? response->header("Retry-After") : std::nullopt;
    if (after) answered.set_header("Retry-After", std::string{*after});
    requests_.respond(*tx, std::move(answered));
  }
  // RFC 3261 §12.2.1.2: the dialog is gone.
  if (status == 408 || status == 481) listener_.leg_left(other, status, {});
}

void Negotiation::cancelled(Exchange& exchange) {
  // Its end decides. A 2xx that crosses wins (RFC 3261 §9.2 allows it), so that both sides always agree.
  if (exchange.asked) return requests_.cancel(*exchange.asked);
  failed(exchange.id, 487);
}

void Negotiation::timed_out(Exchange& exchange) {
  if (exchange.stage == Exchange::Stage::acking) return listener_.leg_left(*exchange.asker, 408, {});
  failed(exchange.id, 408);
}

void Negotiation::retry(Exchange& exchange) {
  constexpr int most = 8;
  if (exchange.stage == Exchange::Stage::asking) return ask_offerer(exchange);
  const Leg* other = book_.leg(exchange.other);
  const bool busy =
      !other || !other->is<Up>() || (other->exchange && *other->exchange != exchange.id) || other->awaits_ack;
  if (!busy) return ask_other(exchange);
  if (!other || ++exchange.retries > most) return failed(exchange.id, 491);
  context_.set_timer(TimerKind::exchange_retry, exchange.id, std::chrono::milliseconds{500});
}

}  // namespace roamdesk::calls
