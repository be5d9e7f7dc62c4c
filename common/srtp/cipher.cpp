#include "common/srtp/cipher.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace roamdesk::srtp {
namespace {

constexpr std::size_t hash_size = 20, mac_key_size = 20;
using Vector = std::array<std::uint8_t, 16>;

bool is_gcm(SrtpSuite suite) { return suite == SrtpSuite::aead_aes_256_gcm || suite == SrtpSuite::aead_aes_128_gcm; }
std::size_t key_size(SrtpSuite suite) { return suite == SrtpSuite::aead_aes_256_gcm ? 32 : 16; }

// RFC 4568 §6.2.2: the short tag is for RTP alone.
std::size_t tag_size(SrtpSuite suite, bool rtcp) {
  if (is_gcm(suite)) return 16;
  return suite == SrtpSuite::aes_cm_128_hmac_sha1_32 && !rtcp ? 4 : 10;
}

void require(bool holds) {
  if (!holds) throw std::runtime_error{"OpenSSL hasn't what SRTP needs"};
}

const std::uint8_t* bytes(const Secret& secret) {
  return reinterpret_cast<const std::uint8_t*>(secret.reveal().data());
}

// RFC 3711 §4.3.1 and §4.3.3: the keystream of the master key at the label, of which RTCP's are three higher. A salt of
// 96 bits counts as one of 112 with zeros behind it (RFC 7714 §11).
Secret session_key(SrtpSuite suite, const Secret& master, std::uint8_t label, std::size_t size) {
  Vector vector{};
  const auto* salt = bytes(master) + key_size(suite);
  std::copy(salt, salt + (srtp_key_size(suite) - key_size(suite)), vector.begin());
  vector[7] ^= label;
  std::string key(size, '\0');
  auto* out = reinterpret_cast<std::uint8_t*>(key.data());
  int length = 0;
  const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> context{EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free};
  const auto* algorithm = key_size(suite) == 32 ? EVP_aes_256_ctr() : EVP_aes_128_ctr();
  require(context && EVP_EncryptInit_ex(context.get(), algorithm, nullptr, bytes(master), vector.data()) == 1 &&
          EVP_EncryptUpdate(context.get(), out, &length, out, static_cast<int>(size)) == 1);
  return Secret{std::move(key)};
}

template <std::size_t N>
void mix(Vector& vector, std::size_t at, std::uint64_t number) {
  for (std::size_t i = 0; i < N; ++i) vector[at + i] ^= static_cast<std::uint8_t>(number >> 8 * (N - 1 - i));
}

}  // namespace

// SHA-1 itself is deprecated since OpenSSL 3.0 in favour of EVP_MAC, which allocates for each packet and takes several
// times as long as the hash.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
struct Cipher::Mac {
  explicit Mac(const Secret& key) {
    std::array<std::uint8_t, SHA_CBLOCK> pad{};
    std::copy(key.reveal().begin(), key.reveal().end(), pad.begin());
    for (auto& byte : pad) byte ^= 0x36;
    SHA1_Init(&inner);
    SHA1_Update(&inner, pad.data(), pad.size());
    for (auto& byte : pad) byte ^= 0x36 ^ 0x5c;
    SHA1_Init(&outer);
    SHA1_Update(&outer, pad.data(), pad.size());
    OPENSSL_cleanse(pad.data(), pad.size());
  }
  ~Mac() {
    OPENSSL_cleanse(&inner, sizeof inner);
    OPENSSL_cleanse(&outer, sizeof outer);
  }
  Mac(const Mac&) = delete;
  Mac& operator=(const Mac&) = delete;

  std::array<std::uint8_t, hash_size> of(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b,
                                         std::span<const std::uint8_t> c) const {
    std::array<std::uint8_t, hash_size> hash;
    SHA_CTX context = inner;
    for (const auto part : {a, b, c}) SHA1_Update(&context, part.data(), part.size());
    SHA1_Final(hash.data(), &context);
    context = outer;
    SHA1_Update(&context, hash.data(), hash.size());
    SHA1_Final(hash.data(), &context);
    return hash;
  }
  // After the block of the key, which RFC 2104 pads with 0x36 and 0x5c.
  SHA_CTX inner, outer;
};
#pragma GCC diagnostic pop

void Cipher::Free::operator()(evp_cipher_ctx_st* context) const { EVP_CIPHER_CTX_free(context); }
void Cipher::Free::operator()(Mac* mac) const { delete mac; }

Cipher::Cipher(Direction direction, SrtpSuite suite, bool rtcp, const Secret& master)
    : aead_(is_gcm(suite)), rtcp_(rtcp), tag_size_(srtp::tag_size(suite, rtcp)), cipher_(EVP_CIPHER_CTX_new()) {
  const auto label = static_cast<std::uint8_t>(rtcp ? 3 : 0);
  const auto key = session_key(suite, master, label, key_size(suite));
  salt_ = session_key(suite, master, label + 2, srtp_key_size(suite) - key_size(suite));
  const auto* algorithm = !aead_ ? EVP_aes_128_ctr() : key_size(suite) == 32 ? EVP_aes_256_gcm() : EVP_aes_128_gcm();
  // Counter mode is its own inverse.
  const int encrypts = !aead_ || direction == Direction::seal ? 1 : 0;
  require(cipher_ && EVP_CipherInit_ex(cipher_.get(), algorithm, nullptr, bytes(key), nullptr, encrypts) == 1);
  if (aead_) return;
  mac_.reset(new Mac{session_key(suite, master, label + 1, mac_key_size)});
}

// RFC 3711 §4.1.1: salt, SSRC and index, with 16 bits for the blocks of the packet. RFC 7714 §8.1, §9.1: the salt of 96
// bits, with SSRC and index further in front.
bool Cipher::start(std::uint32_t source, std::uint64_t index) {
  Vector vector{};
  std::copy(salt_.reveal().begin(), salt_.reveal().end(), vector.begin());
  mix<4>(vector, aead_ ? 2 : 4, source);
  mix<6>(vector, aead_ ? 6 : 8, index);
  return EVP_CipherInit_ex(cipher_.get(), nullptr, nullptr, nullptr, vector.data(), -1) == 1;
}

bool Cipher::count(std::uint32_t source, std::uint64_t index, std::span<std::uint8_t> text) {
  int length = 0;
  return start(source, index) &&
         EVP_CipherUpdate(cipher_.get(), text.data(), &length, text.data(), static_cast<int>(text.size())) == 1;
}

// RFC 3711 §4.2: over the packet as it is sent, and the rollover count, or RTCP's word.
void Cipher::authenticate(std::span<const std::uint8_t> clear, std::span<const std::uint8_t> text,
                          std::span<const std::uint8_t, 4> behind, std::uint8_t* tag) {
  const auto hash = mac_->of(clear, text, behind);
  std::copy_n(hash.begin(), tag_size_, tag);
}

bool Cipher::seal(std::uint32_t source, std::uint64_t index, std::span<const std::uint8_t> clear,
                  std::span<std::uint8_t> text, std::span<const std::uint8_t, 4> behind, std::uint8_t* tag) {
  if (!aead_) {
    if (!count(source, index, text)) return false;
    authenticate(clear, text, behind, tag);
    return true;
  }
  int length = 0;
  auto* const c = cipher_.get();
  return start(source, index) &&
         EVP_EncryptUpdate(c, nullptr, &length, clear.data(), static_cast<int>(clear.size())) == 1 &&
         // RFC 7714 §9.2: RTCP's word isn't sealed, but authenticated; RTP's rollover count is in the vector.
         (!rtcp_ || EVP_EncryptUpdate(c, nullptr, &length, behind.data(), static_cast<int>(behind.size())) == 1) &&
         EVP_EncryptUpdate(c, text.data(), &length, text.data(), static_cast<int>(text.size())) == 1 &&
         EVP_EncryptFinal_ex(c, tag, &length) == 1 &&
         EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag_size_), tag) == 1;
}

bool Cipher::open(std::uint32_t source, std::uint64_t index, std::span<const std::uint8_t> clear,
                  std::span<std::uint8_t> text, std::span<const std::uint8_t, 4> behind, const std::uint8_t* tag) {
  if (!aead_) {
    std::array<std::uint8_t, hash_size> wanted;
    authenticate(clear, text, behind, wanted.data());
    return CRYPTO_memcmp(wanted.data(), tag, tag_size_) == 0 && count(source, index, text);
  }
  int length = 0;
  std::uint8_t rest = 0;
  auto* const c = cipher_.get();
  // OpenSSL takes the tag through a pointer that isn't const, and only reads it.
  return start(source, index) &&
         EVP_DecryptUpdate(c, nullptr, &length, clear.data(), static_cast<int>(clear.size())) == 1 &&
         (!rtcp_ || EVP_DecryptUpdate(c, nullptr, &length, behind.data(), static_cast<int>(behind.size())) == 1) &&
         EVP_DecryptUpdate(c, text.data(), &length, text.data(), static_cast<int>(text.size())) == 1 &&
         EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag_size_), const_cast<std::uint8_t*>(tag)) ==
             1 &&
         EVP_DecryptFinal_ex(c, &rest, &length) == 1;
}

}  // namespace roamdesk::srtp
