#pragma once
#include <optional>

#include "exchange/calls/negotiation.hpp"
#include "exchange/calls/ringing.hpp"

namespace roamdesk::calls {

// INVITE with Replaces (RFC 3891): a call that rings is picked up, one that is up is carried on at another phone.
class Pickups {
 public:
  Pickups(Context& context, Book& book, Requests& requests, Streams& streams, Notices& notices, Answers& answers,
          Legs& legs, Negotiation& negotiation, Ringing& ringing)
      : context_(context),
        book_(book),
        requests_(requests),
        streams_(streams),
        notices_(notices),
        answers_(answers),
        legs_(legs),
        negotiation_(negotiation),
        ringing_(ringing) {}

  // nullopt: it was refused.
  std::optional<CallId> start(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, Caller caller,
                              Party callee);
  // The newcomer is in the place of `old`, which ends.
  void replaced(Leg& newcomer, LegId old);

 private:
  std::optional<CallId> pick_up(Leg& newcomer, LegId ringing);
  std::optional<CallId> carry_on(Leg& newcomer, LegId old);
  std::optional<CallId> refuse(LegId newcomer, int status);
  void stop_ringing(Call& call);

  Context& context_;
  Book& book_;
  Requests& requests_;
  Streams& streams_;
  Notices& notices_;
  Answers& answers_;
  Legs& legs_;
  Negotiation& negotiation_;
  Ringing& ringing_;
};

}  // namespace roamdesk::calls
