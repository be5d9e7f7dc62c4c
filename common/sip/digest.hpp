#pragma once
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/secret.hpp"
#include "common/base/time.hpp"
#include "common/sip/message.hpp"

// Digest authentication, qop=auth, with MD5 and SHA-256 (RFC 2617, 7616, 8760). Pure: randomness and time are
// arguments.
namespace roamdesk::sip {

enum class DigestAlgorithm : std::uint8_t { md5, sha256 };

struct Credentials {
  std::string user;
  Secret password;
};

// The value of an Authorization or Proxy-Authorization header.
struct DigestAnswer {
  std::string user, realm, nonce, uri, response, cnonce;
  DigestAlgorithm algorithm = DigestAlgorithm::md5;
  std::uint32_t nc = 0;
  std::string nc_text;  // as it came: that is what was hashed
};
// nullopt for anything but a complete `Digest` answer with qop=auth in a known algorithm.
std::optional<DigestAnswer> parse_digest_answer(std::string_view value);
// The one for `realm` among a request's Authorization (or, with `proxy`, Proxy-Authorization) headers.
std::optional<DigestAnswer> find_digest_answer(const Message& request, std::string_view realm, bool proxy = false);

// RFC 7616 §3.4.6, RFC 3261 §22.4: whether credentials that were made for `digest_uri` are for this request. Phones
// write it in their own way: escapes, parameters, sips for sip and a default port don't matter, nor, in a REGISTER, the
// user. The hosts in `us` (the domain, the face at which it came in) are one; a URI with no user that names one of them
// is the server's, for which some clients sign all their requests: it was made for no other server.
bool is_made_for(std::string_view digest_uri, const Message& request, std::initializer_list<std::string_view> us);

enum class DigestVerdict : std::uint8_t {
  good,
  stale,  // the right password, but the nonce is too old, of another key, or this nonce count was used: challenge again
          // with stale=true, the phone doesn't ask its user
  wrong,  // another password, realm or user
};

// The side that challenges. Nonces hold no state: a time and an HMAC under `key`; what is remembered is the counts of
// those with which a client authenticated, bounded.
class DigestServer {
 public:
  struct Limits {
    std::chrono::seconds nonce_lifetime{300};
    std::size_t nonces = 65'536;  // remembered; where more are in use, the oldest become stale before their time
  };
  // `key`: 32 random bytes, new at each start (nonces count in monotonic time, which starts again with the machine).
  DigestServer(std::string realm, Secret key, Limits limits);
  DigestServer(std::string realm, Secret key) : DigestServer(std::move(realm), std::move(key), Limits{}) {}

  // The value of WWW-Authenticate (or Proxy-Authenticate).
  std::string make_challenge(DigestAlgorithm algorithm, bool stale, TimePoint now);
  // Takes the same time whether `answer` is right or wrong. For a user who doesn't exist, verify against any password
  // that no client knows. The caller has chosen the password by `answer.user`.
  DigestVerdict verify(const DigestAnswer& answer, std::string_view method, const Secret& password, TimePoint now);

  const std::string& realm() const { return realm_; }
  std::size_t remembered() const { return counts_.size(); }

 private:
  struct Count {
    std::uint32_t highest = 0;
    std::uint64_t seen = 0;  // bit n: highest - n was used (requests of one phone may overtake each other)
  };
  std::string sign(std::string_view stem) const;
  struct Nonce {
    TimePoint issued;
    std::uint64_t serial = 0;
  };
  std::optional<Nonce> read(const DigestAnswer& answer) const;
  bool count(const Nonce& nonce, std::uint32_t nc, TimePoint now);

  std::string realm_;
  Secret key_;
  Limits limits_;
  std::uint64_t serial_ = 0;
  TimePoint oldest_valid_ = TimePoint::min();
  boost::unordered_flat_map<std::uint64_t, Count> counts_;  // by serial
  std::deque<Nonce> order_;                                 // by first use
};

// The side that answers, for phones that challenge our requests. The value of the Authorization header; nullopt where
// the challenge isn't a Digest in a known algorithm (SHA-256 or MD5) with qop=auth or none. `nc` counts the requests
// with this nonce from 1; `cnonce` is an unguessable token.
std::optional<std::string> answer_challenge(std::string_view challenge, const Credentials& credentials,
                                            std::string_view method, std::string_view uri, std::uint32_t nc,
                                            std::string_view cnonce);
// The header to add to `request` after `response` (401 or 407), for the strongest of its challenges.
std::optional<Header> authorise(const Message& request, const Message& response, const Credentials& credentials,
                                std::uint32_t nc, std::string_view cnonce);

}  // namespace roamdesk::sip
