#include "common/crypto/password.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <charconv>
#include <stdexcept>

#include "common/crypto/hash.hpp"

namespace roamdesk::crypto {
namespace {

constexpr std::size_t hash_size = 32;
constexpr std::uint64_t most_memory = 64 * 1024 * 1024;

struct Cost {
  std::uint64_t n = 0, r = 0, p = 0;
};
Cost cost_of(Kind kind) { return {kind == Kind::pin ? 4096U : 16384U, 8, 1}; }

// RFC 7914 §6: 128 * N * r for the big table, a little for the rest.
bool affordable(const Cost& cost) {
  return cost.n >= 2 && cost.n <= (1U << 20) && (cost.n & (cost.n - 1)) == 0 && cost.r >= 1 && cost.r <= 32 &&
         cost.p >= 1 && cost.p <= 4 && 128 * cost.n * cost.r <= most_memory;
}

Bytes stretch(const Secret& text, const Secret& pepper, ByteView salt, const Cost& cost) {
  auto peppered = hmac_sha256(as_bytes(pepper.reveal()), as_bytes(text.reveal()));
  Bytes hash(hash_size);
  const auto done =
      EVP_PBE_scrypt(reinterpret_cast<const char*>(peppered.data()), peppered.size(), salt.data(), salt.size(), cost.n,
                     cost.r, cost.p, most_memory + 1024 * 1024, hash.data(), hash.size());
  wipe(peppered);
  if (done != 1) throw std::runtime_error{"scrypt failed"};
  return hash;
}

std::string to_text(const Cost& cost, ByteView salt, ByteView hash) {
  return fmt::format("scrypt${}${}${}${}${}", cost.n, cost.r, cost.p, to_base64url(salt), to_base64url(hash));
}

std::optional<std::string_view> take_field(std::string_view& text) {
  const auto end = text.find('$');
  if (end == std::string_view::npos) return std::nullopt;
  const auto field = text.substr(0, end);
  text.remove_prefix(end + 1);
  return field;
}

bool take_number(std::string_view& text, std::uint64_t& number) {
  const auto field = take_field(text);
  if (!field) return false;
  const auto [end, error] = std::from_chars(field->data(), field->data() + field->size(), number);
  return error == std::errc{} && end == field->data() + field->size();
}

}  // namespace

std::string hash_password(Kind kind, const Secret& text, const Secret& pepper, ByteView salt) {
  const Cost cost = cost_of(kind);
  return to_text(cost, salt, stretch(text, pepper, salt, cost));
}

bool verify_password(const Secret& text, const Secret& pepper, std::string_view stored) {
  const auto scheme = take_field(stored);
  Cost cost;
  if (scheme != "scrypt" || !take_number(stored, cost.n) || !take_number(stored, cost.r) ||
      !take_number(stored, cost.p) || !affordable(cost)) {
    return false;
  }
  const auto salt_text = take_field(stored);
  if (!salt_text) return false;
  const auto salt = from_base64url(*salt_text);
  const auto hash = from_base64url(stored);
  if (!salt || !hash || hash->size() != hash_size) return false;
  return equal_constant_time(stretch(text, pepper, *salt, cost), *hash);
}

const std::string& decoy_hash(Kind kind) {
  static const std::string pin = to_text(cost_of(Kind::pin), Bytes(16), Bytes(hash_size));
  static const std::string password = to_text(cost_of(Kind::password), Bytes(16), Bytes(hash_size));
  return kind == Kind::pin ? pin : password;
}

}  // namespace roamdesk::crypto
