#include "common/crypto/hash.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cassert>
#include <stdexcept>

namespace roamdesk::crypto {

Sha256Digest sha256(ByteView data) {
  Sha256Digest digest;
  if (EVP_Digest(data.data(), data.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error{"OpenSSL has no SHA-256"};
  }
  return digest;
}

Sha256Digest hmac_sha256(ByteView key, ByteView data) {
  Sha256Digest digest;
  static const std::uint8_t nothing = 0;  // OpenSSL takes a null key for "the key of before"
  if (HMAC(EVP_sha256(), key.empty() ? &nothing : key.data(), static_cast<int>(key.size()),
           data.empty() ? &nothing : data.data(), data.size(), digest.data(), nullptr) == nullptr) {
    throw std::runtime_error{"OpenSSL has no HMAC"};
  }
  return digest;
}

void hkdf_expand(ByteView key, ByteView info, std::span<std::uint8_t> out) {
  assert(out.size() <= std::size_t{255} * 32);
  Bytes block;  // T(n-1) ‖ info ‖ n
  Sha256Digest last{};
  std::uint8_t counter = 0;
  while (!out.empty()) {
    block.clear();
    if (counter > 0) block.assign(last.begin(), last.end());
    block.insert(block.end(), info.begin(), info.end());
    block.push_back(++counter);
    last = hmac_sha256(key, block);
    const auto count = std::min(out.size(), last.size());
    std::copy_n(last.begin(), count, out.begin());
    out = out.subspan(count);
  }
  wipe(block);
  wipe(last);
}

}  // namespace roamdesk::crypto
