#pragma once
#include <cstdint>

namespace roamdesk::provisioning {

// What is known when a SUBSCRIBE for ua-profile comes from an assigned MAC, at its own site.
struct ResetFacts {
  bool registered = false;  // the desk (or the dedicated phone) has a binding in force
  bool in_window = false;   // within 10 minutes after Assign or Provision again
  bool session = false;     // somebody is logged in at the desk
  bool fetched = false;     // it has fetched its configuration since the window was opened
  bool right_site = true;   // the site where it is assigned
};

enum class ResetDecision : std::uint8_t {
  notify,  // the URL it has already: it was just assigned, or its NOTIFY was lost
  renew,   // end the session there, change the token, open the window, idle configuration
  refuse,  // report it; answer nothing that helps
};

// Contract §4, The window: an assigned MAC that asks again is refused while the desk is registered (anybody can send
// such a SUBSCRIBE); otherwise the phone was reset, and gets a new token and the idle configuration.
ResetDecision decide_reset(const ResetFacts& facts);

}  // namespace roamdesk::provisioning
