#include "pbx-core/provisioning/reset_policy.hpp"

namespace roamdesk::provisioning {

ResetDecision decide_reset(const ResetFacts& facts) {
  if (!facts.right_site) return ResetDecision::refuse;
  // The administrator has just asked for it, also for a phone whose last registration hasn't run out.
  if (facts.in_window && !facts.fetched) return ResetDecision::notify;
  // Anybody can send such a SUBSCRIBE; while the desk is there, it isn't the desk.
  if (facts.registered) return ResetDecision::refuse;
  // It lost what it had fetched, and nobody is logged in: the same URL does.
  if (facts.in_window && !facts.session) return ResetDecision::notify;
  return ResetDecision::renew;
}

}  // namespace roamdesk::provisioning
