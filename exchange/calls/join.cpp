#include <utility>

#include "exchange/calls/negotiation.hpp"
#include "exchange/calls/privacy.hpp"
#include "exchange/calls/sip_rules.hpp"

// Two dialogs become one call.
namespace roamdesk::calls {

void Negotiation::join(Leg& offerer, LegId other, std::string offer) {
  const auto serial = book_.leg(other)->call;
  Exchange& exchange = exchanges_.begin(Exchange::Kind::join, offerer.id, other);
  exchange.call = serial;
  if (offer.empty() && !offerer.takes_late_offers()) {
    offer = sdp_view::opened(offerer.remote_sdp);
    exchange.renew = !offer.empty();
  }
  exchange.stage = offer.empty() ? Exchange::Stage::asking : Exchange::Stage::waiting;
  exchange.offer = std::move(offer);
  retry(exchange);
}

void Negotiation::ask_offerer(Exchange& exchange) {
  Leg& asker = *book_.leg(*exchange.asker);
  auto request = requests_.make(asker, "INVITE");
  if (const Leg* other = book_.leg(exchange.other)) requests_.show_identity(asker, request, shown_as(other->who));
  sessions_.ask(asker, request);
  exchange.asked_cseq = request.cseq.number;
  exchange.asked = requests_.send(asker, std::move(request), ForExchange{exchange.id});
  exchanges_.await_reply(exchange);
}

void Negotiation::join_responded(Exchange& exchange, const sip::Message& response) {
  constexpr int most = 8;
  const auto asked = *std::exchange(exchange.asked, std::nullopt);
  if (response.status == 491 && ++exchange.retries <= most) {
    // RFC 3261 §14.1: the owner of the Call-ID waits 2.1 to 4 s, in steps of 10 ms. The spread comes from the id.
    const auto draw = exchange.id.value() * 37 + static_cast<std::uint64_t>(exchange.retries) * 61;
    const std::chrono::milliseconds spread{10 * (draw % 190)};
    context_.set_timer(TimerKind::exchange_retry, exchange.id, std::chrono::milliseconds{2100} + spread);
    return exchanges_.await_reply(exchange);
  }
  const bool asking = exchange.stage == Exchange::Stage::asking;
  Leg& asker = *book_.leg(*exchange.asker);
  if (response.status == 422 && asks_for_longer(exchange, asking ? asker : *book_.leg(exchange.other), response))
    return retry(exchange);
  if (response.status >= 300) {
    const bool gone = response.status == 408 || response.status == 481;
    // Not every phone makes a late offer. What it said last is an offer as well, as far as it goes; that it was held
    // then says nothing of now.
    const auto known = sdp_view::opened(asker.remote_sdp);
    if (!asking || gone || known.empty()) return join_failed(exchange.id, response.status);
    exchange.offer = known;
    exchange.stage = Exchange::Stage::waiting;
    exchange.renew = true;
    return retry(exchange);
  }
  Leg& from = asking ? asker : *book_.leg(exchange.other);
  auto sdp = std::string{sdp_of(response)};
  if (!streams_.takes(from, sdp)) sdp.clear();
  requests_.learn(from, response);
  sessions_.agree(from, response);
  if (!asking || sdp.empty()) requests_.acknowledge(from, asked, exchange.asked_cseq, {});
  if (sdp.empty()) return join_failed(exchange.id, 488);
  if (!asking) return join_answered(exchange, sdp);
  exchange.owed = Exchange::OwedAck{.leg = asker.id, .tx = asked, .cseq = exchange.asked_cseq, .offer = sdp};
  exchange.offer = std::move(sdp);
  exchange.stage = Exchange::Stage::waiting;
  retry(exchange);
}

void Negotiation::join_answered(Exchange& exchange, const std::string& sdp) {
  Leg& asker = *book_.leg(*exchange.asker);
  Leg& other = *book_.leg(exchange.other);
  other.remote_sdp = sdp;
  other.local_sdp = streams_.word(other, exchange.offer);
  streams_.set_remote(other, sdp);
  asker.remote_sdp = exchange.offer;
  streams_.set_remote(asker, exchange.offer);
  asker.local_sdp = streams_.word(asker, sdp, exchange.offer);
  if (const auto owed = std::exchange(exchange.owed, std::nullopt)) {
    requests_.acknowledge(asker, owed->tx, owed->cseq, asker.local_sdp);
  } else if (asker.owes_answer()) {
    asker.state = Up{};
    requests_.acknowledge(asker, *asker.client()->tx, asker.client()->cseq, asker.local_sdp);
  } else if (asker.is_asking()) {  // it has picked up what rang
    answers_.accept(asker, std::string{asker.local_sdp}, std::nullopt);
  }
  const auto id = *exchange.asker;
  const bool renew = exchange.renew;
  const auto serial = exchange.call;
  exchanges_.forget(exchange.id);
  streams_.connect(asker, other);
  listener_.joined(serial);
  if (!renew) return;
  if (Leg* leg = book_.leg(id); leg && leg->is<Up>() && !leg->exchange) offer_anew(*leg);
}

void Negotiation::join_failed(ExchangeId id, int status) {
  const Exchange exchange = *exchanges_.find(id);
  exchanges_.forget(id);
  exchanges_.withdraw(exchange);  // the new party goes on as it was
  const auto failed = exchange.stage == Exchange::Stage::asking ? *exchange.asker : exchange.other;
  listener_.join_failed(exchange.call, passed_on(status));
  // The consulted one has been shown a party that doesn't come.
  Leg* asker = book_.leg(exchange.asker);
  if (asker && asker->id != failed && asker->is<Up>() && asker->call != exchange.call) refresh(*asker);
  if (status == 408 || status == 481) listener_.leg_left(failed, status, {});  // RFC 3261 §12.2.1.2
}

}  // namespace roamdesk::calls
