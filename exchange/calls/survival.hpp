#pragma once
#include "exchange/calls/context.hpp"
#include "exchange/calls/leg.hpp"

namespace roamdesk::calls {

// For each confirmed dialog, the BYE that a later process would have to send, or this one when its peer is back: no
// phone may be left in a dead call.
class Survival {
 public:
  explicit Survival(Context& context) : context_(context) {}
  // The leg is confirmed, or may be ended another way than before: DialogConfirmed if so.
  void keep(Leg& leg);
  // Its target has moved; nothing if it isn't kept.
  void renew(Leg& leg);
  // It is over: DialogOver, or DialogUntold.
  void drop(Leg& leg);

 private:
  Context& context_;
};

}  // namespace roamdesk::calls
