#include "pbx-core/operations/packages.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <fstream>

namespace roamdesk::test {
namespace {
using core::package_name;
using core::Packages;
using core::range_of;

const std::string deb = "roamdesk-sbc_0.1.0~deb12_amd64.deb";

class PackagesTest : public testing::Test {
 protected:
  PackagesTest() {
    char name[] = "/tmp/roamdesk-XXXXXX";
    above_ = mkdtemp(name);
    folder_ = above_ / "packages";
    std::filesystem::create_directories(folder_ / "pool");
    write(above_ / "secret.deb", "secret");
    write(above_ / "Release", "secret");
    write(folder_ / "Release", "a release");
    write(folder_ / deb, "0123456789");
    write(folder_ / "pool" / deb, "secret");
    write(folder_ / "notes.txt", "secret");
    write(folder_ / ".Release", "secret");
  }
  ~PackagesTest() override { std::filesystem::remove_all(above_); }
  static void write(const std::filesystem::path& path, const std::string& text) { std::ofstream(path) << text; }
  http::Response get(const std::string& target, const std::string& range = {}, const std::string& from = "192.0.2.1") {
    http::Request request;
    request.method = "GET";
    request.target = target;
    request.peer.address = *parse_ip(from);
    if (!range.empty()) request.fields.push_back({"Range", range});
    return packages().answer(request, now_);
  }
  Packages& packages() {
    if (!packages_) packages_.emplace(folder_, limits_);
    return *packages_;
  }
  std::filesystem::path above_, folder_;
  Packages::Limits limits_;
  std::optional<Packages> packages_;
  TimePoint now_ = TimePoint{} + std::chrono::hours{1};
};

TEST_F(PackagesTest, ServesARepositorysFiles) {
  EXPECT_EQ(get("/packages/Release").body, "a release");
  EXPECT_EQ(get("/packages/./Release").body, "a release");
  EXPECT_EQ(get("/packages/" + deb).body, "0123456789");
  EXPECT_EQ(get("/packages/roamdesk-sbc_0.1.0%7edeb12_amd64.deb?x=1").body, "0123456789");  // as apt spells it
  EXPECT_EQ(get("/packages/InRelease").status, 404);                                        // there is none
}

TEST_F(PackagesTest, ServesNothingElse) {
  std::filesystem::create_symlink(above_ / "secret.deb", folder_ / "roamdesk-link.deb");
  std::filesystem::create_directory(folder_ / "roamdesk-folder.deb");
  ::mkfifo((folder_ / "roamdesk-fifo.deb").c_str(), 0600);
  std::filesystem::create_hard_link(above_ / "secret.deb", folder_ / "SECRET.deb");
  for (const std::string name : {"",
                                 "/",
                                 "/.",
                                 "/..",
                                 "/../Release",
                                 "/..%2fRelease",
                                 "/%2e%2e/Release",
                                 "/%2e%2e%2fRelease",
                                 "/./../Release",
                                 "/./././Release",
                                 "//Release",
                                 "/pool/roamdesk-sbc_0.1.0~deb12_amd64.deb",
                                 "/pool%2Froamdesk-sbc_0.1.0~deb12_amd64.deb",
                                 "/notes.txt",
                                 "/.Release",
                                 "/Release%00.deb",
                                 "/Release/",
                                 "/roamdesk-../secret.deb",
                                 "/../secret.deb",
                                 "/roamdesk-link.deb",
                                 "/roamdesk-folder.deb",
                                 "/roamdesk-fifo.deb",
                                 "/SECRET.deb",
                                 "/%",
                                 "/%zz",
                                 "/..\\Release",
                                 "/etc/passwd"}) {
    const auto answer = get("/packages" + name);
    EXPECT_EQ(answer.status, 404) << name;
    EXPECT_THAT(answer.body, testing::Not(testing::HasSubstr("secret"))) << name;
  }
  http::Request post;
  post.method = "POST";
  post.target = "/packages/Release";
  EXPECT_EQ(packages().answer(post, now_).status, 405);
}

TEST_F(PackagesTest, ServesParts) {
  const auto part = get("/packages/" + deb, "bytes=2-4");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "234");
  EXPECT_EQ(get("/packages/" + deb, "bytes=10-").status, 416);
  EXPECT_EQ(get("/packages/" + deb, "bytes=0-1,3-4").body, "0123456789");
}

TEST(Range, IsReadAsItsRuleSays) {
  using P = std::pair<std::size_t, std::size_t>;
  EXPECT_EQ(range_of("bytes=0-0", 10), (P{0, 1}));
  EXPECT_EQ(range_of("bytes=2-", 10), (P{2, 8}));
  EXPECT_EQ(range_of("bytes=-3", 10), (P{7, 3}));
  EXPECT_EQ(range_of("bytes=-30", 10), (P{0, 10}));
  EXPECT_EQ(range_of("bytes=2-99", 10), (P{2, 8}));
  EXPECT_EQ(range_of("bytes=10-12", 10)->second, 0u);
  EXPECT_EQ(range_of("bytes=-0", 10)->second, 0u);
  EXPECT_EQ(range_of("bytes=0-0", 0)->second, 0u);
  for (const char* none : {"", "bytes", "bytes=", "bytes=-", "bytes=4-2", "bytes=a-b", "bytes=1-2,4-5", "lines=1-2",
                           "bytes= 1-2", "bytes=+1-2", "bytes=1", "bytes=99999999999999999999-", "bytes=--1"})
    EXPECT_FALSE(range_of(none, 10)) << none;
}

TEST_F(PackagesTest, GivesOneSourceNoMoreThanItsShare) {
  limits_.per_source = {10, 8192, 4};
  limits_.in_all = {10, 3 * 8192};
  const auto status = [&](const char* from) { return get("/packages/Release", "", from).status; };
  EXPECT_EQ(status("192.0.2.1"), 200u);
  EXPECT_EQ(status("192.0.2.1"), 200u);
  const auto refused = get("/packages/Release");
  EXPECT_EQ(refused.status, 429u);
  EXPECT_THAT(refused.fields, testing::Contains(testing::Field(&http::Field::name, "Retry-After")));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(status("192.0.2.1"), 429u);  // which cost the others nothing
  EXPECT_EQ(status("192.0.2.2"), 200u);
  // A network of 64 bits is one source.
  EXPECT_EQ(status("2001:db8::1"), 200u);
  EXPECT_EQ(status("2001:db8::2"), 200u);
  EXPECT_EQ(status("2001:db8::3"), 429u);
  // All together have a bound, too.
  EXPECT_EQ(status("192.0.2.3"), 200u);
  EXPECT_EQ(status("192.0.2.4"), 429u);
  now_ += std::chrono::hours{1};
  EXPECT_EQ(status("192.0.2.1"), 200u);
}

TEST_F(PackagesTest, ServesNoFileBeyondItsBound) {
  limits_.file = 5;
  EXPECT_EQ(get("/packages/" + deb).status, 404u);
}

TEST_F(PackagesTest, IsThereOnceARepositoryIs) {
  EXPECT_FALSE(packages().available());
  write(folder_ / "InRelease", "x");
  write(folder_ / "install-branch", "x");
  EXPECT_TRUE(packages().available());
  EXPECT_FALSE(Packages{""}.available());
  EXPECT_FALSE(Packages{above_ / "nowhere"}.available());
}

}  // namespace
}  // namespace roamdesk::test
