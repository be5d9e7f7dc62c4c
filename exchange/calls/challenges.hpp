#pragma once
#include <optional>

#include "exchange/calls/requests.hpp"

namespace roamdesk::calls {

// 401 and 407 to requests of ours to trunks (RFC 3261 §22): the request goes out once more in the same dialog, to the
// server that has challenged, with the next CSeq and the answer. Phones are never answered: a challenge of theirs is a
// refusal.
class Challenges {
 public:
  Challenges(Context& context, Requests& requests) : context_(context), requests_(requests) {}

  // The request that was sent in place of `tx`, which is closed then. nullopt if it stands as refused: it was taken
  // back meanwhile, there is no answer, or the last answer wasn't good enough (the same realm asks again, and not
  // because its nonce is stale).
  std::optional<sip::ClientTx> answer(Leg& leg, sip::ClientTx tx, const sip::Message& challenge);

 private:
  Context& context_;
  Requests& requests_;
};

}  // namespace roamdesk::calls
