#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "common/crypto/bytes.hpp"

using EVP_MD_CTX = struct evp_md_ctx_st;

namespace roamdesk::crypto {

using Sha256Digest = std::array<std::uint8_t, 32>;

Sha256Digest sha256(ByteView data);
inline Sha256Digest sha256(std::string_view text) { return sha256(as_bytes(text)); }
inline std::string sha256_hex(std::string_view text) { return to_hex(sha256(text)); }

// The same, piece by piece.
class Sha256 {
 public:
  Sha256();
  void update(ByteView data);
  Sha256Digest finish();  // once

 private:
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_;
};

Sha256Digest hmac_sha256(ByteView key, ByteView data);

// RFC 5869 §2.3 with SHA-256: fills `out` (at most 255 * 32 bytes) from a key that is uniformly random already.
void hkdf_expand(ByteView key, ByteView info, std::span<std::uint8_t> out);

}  // namespace roamdesk::crypto
