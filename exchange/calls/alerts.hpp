#pragma once
#include <optional>
#include <string>
#include <vector>

#include "exchange/calls/call_endings.hpp"
#include "exchange/calls/ringing.hpp"

namespace roamdesk::calls {

// Calls of ours that tell something: phones ring, the first that answers hears the prompts, and that was it. No party
// calls, so nobody is at the other end to be held, transferred or picked up.
class Alerts {
 public:
  Alerts(Context& context, Book& book, Streams& streams, Notices& notices, Ringing& ringing, CallEndings& endings)
      : context_(context), book_(book), streams_(streams), notices_(notices), ringing_(ringing), endings_(endings) {}

  // nullopt: no phone rings.
  std::optional<CallId> start(Party from, std::vector<Target> targets, std::vector<std::string> prompts);
  // The branch has answered: it is the only one.
  void answered(Call& call, Leg& branch);
  // What it was told is over, or its time. Nothing for a call of another kind.
  void over(Serial call);

 private:
  Context& context_;
  Book& book_;
  Streams& streams_;
  Notices& notices_;
  Ringing& ringing_;
  CallEndings& endings_;
};

}  // namespace roamdesk::calls
