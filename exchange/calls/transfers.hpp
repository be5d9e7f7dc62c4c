#pragma once
#include <string>
#include <string_view>

#include "exchange/calls/call_endings.hpp"
#include "exchange/calls/negotiation.hpp"
#include "exchange/calls/ringing.hpp"

namespace roamdesk::calls {

// A party hands the other one on (RFC 3515, RFC 3891, RFC 5589). Carried out here: the party that stays sees a
// re-INVITE. No party is lost in it: what the party that waits hears meanwhile, and its way back to who handed it over.
class Transfers {
 public:
  Transfers(Context& context, Book& book, Requests& requests, Streams& streams, Notices& notices, Exchanges& exchanges,
            Legs& legs, Negotiation& negotiation, Ringing& ringing, CallEndings& endings)
      : context_(context),
        book_(book),
        requests_(requests),
        streams_(streams),
        notices_(notices),
        exchanges_(exchanges),
        legs_(legs),
        negotiation_(negotiation),
        ringing_(ringing),
        endings_(endings) {}

  // A REFER in the leg's dialog.
  void refer(Leg& leg, sip::ServerTx tx, const sip::Message& request);

  // ---- how a call's transfer goes on
  // A new party rings; `early`: with a medium.
  void rings(Call& call, Leg& branch, int status, bool early);
  // The one that was heard early is gone: the ringing tone.
  void early_gone(Call& call, LegId branch);
  // The new party has answered; `offer`: its own, "" if it answered another one's.
  void answered(Call& call, Leg& branch, std::string offer);
  // Nothing for a call whose transfer is over.
  void failed(Serial call, int status);
  void done(Serial call);

  // The leg, which has just said BYE or not, hung up when it had been told, or was just being told, that its transfer
  // had failed: it thinks that the other party is in good hands.
  bool hands_over(const Call& call, const Leg& leg, bool said_bye) const;
  // The party that stays rings at who handed it over, wherever that person's phones are now.
  void recall(Serial call, LegId staying, const Caller& by, int status);

 private:
  void begin(Call& call, Transfer transfer);
  void blind(Call& call, const Caller& by, std::string_view user);
  void attended(Call& call, Leg& consulting);
  // The call is for help as the consultation `second` was, which ends.
  void take_help(Call& call, const Call& second);
  void take_over(Call& call, Leg& consulting);
  void notify(Call& call, int status);
  void hear_ringing(Call& call);
  void hear_early(Call& call, Leg& branch);

  Context& context_;
  Book& book_;
  Requests& requests_;
  Streams& streams_;
  Notices& notices_;
  Exchanges& exchanges_;
  Legs& legs_;
  Negotiation& negotiation_;
  Ringing& ringing_;
  CallEndings& endings_;
};

}  // namespace roamdesk::calls
