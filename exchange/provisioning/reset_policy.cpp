#include "exchange/provisioning/reset_policy.hpp"

namespace roamdesk::provisioning {

ResetDecision decide_reset(const ResetFacts& facts) {
  if (!facts.right_site || !facts.by_multicast) return ResetDecision::refuse;
  // The administrator has just asked for it, also for a phone whose last registration hasn't run out.
  const bool awaited = facts.in_window && !facts.window_taken;
  // While the phone is there, one that says to be unconfigured isn't it.
  if (facts.registered) return awaited && facts.here ? ResetDecision::notify : ResetDecision::refuse;
  if (awaited) return ResetDecision::notify;
  if (facts.in_window && !facts.here) return ResetDecision::refuse;
  // It lost what it had fetched, and there is no session: the same URL does.
  if (facts.in_window && !facts.session) return ResetDecision::notify;
  return facts.dedicated ? ResetDecision::refuse : ResetDecision::renew;
}

}  // namespace roamdesk::provisioning
