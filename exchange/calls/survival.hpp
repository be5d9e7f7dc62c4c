#pragma once
#include "exchange/calls/context.hpp"
#include "exchange/calls/leg.hpp"

namespace roamdesk::calls {

// What outlives this process: for each confirmed dialog, the BYE that a later process would have to send. A call can't
// go on without the state that dies with us, and no phone may be left in a dead one.
class Survival {
 public:
  explicit Survival(Context& context) : context_(context) {}
  // The leg is confirmed, or may be ended another way than before: DialogConfirmed if so.
  void keep(Leg& leg);
  // Its target has moved; nothing if it isn't kept.
  void renew(Leg& leg);
  // It is over: DialogOver.
  void drop(Leg& leg);

 private:
  Context& context_;
};

}  // namespace roamdesk::calls
