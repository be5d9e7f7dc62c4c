#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "common/base/secret.hpp"
#include "common/base/time.hpp"

// HTTP digest authentication for SIP: RFC 3261 §22, RFC 7616, RFC 8760. qop=auth only; MD5 and SHA-256.
namespace roamdesk::sip {

enum class DigestAlgorithm : std::uint8_t { md5, sha256 };

// An Authorization or Proxy-Authorization header's value, taken apart; quotes removed.
struct DigestResponse {
  std::string username, realm, nonce, uri, response, cnonce, qop, opaque;
  std::uint32_t nonce_count = 0;
  DigestAlgorithm algorithm = DigestAlgorithm::md5;
};
// nullopt where it isn't Digest, lacks a field that RFC 2617 demands, or names an algorithm that we don't speak.
std::optional<DigestResponse> parse_digest_response(std::string_view value);

enum class DigestVerdict : std::uint8_t {
  good,
  stale,  // right or wrong, the nonce is no longer one of ours: challenge again with stale=true
  wrong,  // password, realm or method doesn't fit
};

// Challenges and checks. Nonces carry their time under a keyed hash, so that a challenge keeps no state; only nonces
// that were used are remembered, with the highest count, against replay (bounded: the oldest are forgotten).
class DigestServer {
 public:
  // `key`: random, of this run. `lifetime` of a nonce: after it the phone is asked anew, without its user noticing.
  DigestServer(std::string realm, Secret key, std::chrono::seconds lifetime = std::chrono::minutes{5});

  // A WWW-Authenticate value.
  std::string challenge(DigestAlgorithm algorithm, bool stale, TimePoint now);
  DigestVerdict check(const DigestResponse& response, std::string_view method, const Secret& password, TimePoint now);
  const std::string& realm() const { return realm_; }

 private:
  std::string sign(std::string_view stamp) const;

  std::string realm_;
  Secret key_;
  std::chrono::seconds lifetime_;
  std::uint64_t last_ = 0;
  std::unordered_map<std::string, std::uint32_t> used_;  // nonce -> highest count
  std::deque<std::string> used_order_;
};

// The Authorization value that answers a phone's challenge (WWW-Authenticate's value); nullopt where we can't.
std::optional<std::string> answer_challenge(std::string_view challenge, const std::string& user, const Secret& password,
                                            std::string_view method, std::string_view uri, std::uint32_t nonce_count,
                                            const std::string& cnonce);

}  // namespace roamdesk::sip
