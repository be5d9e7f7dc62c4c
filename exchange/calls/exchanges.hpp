#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "exchange/calls/requests.hpp"

namespace roamdesk::calls {

// The offers and answers that are on their way: how one begins, and how it is taken back. What comes of them is
// Negotiation's.
class Exchanges {
 public:
  Exchanges(Context& context, Book& book, Requests& requests) : context_(context), book_(book), requests_(requests) {}

  // Both legs take part in it, if they do in no other one.
  Exchange& begin(Exchange::Kind kind, std::optional<LegId> asker, LegId other);
  Exchange* find(ExchangeId id);
  Exchange* of(const Leg& leg) { return leg.exchange ? find(*leg.exchange) : nullptr; }
  void await_reply(const Exchange& exchange);
  void forget(ExchangeId id);
  // One of its legs goes: the other one gets what it waits for.
  void abort(Leg& leg);
  void abort(ExchangeId id);
  // Its request isn't wanted any more, and an offer that wasn't taken up is answered with what was agreed before.
  void withdraw(const Exchange& exchange);

  bool empty() const { return exchanges_.empty(); }
  std::string inconsistency() const;

 private:
  Context& context_;
  Book& book_;
  Requests& requests_;
  std::uint64_t last_ = 0;
  std::unordered_map<ExchangeId, Exchange> exchanges_;
};

}  // namespace roamdesk::calls
