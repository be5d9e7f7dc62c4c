#pragma once
#include <cstdint>
#include <optional>

#include "common/base/endpoint.hpp"

namespace roamdesk::provisioning {

// What is known when a client asks for an assigned phone's file, at its own site and by a token of its own (or, where
// `by_mac`, by nothing but its MAC: DHCP option 66).
struct FetchFacts {
  IpAddress from{};
  std::optional<IpAddress> registered_at{};  // the address of its binding in force
  std::optional<IpAddress> known_at{};       // where it registered or was given its file last
  bool in_window = false;                    // within 10 minutes after Assign, Provision again or a reset
  bool window_taken = false;                 // an address has fetched in it
  bool by_mac = false;
  bool in_the_clear = true;  // it doesn't ask over TLS
  bool only_by_tls = false;  // the phone is settled on HTTPS
};

enum class FetchDecision : std::uint8_t {
  serve,
  outside_window,   // by MAC alone, and the window is closed
  foreign_address,  // it isn't there, or not known to be
  in_the_clear,     // it fetches over TLS, so that it isn't the one that asks, or somebody listens
};

// A token is no proof of who asks: it is in the phone's own web page, in a LAN's traffic, on paper. So the file goes to
// the phone's address only; which one that is, the phone says by registering (with credentials), an administrator by
// opening the window. README.md has the table.
FetchDecision decide_fetch(const FetchFacts& facts);

}  // namespace roamdesk::provisioning
