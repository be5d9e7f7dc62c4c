#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace roamdesk::edge {

// Contract §4: what a request gets while the core is away: 503 with Retry-After, built from the request's own Via,
// From, To, Call-ID and CSeq (RFC 3261 §8.2.6). nullopt for ACK (never answered, §17), responses, and what lacks any of
// these.
std::optional<std::string> unavailable(std::string_view request, unsigned retry_after_seconds, std::string_view to_tag);

}  // namespace roamdesk::edge
