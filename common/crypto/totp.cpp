#include "common/crypto/totp.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cassert>
#include <stdexcept>

namespace roamdesk::crypto {

std::int64_t totp_step(WallTime now) {
  return std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count() / 30;
}

std::string totp_code(ByteView secret, std::int64_t step, std::size_t digits) {
  assert(!secret.empty() && digits >= 6 && digits <= 8);
  std::array<std::uint8_t, 8> counter{};
  for (std::size_t i = 0; i < counter.size(); ++i)
    counter[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(step) >> (56 - 8 * i));
  std::array<std::uint8_t, 20> hash{};
  if (HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(), counter.size(), hash.data(),
           nullptr) == nullptr)
    throw std::runtime_error{"OpenSSL has no HMAC-SHA-1"};
  const std::size_t at = hash.back() & 0x0f;
  const std::uint32_t number = (static_cast<std::uint32_t>(hash[at] & 0x7f) << 24) |
                               (static_cast<std::uint32_t>(hash[at + 1]) << 16) |
                               (static_cast<std::uint32_t>(hash[at + 2]) << 8) | hash[at + 3];
  std::string text = "0000000000" + std::to_string(number);
  wipe(hash);
  return text.substr(text.size() - digits);
}

std::optional<std::int64_t> totp_match(ByteView secret, std::string_view code, WallTime now, std::int64_t last_used) {
  const std::int64_t present = totp_step(now);
  std::optional<std::int64_t> found;
  for (const std::int64_t step : {present - 1, present, present + 1})
    if (step > last_used && equal_constant_time(totp_code(secret, step), code)) found = step;
  return found;
}

}  // namespace roamdesk::crypto
