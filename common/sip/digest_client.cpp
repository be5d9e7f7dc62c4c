#include <fmt/format.h>

#include "common/sip/digest_text.hpp"
#include "common/sip/text.hpp"

namespace roamdesk::sip {
namespace {

std::string quoted_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// qop is a list: "auth,auth-int".
bool offers_auth(std::string_view qop) {
  while (!qop.empty()) {
    const auto comma = std::min(qop.find(','), qop.size());
    if (equal_ignoring_case(trim(qop.substr(0, comma)), "auth")) return true;
    qop.remove_prefix(std::min(comma + 1, qop.size()));
  }
  return false;
}

}  // namespace

std::optional<std::string> answer_challenge(std::string_view challenge, const Credentials& credentials,
                                            std::string_view method, std::string_view uri, std::uint32_t nc,
                                            std::string_view cnonce) {
  const auto fields = DigestFields::parse(challenge);
  if (!fields) return std::nullopt;
  const auto algorithm = digest_algorithm(fields->find("algorithm"));
  const auto realm = fields->find("realm"), nonce = fields->find("nonce"), qop = fields->find("qop");
  if (!algorithm || !realm || !nonce || (qop && !offers_auth(*qop)) || (qop && cnonce.empty())) return std::nullopt;
  const auto count = fmt::format("{:08x}", nc);
  DigestInput input{*algorithm, credentials.user, *realm, credentials.password.reveal(), *nonce, {}, method, uri,
                    count};
  if (qop) input.cnonce = cnonce;
  auto value = fmt::format("Digest username={}, realm={}, nonce={}, uri={}, response=\"{}\", algorithm={}",
                           quoted_string(credentials.user), quoted_string(*realm), quoted_string(*nonce),
                           quoted_string(uri), digest_response(input), name_of(*algorithm));
  if (qop) value += fmt::format(", cnonce={}, qop=auth, nc={}", quoted_string(cnonce), count);
  if (const auto opaque = fields->find("opaque")) value += ", opaque=" + quoted_string(*opaque);
  return value;
}

std::optional<Header> authorise(const Message& request, const Message& response, const Credentials& credentials,
                                std::uint32_t nc, std::string_view cnonce) {
  const bool proxy = response.status == 407;
  std::optional<std::string_view> best;
  // RFC 8760 §2.4: the topmost that we support; servers list the strongest first.
  for (const auto challenge : response.headers_named(proxy ? "Proxy-Authenticate" : "WWW-Authenticate")) {
    const auto fields = DigestFields::parse(challenge);
    const auto algorithm = fields ? digest_algorithm(fields->find("algorithm")) : std::nullopt;
    if (algorithm && (!best || algorithm == DigestAlgorithm::sha256)) best = challenge;
    if (algorithm == DigestAlgorithm::sha256) break;
  }
  if (!best) return std::nullopt;
  auto value = answer_challenge(*best, credentials, request.method, to_string(request.request_uri), nc, cnonce);
  if (!value) return std::nullopt;
  return Header{proxy ? "Proxy-Authorization" : "Authorization", std::move(*value)};
}

}  // namespace roamdesk::sip
