#include "tests/support/phone/digest.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

namespace roamdesk::phone {
namespace {

std::string md5_of(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), hash.data(), &size, EVP_md5(), nullptr);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", hash[i]);
  return hex;
}

}  // namespace

std::string authorization(const Login& login, const Challenge& challenge, std::string_view method, std::string_view uri,
                          std::string_view cnonce, std::uint32_t count) {
  const auto ha1 = md5_of(fmt::format("{}:{}:{}", login.user, challenge.realm, login.password));
  const auto ha2 = md5_of(fmt::format("{}:{}", method, uri));
  const auto response = md5_of(fmt::format("{}:{}:{:08x}:{}:auth:{}", ha1, challenge.nonce, count, cnonce, ha2));
  return fmt::format(
      "Digest username=\"{}\", realm=\"{}\", nonce=\"{}\", uri=\"{}\", response=\"{}\", algorithm=MD5, cnonce=\"{}\", "
      "qop=auth, nc={:08x}",
      login.user, challenge.realm, challenge.nonce, uri, response, cnonce, count);
}

}  // namespace roamdesk::phone
