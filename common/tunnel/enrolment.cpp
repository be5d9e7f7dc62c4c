#include "common/tunnel/enrolment.hpp"

#include <algorithm>

namespace roamdesk::tunnel {
namespace {

constexpr std::string_view prefix = "rd1_";
constexpr std::size_t secret_size = 16, checksum_size = 4, digest_size = 32;

Goodbye refusal(Reason reason) { return Goodbye{reason, std::string{explain(reason)}}; }

}  // namespace

EnrolmentKey make_enrolment_key(const crypto::Sha256Digest& authority, std::string name,
                                crypto::ByteView secret_bytes) {
  return EnrolmentKey{authority, Secret{crypto::to_hex(secret_bytes)}, std::move(name)};
}

// digest (32) ‖ secret (16) ‖ name ‖ the first 4 bytes of SHA-256 over all that
Secret to_text(const EnrolmentKey& key) {
  crypto::Bytes bytes{key.authority.begin(), key.authority.end()};
  const auto secret = crypto::from_hex(key.secret.reveal()).value_or(crypto::Bytes{});
  bytes.insert(bytes.end(), secret.begin(), secret.end());
  bytes.insert(bytes.end(), key.name.begin(), key.name.end());
  const auto checksum = crypto::sha256(bytes);
  bytes.insert(bytes.end(), checksum.begin(), checksum.begin() + checksum_size);
  return Secret{std::string{prefix} + crypto::to_base64url(bytes)};
}

std::string_view describe(KeyError error) {
  switch (error) {
    case KeyError::not_a_key:
      return "this is not an enrolment key; it is the line beginning with rd1_ that `pbx-core sbc add` printed";
    case KeyError::mistyped:
      return "the enrolment key is damaged: a character is missing or changed; copy the whole line again";
  }
  return "?";
}

Result<EnrolmentKey, KeyError> parse_enrolment_key(std::string_view text) {
  if (!text.starts_with(prefix) || text.size() > 256) return KeyError::not_a_key;
  const auto bytes = crypto::from_base64url(text.substr(prefix.size()));
  if (!bytes || bytes->size() < digest_size + secret_size + 1 + checksum_size) return KeyError::mistyped;
  const auto covered = crypto::ByteView{*bytes}.first(bytes->size() - checksum_size);
  const auto checksum = crypto::sha256(covered);
  if (!std::equal(checksum.begin(), checksum.begin() + checksum_size, bytes->end() - checksum_size)) {
    return KeyError::mistyped;
  }
  EnrolmentKey key;
  std::copy_n(covered.begin(), digest_size, key.authority.begin());
  key.secret = Secret{crypto::to_hex(covered.subspan(digest_size, secret_size))};
  key.name = crypto::as_text(covered.subspan(digest_size + secret_size));
  if (!is_sbc_name(key.name)) return KeyError::not_a_key;
  return key;
}

bool is_sbc_name(std::string_view name) {
  if (name.empty() || name.size() > 63 || name == "local" || name.front() == '-' || name.back() == '-') return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

std::string hash_secret(const Secret& secret) { return crypto::sha256_hex(secret.reveal()); }

std::optional<Goodbye> check_enrolment(const Enrol& enrol, bool sbc_exists, std::string_view stored_hash,
                                       std::optional<WallTime> until, WallTime now) {
  if (!sbc_exists) return refusal(Reason::wrong_name);
  if (stored_hash.empty()) return refusal(Reason::secret_used);
  if (!crypto::equal_constant_time(hash_secret(enrol.secret), stored_hash)) return refusal(Reason::secret_unknown);
  if (!until || now >= *until) return refusal(Reason::secret_expired);
  return std::nullopt;
}

std::string_view explain(Reason reason) {
  switch (reason) {
    case Reason::superseded:
      return "a newer connection has this SBC's identity; if it isn't this box, two boxes share one identity";
    case Reason::revoked:
      return "this SBC's certificate was revoked; enrol again with a new key";
    case Reason::shutting_down:
      return "the other end is shutting down";
    case Reason::version:
      return "the core and the SBC have no protocol version in common; update the older one";
    case Reason::protocol_error:
      return "the other end sent something that the protocol doesn't allow";
    case Reason::not_enrolled:
      return "this SBC isn't enrolled, or its certificate isn't from this core";
    case Reason::wrong_name:
      return "the core knows no SBC of this name; was it deleted?";
    case Reason::secret_used:
      return "this enrolment key was used already; ask the core for a new one";
    case Reason::secret_expired:
      return "this enrolment key is older than 24 hours; ask the core for a new one";
    case Reason::secret_unknown:
      return "this is not the enrolment key in force for this SBC; a newer one may have been made";
    case Reason::bad_request:
      return "the certificate request is malformed or its key isn't EC P-256";
    case Reason::busy:
      return "the core has too many connections that haven't said who they are; trying again";
    case Reason::overload:
      return "a queue ran over because the other end reads too slowly";
    case Reason::lost:
      return "the connection was lost";
    case Reason::silent:
      return "nothing was heard from the other end for too long";
    case Reason::unreachable:
      return "the core can't be reached";
  }
  return "?";
}

}  // namespace roamdesk::tunnel
