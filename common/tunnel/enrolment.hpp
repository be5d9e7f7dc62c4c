#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/base/secret.hpp"
#include "common/base/time.hpp"
#include "common/crypto/hash.hpp"
#include "common/tunnel/frames.hpp"

namespace roamdesk::tunnel {

inline constexpr std::chrono::hours enrolment_lifetime{24};

// What the operator carries from the core to the SBC, as one line of text: "rd1_" and base64url of the CA's digest, the
// secret, the SBC's name and a checksum, so that a slip of the pen is told from a wrong key.
struct EnrolmentKey {
  crypto::Sha256Digest authority{};
  Secret secret;     // 32 hexadecimal characters
  std::string name;  // the SBC's, 1..64 characters
  friend bool operator==(const EnrolmentKey&, const EnrolmentKey&) = default;
};
// `secret_bytes`: 16 random bytes.
EnrolmentKey make_enrolment_key(const crypto::Sha256Digest& authority, std::string name, crypto::ByteView secret_bytes);
Secret to_text(const EnrolmentKey& key);

enum class KeyError {
  not_a_key,  // doesn't begin with rd1_, or isn't base64url
  mistyped,   // the checksum is wrong: characters are missing or changed
};
std::string_view describe(KeyError error);
Result<EnrolmentKey, KeyError> parse_enrolment_key(std::string_view text);

// An SBC's name: 1..63 characters of a-z 0-9 and '-', neither first nor last a '-', not "local".
bool is_sbc_name(std::string_view name);

// What the core keeps of a key: crypto::sha256_hex of the secret.
std::string hash_secret(const Secret& secret);

// The core's decision. `stored_hash` is "" once it was used or where no key was ever made; nullopt: the secret is good,
// and must be marked as used, durably, before the certificate leaves.
std::optional<Goodbye> check_enrolment(const Enrol& enrol, bool sbc_exists, std::string_view stored_hash,
                                       std::optional<WallTime> until, WallTime now);

// One sentence for each reason, as `sbc enrol` prints it.
std::string_view explain(Reason reason);

}  // namespace roamdesk::tunnel
