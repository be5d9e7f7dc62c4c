#include "common/crypto/certificate.hpp"

#include <gtest/gtest.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "common/crypto/pem.hpp"
#include "common/crypto/random.hpp"

namespace roamdesk::crypto {
namespace {

using namespace std::chrono_literals;
const WallTime today = std::chrono::sys_days{std::chrono::year{2026} / 11 / 1};
const Bytes serial(16, 0x21);

TEST(Authority, SignsAClientUnderTheNameItIsGiven) {
  const auto authority = Authority::create("Roamdesk", serial, today);
  const auto key = generate_key();
  const auto request = make_request(key, "somebody-else");
  ASSERT_TRUE(request);
  const auto certificate = authority.sign_client(*request, "branch-1", Bytes(16, 0x55), today, 24h * 365);
  ASSERT_TRUE(certificate);
  const auto info = inspect_certificate(*certificate);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->common_name, "branch-1");
  EXPECT_EQ(info->serial, "55555555555555555555555555555555");
  EXPECT_EQ(info->not_before, today - 24h);
  EXPECT_EQ(info->not_after, today + 24h * 365);
  EXPECT_FALSE(info->is_authority);
  EXPECT_TRUE(belongs_together(key, *certificate));
  EXPECT_FALSE(belongs_together(generate_key(), *certificate));
}

TEST(Authority, MakesAServerWithItsNamesAndItsChain) {
  const auto authority = Authority::create("Roamdesk", serial, today);
  const auto server = authority.make_server({"core.roamdesk", "pbx.example.com"}, Bytes(16, 1), today, 24h);
  const auto info = inspect_certificate(server.certificate);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->dns_names, (std::vector<std::string>{"core.roamdesk", "pbx.example.com"}));
  EXPECT_TRUE(server.certificate.ends_with(authority.certificate()));
  EXPECT_TRUE(belongs_together(server.key, server.certificate));
}

// An SBC's networks: the core chooses the names.
TEST(Authority, SignsAServerForTheNamesItIsGivenAndForNothingElse) {
  const auto authority = Authority::create("Roamdesk", serial, today);
  const auto key = generate_key();
  const auto request = make_request(key, "pbx.example.com");
  ASSERT_TRUE(request);
  const auto certificate = authority.sign_server(*request, {"10.1.0.5", "10.2.0.5"}, Bytes(16, 2), today, 24h);
  ASSERT_TRUE(certificate);
  const auto info = inspect_certificate(*certificate);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->common_name, "10.1.0.5");
  EXPECT_TRUE(info->dns_names.empty());
  EXPECT_EQ(info->addresses, (std::vector<std::string>{"10.1.0.5", "10.2.0.5"}));
  EXPECT_FALSE(info->is_authority);
  EXPECT_TRUE(certificate->ends_with(authority.certificate()));
  EXPECT_TRUE(belongs_together(key, *certificate));
  EXPECT_EQ(authority.sign_server("nonsense", {"10.1.0.5"}, Bytes(16, 2), today, 24h).error(),
            CertificateError::malformed);
}

// What is wrong with `certificate` for who trusts `authority` and holds it to all that RFC 5280 asks of authorities.
std::string strictly(std::string_view certificate, std::string_view authority, int purpose) {
  const auto leaf = certificate_from_pem(certificate), root = certificate_from_pem(authority);
  const std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store{X509_STORE_new(), &X509_STORE_free};
  const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> check{X509_STORE_CTX_new(),
                                                                              &X509_STORE_CTX_free};
  X509_STORE_add_cert(store.get(), root.get());
  X509_STORE_set_flags(store.get(), X509_V_FLAG_X509_STRICT);
  X509_STORE_CTX_init(check.get(), store.get(), leaf.get(), nullptr);
  X509_STORE_CTX_set_purpose(check.get(), purpose);
  X509_STORE_CTX_set_time(check.get(), 0, std::chrono::system_clock::to_time_t(today));
  X509_verify_cert(check.get());
  return X509_verify_cert_error_string(X509_STORE_CTX_get_error(check.get()));
}

TEST(Authority, SignsWhatStrictClientsAndServersTake) {
  const auto authority = Authority::create("Roamdesk", serial, today);
  const auto server = authority.make_server({"pbx.example.com"}, Bytes(16, 1), today, 24h);
  const auto client = authority.sign_client(*make_request(generate_key(), "x"), "branch-1", Bytes(16, 2), today, 24h);
  EXPECT_EQ(strictly(server.certificate, authority.certificate(), X509_PURPOSE_SSL_SERVER), "ok");
  EXPECT_EQ(strictly(*client, authority.certificate(), X509_PURPOSE_SSL_CLIENT), "ok");
  const auto another = Authority::create("Roamdesk", serial, today);
  EXPECT_NE(strictly(server.certificate, another.certificate(), X509_PURPOSE_SSL_SERVER), "ok");
  EXPECT_NE(strictly(*client, another.certificate(), X509_PURPOSE_SSL_CLIENT), "ok");
}

TEST(Authority, ComesBackFromItsTexts) {
  const auto authority = Authority::create("Roamdesk", serial, today);
  const auto again = Authority::load(authority.certificate(), authority.key());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->digest(), authority.digest());
  EXPECT_EQ(inspect_certificate(authority.certificate())->fingerprint, authority.digest());
  EXPECT_TRUE(inspect_certificate(authority.certificate())->is_authority);
}

TEST(Authority, WritesAddressesAsAddresses) {
  const auto authority = Authority::create("Roamdesk", serial, today);
  const auto identity = authority.make_server({"pbx.example.com", "10.0.200.1"}, serial, today, std::chrono::hours{1});
  const auto info = inspect_certificate(identity.certificate);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->dns_names, std::vector<std::string>{"pbx.example.com"});
  EXPECT_EQ(info->addresses, std::vector<std::string>{"10.0.200.1"});
  EXPECT_TRUE(is_private_key(identity.key));
  EXPECT_FALSE(is_private_key(Secret{identity.certificate}));
}

TEST(Authority, IsntLoadedWithAnothersKey) {
  const auto authority = Authority::create("Roamdesk", serial, today);
  EXPECT_EQ(Authority::load(authority.certificate(), generate_key()).error(), CertificateError::key_mismatch);
  EXPECT_EQ(Authority::load("nonsense", authority.key()).error(), CertificateError::malformed);
}

TEST(Request, IsRefusedWhenItsSignatureIsNotItsKeys) {
  auto request = *make_request(generate_key(), "branch-1");
  EXPECT_EQ(*inspect_request(request), "branch-1");
  // A character of the signature, well inside the last full line but not in its DER header.
  const auto end = request.find("\n-----END");
  auto& victim = request[end - 6];
  victim = victim == 'A' ? 'B' : 'A';
  const auto inspected = inspect_request(request);
  ASSERT_FALSE(inspected);
  EXPECT_TRUE(inspected.error() == CertificateError::bad_signature || inspected.error() == CertificateError::malformed);
}

TEST(Request, IsRefusedWhenMalformedOrHuge) {
  EXPECT_EQ(inspect_request("").error(), CertificateError::malformed);
  EXPECT_EQ(inspect_request("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n").error(),
            CertificateError::malformed);
  EXPECT_EQ(inspect_request(std::string(20000, 'A')).error(), CertificateError::malformed);
}

TEST(Request, IsRefusedForANameThatDoesntFit) { EXPECT_FALSE(make_request(generate_key(), std::string(65, 'x'))); }

TEST(Random, DigitsAreDigits) {
  const auto digits = random_digits(1000);
  EXPECT_EQ(digits.size(), 1000U);
  EXPECT_EQ(digits.find_first_not_of("0123456789"), std::string::npos);
  for (char c = '0'; c <= '9'; ++c) EXPECT_NE(digits.find(c), std::string::npos);
}

TEST(Random, NeverRepeats) {
  EXPECT_NE(random_hex(16), random_hex(16));
  EXPECT_EQ(random_hex(16).size(), 32U);
  EXPECT_EQ(random_token(16).size(), 22U);
}

}  // namespace
}  // namespace roamdesk::crypto
