#include "common/sip/digest.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <span>
#include <utility>
#include <vector>

#include "common/sip/text.hpp"

namespace roamdesk::sip {
namespace {

constexpr std::size_t most_used_nonces = 65'536;

std::string hex(std::span<const unsigned char> bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const auto byte : bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::string hash(DigestAlgorithm algorithm, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out;
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), out.data(), &size,
             algorithm == DigestAlgorithm::sha256 ? EVP_sha256() : EVP_md5(), nullptr);
  return hex({out.data(), size});
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

using Fields = std::vector<std::pair<std::string, std::string>>;

// `Digest a=b, c="d"`; nullopt where it isn't that. At most 32 fields.
std::optional<Fields> parse_fields(std::string_view value) {
  value = trim(value);
  if (value.size() < 7 || !equal_ignoring_case(value.substr(0, 6), "Digest") || (value[6] != ' ' && value[6] != '\t'))
    return std::nullopt;
  value.remove_prefix(7);
  Fields fields;
  while (!(value = trim(value)).empty()) {
    if (value.front() == ',') {
      value.remove_prefix(1);
      continue;
    }
    const auto equals = value.find('=');
    if (equals == std::string_view::npos || fields.size() >= 32) return std::nullopt;
    const auto name = trim(value.substr(0, equals));
    value = trim(value.substr(equals + 1));
    std::string text;
    if (!value.empty() && value.front() == '"') {
      std::size_t at = 1;
      for (; at < value.size() && value[at] != '"'; ++at) {
        if (value[at] == '\\' && at + 1 < value.size()) ++at;
        text += value[at];
      }
      if (at >= value.size()) return std::nullopt;
      value.remove_prefix(at + 1);
    } else {
      const auto end = std::min(value.find(','), value.size());
      text = trim(value.substr(0, end));
      value.remove_prefix(end);
    }
    if (!is_token(name)) return std::nullopt;
    fields.emplace_back(name, std::move(text));
  }
  return fields;
}

std::string find(const Fields& fields, std::string_view name) {
  for (const auto& [key, value] : fields)
    if (equal_ignoring_case(key, name)) return value;
  return {};
}

std::optional<DigestAlgorithm> algorithm_of(const std::string& name) {
  if (name.empty() || equal_ignoring_case(name, "MD5")) return DigestAlgorithm::md5;
  if (equal_ignoring_case(name, "SHA-256")) return DigestAlgorithm::sha256;
  return std::nullopt;
}

// RFC 7616 §3.4.1, with and without qop.
std::string expected(const DigestResponse& r, std::string_view method, const Secret& password) {
  const auto ha1 = hash(r.algorithm, fmt::format("{}:{}:{}", r.username, r.realm, password.reveal()));
  const auto ha2 = hash(r.algorithm, fmt::format("{}:{}", method, r.uri));
  if (r.qop.empty()) return hash(r.algorithm, fmt::format("{}:{}:{}", ha1, r.nonce, ha2));
  return hash(r.algorithm, fmt::format("{}:{}:{:08x}:{}:{}:{}", ha1, r.nonce, r.nonce_count, r.cnonce, r.qop, ha2));
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

std::optional<DigestResponse> parse_digest_response(std::string_view value) {
  const auto fields = parse_fields(value);
  if (!fields) return std::nullopt;
  const auto algorithm = algorithm_of(find(*fields, "algorithm"));
  if (!algorithm) return std::nullopt;
  DigestResponse r;
  r.algorithm = *algorithm;
  r.username = find(*fields, "username");
  r.realm = find(*fields, "realm");
  r.nonce = find(*fields, "nonce");
  r.uri = find(*fields, "uri");
  r.response = find(*fields, "response");
  r.cnonce = find(*fields, "cnonce");
  r.qop = find(*fields, "qop");
  r.opaque = find(*fields, "opaque");
  if (r.username.empty() || r.nonce.empty() || r.uri.empty() || r.response.empty()) return std::nullopt;
  if (const auto count = find(*fields, "nc"); !count.empty()) {
    const auto [end, error] = std::from_chars(count.data(), count.data() + count.size(), r.nonce_count, 16);
    if (error != std::errc{} || end != count.data() + count.size()) return std::nullopt;
  }
  return r;
}

DigestServer::DigestServer(std::string realm, Secret key, std::chrono::seconds lifetime)
    : realm_(std::move(realm)), key_(std::move(key)), lifetime_(lifetime) {}

std::string DigestServer::sign(std::string_view stamp) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out;
  unsigned size = 0;
  const auto text = fmt::format("{}\n{}", stamp, realm_);
  HMAC(EVP_sha256(), key_.reveal().data(), static_cast<int>(key_.reveal().size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), out.data(), &size);
  return hex({out.data(), 16});
}

std::string DigestServer::challenge(DigestAlgorithm algorithm, bool stale, TimePoint now) {
  // Nanoseconds, made unique: no two challenges share a nonce, or their counts would meet.
  const auto at = static_cast<std::uint64_t>(now.time_since_epoch().count());
  last_ = std::max(at, last_ + 1);
  const auto stamp = fmt::format("{:016x}", last_);
  return fmt::format("Digest realm={}, nonce=\"{}{}\", algorithm={}, qop=\"auth\"{}", quoted(realm_), stamp,
                     sign(stamp), algorithm == DigestAlgorithm::sha256 ? "SHA-256" : "MD5",
                     stale ? ", stale=true" : "");
}

DigestVerdict DigestServer::check(const DigestResponse& response, std::string_view method, const Secret& password,
                                  TimePoint now) {
  if (response.realm != realm_) return DigestVerdict::wrong;
  if (!response.qop.empty() && !equal_ignoring_case(response.qop, "auth")) return DigestVerdict::wrong;
  const std::string_view nonce = response.nonce;
  std::uint64_t at = 0;
  const bool ours = nonce.size() == 48 && same(sign(nonce.substr(0, 16)), nonce.substr(16)) &&
                    std::from_chars(nonce.data(), nonce.data() + 16, at, 16).ec == std::errc{};
  const auto age = now - TimePoint{Duration{static_cast<Duration::rep>(at)}};
  if (!ours || age > lifetime_ || age < -std::chrono::seconds{1}) return DigestVerdict::stale;
  if (!same(expected(response, method, password), response.response)) return DigestVerdict::wrong;
  // Without qop there is no count: such a nonce is good for once.
  const auto count = response.qop.empty() ? UINT32_MAX : response.nonce_count;
  const auto [used, first] = used_.try_emplace(response.nonce, count);
  if (!first) {
    if (count <= used->second) return DigestVerdict::stale;
    used->second = count;
    return DigestVerdict::good;
  }
  used_order_.push_back(response.nonce);
  if (used_order_.size() > most_used_nonces) {
    used_.erase(used_order_.front());
    used_order_.pop_front();
  }
  return DigestVerdict::good;
}

std::optional<std::string> answer_challenge(std::string_view challenge, const std::string& user, const Secret& password,
                                            std::string_view method, std::string_view uri, std::uint32_t nonce_count,
                                            const std::string& cnonce) {
  const auto fields = parse_fields(challenge);
  if (!fields) return std::nullopt;
  const auto algorithm = algorithm_of(find(*fields, "algorithm"));
  DigestResponse r;
  r.nonce = find(*fields, "nonce");
  if (!algorithm || r.nonce.empty()) return std::nullopt;
  r.algorithm = *algorithm;
  r.username = user;
  r.realm = find(*fields, "realm");
  r.uri = uri;
  r.nonce_count = nonce_count;
  r.cnonce = cnonce;
  std::string_view offered;
  const auto qop = find(*fields, "qop");
  for (std::string_view rest = qop; !rest.empty();) {
    const auto comma = std::min(rest.find(','), rest.size());
    if (equal_ignoring_case(trim(rest.substr(0, comma)), "auth")) offered = "auth";
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  if (!qop.empty() && offered.empty()) return std::nullopt;  // auth-int only
  r.qop = offered;
  auto value = fmt::format("Digest username={}, realm={}, nonce={}, uri={}, response=\"{}\", algorithm={}",
                           quoted(user), quoted(r.realm), quoted(r.nonce), quoted(uri), expected(r, method, password),
                           *algorithm == DigestAlgorithm::sha256 ? "SHA-256" : "MD5");
  if (!r.qop.empty()) value += fmt::format(", cnonce={}, nc={:08x}, qop=auth", quoted(cnonce), nonce_count);
  if (const auto opaque = find(*fields, "opaque"); !opaque.empty()) value += ", opaque=" + quoted(opaque);
  return value;
}

}  // namespace roamdesk::sip
