#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "common/crypto/bytes.hpp"
#include "common/crypto/hash.hpp"
#include "common/sip/digest_text.hpp"
#include "common/sip/text.hpp"

namespace roamdesk::sip {
namespace {

// A nonce is "<milliseconds>.<serial>.<algorithm>.<HMAC>", the first three in hexadecimal and the HMAC over them.
constexpr std::size_t mac_digits = 32;

std::optional<std::uint64_t> parse_hex(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<DigestAnswer> parse_digest_answer(std::string_view value) {
  const auto fields = DigestFields::parse(value);
  if (!fields) return std::nullopt;
  const auto algorithm = digest_algorithm(fields->find("algorithm"));
  const auto qop = fields->find("qop"), count = fields->find("nc");
  if (!algorithm || !qop || !equal_ignoring_case(*qop, "auth") || !count || count->size() > 16) return std::nullopt;
  // RFC 7616 §3.4 has eight digits in lower case, from 1 on; phones write and begin it otherwise.
  const auto nc = parse_hex(*count);
  if (!nc || *nc > UINT32_MAX) return std::nullopt;
  DigestAnswer answer;
  answer.algorithm = *algorithm;
  answer.nc = static_cast<std::uint32_t>(*nc);
  answer.nc_text = *count;
  for (const auto& [name, to] :
       {std::pair{"username", &answer.user}, std::pair{"realm", &answer.realm}, std::pair{"nonce", &answer.nonce},
        std::pair{"uri", &answer.uri}, std::pair{"response", &answer.response}, std::pair{"cnonce", &answer.cnonce}}) {
    const auto text = fields->find(name);
    if (!text || text->empty() || text->size() > 512) return std::nullopt;
    *to = *text;
  }
  for (char& c : answer.response) c = lower(c);
  return answer;
}

std::optional<DigestAnswer> find_digest_answer(const Message& request, std::string_view realm, bool proxy) {
  for (const auto value : request.headers_named(proxy ? "Proxy-Authorization" : "Authorization"))
    if (auto answer = parse_digest_answer(value); answer && answer->realm == realm) return answer;
  return std::nullopt;
}

bool is_made_for(std::string_view digest_uri, const Message& request, std::initializer_list<std::string_view> us) {
  const auto uri = parse_uri(trim(digest_uri));
  if (!uri) return false;
  const Uri& asked = request.request_uri;
  const auto is_sip = [](const Uri& u) { return u.scheme == "sip" || u.scheme == "sips"; };
  const bool same_user = unescape(uri->user) == unescape(asked.user);
  if (!is_sip(*uri) || !is_sip(asked)) return uri->scheme == asked.scheme && same_user;
  const auto is_us = [us](const Uri& u) {
    return std::any_of(us.begin(), us.end(), [&](std::string_view host) { return equal_ignoring_case(host, u.host); });
  };
  const bool for_server = uri->user.empty() && is_us(*uri);
  if (!same_user && !for_server && request.method != "REGISTER") return false;
  if (is_us(*uri) && is_us(asked)) return true;
  const auto port = [](const Uri& u) { return u.port == 5060 || u.port == 5061 ? 0 : int{u.port}; };
  return equal_ignoring_case(uri->host, asked.host) && port(*uri) == port(asked);
}

DigestServer::DigestServer(std::string realm, Secret key, Limits limits)
    : realm_(std::move(realm)), key_(std::move(key)), limits_(limits) {}

std::string DigestServer::sign(std::string_view stem) const {
  const auto mac = crypto::hmac_sha256(crypto::as_bytes(key_.reveal()), crypto::as_bytes(stem));
  return crypto::to_hex(mac).substr(0, mac_digits);
}

std::string DigestServer::make_challenge(DigestAlgorithm algorithm, bool stale, TimePoint now) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  const auto stem = fmt::format("{:x}.{:x}.{:x}", static_cast<std::uint64_t>(milliseconds), ++serial_,
                                static_cast<unsigned>(algorithm));
  return fmt::format("Digest realm=\"{}\", nonce=\"{}.{}\", algorithm={}, qop=\"auth\"{}", realm_, stem, sign(stem),
                     name_of(algorithm), stale ? ", stale=true" : "");
}

// nullopt where the nonce isn't one of ours, or was for another algorithm.
std::optional<DigestServer::Nonce> DigestServer::read(const DigestAnswer& answer) const {
  const std::string_view nonce = answer.nonce;
  if (nonce.size() < mac_digits + 2) return std::nullopt;
  const auto stem = nonce.substr(0, nonce.size() - mac_digits - 1);
  const auto mac = nonce.substr(nonce.size() - mac_digits);
  if (nonce[stem.size()] != '.' || !crypto::equal_constant_time(sign(stem), mac)) return std::nullopt;
  // Signed, so it is as make_challenge wrote it.
  const auto first = stem.find('.'), second = stem.rfind('.');
  const auto time = parse_hex(stem.substr(0, first));
  const auto serial = parse_hex(stem.substr(first + 1, second - first - 1));
  if (!time || !serial || stem.back() != fmt::format("{:x}", static_cast<unsigned>(answer.algorithm)).back())
    return std::nullopt;
  return Nonce{TimePoint{std::chrono::milliseconds{*time}}, *serial};
}

DigestVerdict DigestServer::verify(const DigestAnswer& answer, std::string_view method, const Secret& password,
                                   TimePoint now) {
  const auto expected = digest_response({answer.algorithm, answer.user, realm_, password.reveal(), answer.nonce,
                                         answer.cnonce, method, answer.uri, answer.nc_text});
  const bool right = crypto::equal_constant_time(std::string_view{expected}, std::string_view{answer.response});
  const auto nonce = read(answer);
  if (!right || answer.realm != realm_) return DigestVerdict::wrong;
  if (!nonce || nonce->issued > now || now - nonce->issued > limits_.nonce_lifetime) return DigestVerdict::stale;
  return count(*nonce, answer.nc, now) ? DigestVerdict::good : DigestVerdict::stale;
}

// False where this nonce was used with this count before, or may have been (RFC 7616 §5.5).
bool DigestServer::count(const Nonce& nonce, std::uint32_t nc, TimePoint now) {
  while (!order_.empty() &&
         (now - order_.front().issued > limits_.nonce_lifetime || counts_.size() >= limits_.nonces)) {
    // The counts of a nonce that may still be good are forgotten: so it and all that are older are good no more.
    oldest_valid_ = std::max(oldest_valid_, order_.front().issued + std::chrono::milliseconds{1});
    counts_.erase(order_.front().serial);
    order_.pop_front();
  }
  const auto found = counts_.find(nonce.serial);
  if (found == counts_.end()) {
    if (nonce.issued < oldest_valid_) return false;
    counts_.emplace(nonce.serial, Count{nc, 1});
    order_.push_back(nonce);
    return true;
  }
  auto& seen = found->second;
  if (nc > seen.highest) {
    const auto shift = nc - seen.highest;
    seen.seen = (shift < 64 ? seen.seen << shift : 0) | 1;
    seen.highest = nc;
    return true;
  }
  const auto behind = seen.highest - nc;
  if (behind >= 64 || (seen.seen >> behind) & 1) return false;
  seen.seen |= std::uint64_t{1} << behind;
  return true;
}

}  // namespace roamdesk::sip
