#include "common/http/content.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "common/http/downloads.hpp"
#include "common/http/file_source.hpp"
#include "common/http/server.hpp"
#include "tests/support/http_client.hpp"

// Bodies that aren't held in memory, and parts of them.
namespace roamdesk::test {
namespace {
using http::BodySource;
using http::FileSource;
using http::Range;
using http::Ranged;

TEST(Ranges, AreReadAsRfc9110Says) {
  const auto read = [](const char* field, std::uint64_t bytes = 1000) {
    Range range{0, bytes};
    const auto kind = http::range_of(field, bytes, range);
    return std::make_pair(kind, kind == Ranged::part ? range : Range{0, 0});
  };
  EXPECT_EQ(read("bytes=0-499"), std::make_pair(Ranged::part, Range{0, 500}));
  EXPECT_EQ(read("bytes=500-"), std::make_pair(Ranged::part, Range{500, 500}));
  EXPECT_EQ(read("bytes=-1"), std::make_pair(Ranged::part, Range{999, 1}));
  EXPECT_EQ(read("bytes=-5000"), std::make_pair(Ranged::part, Range{0, 1000}));
  EXPECT_EQ(read("bytes=999-18446744073709551615"), std::make_pair(Ranged::part, Range{999, 1}));
  for (const char* beyond : {"bytes=1000-", "bytes=1000-1000", "bytes=-0"})
    EXPECT_EQ(read(beyond).first, Ranged::unsatisfiable) << beyond;
  for (const char* unknown : {"", "bytes", "bytes=", "bytes=a-b", "bytes=5-4", "lines=0-1", "bytes=0-1,5-6", "bytes=-",
                              "bytes=99999999999999999999-", "bytes= 0-1", "bytes=0--1"})
    EXPECT_EQ(read(unknown).first, Ranged::whole) << unknown;
  EXPECT_EQ(read("bytes=0-", 0).first, Ranged::unsatisfiable);
}

TEST(Downloads, AreSoManyForAnAddressAndInAll) {
  http::Downloads downloads{3, 2};
  const IpAddress one{0x7f000001}, other{0x7f000002}, third{0x7f000003};
  auto a = downloads.enter(one), b = downloads.enter(one);
  EXPECT_TRUE(a && b);
  EXPECT_FALSE(downloads.enter(one));
  auto c = downloads.enter(other);
  EXPECT_TRUE(c);
  EXPECT_FALSE(downloads.enter(third)) << "all places are taken";
  a.reset();
  EXPECT_TRUE(downloads.enter(third));
}

class LongBodies : public testing::Test {
 protected:
  LongBodies() {
    std::string name = (std::filesystem::temp_directory_path() / "roamdesk-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    for (std::size_t i = 0; i < 300'000; ++i) bytes_ += static_cast<char>('a' + i % 23);
    std::ofstream{folder_ / "file", std::ios::binary} << bytes_;
  }
  ~LongBodies() override { std::filesystem::remove_all(folder_); }
  Endpoint serve(std::shared_ptr<BodySource> source, std::uint64_t bytes) {
    return server_
        .listen(
            {IpAddress{0x7f000001}, 0}, {},
            [source, bytes](const http::Request& request, const http::Respond& respond) {
              respond(http::content_response(source, bytes, "application/octet-stream", request.field("Range"), {}));
            })
        .value();
  }
  std::filesystem::path folder_;
  std::string bytes_;
  http::Server server_;
};

TEST_F(LongBodies, AreGivenWholeAndInParts) {
  HttpClient client(serve(FileSource::open(folder_ / "file", bytes_.size()), bytes_.size()));
  const auto whole = client.call("GET", "/");
  EXPECT_EQ(whole->status, 200);
  EXPECT_EQ(whole->fields.at("accept-ranges"), "bytes");
  EXPECT_EQ(whole->body, bytes_);
  const auto part = client.call("GET", "/", "", "Range: bytes=100000-100099\r\n");
  EXPECT_EQ(part->status, 206);
  EXPECT_EQ(part->fields.at("content-range"), "bytes 100000-100099/300000");
  EXPECT_EQ(part->body, bytes_.substr(100'000, 100)) << "on the same connection";
  const auto beyond = client.call("GET", "/", "", "Range: bytes=300000-\r\n");
  EXPECT_EQ(beyond->status, 416);
  EXPECT_EQ(beyond->fields.at("content-range"), "bytes */300000");
  const auto head = client.call("HEAD", "/");
  EXPECT_EQ(head->fields.at("content-length"), "300000");
  EXPECT_EQ(client.call("GET", "/")->body, bytes_);
}

TEST_F(LongBodies, AreSentWhileTheyGrow) {
  const auto source = FileSource::create(folder_ / "growing", bytes_.size());
  ASSERT_TRUE(source);
  EXPECT_TRUE(source->append(std::string_view{bytes_}.substr(0, 1000)));
  source->publish(1000);
  const Endpoint at = serve(source, bytes_.size());
  server_.post_after(std::chrono::milliseconds{60}, [&] {
    source->append(std::string_view{bytes_}.substr(1000));
    source->publish(bytes_.size());
  });
  EXPECT_EQ(HttpClient(at).call("GET", "/")->body, bytes_);
}

TEST_F(LongBodies, ThatCantBeHadEndTheConnection) {
  const auto source = FileSource::create(folder_ / "growing", bytes_.size());
  source->append("abc");
  source->publish(3);
  const Endpoint at = serve(source, bytes_.size());
  server_.post_after(std::chrono::milliseconds{40}, [&] { source->fail(); });
  HttpClient client(at);
  const auto answer = client.call("GET", "/");
  EXPECT_TRUE(!answer || answer->body.size() < bytes_.size()) << "never a whole answer that isn't one";
}

TEST_F(LongBodies, AreFilesOfExactlyTheirSizeAndNoLinks) {
  EXPECT_FALSE(FileSource::open(folder_ / "file", bytes_.size() - 1));
  EXPECT_FALSE(FileSource::open(folder_ / "none", 1));
  EXPECT_FALSE(FileSource::open(folder_, 4096));
  std::filesystem::create_symlink(folder_ / "file", folder_ / "link");
  EXPECT_FALSE(FileSource::open(folder_ / "link", bytes_.size()));
  EXPECT_FALSE(FileSource::create(folder_ / "file", 5)) << "it is there";
  const auto small = FileSource::create(folder_ / "small", 4);
  EXPECT_FALSE(small->append("12345"));
}

}  // namespace
}  // namespace roamdesk::test
