#include "sbc/lan/lan_certificate.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "common/crypto/certificate.hpp"
#include "common/crypto/random.hpp"

namespace roamdesk::sbc {
namespace {

using namespace std::chrono_literals;

struct OnALan : testing::Test {
  WallTime now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 1};
  std::filesystem::path dir;
  const crypto::Authority core = crypto::Authority::create("core", crypto::random_bytes(16), now);
  const std::vector<IpAddress> addresses{{0x0a010005}, {0x0a020005}};
  LanCertificate certificate = make(addresses);

  OnALan() {
    std::string name = (std::filesystem::temp_directory_path() / "roamdesk_lan_XXXXXX").string();
    dir = ::mkdtemp(name.data());
    certificate = make(addresses);
  }
  ~OnALan() override { std::filesystem::remove_all(dir); }
  LanCertificate make(std::vector<IpAddress> at) {
    return LanCertificate{dir, std::move(at), [this] { return now; }};
  }
  std::string issue(const std::string& request, std::chrono::hours lifetime = 24h * 90) const {
    return *core.sign_server(request, {"10.1.0.5", "10.2.0.5"}, crypto::random_bytes(16), now, lifetime);
  }
  void install() {
    const auto request = certificate.request_if_due(core.certificate());
    ASSERT_TRUE(request);
    ASSERT_TRUE(certificate.adopt(issue(*request)));
  }
};

TEST_F(OnALan, ThereIsNoCertificateBeforeTheCoreHasGivenOne) {
  EXPECT_FALSE(certificate.usable(core.certificate()));
  EXPECT_FALSE(certificate.usable(""));
  EXPECT_TRUE(certificate.request_if_due(core.certificate()));
}

TEST_F(OnALan, TheAnswerIsUsedAndOutlivesARestart) {
  install();
  const auto files = make(addresses).usable(core.certificate());
  ASSERT_TRUE(files);
  EXPECT_FALSE(make(addresses).request_if_due(core.certificate()));
  const auto identity = certificate.identity();
  EXPECT_TRUE(crypto::belongs_together(identity.key, identity.certificate));
  struct stat about {};
  ASSERT_EQ(::stat(files->key.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
}

TEST_F(OnALan, OneOfAnotherAuthorityOrForOtherAddressesOrThatHasEndedIsNone) {
  install();
  const auto other = crypto::Authority::create("core", crypto::random_bytes(16), now);
  EXPECT_FALSE(certificate.usable(other.certificate()));
  EXPECT_TRUE(make(addresses).request_if_due(other.certificate()));
  EXPECT_FALSE(make({{0x0a010005}, {0x0a030005}}).usable(core.certificate()));
  EXPECT_TRUE(make({{0x0a010005}}).usable(core.certificate())) << "one address less";
  now += 24h * 91;
  EXPECT_FALSE(certificate.usable(core.certificate()));
}

TEST_F(OnALan, ANewOneIsAskedForWithAThirdOfItsTimeLeft) {
  install();
  now += 24h * 50;
  EXPECT_FALSE(certificate.request_if_due(core.certificate()));
  now += 24h * 12;
  const auto request = certificate.request_if_due(core.certificate());
  ASSERT_TRUE(request);
  EXPECT_TRUE(certificate.usable(core.certificate())) << "the old one serves until then";
  EXPECT_TRUE(certificate.adopt(issue(*request)));
  EXPECT_FALSE(certificate.request_if_due(core.certificate()));
}

TEST_F(OnALan, AnAnswerToAnotherRequestIsNotTaken) {
  const auto first = certificate.request_if_due(core.certificate());
  const auto second = certificate.request_if_due(core.certificate());
  ASSERT_TRUE(first && second);
  EXPECT_FALSE(certificate.adopt(issue(*first)));
  EXPECT_FALSE(certificate.adopt("nonsense"));
  EXPECT_TRUE(certificate.adopt(issue(*second)));
  EXPECT_FALSE(certificate.adopt(issue(*second))) << "nothing was asked for any more";
}

// The power went between the two files.
TEST_F(OnALan, AKeyThatIsNotTheCertificatesIsNoticed) {
  install();
  std::ofstream{certificate.files().key} << crypto::generate_key().reveal();
  EXPECT_FALSE(certificate.usable(core.certificate()));
  EXPECT_TRUE(certificate.request_if_due(core.certificate()));
}

}  // namespace
}  // namespace roamdesk::sbc
