#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/secret.hpp"
#include "common/base/time.hpp"
#include "common/crypto/hash.hpp"

// The core's small certificate authority (architecture, "The tunnel"). Keys are EC P-256, signatures ECDSA with
// SHA-256; everything travels as PEM. Serial numbers are 16 random bytes, given by the caller.
namespace roamdesk::crypto {

enum class CertificateError {
  malformed,       // not PEM, not a certificate, key or request, or more than 16 KiB
  bad_signature,   // the request isn't signed by its own key
  unsuitable_key,  // not EC P-256
  key_mismatch,    // certificate and key don't belong together
};
std::string_view describe(CertificateError error);

// What one end presents. `certificate` may be followed by its chain.
struct Identity {
  Secret key;               // PEM, PKCS#8
  std::string certificate;  // PEM
  std::string authority;    // PEM of the CA that the other end must chain to
};

struct CertificateInfo {
  std::string common_name;
  std::string serial;  // hexadecimal, lower case, no leading zeros
  WallTime not_before{}, not_after{};
  Sha256Digest fingerprint{};  // SHA-256 of the DER
  std::vector<std::string> dns_names;
  std::vector<std::string> addresses;  // of the alternative names, "10.0.0.1", "2001:db8::1"
  bool is_authority = false;
};

// A new private key, PEM. Draws from OpenSSL's generator.
Secret generate_key();

// PKCS#10 for `common_name` (1..64 characters).
Result<std::string, CertificateError> make_request(const Secret& key, std::string_view common_name);

// The first certificate in `pem`.
Result<CertificateInfo, CertificateError> inspect_certificate(std::string_view pem);
// The common name that a request asks for; its signature is checked.
Result<std::string, CertificateError> inspect_request(std::string_view pem);
// Whether it is a private key in PEM that needs no pass phrase.
bool is_private_key(const Secret& key);
// Whether `key` is the private key of `certificate`.
bool belongs_together(const Secret& key, std::string_view certificate);

class Authority {
 public:
  // A self-signed CA certificate, valid from a day before `now` for 20 years.
  static Authority create(std::string_view common_name, ByteView serial, WallTime now);
  static Result<Authority, CertificateError> load(std::string_view certificate, const Secret& key);

  const std::string& certificate() const { return certificate_; }
  const Secret& key() const { return key_; }
  // What an enrolment key carries: SHA-256 of the CA certificate's DER.
  const Sha256Digest& digest() const { return digest_; }

  // For an SBC: common name `name` whatever the request said, client use only, valid from a day before `now` until
  // `lifetime` after it.
  Result<std::string, CertificateError> sign_client(std::string_view request, std::string_view name, ByteView serial,
                                                    WallTime now, std::chrono::hours lifetime) const;
  // For the core: a new key and a certificate for `names`, host names and addresses, server use only;
  // `certificate` holds the leaf and the CA.
  Identity make_server(const std::vector<std::string>& names, ByteView serial, WallTime now,
                       std::chrono::hours lifetime) const;

  // For an SBC's networks: the same for the request's key, whatever names the request said. The leaf and the CA.
  Result<std::string, CertificateError> sign_server(std::string_view request, const std::vector<std::string>& names,
                                                    ByteView serial, WallTime now, std::chrono::hours lifetime) const;

 private:
  Authority(std::string certificate, Secret key, Sha256Digest digest)
      : certificate_(std::move(certificate)), key_(std::move(key)), digest_(digest) {}
  std::string certificate_;
  Secret key_;
  Sha256Digest digest_;
};

}  // namespace roamdesk::crypto
