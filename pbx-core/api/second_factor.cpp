#include "pbx-core/api/second_factor.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/crypto/aead.hpp"
#include "common/crypto/random.hpp"
#include "common/crypto/totp.hpp"

namespace roamdesk::api {
namespace {

using crypto::Bytes;
using crypto::ByteView;
constexpr auto cipher = crypto::Cipher::chacha20_poly1305;
constexpr std::size_t recovery_codes = 10, recovery_bytes = 10;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == ' ' ? std::string("%20") : std::string(1, c);
  return out;
}

// What was typed, without what makes it readable.
std::string plain(std::string_view code) {
  std::string out;
  for (const char c : code)
    if (c != ' ' && c != '-') out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace

SecondFactor::SecondFactor(const Secret& pepper) {
  const crypto::Sha256Digest root = crypto::sha256(pepper.reveal());
  crypto::hkdf_expand(root, crypto::as_bytes("roamdesk second factor: sealing"), sealing_);
  crypto::hkdf_expand(root, crypto::as_bytes("roamdesk second factor: recovery"), hashing_);
}

Bytes SecondFactor::make_secret() { return crypto::random_bytes(crypto::totp_secret_size); }

std::string SecondFactor::uri(std::string_view issuer, std::string_view user, ByteView secret) {
  return fmt::format("otpauth://totp/{}:{}?secret={}&issuer={}", escaped(issuer), user, crypto::to_base32(secret),
                     escaped(issuer));
}

std::string SecondFactor::seal(std::string_view user, ByteView secret) const {
  crypto::Nonce nonce;
  crypto::fill_random(nonce);
  Bytes sealed(nonce.begin(), nonce.end());
  sealed.insert(sealed.end(), secret.begin(), secret.end());
  sealed.resize(sealed.size() + crypto::aead_tag_size);
  const std::span all{sealed};
  crypto::Aead(cipher, crypto::Aead::Direction::seal, sealing_)
      .seal(nonce, crypto::as_bytes(user), all.subspan(nonce.size(), secret.size()), all.last<crypto::aead_tag_size>());
  return crypto::to_base64url(sealed);
}

std::optional<Bytes> SecondFactor::open(std::string_view user, std::string_view sealed) const {
  const auto all = crypto::from_base64url(sealed);
  if (!all || all->size() <= crypto::aead_nonce_size + crypto::aead_tag_size) return std::nullopt;
  const ByteView view{*all};
  crypto::Nonce nonce;
  std::copy_n(view.begin(), nonce.size(), nonce.begin());
  Bytes text(view.begin() + crypto::aead_nonce_size, view.end() - crypto::aead_tag_size);
  if (!crypto::Aead(cipher, crypto::Aead::Direction::open, sealing_)
           .open(nonce, crypto::as_bytes(user), text, view.last<crypto::aead_tag_size>()))
    return std::nullopt;
  return text;
}

std::vector<std::string> SecondFactor::make_recovery_codes() {
  std::vector<std::string> codes;
  for (std::size_t i = 0; i < recovery_codes; ++i) {
    const std::string text = crypto::to_base32(crypto::random_bytes(recovery_bytes));
    codes.push_back(
        fmt::format("{}-{}-{}-{}", text.substr(0, 4), text.substr(4, 4), text.substr(8, 4), text.substr(12, 4)));
  }
  return codes;
}

std::string SecondFactor::recovery_hash(std::string_view code) const {
  return crypto::to_hex(crypto::hmac_sha256(hashing_, crypto::as_bytes(plain(code))));
}

SecondFactor::Verdict SecondFactor::check(std::string_view user, std::string_view code, WallTime now,
                                          User::SecondFactor& factor) const {
  const std::string typed = plain(code);
  if (typed.size() == crypto::totp_digits) {
    const auto secret = open(user, factor.sealed_secret);
    const auto step = secret ? crypto::totp_match(*secret, typed, now, factor.last_step) : std::nullopt;
    if (!step) return Verdict::wrong;
    factor.last_step = *step;
    return Verdict::code;
  }
  const std::string hash = recovery_hash(typed);
  const auto found = std::find(factor.recovery_hashes.begin(), factor.recovery_hashes.end(), hash);
  if (found == factor.recovery_hashes.end()) return Verdict::wrong;
  factor.recovery_hashes.erase(found);
  return Verdict::recovery_code;
}

}  // namespace roamdesk::api
