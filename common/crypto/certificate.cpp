#include "common/crypto/certificate.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <ctime>

#include "common/base/endpoint.hpp"
#include "common/crypto/pem.hpp"

namespace roamdesk::crypto {
namespace {

WallTime to_wall_time(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return WallTime{std::chrono::seconds{timegm(&parts)}};
}

std::string serial_text(const X509* certificate) {
  BignumPtr number{ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr)};
  Bytes bytes(number ? static_cast<std::size_t>(BN_num_bytes(number.get())) : 0);
  if (number) BN_bn2bin(number.get(), bytes.data());
  auto text = to_hex(bytes);
  if (text.size() > 1 && text.front() == '0') text.erase(0, 1);
  return text;
}

void read_alternatives(const X509* certificate, CertificateInfo& info) {
  std::unique_ptr<GENERAL_NAMES, Release<GENERAL_NAMES_free>> list{
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
  for (int i = 0; list && i < sk_GENERAL_NAME_num(list.get()); ++i) {
    int type = 0;
    const auto* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(list.get(), i), &type);
    if (type != GEN_DNS && type != GEN_IPADD) continue;
    const auto* text = static_cast<const ASN1_STRING*>(value);
    const std::uint8_t* data = ASN1_STRING_get0_data(text);
    const auto size = static_cast<std::size_t>(ASN1_STRING_length(text));
    if (type == GEN_DNS)
      info.dns_names.emplace_back(reinterpret_cast<const char*>(data), size);
    else if (size == 4)
      info.addresses.push_back(
          to_string(IpAddress{static_cast<std::uint32_t>(data[0]) << 24 | static_cast<std::uint32_t>(data[1]) << 16 |
                              static_cast<std::uint32_t>(data[2]) << 8 | data[3]}));
    else if (IpAddress::Bytes bytes; size == bytes.size()) {
      std::copy_n(data, size, bytes.begin());
      info.addresses.push_back(to_string(IpAddress::from_bytes(bytes)));
    }
  }
}

}  // namespace

std::string_view describe(CertificateError error) {
  switch (error) {
    case CertificateError::malformed:
      return "not a well-formed PEM certificate, key or request";
    case CertificateError::bad_signature:
      return "the request isn't signed by its own key";
    case CertificateError::unsuitable_key:
      return "the key isn't an EC key on P-256";
    case CertificateError::key_mismatch:
      return "the key doesn't belong to the certificate";
  }
  return "?";
}

Secret generate_key() {
  KeyPtr key{EVP_EC_gen("P-256")};
  if (!key) throw std::runtime_error{"OpenSSL can't make a P-256 key"};
  return to_pem(key.get());
}

Result<std::string, CertificateError> make_request(const Secret& key_pem, std::string_view name) {
  const auto key = key_from_pem(key_pem);
  RequestPtr request{X509_REQ_new()};
  NamePtr subject{X509_NAME_new()};
  if (!key || !request || !subject ||
      X509_NAME_add_entry_by_NID(subject.get(), NID_commonName, MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(name.data()), static_cast<int>(name.size()), -1,
                                 0) != 1 ||
      X509_REQ_set_subject_name(request.get(), subject.get()) != 1 ||
      X509_REQ_set_pubkey(request.get(), key.get()) != 1 ||
      X509_REQ_sign(request.get(), key.get(), EVP_sha256()) <= 0) {
    ERR_clear_error();
    return CertificateError::malformed;
  }
  return to_pem(request.get());
}

Result<CertificateInfo, CertificateError> inspect_certificate(std::string_view pem) {
  const auto certificate = certificate_from_pem(pem);
  ERR_clear_error();
  if (!certificate) return CertificateError::malformed;
  CertificateInfo info;
  info.common_name = common_name(X509_get_subject_name(certificate.get()));
  info.serial = serial_text(certificate.get());
  info.not_before = to_wall_time(X509_get0_notBefore(certificate.get()));
  info.not_after = to_wall_time(X509_get0_notAfter(certificate.get()));
  info.fingerprint = fingerprint(certificate.get());
  read_alternatives(certificate.get(), info);
  info.is_authority = X509_check_ca(certificate.get()) == 1;
  return info;
}

Result<std::string, CertificateError> inspect_request(std::string_view pem) {
  const auto request = request_from_pem(pem);
  ERR_clear_error();
  if (!request) return CertificateError::malformed;
  auto* key = X509_REQ_get0_pubkey(request.get());
  if (key == nullptr) return CertificateError::malformed;
  char group[32] = {};
  std::size_t size = 0;
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC || EVP_PKEY_get_group_name(key, group, sizeof group, &size) != 1 ||
      std::string_view{group, size} != "prime256v1") {
    return CertificateError::unsuitable_key;
  }
  if (X509_REQ_verify(request.get(), key) != 1) {
    ERR_clear_error();
    return CertificateError::bad_signature;
  }
  return common_name(X509_REQ_get_subject_name(request.get()));
}

bool is_private_key(const Secret& key) {
  const bool is = key_from_pem(key) != nullptr;
  ERR_clear_error();
  return is;
}

bool belongs_together(const Secret& key_pem, std::string_view certificate_pem) {
  const auto key = key_from_pem(key_pem);
  const auto certificate = certificate_from_pem(certificate_pem);
  const bool together = key && certificate && X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  return together;
}

}  // namespace roamdesk::crypto
