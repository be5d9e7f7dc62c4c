#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "common/sip/flow.hpp"
#include "common/sip/message.hpp"
#include "exchange/model/trunk.hpp"

// What a trunk itself says to its servers, and what the answer to a REGISTER means.
namespace roamdesk::trunks {

// The user part of our Contact where the record names none: the same after each start, so that no second binding is
// left behind; who doesn't know the password can't guess it, and another password makes another one.
std::string contact_token(const Trunk& trunk);
std::string contact_user(const Trunk& trunk);
// Our Contact at a server that sees us at `seen` (the flow's face, or what a NAT makes of it).
sip::Uri contact_of(const Trunk& trunk, const sip::Flow& flow, const Endpoint& seen, bool bulk);
// "sip:user@domain".
sip::Uri account_of(const Trunk& trunk);
// The outbound proxy (RFC 3261 §8.1.2); nullopt where `server` is the domain's own.
std::optional<sip::NameAddr> route_of(const Trunk& trunk);

// What identifies our REGISTERs at one registrar (RFC 3261 §10.2: the same Call-ID, and a CSeq that counts).
struct Series {
  std::string call_id, tag;
  std::uint32_t cseq = 0;
};

struct Registration {
  sip::Uri contact;
  std::chrono::seconds expires{};  // 0: end it
  bool bulk = false;               // RFC 6140: one Contact for all numbers of the account
};
sip::Message make_register(const Trunk& trunk, Series& series, const Registration& what, const std::string& software);
// Whether a server is there.
sip::Message make_options(const Trunk& trunk, const std::string& call_id, const std::string& tag,
                          const sip::Uri& contact, const std::string& software);

// For how long a 200 holds: the `expires` of our Contact, whatever others it lists; else of the only one; else the
// Expires header; else what was asked for. At most a day.
std::chrono::seconds granted(const sip::Message& ok, const Registration& asked);

// The address at which the sender of `response` saw our request (RFC 3581); nullopt where it doesn't say.
std::optional<Endpoint> seen_as(const sip::Message& response);
// "403 Forbidden", with the server's words as far as they can be shown.
std::string answer_of(const sip::Message& response);

}  // namespace roamdesk::trunks
