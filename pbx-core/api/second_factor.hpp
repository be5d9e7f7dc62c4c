#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/secret.hpp"
#include "common/crypto/bytes.hpp"
#include "common/crypto/hash.hpp"
#include "exchange/model/records.hpp"

namespace roamdesk::api {

// Codes of an authenticator app (RFC 6238), and the recovery codes for the day on which the telephone is lost. The
// secrets are kept sealed under a key derived from the pepper, which isn't in the database.
class SecondFactor {
 public:
  explicit SecondFactor(const Secret& pepper);

  static crypto::Bytes make_secret();
  // otpauth://totp/…, for the QR code. `issuer`: what the app shows beside the name, letters, digits, dots, spaces.
  static std::string uri(std::string_view issuer, std::string_view user, crypto::ByteView secret);

  // Bound to the user: sealed for one, it is worthless in another's row.
  std::string seal(std::string_view user, crypto::ByteView secret) const;
  // nullopt where it wasn't sealed by us for this user.
  std::optional<crypto::Bytes> open(std::string_view user, std::string_view sealed) const;

  static std::vector<std::string> make_recovery_codes();   // 10, "K7QX-2MPL-9DWE-TB4C": 80 random bits
  std::string recovery_hash(std::string_view code) const;  // under the key; case, spaces and hyphens don't matter

  // Whether `code` is good now. What it spends (its step, or the recovery code) is taken out of `factor`.
  enum class Verdict { wrong, code, recovery_code };
  Verdict check(std::string_view user, std::string_view code, WallTime now, User::SecondFactor& factor) const;

 private:
  crypto::Sha256Digest sealing_{}, hashing_{};
};

}  // namespace roamdesk::api
