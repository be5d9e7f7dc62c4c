#include "common/crypto/hash.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cassert>
#include <stdexcept>

namespace roamdesk::crypto {

Sha256Digest sha256(ByteView data) {
  // Fetched once: the implicit fetch of EVP_sha256() costs more than the hash of a short text.
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA2-256", nullptr);
  Sha256Digest digest;
  if (EVP_Digest(data.data(), data.size(), digest.data(), nullptr, algorithm, nullptr) != 1) {
    throw std::runtime_error{"OpenSSL has no SHA-256"};
  }
  return digest;
}

Sha256::Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
  if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1)
    throw std::runtime_error{"OpenSSL has no SHA-256"};
}
void Sha256::update(ByteView data) { EVP_DigestUpdate(context_.get(), data.data(), data.size()); }
Sha256Digest Sha256::finish() {
  Sha256Digest digest;
  EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
  return digest;
}

Sha256Digest hmac_sha256(ByteView key, ByteView data) {
  // RFC 2104, out of two hashes: HMAC() of OpenSSL 3 fetches and makes contexts for 8 µs each time.
  constexpr std::size_t block = 64;
  std::array<std::uint8_t, block> padded{};
  if (key.size() > block) {
    const auto hashed = sha256(key);
    std::copy(hashed.begin(), hashed.end(), padded.begin());
  } else {
    std::copy(key.begin(), key.end(), padded.begin());
  }
  Bytes inner(block + data.size());
  std::array<std::uint8_t, block + std::tuple_size_v<Sha256Digest>> outer{};
  for (std::size_t i = 0; i < block; ++i) {
    inner[i] = padded[i] ^ 0x36;
    outer[i] = padded[i] ^ 0x5c;
  }
  std::copy(data.begin(), data.end(), inner.begin() + block);
  const auto hashed = sha256(inner);
  std::copy(hashed.begin(), hashed.end(), outer.begin() + block);
  const auto digest = sha256(outer);
  wipe(padded);
  wipe(inner);
  wipe(outer);
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
