#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/secret.hpp"
#include "common/base/srtp.hpp"
#include "common/sdp/session.hpp"

// Keys in descriptions (RFC 4568): a=crypto lines.
namespace roamdesk::sdp {

// A line that we can speak by.
struct Crypto {
  std::uint32_t tag = 0;  // 9 digits at most
  SrtpSuite suite{};
  Secret key;  // of what the line's sender sends: srtp_key_size(suite) bytes
  friend bool operator==(const Crypto&, const Crypto&) = default;
};

// Those of the first 16 a=crypto lines that are in order, of a suite of ours, with one key, no MKI and no session
// parameter but those that may be passed over (WSH, KDR=0, "-…": RFC 4568 §6.3). In the sender's order, which is that
// of its preference (§5.1.1).
std::vector<Crypto> cryptos_of(const Media& media);
// The one that is answered; nullopt: plain RTP.
std::optional<Crypto> crypto_of(const Media& media, Srtp srtp);
Line crypto_line(const Crypto& crypto);

// Puts ours on a line of plain RTP. Of an offer: each suite of `self` on a line of its own, under RTP/SAVP where SRTP
// is required, else under RTP/AVP, which phones without SRTP take as it is. Of an answer to the line `offered`: the one
// that is answered.
void seal_offer(Media& media, const Self& self);
void seal_answer(Media& media, const Media& offered, const Self& self);

}  // namespace roamdesk::sdp
