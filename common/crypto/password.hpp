#pragma once
#include <string>
#include <string_view>

#include "common/base/secret.hpp"
#include "common/crypto/bytes.hpp"

namespace roamdesk::crypto {

// "scrypt$N$r$p$salt$hash" (salt and hash in base64url) of a PIN or password, under a pepper key that isn't in the
// database: what is stretched is HMAC-SHA256(pepper, text). Takes about 40 ms and 16 MiB: run it on the worker pool.
// `salt`: 16 random bytes.
std::string hash_password(const Secret& text, const Secret& pepper, ByteView salt);

// True if `stored` was made of this text and this pepper. A malformed `stored`, and one whose parameters would cost
// more than 64 MiB, is false. To spend the same time where there is no record, verify against `decoy_hash()`.
bool verify_password(const Secret& text, const Secret& pepper, std::string_view stored);

// A well-formed hash with the present parameters that no text matches.
const std::string& decoy_hash();

}  // namespace roamdesk::crypto
