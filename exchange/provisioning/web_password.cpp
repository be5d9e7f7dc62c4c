#include "exchange/provisioning/web_password.hpp"

#include "common/crypto/hash.hpp"

namespace roamdesk::provisioning {

Secret make_web_password(const std::string& fresh) {
  constexpr std::string_view upper = "ABCDEFGHJKLMNPQRSTUVWXYZ", lower = "abcdefghijkmnpqrstuvwxyz",
                             digits = "23456789";
  const auto all = std::string{upper}.append(lower).append(digits);
  const auto random = crypto::sha256(fresh);  // spreads the 128 bits over enough bytes
  std::string password;
  for (std::size_t i = 0; i < 16; ++i) {
    const auto from = i == 0 ? upper : i == 1 ? lower : i == 2 ? digits : std::string_view{all};
    password += from[random[i] % from.size()];
  }
  return Secret{std::move(password)};
}

}  // namespace roamdesk::provisioning
