#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/secret.hpp"
#include "common/crypto/bytes.hpp"

namespace roamdesk::crypto {

// What is hashed decides what it may cost (README.md): a PIN's answer is waited for by a person with a receiver in the
// hand, about 10 ms and 4 MiB; a password has about 40 ms and 16 MiB.
enum class Kind : std::uint8_t { pin, password };

// "scrypt$N$r$p$salt$hash" (salt and hash in base64url) of a PIN or password, under a pepper key that isn't in the
// database: what is stretched is HMAC-SHA256(pepper, text). Run it on the worker pool. `salt`: 16 random bytes.
std::string hash_password(Kind kind, const Secret& text, const Secret& pepper, ByteView salt);

// True if `stored` was made of this text and this pepper. A malformed `stored`, and one whose parameters would cost
// more than 64 MiB, is false. To spend the same time where there is no record, verify against `decoy_hash(kind)`.
bool verify_password(const Secret& text, const Secret& pepper, std::string_view stored);

// A well-formed hash with the present parameters of its kind that no text matches.
const std::string& decoy_hash(Kind kind);

}  // namespace roamdesk::crypto
