#include <openssl/err.h>

#include <stdexcept>

#include "common/base/endpoint.hpp"
#include "common/crypto/certificate.hpp"
#include "common/crypto/pem.hpp"

namespace roamdesk::crypto {
namespace {

constexpr auto back_dated = std::chrono::hours{24};  // an SBC's clock may be a little behind
constexpr auto authority_lifetime = std::chrono::hours{24 * 365 * 20};

void require(bool fine) {
  if (!fine) throw std::runtime_error{"OpenSSL can't make a certificate"};
}

void set_time(ASN1_TIME* time, WallTime at) {
  require(ASN1_TIME_set(time, std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count()) !=
          nullptr);
}

// RFC 5280 §4.1.2.2: positive, at most 20 octets.
void set_serial(X509* certificate, ByteView serial) {
  Bytes positive{serial.begin(), serial.end()};
  require(!positive.empty() && positive.size() <= 20);
  positive.front() &= 0x7f;
  positive.front() |= 0x40;
  BignumPtr number{BN_bin2bn(positive.data(), static_cast<int>(positive.size()), nullptr)};
  require(number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr);
}

NamePtr make_name(std::string_view common) {
  NamePtr name{X509_NAME_new()};
  require(name && X509_NAME_add_entry_by_NID(name.get(), NID_commonName, MBSTRING_UTF8,
                                             reinterpret_cast<const unsigned char*>(common.data()),
                                             static_cast<int>(common.size()), -1, 0) == 1);
  return name;
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  ExtensionPtr extension{X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str())};
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

// RFC 5280 §4.2.1.1 and §4.2.1.2: which key signed it, which key it certifies. Strict clients (Python's since 3.13)
// take none without the first.
void add_key_identifiers(X509* certificate, X509* issuer) {
  add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
  add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always");
}

struct Wanted {
  std::string_view common_name;
  ByteView serial;
  WallTime from, to;
};

CertificatePtr make_certificate(const Wanted& wanted, EVP_PKEY* subject_key, const X509_NAME* issuer) {
  CertificatePtr certificate{X509_new()};
  require(certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1);
  set_serial(certificate.get(), wanted.serial);
  set_time(X509_getm_notBefore(certificate.get()), wanted.from);
  set_time(X509_getm_notAfter(certificate.get()), wanted.to);
  const auto name = make_name(wanted.common_name);
  require(X509_set_subject_name(certificate.get(), name.get()) == 1 &&
          X509_set_issuer_name(certificate.get(), issuer != nullptr ? issuer : name.get()) == 1 &&
          X509_set_pubkey(certificate.get(), subject_key) == 1);
  return certificate;
}

void sign(X509* certificate, EVP_PKEY* key) { require(X509_sign(certificate, key, EVP_sha256()) > 0); }

struct Validity {
  WallTime from, to;
};

// The leaf, and the authority's behind it.
std::string server_certificate(const Authority& authority, EVP_PKEY* subject_key, const std::vector<std::string>& names,
                               ByteView serial, Validity validity) {
  require(!names.empty());
  const auto issuer = certificate_from_pem(authority.certificate());
  const auto authority_key = key_from_pem(authority.key());
  require(issuer && authority_key);
  const Wanted wanted{names.front(), serial, validity.from, validity.to};
  const auto certificate = make_certificate(wanted, subject_key, X509_get_subject_name(issuer.get()));
  add_extension(certificate.get(), issuer.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(certificate.get(), issuer.get(), NID_key_usage, "critical,digitalSignature");
  add_extension(certificate.get(), issuer.get(), NID_ext_key_usage, "critical,serverAuth");
  add_key_identifiers(certificate.get(), issuer.get());
  std::string alternatives;
  for (const auto& name : names) {
    require(name.find_first_of(",;\n") == std::string::npos);  // would begin another entry
    // RFC 6125 §6.4: an address is looked for among the addresses only.
    alternatives += (alternatives.empty() ? "" : ",") + std::string(parse_ip(name) ? "IP:" : "DNS:") + name;
  }
  add_extension(certificate.get(), issuer.get(), NID_subject_alt_name, alternatives);
  sign(certificate.get(), authority_key.get());
  return to_pem(certificate.get()) + authority.certificate();
}

}  // namespace

Authority Authority::create(std::string_view name, ByteView serial, WallTime now) {
  auto key_pem = generate_key();
  const auto key = key_from_pem(key_pem);
  const Wanted wanted{name, serial, now - back_dated, now + authority_lifetime};
  const auto certificate = make_certificate(wanted, key.get(), nullptr);
  add_extension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash");
  sign(certificate.get(), key.get());
  return Authority{to_pem(certificate.get()), std::move(key_pem), fingerprint(certificate.get())};
}

Result<Authority, CertificateError> Authority::load(std::string_view pem, const Secret& key_pem) {
  const auto certificate = certificate_from_pem(pem);
  const auto key = key_from_pem(key_pem);
  ERR_clear_error();
  if (!certificate || !key) return CertificateError::malformed;
  if (!belongs_together(key_pem, pem)) return CertificateError::key_mismatch;
  return Authority{to_pem(certificate.get()), key_pem, fingerprint(certificate.get())};
}

Result<std::string, CertificateError> Authority::sign_client(std::string_view request_pem, std::string_view name,
                                                             ByteView serial, WallTime now,
                                                             std::chrono::hours lifetime) const {
  if (const auto asked = inspect_request(request_pem); !asked) return asked.error();
  const auto request = request_from_pem(request_pem);
  const auto issuer = certificate_from_pem(certificate_);
  const auto key = key_from_pem(key_);
  require(request && issuer && key);
  const Wanted wanted{name, serial, now - back_dated, now + lifetime};
  const auto certificate =
      make_certificate(wanted, X509_REQ_get0_pubkey(request.get()), X509_get_subject_name(issuer.get()));
  add_extension(certificate.get(), issuer.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(certificate.get(), issuer.get(), NID_key_usage, "critical,digitalSignature");
  add_extension(certificate.get(), issuer.get(), NID_ext_key_usage, "critical,clientAuth");
  add_key_identifiers(certificate.get(), issuer.get());
  sign(certificate.get(), key.get());
  return to_pem(certificate.get());
}

Identity Authority::make_server(const std::vector<std::string>& names, ByteView serial, WallTime now,
                                std::chrono::hours lifetime) const {
  auto key_pem = generate_key();
  const auto key = key_from_pem(key_pem);
  require(key != nullptr);
  Identity identity;
  identity.certificate = server_certificate(*this, key.get(), names, serial, {now - back_dated, now + lifetime});
  identity.key = std::move(key_pem);
  identity.authority = certificate_;
  return identity;
}

Result<std::string, CertificateError> Authority::sign_server(std::string_view request_pem,
                                                             const std::vector<std::string>& names, ByteView serial,
                                                             WallTime now, std::chrono::hours lifetime) const {
  if (const auto asked = inspect_request(request_pem); !asked) return asked.error();
  const auto request = request_from_pem(request_pem);
  require(request != nullptr);
  return server_certificate(*this, X509_REQ_get0_pubkey(request.get()), names, serial,
                            {now - back_dated, now + lifetime});
}

}  // namespace roamdesk::crypto
