#pragma once
#include <string>

#include "exchange/calls/call_endings.hpp"
#include "exchange/calls/legs.hpp"

namespace roamdesk::calls {

// Announcements ahead of a refusal. Of a call for help the caller isn't asked for credentials, so no caller may use
// them against others: they cost a port each, and media goes to an address only that is known to hear us.
class Announcements {
 public:
  Announcements(Context& context, Book& book, Streams& streams, Notices& notices, Answers& answers, Legs& legs,
                CallEndings& endings)
      : context_(context),
        book_(book),
        streams_(streams),
        notices_(notices),
        answers_(answers),
        legs_(legs),
        endings_(endings) {}

  // The prompt, and the final response `status`; the response at once where there can be no prompt.
  void start(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, Caller caller, std::string prompt,
             int status);
  // A refusal to a caller whose credentials were good; said aloud where it has a prompt, and the caller can hear it.
  void refuse(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, const Caller& caller, Party callee,
              Refusal refusal);
  // Of a call for help that no trunk takes. False where its caller can't hear it.
  bool take_over(Call& call, int status);
  // Its address hears us.
  void proven(Leg& leg);
  // The prompt is over, or its time.
  void over(Serial call);

 private:
  bool may_speak(const Caller& caller, const SiteId& site) const;
  bool may_start(const sip::FlowAddress& to, bool stranger) const;
  void refuse_unheard(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, const Caller& caller,
                      int status, bool codec);

  Context& context_;
  Book& book_;
  Streams& streams_;
  Notices& notices_;
  Answers& answers_;
  Legs& legs_;
  CallEndings& endings_;
};

}  // namespace roamdesk::calls
