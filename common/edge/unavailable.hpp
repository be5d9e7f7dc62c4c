#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace roamdesk::edge {

// Contract §4: what a request gets while the core is away: 503 with Retry-After, built from the request's own Via,
// From, To, Call-ID and CSeq (RFC 3261 §8.2.6). nullopt for ACK (never answered, §17), responses, and what lacks any of
// these.
std::optional<std::string> unavailable(std::string_view request, unsigned retry_after_seconds, std::string_view to_tag);

// The CANCEL of an INVITE (RFC 3261 §9.1): its Request-URI, From, To, Call-ID, top Via, CSeq number and Routes. nullopt
// where one of the first six is missing.
std::optional<std::string> cancel_of(std::string_view invite);

// The branch of the top Via, which names a transaction (RFC 3261 §17.2.3); empty if there is none.
std::string_view branch_of(std::string_view message);

}  // namespace roamdesk::edge
