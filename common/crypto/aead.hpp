#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "common/crypto/bytes.hpp"

namespace roamdesk::crypto {

enum class Cipher : std::uint8_t { aes_128_gcm = 1, chacha20_poly1305 = 2 };

inline constexpr std::size_t aead_tag_size = 16;
inline constexpr std::size_t aead_nonce_size = 12;
using Nonce = std::array<std::uint8_t, aead_nonce_size>;

std::size_t key_size(Cipher cipher);
// Whether AES runs in hardware here (AES-NI, ARMv8 AES).
bool cpu_has_aes();

// One key in one direction. Contexts are made once; seal and open neither allocate nor lock. Not for two threads at
// once.
class Aead {
 public:
  enum class Direction { seal, open };
  // `key` has key_size(cipher) bytes.
  Aead(Cipher cipher, Direction direction, ByteView key);
  Aead(Aead&&) noexcept;
  Aead& operator=(Aead&&) noexcept;
  ~Aead();

  // Encrypts `text` in place and writes the tag. A nonce must never be used twice.
  void seal(const Nonce& nonce, ByteView header, std::span<std::uint8_t> text,
            std::span<std::uint8_t, aead_tag_size> tag);
  // Decrypts `text` in place; false (and `text` is worthless) where header, text or tag were not what the sender
  // sealed.
  [[nodiscard]] bool open(const Nonce& nonce, ByteView header, std::span<std::uint8_t> text,
                          std::span<const std::uint8_t, aead_tag_size> tag);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace roamdesk::crypto
