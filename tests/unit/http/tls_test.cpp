#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <filesystem>

#include "common/http/server.hpp"
#include "tests/support/http_client.hpp"

namespace roamdesk::test {
namespace {

const Endpoint loopback{IpAddress{0x7f000001}, 0};

http::Response saying(std::string body) {
  http::Response r;
  r.fields = {{"Content-Type", "text/plain"}};
  r.body = std::move(body);
  return r;
}

void tells_whether_by_tls(http::Request request, http::Respond respond) {
  respond(saying(request.tls ? "tls" : "plain"));
}

// A self-signed P-256 certificate in two PEM files.
http::TlsFiles make_certificate(const std::string& directory, const char* name) {
  http::TlsFiles files{directory + "/" + name + ".crt", directory + "/" + name + ".key"};
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* x = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
  X509_gmtime_adj(X509_getm_notBefore(x), 0);
  X509_gmtime_adj(X509_getm_notAfter(x), 3600);
  X509_set_pubkey(x, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name),
                             -1, -1, 0);
  X509_set_issuer_name(x, X509_get_subject_name(x));
  X509_sign(x, key, EVP_sha256());
  FILE* f = fopen(files.certificate.c_str(), "w");
  PEM_write_X509(f, x);
  fclose(f);
  f = fopen(files.key.c_str(), "w");
  PEM_write_PrivateKey(f, key, nullptr, nullptr, 0, nullptr, nullptr);
  fclose(f);
  X509_free(x);
  EVP_PKEY_free(key);
  return files;
}

// The common name of what the server presents.
std::string presented(Endpoint at) {
  HttpClient client(at, true);
  X509* certificate = client.peer_certificate();
  char name[64] = {};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
  X509_free(certificate);
  return name;
}

TEST(HttpServer, SpeaksTlsAndChangesItsCertificate) {
  char directory[] = "/tmp/roamdesk-tls-XXXXXX";
  ASSERT_NE(mkdtemp(directory), nullptr);
  const http::TlsFiles files = make_certificate(directory, "one");
  http::Server server;
  const Endpoint at = server.listen(loopback, files, tells_whether_by_tls).value();
  HttpClient old(at, true);
  EXPECT_EQ(old.call("GET", "/")->body, "tls");
  EXPECT_EQ(presented(at), "one");
  const http::TlsFiles other = make_certificate(directory, "two");
  EXPECT_TRUE(server.use_certificate({other.certificate, files.key}).has_error());  // not each other's
  EXPECT_TRUE(server.use_certificate({"/nonexistent", "/nonexistent"}).has_error());
  EXPECT_EQ(presented(at), "one");
  EXPECT_TRUE(server.use_certificate(other).has_value());
  EXPECT_EQ(presented(at), "two");
  EXPECT_EQ(old.call("GET", "/")->body, "tls");  // what is up stays up
  EXPECT_TRUE(
      server.listen(loopback, http::TlsFiles{"/nonexistent", "/nonexistent"}, tells_whether_by_tls).has_error());
  HttpClient plain(at);
  plain.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_NE(plain.read_until("\r\n\r\n").substr(0, 4), "HTTP");
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace roamdesk::test
