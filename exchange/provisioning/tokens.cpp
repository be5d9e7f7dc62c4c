#include "exchange/provisioning/tokens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "common/crypto/hash.hpp"

namespace roamdesk::provisioning {
namespace {

constexpr std::size_t proof_size = 32;    // 128 bits, in hexadecimal
constexpr std::size_t longest_time = 16;  // likewise

std::string make(const Secret& key, WallTime drawn) {
  const auto time = fmt::format("{:011x}", drawn.time_since_epoch().count());
  const auto digest =
      crypto::hmac_sha256(crypto::as_bytes(key.reveal()), crypto::as_bytes("provisioning token " + time));
  return time + crypto::to_hex(digest).substr(0, proof_size);
}

// When it was drawn, if it was, for a phone with this key.
std::optional<WallTime> drawn_at(const Secret& key, std::string_view token) {
  if (key.empty() || token.size() <= proof_size || token.size() > proof_size + longest_time) return std::nullopt;
  const auto time = token.substr(0, token.size() - proof_size);
  std::int64_t ms = 0;
  const auto [end, error] = std::from_chars(time.data(), time.data() + time.size(), ms, 16);
  if (error != std::errc{} || end != time.data() + time.size() || ms < 0) return std::nullopt;
  const WallTime drawn{std::chrono::milliseconds{ms}};
  if (!crypto::equal_constant_time(make(key, drawn), token)) return std::nullopt;
  return drawn;
}

}  // namespace

void draw_token(Phone& phone, const std::string& fresh, WallTime wall) {
  if (phone.token_key.empty()) {
    phone.token_key = Secret{fresh};
    phone.first_token = phone.token;
  }
  // Two at once, or a clock that was set back, make no token twice.
  const auto last = drawn_at(phone.token_key, phone.token.str());
  phone.token = make(phone.token_key, last ? std::max(wall, *last + std::chrono::milliseconds{1}) : wall);
}

bool is_token_of(const Phone& phone, std::string_view token) {
  if (token.empty()) return false;
  if (phone.token == token || phone.first_token == token) return true;
  const auto drawn = drawn_at(phone.token_key, token);
  return drawn && *drawn >= phone.tokens_since;
}

void note_use(Phone& phone, std::string_view token) {
  const auto drawn = drawn_at(phone.token_key, token);
  if (!drawn) return;
  phone.tokens_since = std::max(phone.tokens_since, *drawn);
  phone.first_token = PackedText{};
}

}  // namespace roamdesk::provisioning
