#pragma once
#include <string>
#include <string_view>

#include "exchange/model/records.hpp"

// The tokens of provisioning URLs. A new one is drawn at every login, logout and reset, and yet a phone fetches by the
// one that it has: it may have been off for any number of them, or know one that was drawn after the backup from which
// the core has just been restored. So a token is the time at which it was drawn, and an HMAC of that under a key of the
// phone's own: each is known again without being kept.
namespace roamdesk::provisioning {

// A new token. `fresh` (128 random bits, hexadecimal) becomes the phone's key where it has none yet.
void draw_token(Phone& phone, const std::string& fresh, WallTime wall);
// Whether the token was ever drawn for this phone, and no later one has been used or enforced since.
bool is_token_of(const Phone& phone, std::string_view token);
// The phone has fetched by it, so that it needs none of those from before: they name no phone any more.
void note_use(Phone& phone, std::string_view token);

}  // namespace roamdesk::provisioning
