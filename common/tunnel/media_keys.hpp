#pragma once
#include <array>
#include <cstdint>

#include "common/crypto/aead.hpp"
#include "common/crypto/hash.hpp"
#include "common/tunnel/frame_codec.hpp"

namespace roamdesk::tunnel {

// From the TLS exporter of one connection (RFC 8446 §7.5), label "EXPORTER-roamdesk-media", no context, 32 bytes.
using MediaSecret = std::array<std::uint8_t, 32>;
inline constexpr const char* exporter_label = "EXPORTER-roamdesk-media";

// One direction's key and nonce base in one epoch. The nonce is `iv` with the packet's counter exclusive-ored into its
// last eight bytes (as RFC 8446 §5.3 does).
struct DirectionKeys {
  std::array<std::uint8_t, 32> key{};  // the first key_size(cipher) bytes count
  std::array<std::uint8_t, 12> iv{};
  friend bool operator==(const DirectionKeys&, const DirectionKeys&) = default;
};
struct EpochKeys {
  DirectionKeys from_sbc, from_core;
  friend bool operator==(const EpochKeys&, const EpochKeys&) = default;
};

// HKDF-Expand(secret, "roamdesk media" ‖ media_session ‖ epoch ‖ direction) (docs/tunnel.md §6).
EpochKeys derive_keys(const MediaSecret& secret, std::uint32_t media_session, std::uint16_t epoch);

}  // namespace roamdesk::tunnel
