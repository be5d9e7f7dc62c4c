#include "exchange/calls/exchanges.hpp"

#include <utility>

namespace roamdesk::calls {

Exchange& Exchanges::begin(Exchange::Kind kind, std::optional<LegId> asker, LegId other) {
  Exchange fresh{.id = ExchangeId{++last_}, .kind = kind, .asker = asker, .other = other};
  if (Leg* leg = book_.leg(asker)) leg->exchange = fresh.id;
  if (Leg* leg = book_.leg(other); leg && !leg->exchange) leg->exchange = fresh.id;
  await_reply(fresh);
  const auto id = fresh.id;
  return exchanges_.emplace(id, std::move(fresh)).first->second;
}

Exchange* Exchanges::find(ExchangeId id) {
  const auto found = exchanges_.find(id);
  return found == exchanges_.end() ? nullptr : &found->second;
}

void Exchanges::await_reply(const Exchange& exchange) {
  context_.set_timer(TimerKind::exchange_reply, exchange.id, context_.options.times.reply);
}

void Exchanges::forget(ExchangeId id) {
  const auto found = exchanges_.find(id);
  if (found == exchanges_.end()) return;
  for (Leg* leg : {book_.leg(found->second.asker), book_.leg(found->second.other)})
    if (leg && leg->exchange == id) leg->exchange.reset();
  context_.clear_timer(TimerKind::exchange_reply, id);
  context_.clear_timer(TimerKind::exchange_retry, id);
  exchanges_.erase(found);
}

void Exchanges::withdraw(const Exchange& exchange) {
  if (exchange.asked) requests_.cancel(*exchange.asked);
  if (!exchange.owed) return;
  if (const Leg* leg = book_.leg(exchange.owed->leg))
    requests_.acknowledge(*leg, exchange.owed->tx, exchange.owed->cseq, leg->local_sdp);
}

void Exchanges::abort(Leg& leg) {
  if (leg.exchange) abort(*leg.exchange);
}

void Exchanges::abort(ExchangeId id) {
  const auto found = exchanges_.find(id);
  if (found == exchanges_.end()) return;
  const Exchange aborted = found->second;
  forget(id);
  withdraw(aborted);
  if (!aborted.tx) return;
  if (const Leg* asker = book_.leg(aborted.asker))
    requests_.respond(*aborted.tx, requests_.make_answer(*asker, aborted.request, 487));
}

std::string Exchanges::inconsistency() const {
  for (const auto& [id, leg] : book_.legs())
    if (leg.exchange && !exchanges_.contains(*leg.exchange))
      return "leg " + std::to_string(id.value()) + " in a dead exchange";
  for (const auto& [id, exchange] : exchanges_) {
    const auto who = "exchange " + std::to_string(id.value()) + " ";
    const Leg* asker = book_.leg(exchange.asker);
    const Leg* other = book_.leg(exchange.other);
    if (exchange.asker && (!asker || asker->exchange != id)) return who + "has no asker";
    if (!other || other->is<Ending>()) return who + "has no other side";
    if (!context_.timers.of({TimerKind::exchange_reply, id.value()})) return who + "ends never";
  }
  return {};
}

}  // namespace roamdesk::calls
