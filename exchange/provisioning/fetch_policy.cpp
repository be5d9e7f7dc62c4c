#include "exchange/provisioning/fetch_policy.hpp"

namespace roamdesk::provisioning {

FetchDecision decide_fetch(const FetchFacts& facts) {
  if (facts.by_mac && !facts.in_window) return FetchDecision::outside_window;
  if (facts.only_by_tls && facts.in_the_clear && !facts.in_window) return FetchDecision::in_the_clear;
  if (facts.registered_at)
    return facts.from == *facts.registered_at ? FetchDecision::serve : FetchDecision::foreign_address;
  if (facts.in_window && !facts.window_taken) return FetchDecision::serve;
  return facts.known_at && facts.from == *facts.known_at ? FetchDecision::serve : FetchDecision::foreign_address;
}

}  // namespace roamdesk::provisioning
