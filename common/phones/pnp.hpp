#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/endpoint.hpp"
#include "common/phones/vendor.hpp"
#include "common/sip/message.hpp"

// SIP plug-and-play (reference §2): SUBSCRIBE of a phone that boots, our 200, and the NOTIFY that carries the URL.
namespace roamdesk::phones {

struct Discovery {
  Mac mac;
  Vendor vendor = Vendor::unknown;  // by OUI first, then User-Agent, then the Event's word
  std::string model, firmware;      // User-Agent first, then the Event's parameters; "" where neither does
  std::string user_agent;           // printable ASCII, at most 128 characters
  friend bool operator==(const Discovery&, const Discovery&) = default;
};

// nullopt: not a SUBSCRIBE for ua-profile, or without a MAC in Request-URI, From, To, Event or User-Agent.
std::optional<Discovery> discover(const sip::Message& subscribe);
// Whether a datagram that came to the multicast group is one that can be served. All others are for another server,
// whose answer ours would take away: the first final one ends the phone's transaction (RFC 3261 §17.1.2.2).
bool is_discovery(std::string_view datagram);

// The 200 that a Grandstream stops at (it ignores 202). `to_tag` is a fresh token, and the one of the NOTIFY.
sip::Message make_pnp_ok(const sip::Message& subscribe, const std::string& to_tag, const Endpoint& face);

// NOTIFY in the SUBSCRIBE's dialog (reference §2.1, style a). To its Contact, else to `peer`, from where it came. Via
// and Max-Forwards are the transaction layer's. `cseq` rises with each NOTIFY of one dialog.
sip::Message make_pnp_notify(const sip::Message& subscribe, const std::string& to_tag, const Endpoint& face,
                             const Endpoint& peer, const std::string& url, std::uint32_t cseq = 1);

// NOTIFY outside of any dialog to the same Contact: `event` is of resync_event(). `call_id` and `tag` are fresh tokens.
sip::Message make_restart_notify(const sip::Message& subscribe, const std::string& call_id, const std::string& tag,
                                 const Endpoint& face, const Endpoint& peer, const std::string& event);

// The Event of the NOTIFY that makes a phone fetch its configuration again, without or with a reboot.
std::string resync_event(Vendor vendor, bool reboot);

// False where the vendor has one word for both, and its phones restart only where what they fetch needs it (Poly).
bool can_be_restarted(Vendor vendor);

}  // namespace roamdesk::phones
