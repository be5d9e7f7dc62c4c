#pragma once
#include <optional>
#include <string>

#include "exchange/calls/legs.hpp"

namespace roamdesk::calls {

// Offers and answers through a call that is up: hold, resume, new codecs, session refresh (RFC 3261 §14, RFC 3311); and
// two dialogs that become one call.
class Negotiation {
 public:
  // What comes of it for the call.
  class Listener {
   public:
    // The leg doesn't know the dialog any more, or doesn't negotiate: it has left.
    virtual void leg_left(LegId leg, int status, const std::string& reason) = 0;
    virtual void joined(Serial call) = 0;
    virtual void join_failed(Serial call, int status) = 0;
    // The newcomer's offer was taken: it is in the place of `old`.
    virtual void replaced(Leg& newcomer, LegId old) = 0;

   protected:
    ~Listener() = default;
  };
  Negotiation(Context& context, Book& book, Requests& requests, Sessions& sessions, Streams& streams, Notices& notices,
              Exchanges& exchanges, Answers& answers, Legs& legs, Listener& listener)
      : context_(context),
        book_(book),
        requests_(requests),
        sessions_(sessions),
        streams_(streams),
        notices_(notices),
        exchanges_(exchanges),
        answers_(answers),
        legs_(legs),
        listener_(listener) {}

  // A re-INVITE or UPDATE of the leg's peer.
  void modify(Leg& leg, sip::ServerTx tx, const sip::Message& request);
  // RFC 4028: our turn. A little later, where the leg has something else to do.
  void refresh(Leg& leg);
  // The leg is told what holds, by re-INVITE.
  void offer_anew(Leg& leg);
  // Its keys may have sealed anything (media::SealLost): it gets others, or ends where it isn't up yet.
  void seal_lost(Leg& leg);
  // Tells it of them, as soon as it can be reached.
  void rekey(Leg& leg);
  // Two dialogs become one call (RFC 3725, flow I with a fresh offer): `offerer` offers, `other` is asked with that
  // offer in a re-INVITE, its answer goes back in the ACK. So both negotiate again, with all the codecs that they have.
  // `offer` is empty if the offerer has to be asked for one first. The offerer is in no exchange; the other one may be:
  // then the join waits for its end.
  void join(Leg& offerer, LegId other, std::string offer);
  // RFC 3891: `newcomer` takes the place of `old`. Its offer goes to the party that stays, like a re-INVITE's.
  void replace(Leg& newcomer, LegId old, LegId staying);

  // ---- what comes in for an exchange
  void responded(Exchange& exchange, const sip::Message& response);
  void failed(ExchangeId id, int status, const sip::Message* response = nullptr);
  void refreshed(Leg& leg, int status, const sip::Message* response);
  void acked(Exchange& exchange, const sip::Message& ack);
  void cancelled(Exchange& exchange);
  // The time for its reply, or ACK, is over.
  void timed_out(Exchange& exchange);
  // Its turn may have come.
  void retry(Exchange& exchange);

 private:
  void answer_alone(Leg& leg, sip::ServerTx tx, const sip::Message& request);
  // negotiation_outside.cpp
  bool answer_hold(Leg& leg, const Leg& trunk, sip::ServerTx tx, const sip::Message& request);
  void offer_in_its_place(Exchange& exchange);
  void tell_what_was_answered(Exchange& exchange, const std::string& sdp);
  // A 422 to our request (RFC 4028 §7.3): true where it is to be sent once more, and asks for what the leg wants then.
  bool asks_for_longer(Exchange& exchange, Leg& leg, const sip::Message& refusal);
  void ask_other(Exchange& exchange);
  void accepted(Exchange& exchange, const sip::Message& response);
  void answer_asker(Exchange& exchange, const std::string& sdp);
  void refused(Exchange& exchange, int status, const sip::Message* response);
  // join.cpp
  void ask_offerer(Exchange& exchange);
  void join_responded(Exchange& exchange, const sip::Message& response);
  void join_answered(Exchange& exchange, const std::string& sdp);
  void join_failed(ExchangeId id, int status);

  Context& context_;
  Book& book_;
  Requests& requests_;
  Sessions& sessions_;
  Streams& streams_;
  Notices& notices_;
  Exchanges& exchanges_;
  Answers& answers_;
  Legs& legs_;
  Listener& listener_;
};

}  // namespace roamdesk::calls
