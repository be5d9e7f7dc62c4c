#include "common/sip/digest_text.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <initializer_list>
#include <stdexcept>

#include "common/crypto/bytes.hpp"
#include "common/sip/text.hpp"

namespace roamdesk::sip {
namespace {

std::string hash(DigestAlgorithm algorithm, std::initializer_list<std::string_view> parts) {
  // Fetched once: the implicit fetch of EVP_md5() costs as much as the hash.
  static EVP_MD* const md5 = EVP_MD_fetch(nullptr, "MD5", nullptr);
  static EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA2-256", nullptr);
  fmt::memory_buffer text;
  for (const auto part : parts) {
    if (text.size() != 0) text.push_back(':');
    text.append(part.data(), part.data() + part.size());
  }
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  // A FIPS-only provider has no MD5: a fault of the installation, which must not look like a wrong password.
  if (EVP_Digest(text.data(), text.size(), digest, &size, algorithm == DigestAlgorithm::md5 ? md5 : sha256, nullptr) !=
      1)
    throw std::runtime_error{"OpenSSL gives no MD5 or no SHA-256"};
  wipe(text.data(), text.size());
  return crypto::to_hex({digest, size});
}

}  // namespace

std::optional<DigestFields> DigestFields::parse(std::string_view value) {
  value = trim(value);
  if (value.size() < 7 || !equal_ignoring_case(value.substr(0, 6), "Digest") || (value[6] != ' ' && value[6] != '\t'))
    return std::nullopt;
  value.remove_prefix(7);
  DigestFields found;
  for (value = trim(value); !value.empty(); value = trim(value)) {
    const auto equals = value.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const auto name = trim(value.substr(0, equals));
    if (!is_token(name) || found.fields_.has(name)) return std::nullopt;
    value = trim(value.substr(equals + 1));
    std::string text;
    if (!value.empty() && value.front() == '"') {
      std::size_t i = 1;
      for (; i < value.size() && value[i] != '"'; ++i) {
        if (value[i] == '\\' && i + 1 < value.size()) ++i;
        text += value[i];
      }
      if (i >= value.size()) return std::nullopt;
      value = trim(value.substr(i + 1));
    } else {
      const auto end = std::min(value.find(','), value.size());
      text = trim(value.substr(0, end));
      value.remove_prefix(end);
    }
    found.fields_.set(name, std::move(text));
    if (value.empty()) break;
    if (value.front() != ',') return std::nullopt;
    value.remove_prefix(1);
  }
  return found;
}

std::optional<std::string_view> DigestFields::find(std::string_view name) const { return fields_.find(name); }

std::optional<DigestAlgorithm> digest_algorithm(std::optional<std::string_view> name) {
  if (!name || equal_ignoring_case(*name, "MD5")) return DigestAlgorithm::md5;
  if (equal_ignoring_case(*name, "SHA-256")) return DigestAlgorithm::sha256;
  return std::nullopt;
}

std::string_view name_of(DigestAlgorithm algorithm) { return algorithm == DigestAlgorithm::md5 ? "MD5" : "SHA-256"; }

std::string digest_response(const DigestInput& in) {
  const auto ha1 = hash(in.algorithm, {in.user, in.realm, in.password});
  const auto ha2 = hash(in.algorithm, {in.method, in.uri});
  if (in.cnonce.empty()) return hash(in.algorithm, {ha1, in.nonce, ha2});
  return hash(in.algorithm, {ha1, in.nonce, in.nc, in.cnonce, "auth", ha2});
}

}  // namespace roamdesk::sip
