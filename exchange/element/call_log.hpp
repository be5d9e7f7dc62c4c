#pragma once
#include "exchange/element/dialogues.hpp"
#include "exchange/element/emergency_calls.hpp"
#include "exchange/element/outside.hpp"
#include "exchange/element/record_allowance.hpp"
#include "exchange/element/upstreams.hpp"
#include "exchange/trace/trace.hpp"

namespace roamdesk::element {

// What is kept of calls that are over: a record of each in the store, and the SIP of the last ones.
class CallLog {
 public:
  CallLog(Context& context, trace::Trace& trace, const EmergencyCalls& emergency, const Outside& outside,
          const Upstreams& upstreams, const Dialogues& dialogues)
      : context_(context),
        trace_(trace),
        emergency_(emergency),
        outside_(outside),
        upstreams_(upstreams),
        dialogues_(dialogues) {}

  void handle_ended(const calls::CallChanged& ended);

 private:
  void note_login(CallRecord& record, const Dialogues::Login& login) const;

  Context& context_;
  trace::Trace& trace_;
  const EmergencyCalls& emergency_;
  const Outside& outside_;
  const Upstreams& upstreams_;
  const Dialogues& dialogues_;
  RecordAllowance unanswered_;
};

}  // namespace roamdesk::element
