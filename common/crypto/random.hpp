#pragma once
#include <string>

#include "common/base/secret.hpp"
#include "common/crypto/bytes.hpp"

// For shells; pure folders get randomness as an argument.
namespace roamdesk::crypto {

void fill_random(std::span<std::uint8_t> out);
Bytes random_bytes(std::size_t count);
// 2 * `bytes` hexadecimal characters.
std::string random_hex(std::size_t bytes);
// Decimal digits, each value as likely as the next.
std::string random_digits(std::size_t count);
// base64url of `bytes` random bytes: tokens for URLs.
std::string random_token(std::size_t bytes);

}  // namespace roamdesk::crypto
