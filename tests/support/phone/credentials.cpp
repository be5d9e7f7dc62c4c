#include "tests/support/phone/credentials.hpp"

#include "tests/support/phone/digest.hpp"
#include "tests/support/phone/text.hpp"

namespace roamdesk::phone {

bool Credentials::take(std::string_view response) {
  const bool proxy = status_of(response) == 407;
  const auto challenge = header(response, proxy ? "Proxy-Authenticate" : "WWW-Authenticate");
  const auto realm = parameter(challenge, "realm"), nonce = parameter(challenge, "nonce");
  const auto algorithm = parameter(challenge, "algorithm");
  if (user.empty() || nonce.empty() || parameter(challenge, "qop").find("auth") == std::string_view::npos ||
      !(algorithm.empty() || same(algorithm, "MD5")))
    return false;
  proxy_ = proxy;
  realm_ = realm;
  nonce_ = nonce;
  count_ = 0;
  return true;
}

void Credentials::forget() { nonce_.clear(); }

std::string Credentials::line(std::string_view method, std::string_view uri, std::string_view cnonce) {
  if (!known()) return {};
  return std::string{proxy_ ? "Proxy-Authorization: " : "Authorization: "} +
         authorization({user, password}, {realm_, nonce_}, method, uri, cnonce, ++count_) + "\r\n";
}

}  // namespace roamdesk::phone
