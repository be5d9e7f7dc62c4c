#include "pbx-core/platform/https_certificate.hpp"

#include <gmock/gmock.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <fstream>
#include <optional>

#include "common/crypto/random.hpp"
#include "tests/support/http_client.hpp"

namespace roamdesk::core {
namespace {
using test::HttpClient;
using testing::Contains;

const WallTime beginning{std::chrono::hours{24 * 365 * 50}};

class HttpsCertificateTest : public testing::Test {
 protected:
  HttpsCertificateTest() {
    std::string name = (std::filesystem::temp_directory_path() / "roamdesk-XXXXXX").string();
    directory_ = mkdtemp(name.data());
    config_.state_dir = directory_;
    config_.sip.domain = "pbx.example.com";
    config_.http.tls = Endpoint{IpAddress{0x7f000001}, 0};
    config_.sip.tls.reset();
  }
  ~HttpsCertificateTest() override {
    certificate_.reset();
    server_.stop(std::chrono::milliseconds{0});
    std::filesystem::remove_all(directory_);
  }

  void begin() {
    certificate_.emplace(config_, authority_, [this] { return now_; });
    if (at_.port == 0)
      at_ = server_
                .listen(*config_.http.tls, certificate_->files(),
                        [](http::Request, http::Respond respond) { respond({}); })
                .value();
    certificate_->watch(io_, server_, std::chrono::hours{1}, [this] { ++changes_; });
  }
  // A pair in the administrator's two files, as made by another CA.
  void install(const std::string& name) {
    const auto identity = others_.make_server({name}, crypto::random_bytes(16), now_, std::chrono::hours{24});
    write("own.crt", identity.certificate);
    write("own.key", identity.key.reveal());
    config_.http.certificate = directory_ / "own.crt";
    config_.http.key = directory_ / "own.key";
  }
  void write(const char* file, const std::string& text) const { std::ofstream{directory_ / file} << text; }
  crypto::CertificateInfo presented() const {
    HttpClient client(at_, true);
    X509* certificate = client.peer_certificate();
    char* text = nullptr;
    BIO* out = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(out, certificate);
    const auto size = BIO_get_mem_data(out, &text);
    auto info = *crypto::inspect_certificate({text, static_cast<std::size_t>(size)});
    BIO_free(out);
    X509_free(certificate);
    return info;
  }

  WallTime now_ = beginning;
  unsigned changes_ = 0;  // told to SIP over TLS
  std::filesystem::path directory_;
  Config config_;
  const crypto::Authority authority_ = crypto::Authority::create("ours", crypto::random_bytes(16), beginning);
  const crypto::Authority others_ = crypto::Authority::create("another", crypto::random_bytes(16), beginning);
  boost::asio::io_context io_;
  http::Server server_;
  Endpoint at_;
  std::optional<HttpsCertificate> certificate_;
};

TEST_F(HttpsCertificateTest, IsTheCoresOwnForItsNamesAndAddresses) {
  begin();
  const auto info = presented();
  EXPECT_EQ(info.common_name, "pbx.example.com");
  EXPECT_THAT(info.dns_names, testing::IsSupersetOf({"pbx.example.com", "localhost"}));
  EXPECT_THAT(info.addresses, testing::ElementsAre("127.0.0.1"));
  config_.http.tls = Endpoint{};
  EXPECT_THAT(names_of_this_machine(config_), Contains("127.0.0.1"));  // of its interfaces
  struct stat about {};
  ::stat((directory_ / "https.key").c_str(), &about);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
}

TEST_F(HttpsCertificateTest, IsKeptOverRestartsWhileItServes) {
  begin();
  const auto first = presented().serial;
  begin();
  certificate_->look();
  EXPECT_EQ(presented().serial, first);
  config_.sip.domain = "another.example.com";
  begin();
  certificate_->reload(config_);
  EXPECT_NE(presented().serial, first);
  EXPECT_THAT(presented().dns_names, Contains("another.example.com"));
}

TEST_F(HttpsCertificateTest, IsMadeAnewAMonthBeforeItsEnd) {
  begin();
  const auto first = presented().serial;
  now_ += std::chrono::hours{24 * 330};
  certificate_->look();
  EXPECT_EQ(presented().serial, first);
  now_ += std::chrono::hours{24 * 10};
  EXPECT_EQ(changes_, 0U);
  certificate_->look();
  EXPECT_EQ(changes_, 1U);
  EXPECT_NE(presented().serial, first);
  EXPECT_GT(presented().not_after, now_ + std::chrono::hours{24 * 360});
}

TEST_F(HttpsCertificateTest, IsNotReplacedByHalfAPair) {
  install("first.example");
  begin();
  EXPECT_EQ(presented().common_name, "first.example");
  certificate_->look();
  install("second.example");
  certificate_->look();  // changed: perhaps it is being written still
  EXPECT_EQ(presented().common_name, "first.example");
  certificate_->look();
  EXPECT_EQ(presented().common_name, "second.example");
  // The certificate of one and the key of another.
  write("own.crt",
        others_.make_server({"third.example"}, crypto::random_bytes(16), now_, std::chrono::hours{24}).certificate);
  for (int i = 0; i < 3; ++i) certificate_->look();
  EXPECT_EQ(presented().common_name, "second.example");
  std::filesystem::remove(directory_ / "own.crt");
  for (int i = 0; i < 3; ++i) certificate_->look();
  EXPECT_EQ(presented().common_name, "second.example");
  install("fourth.example");
  for (int i = 0; i < 2; ++i) certificate_->look();
  EXPECT_EQ(presented().common_name, "fourth.example");
}

TEST_F(HttpsCertificateTest, ChangesAtOnceWithTheConfiguration) {
  begin();
  install("own.example");
  certificate_->reload(config_);
  EXPECT_EQ(presented().common_name, "own.example");
  config_.http.certificate.reset();
  config_.http.key.reset();
  certificate_->reload(config_);
  EXPECT_EQ(presented().common_name, "pbx.example.com");
}

}  // namespace
}  // namespace roamdesk::core
