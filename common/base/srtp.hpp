#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/base/words.hpp"

// What all who deal with sealed media call the same: descriptions, orders, frames, records, the media plane.
namespace roamdesk {

// Whether media with a peer is SRTP with keys in the description (RFC 4568): never; where the peer offers it or takes
// it; or nothing else.
enum class Srtp : std::uint8_t { off, optional, required };
template <>
inline constexpr std::array<std::string_view, 3> words<Srtp> = {"off", "optional", "required"};

// The suites that we speak, as a=crypto names them (RFC 4568 §6.2, RFC 7714 §14.2), in the order in which we offer
// them.
enum class SrtpSuite : std::uint8_t {
  aead_aes_256_gcm,
  aead_aes_128_gcm,
  aes_cm_128_hmac_sha1_80,
  aes_cm_128_hmac_sha1_32,
};
template <>
inline constexpr std::array<std::string_view, 4> words<SrtpSuite> = {
    "AEAD_AES_256_GCM", "AEAD_AES_128_GCM", "AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32"};
inline constexpr std::size_t srtp_suites = words<SrtpSuite>.size();

// Bytes of a master key with its salt behind it.
constexpr std::size_t srtp_key_size(SrtpSuite suite) {
  switch (suite) {
    case SrtpSuite::aead_aes_256_gcm:
      return 32 + 12;
    case SrtpSuite::aead_aes_128_gcm:
      return 16 + 12;
    case SrtpSuite::aes_cm_128_hmac_sha1_80:
    case SrtpSuite::aes_cm_128_hmac_sha1_32:
      return 16 + 14;
  }
  return 0;
}

}  // namespace roamdesk
