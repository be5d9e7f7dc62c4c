#pragma once
#include <functional>
#include <string>

#include "exchange/calls/alerts.hpp"
#include "exchange/calls/announcements.hpp"
#include "exchange/calls/call_machine.hpp"
#include "exchange/calls/carrying.hpp"
#include "exchange/calls/challenges.hpp"
#include "exchange/calls/dispatch.hpp"
#include "exchange/calls/pickups.hpp"
#include "exchange/calls/transfers.hpp"
#include "exchange/calls/voice_dialogues.hpp"

namespace roamdesk::calls {

// All parts of calls, each above those that it uses, and who hears of whom. README.md says what each does.
struct Rooms {
  Rooms(sip::TransactionLayer& transactions, Host& host, std::function<std::string()> unique, Options options);
  Rooms(const Rooms&) = delete;
  Rooms& operator=(const Rooms&) = delete;

  bool empty() const;
  std::string inconsistency() const;

  Context context;
  Book book;
  Survival survival{context};
  Requests requests{context, book, survival};
  Challenges challenges{context, requests};
  Sessions sessions{context, requests};
  Streams streams{context, book};
  Notices notices{context, book, survival};
  Exchanges exchanges{context, book, requests};
  Answers answers{context, book, requests, sessions, streams, notices};
  Legs legs{context, book, survival, requests, sessions, streams, notices, exchanges, answers};
  CallMachine machine{*this};
  Negotiation negotiation{context, book, requests, sessions, streams, notices, exchanges, answers, legs, machine};
  Ringing ringing{context, book, requests, sessions, streams, notices, legs, machine};
  Transfers transfers{context, book, requests, streams, notices, exchanges, legs, negotiation, ringing, machine};
  Pickups pickups{context, book, requests, streams, notices, answers, legs, negotiation, ringing};
  Announcements announcements{context, book, streams, notices, answers, legs, machine};
  Alerts alerts{context, book, streams, notices, ringing, machine};
  VoiceDialogues dialogues{context, book, streams, notices, answers, legs};
  Carrying carrying{*this};
  Dispatch dispatch{*this};

 private:
  std::string inconsistency(const Leg& leg) const;
  std::string inconsistency(const Call& call) const;
};

}  // namespace roamdesk::calls
