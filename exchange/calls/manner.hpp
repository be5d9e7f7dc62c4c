#pragma once
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/sip/message.hpp"
#include "common/sip/multipart.hpp"

namespace roamdesk::calls {

// What the INVITE says beside its session description and who calls: headers, and the further parts of its body
// (RFC 5621), if any, of which they speak.
struct Attachment {
  std::vector<sip::BodyPart> parts{};
  std::vector<sip::Header> headers{};
};

// How a peer that is no phone is spoken to: a trunk. Its legs share one; for a call to it, a copy with the words of
// that call. Calls never look into who it is: they write what stands here, and heed what the peer can't do.
struct Manner {
  // ---- the words of a call to it
  // From (the tag is ours) and To; nullopt: made of the numbers and our domain, as for a phone. The Request-URI is
  // Target::contact.
  std::optional<sip::NameAddr> from{}, to{};
  // Route of requests that are in no dialog yet (an outbound proxy), in their order.
  std::vector<sip::NameAddr> route{};
  // Of the INVITE, and of it alone: who is shown, billed and has sent the call on (P-Asserted-Identity, Privacy,
  // Diversion, History-Info, ...). In place of what a phone is shown.
  std::vector<sip::Header> headers{};
  // Contact of all that we send to it; nullopt: our address at its flow, and the number that it is shown.
  std::optional<sip::Uri> contact{};
  // Where the other side can't read it (RFC 6442 §4.3: 424), the INVITE goes out at once without.
  std::optional<Attachment> attachment{};

  // ---- when another server, or the next trunk, is asked (Target::then)
  // It has answered nothing at all to the INVITE for so long.
  std::chrono::milliseconds silence{4000};
  // Final answers after which the next one is asked, beside 408 and 5xx: 480, 403, ... None that speaks of the callee.
  std::vector<int> also_next{};

  // ---- limits
  // Whose calls within an hour a call to it is one of: an extension, "" for an emergency call.
  std::string payer{};
  // Its dialogs at once, in and out. Beyond it the next trunk is asked; a call of its own is 486.
  std::size_t calls = 100;
  // How many of them are kept for calls that come in.
  std::size_t reserved_in = 0;

  // ---- what it can
  bool reliable = false;      // our INVITEs say Supported: 100rel. What it sends reliably is acknowledged in any case
  bool late_offers = true;    // it takes INVITE and re-INVITE without an offer
  bool update = true;         // it takes UPDATE, where it says so in Allow
  bool relays_hold = true;    // it is told when the other side holds; else the other side is answered here
  bool may_transfer = false;  // its REFER is carried out, with the rights of who it is; else 403

  // ---- a call for help
  // It isn't bound by the limits above, and any refusal leads to the next server or trunk, also after 101-199. Where
  // the trunk is full, another call over it gives way (Help::takes_line).
  bool help = false;
};

}  // namespace roamdesk::calls
