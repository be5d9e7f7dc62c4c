#pragma once
#include "exchange/calls/requests.hpp"

namespace roamdesk::calls {

// RFC 4028, on each leg by itself: winds the legs' session timers up, so that a peer that has vanished ends its call,
// whatever the other side can do.
class Sessions {
 public:
  Sessions(Context& context, Requests& requests) : context_(context), requests_(requests) {}

  // False: 422 was sent (RFC 4028 §8). `leg`: nullptr if there is none yet.
  bool check(sip::ServerTx tx, const sip::Message& request, const Leg* leg);
  void ask(const Leg& leg, sip::Message& request) const;
  void answer(Leg& leg, const sip::Message& request, sip::Message& response);
  void agree(Leg& leg, const sip::Message& response);
  // The next refresh, or the end.
  void wind_up(const Leg& leg);

 private:
  Context& context_;
  Requests& requests_;
};

}  // namespace roamdesk::calls
