#pragma once
#include <string>
#include <string_view>

#include "exchange/calls/answers.hpp"
#include "exchange/calls/exchanges.hpp"

namespace roamdesk::calls {

// How a leg begins, and how it ends. Its media goes at once; the leg stays, without a call, until its last transaction
// has its answer. What becomes of its call is decided elsewhere.
class Legs {
 public:
  Legs(Context& context, Book& book, Survival& survival, Requests& requests, Sessions& sessions, Streams& streams,
       Notices& notices, Exchanges& exchanges, Answers& answers)
      : context_(context),
        book_(book),
        survival_(survival),
        requests_(requests),
        sessions_(sessions),
        streams_(streams),
        notices_(notices),
        exchanges_(exchanges),
        answers_(answers) {}

  // Of an INVITE. nullptr: it was refused (for what it wants, by a limit, or for want of a port).
  Leg* accept(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, Caller caller, Party shown);
  // The same, whatever it asks for; media with it is as `srtp` says.
  Leg* begin(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, Caller caller, Party shown,
             Srtp srtp);
  // For an INVITE of ours to `target`, of whom only `request_uri` was read. Without media.
  Leg& dial(const Target& target, const sip::Uri& request_uri, const Party& shown, std::uint64_t hunt);

  // CANCEL, BYE or refusal, as its state has it. `reason`: Reason of the CANCEL or BYE; `said_bye`: the peer has.
  void end(LegId id, int status, const std::string& reason = {}, bool said_bye = false);
  // Its call goes on without it; it hangs up itself (RFC 5589 §6), or we do after a while.
  void detach(Leg& leg);
  void say_bye(Leg& leg);  // only while it is Ending
  // A trunk's leg counts no longer. `carried` is Host::over()'s.
  void uncount(Leg& leg, bool carried);
  void forget(LegId id);
  void forget_if_done(LegId id);

  // An INVITE that becomes no leg: its answer, and a call that began and ended at once. `words`: the reason phrase, ""
  // for the status's own.
  void refuse(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, const Caller& caller, Party callee,
              int status, std::string_view words = {});

 private:
  Leg& add(Leg leg, const sip::Flow& flow, Caller who, Party shown);

  Context& context_;
  Book& book_;
  Survival& survival_;
  Requests& requests_;
  Sessions& sessions_;
  Streams& streams_;
  Notices& notices_;
  Exchanges& exchanges_;
  Answers& answers_;
};

}  // namespace roamdesk::calls
