#pragma once
#include <string>
#include <string_view>

#include "common/base/secret.hpp"
#include "common/crypto/hash.hpp"
#include "common/crypto/openssl_types.hpp"

// Between PEM text and OpenSSL's objects; null where the text is malformed or longer than 16 KiB.
namespace roamdesk::crypto {

CertificatePtr certificate_from_pem(std::string_view pem);
RequestPtr request_from_pem(std::string_view pem);
KeyPtr key_from_pem(const Secret& pem);
std::string to_pem(X509* certificate);
std::string to_pem(X509_REQ* request);
Secret to_pem(EVP_PKEY* key);

// SHA-256 of the DER.
Sha256Digest fingerprint(const X509* certificate);
// The subject's common name; empty where there is none.
std::string common_name(const X509_NAME* subject);

}  // namespace roamdesk::crypto
