#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/time.hpp"
#include "common/crypto/bytes.hpp"

// Time-based one-time passwords (RFC 6238) as authenticator apps have them: HMAC-SHA-1, steps of 30 s, 6 digits.
namespace roamdesk::crypto {

inline constexpr std::size_t totp_secret_size = 20;  // bytes; RFC 4226 §4, R6
inline constexpr std::size_t totp_digits = 6;

// Which step `now` lies in: whole 30 s since 1970.
std::int64_t totp_step(WallTime now);

// RFC 4226 §5.3: the code of one step, with leading zeros. `digits`: 6..8.
std::string totp_code(ByteView secret, std::int64_t step, std::size_t digits = totp_digits);

// The step whose code this is, of the present one and its two neighbours (RFC 6238 §5.2; phones' clocks are off a
// little), the latest first; only steps after `last_used` count, since a code is good once. nullopt where it is none.
std::optional<std::int64_t> totp_match(ByteView secret, std::string_view code, WallTime now, std::int64_t last_used);

}  // namespace roamdesk::crypto
