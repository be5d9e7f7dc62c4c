#include "common/crypto/pem.hpp"

#include <openssl/pem.h>

#include <stdexcept>

namespace roamdesk::crypto {
namespace {

constexpr std::size_t most_pem = 16 * 1024;

BioPtr reader(std::string_view pem) {
  if (pem.empty() || pem.size() > most_pem) return nullptr;
  return BioPtr{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
}

// Never asks a terminal for a pass phrase.
int no_pass_phrase(char*, int, int, void*) { return -1; }

template <class Write>
std::string written(Write&& write) {
  BioPtr out{BIO_new(BIO_s_secmem())};
  if (!out || write(out.get()) != 1) throw std::runtime_error{"OpenSSL can't write PEM"};
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

CertificatePtr certificate_from_pem(std::string_view pem) {
  const auto in = reader(pem);
  return CertificatePtr{in ? PEM_read_bio_X509(in.get(), nullptr, no_pass_phrase, nullptr) : nullptr};
}
RequestPtr request_from_pem(std::string_view pem) {
  const auto in = reader(pem);
  return RequestPtr{in ? PEM_read_bio_X509_REQ(in.get(), nullptr, no_pass_phrase, nullptr) : nullptr};
}
KeyPtr key_from_pem(const Secret& pem) {
  const auto in = reader(pem.reveal());
  return KeyPtr{in ? PEM_read_bio_PrivateKey(in.get(), nullptr, no_pass_phrase, nullptr) : nullptr};
}
std::string to_pem(X509* certificate) {
  return written([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}
std::string to_pem(X509_REQ* request) {
  return written([&](BIO* out) { return PEM_write_bio_X509_REQ(out, request); });
}
Secret to_pem(EVP_PKEY* key) {
  return Secret{written(
      [&](BIO* out) { return PEM_write_bio_PKCS8PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr); })};
}

Sha256Digest fingerprint(const X509* certificate) {
  Sha256Digest digest{};
  unsigned size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1 || size != digest.size()) {
    throw std::runtime_error{"OpenSSL can't digest a certificate"};
  }
  return digest;
}

std::string common_name(const X509_NAME* subject) {
  const int index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (index < 0) return {};
  const auto* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index));
  const auto* data = ASN1_STRING_get0_data(value);
  return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(ASN1_STRING_length(value))};
}

}  // namespace roamdesk::crypto
