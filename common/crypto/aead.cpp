#include "common/crypto/aead.hpp"

#include <openssl/evp.h>

#include <cassert>
#include <stdexcept>

namespace roamdesk::crypto {
namespace {

const EVP_CIPHER* algorithm(Cipher cipher) {
  return cipher == Cipher::aes_128_gcm ? EVP_aes_128_gcm() : EVP_chacha20_poly1305();
}

void require(int result) {
  if (result != 1) throw std::runtime_error{"OpenSSL refuses an AEAD operation"};
}

}  // namespace

std::size_t key_size(Cipher cipher) { return cipher == Cipher::aes_128_gcm ? 16 : 32; }

struct Aead::Context {
  Context() : evp{EVP_CIPHER_CTX_new()} {
    if (evp == nullptr) throw std::bad_alloc{};
  }
  ~Context() { EVP_CIPHER_CTX_free(evp); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  EVP_CIPHER_CTX* evp;
};

Aead::Aead(Cipher cipher, Direction direction, ByteView key) : context_{std::make_unique<Context>()} {
  assert(key.size() == key_size(cipher));
  // The key schedule is made here, once; for a packet only the nonce is new.
  require(EVP_CipherInit_ex(context_->evp, algorithm(cipher), nullptr, key.data(), nullptr,
                            direction == Direction::seal ? 1 : 0));
}
Aead::Aead(Aead&&) noexcept = default;
Aead& Aead::operator=(Aead&&) noexcept = default;
Aead::~Aead() = default;

void Aead::seal(const Nonce& nonce, ByteView header, std::span<std::uint8_t> text,
                std::span<std::uint8_t, aead_tag_size> tag) {
  auto* evp = context_->evp;
  int length = 0;
  require(EVP_EncryptInit_ex(evp, nullptr, nullptr, nullptr, nonce.data()));
  require(EVP_EncryptUpdate(evp, nullptr, &length, header.data(), static_cast<int>(header.size())));
  if (!text.empty()) require(EVP_EncryptUpdate(evp, text.data(), &length, text.data(), static_cast<int>(text.size())));
  require(EVP_EncryptFinal_ex(evp, tag.data(), &length));
  require(EVP_CIPHER_CTX_ctrl(evp, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag.size()), tag.data()));
}

bool Aead::open(const Nonce& nonce, ByteView header, std::span<std::uint8_t> text,
                std::span<const std::uint8_t, aead_tag_size> tag) {
  auto* evp = context_->evp;
  int length = 0;
  // OpenSSL takes the tag through a pointer that isn't const, and only reads it.
  auto* expected = const_cast<std::uint8_t*>(tag.data());
  std::uint8_t rest = 0;
  return EVP_DecryptInit_ex(evp, nullptr, nullptr, nullptr, nonce.data()) == 1 &&
         EVP_DecryptUpdate(evp, nullptr, &length, header.data(), static_cast<int>(header.size())) == 1 &&
         (text.empty() ||
          EVP_DecryptUpdate(evp, text.data(), &length, text.data(), static_cast<int>(text.size())) == 1) &&
         EVP_CIPHER_CTX_ctrl(evp, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()), expected) == 1 &&
         EVP_DecryptFinal_ex(evp, &rest, &length) == 1;
}

}  // namespace roamdesk::crypto
