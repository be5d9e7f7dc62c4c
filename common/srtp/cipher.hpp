#pragma once
#include <cstdint>
#include <memory>
#include <span>

#include "common/base/secret.hpp"
#include "common/base/srtp.hpp"

struct evp_cipher_ctx_st;

namespace roamdesk::srtp {

enum class Direction : std::uint8_t { seal, open };

// What the packets of one kind, RTP or RTCP, are sealed or opened by: the session keys of a master key (RFC 3711 §4.3,
// RFC 7714 §11), and AES in counter mode with HMAC-SHA1 (RFC 3711 §4), or in GCM (RFC 7714). OpenSSL's; the keys are
// set once, a packet brings its own vector.
class Cipher {
 public:
  // std::runtime_error if OpenSSL hasn't the suite.
  Cipher(Direction direction, SrtpSuite suite, bool rtcp, const Secret& master);

  std::size_t tag_size() const { return tag_size_; }
  bool is_aead() const { return aead_; }

  // `clear` is told to the tag alone; `text` is ciphered in place; `behind` (RTP: the rollover count; RTCP: the word
  // with the index) is told to the tag as the suite has it. `tag` has tag_size() bytes.
  bool seal(std::uint32_t source, std::uint64_t index, std::span<const std::uint8_t> clear,
            std::span<std::uint8_t> text, std::span<const std::uint8_t, 4> behind, std::uint8_t* tag);
  // False if the tag doesn't fit; `text` may be spoilt then.
  bool open(std::uint32_t source, std::uint64_t index, std::span<const std::uint8_t> clear,
            std::span<std::uint8_t> text, std::span<const std::uint8_t, 4> behind, const std::uint8_t* tag);

 private:
  bool start(std::uint32_t source, std::uint64_t index);
  bool count(std::uint32_t source, std::uint64_t index, std::span<std::uint8_t> text);
  void authenticate(std::span<const std::uint8_t> clear, std::span<const std::uint8_t> text,
                    std::span<const std::uint8_t, 4> behind, std::uint8_t* tag);

  // HMAC-SHA1 (RFC 2104) with its key taken in.
  struct Mac;
  struct Free {
    void operator()(evp_cipher_ctx_st* context) const;
    void operator()(Mac* mac) const;
  };
  bool aead_, rtcp_;
  std::size_t tag_size_;
  Secret salt_;
  std::unique_ptr<evp_cipher_ctx_st, Free> cipher_;
  std::unique_ptr<Mac, Free> mac_;
};

}  // namespace roamdesk::srtp
