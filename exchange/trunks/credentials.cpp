#include "exchange/trunks/credentials.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "common/sip/digest_text.hpp"

namespace roamdesk::trunks {
namespace {

constexpr const char* challenge_header[] = {"WWW-Authenticate", "Proxy-Authenticate"};
constexpr const char* answer_header[] = {"Authorization", "Proxy-Authorization"};

// A nonce and its like are kept: no longer ones than anybody needs.
constexpr std::size_t longest_challenge = 2048;

std::optional<sip::DigestFields> read(std::string_view challenge) {
  if (challenge.size() > longest_challenge) return std::nullopt;
  auto fields = sip::DigestFields::parse(challenge);
  if (!fields || !fields->find("realm") || !fields->find("nonce")) return std::nullopt;
  return fields;
}

// The topmost of the strongest algorithm (RFC 8760 §2.4).
std::string_view strongest(const sip::Message& response, const char* header) {
  std::string_view best;
  for (const auto challenge : response.headers_named(header)) {
    const auto fields = read(challenge);
    const auto algorithm = fields ? sip::digest_algorithm(fields->find("algorithm")) : std::nullopt;
    if (algorithm == sip::DigestAlgorithm::sha256) return challenge;
    if (algorithm && best.empty()) best = challenge;
  }
  return best;
}

// Whether the request carries an answer for this realm that was made for a challenge of its own: the first with its
// nonce. One that was added beforehand counts on, and its nonce may simply be too old.
bool has_answered(const sip::Message& request, const char* header, std::string_view realm) {
  const auto answers = request.headers_named(header);
  return std::any_of(answers.begin(), answers.end(), [&](const auto answer) {
    const auto fields = sip::DigestFields::parse(answer);
    if (!fields || fields->find("realm") != realm) return false;
    const auto count = fields->find("nc");
    return !count || *count == "00000001";
  });
}

// Answers for other realms stay.
void replace(sip::Message& request, const char* header, std::string_view realm, std::string value) {
  std::erase_if(request.headers, [&](const sip::Header& h) {
    if (!equal_ignoring_case(h.name, header)) return false;
    const auto fields = sip::DigestFields::parse(h.value);
    return !fields || fields->find("realm") == realm;
  });
  request.add_header(header, std::move(value));
}

}  // namespace

std::variant<sip::Message, NoAnswer> Credentials::answer(const sip::Message& request, const sip::Message& response,
                                                         std::string_view cnonce) {
  if (credentials_.password.empty()) return NoAnswer::no_password;
  const int kind = response.status == 407 ? 1 : 0;
  const auto challenge = strongest(response, challenge_header[kind]);
  if (challenge.empty()) return NoAnswer::unknown_kind;
  const auto fields = read(challenge);
  const auto realm = *fields->find("realm");
  const auto stale = fields->find("stale");
  if (has_answered(request, answer_header[kind], realm) && !(stale && equal_ignoring_case(*stale, "true"))) {
    known_[kind] = {};
    return NoAnswer::wrong_password;
  }
  auto value =
      sip::answer_challenge(challenge, credentials_, request.method, to_string(request.request_uri), 1, cnonce);
  if (!value) return NoAnswer::unknown_kind;
  // Without qop there is no count by which an answer that was added beforehand could be told.
  known_[kind] = fields->find("qop") ? Known{std::string{challenge}, 1} : Known{};
  sip::Message again = request;
  replace(again, answer_header[kind], realm, std::move(*value));
  return again;
}

void Credentials::prepare(sip::Message& request, std::string_view cnonce) {
  for (const int kind : {0, 1}) {
    Known& known = known_[kind];
    if (known.challenge.empty()) continue;
    if (auto value = sip::answer_challenge(known.challenge, credentials_, request.method,
                                           to_string(request.request_uri), ++known.count, cnonce))
      replace(request, answer_header[kind], *read(known.challenge)->find("realm"), std::move(*value));
  }
}

}  // namespace roamdesk::trunks
