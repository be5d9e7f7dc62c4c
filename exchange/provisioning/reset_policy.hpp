#pragma once
#include <cstdint>

namespace roamdesk::provisioning {

// What is known when a SUBSCRIBE for ua-profile comes from an assigned MAC.
struct ResetFacts {
  bool right_site = true;     // the site where it is assigned
  bool by_multicast = true;   // to the plug-and-play group, so from the phones' own network
  bool dedicated = false;     // a person's own phone
  bool registered = false;    // it has a binding in force
  bool here = false;          // it comes from the address of that binding or, without one, from where it was known last
  bool in_window = false;     // within 10 minutes after Assign, Provision again or a reset
  bool window_taken = false;  // an address has fetched in it
  bool session = false;       // there is a session at the desk
};

enum class ResetDecision : std::uint8_t {
  notify,  // the URL that it should have: it was just assigned, or its NOTIFY was lost
  renew,   // end the session there, draw a new token, open the window for this address, idle configuration
  refuse,  // report it; answer nothing that helps
};

// Contract §4, The window, and §5: everyone who knows a MAC can send such a SUBSCRIBE. A person's own phone gets
// nothing by it but in an administrator's window. README.md has the table.
ResetDecision decide_reset(const ResetFacts& facts);

}  // namespace roamdesk::provisioning
