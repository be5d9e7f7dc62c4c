#include <fstream>

#include "common/crypto/hash.hpp"
#include "door_and_branch.hpp"
#include "pbx-core/door/contents.hpp"
#include "pbx-core/door/relayed_http.hpp"

// Large files by their hash: beside the core from its disk, at a branch from the SBC's, to which each goes once.
namespace roamdesk::door {
namespace {

struct LargeFiles : DoorAndBranch {
  std::string bytes;
  Content content;

  LargeFiles() {
    for (std::size_t i = 0; i < 600'000; ++i) bytes += static_cast<char>(i * 7 + i / 253);
    content = {crypto::sha256_hex(bytes), bytes.size()};
    std::filesystem::create_directories(dir / "contents");
    write(bytes);
    core.content = content;
  }
  void write(const std::string& text) { std::ofstream{dir / "contents" / content.sha256, std::ios::binary} << text; }
  http::Request request(const std::string& range = {}, std::uint32_t host = 0x7f000109) {
    http::Request made;
    made.method = "GET";
    made.target = "/provision/T/firmware.rom";
    made.peer = {{host}, 4000};
    made.local = {face.address, 5000};
    if (!range.empty()) made.fields = {{"Range", range}};
    return made;
  }
  // All of an answer's body; "" where it can't be had.
  std::string body_of(const http::Response& response) {
    if (!response.long_body) return "";
    std::string got;
    until([&] {
      const auto most = static_cast<std::size_t>(response.long_body->bytes) - got.size();
      return most == 0 || response.long_body->source->read(response.long_body->offset + got.size(), most, got) ==
                              http::BodySource::State::failed;
    });
    return got.size() == response.long_body->bytes ? got : "";
  }
  http::Response ask_branch(const http::Request& asked) {
    std::optional<http::Response> answer;
    branch->handle_http(asked, [&](http::Response response) { answer = std::move(response); });
    until([&] { return answer.has_value(); });
    return answer ? std::move(*answer) : http::Response{};
  }
  http::Response ask_core(const http::Request& asked) {
    std::optional<http::Response> answer;
    door->handle_http(asked, [&](http::Response response) { answer = std::move(response); });
    return answer ? std::move(*answer) : http::Response{};
  }
  void connect() {
    open_branch();
    ASSERT_TRUE(until([&] { return branch->status().connected; }));
  }
};

TEST_F(LargeFiles, ComeFromTheDiskBesideTheCore) {
  const auto whole = ask_core(request());
  EXPECT_EQ(whole.status, 200u);
  EXPECT_EQ(body_of(whole), bytes);
  const auto part = ask_core(request("bytes=1000-1999"));
  EXPECT_EQ(part.status, 206u);
  EXPECT_EQ(body_of(part), bytes.substr(1000, 1000));
  EXPECT_EQ(ask_core(request("bytes=600000-")).status, 416u);
}

TEST_F(LargeFiles, ThatHaveGoneOrChangedArentThere) {
  write("short");
  EXPECT_EQ(ask_core(request()).status, 404u);
  std::filesystem::remove(dir / "contents" / content.sha256);
  EXPECT_EQ(ask_core(request()).status, 404u);
  core.content = Content{"../../etc/passwd", 10};
  EXPECT_EQ(ask_core(request()).status, 404u) << "a hash is no path";
}

TEST_F(LargeFiles, CrossTheLineOnce) {
  connect();
  std::vector<http::Response> answers;
  for (std::uint32_t host = 1; host <= 20; ++host)
    branch->handle_http(request({}, 0x7f000100 + host),
                        [&](http::Response response) { answers.push_back(std::move(response)); });
  ASSERT_TRUE(until([&] { return answers.size() == 20; }));
  for (const auto& answer : answers) {
    EXPECT_EQ(answer.status, 200u);
    EXPECT_EQ(body_of(answer), bytes) << "also those that asked while it came";
  }
  // From now on the SBC has it.
  EXPECT_EQ(std::filesystem::file_size(dir / "firmware" / content.sha256), bytes.size());
  std::string other = bytes;
  other.back() = static_cast<char>(~other.back());
  write(other);  // of the core's own nothing is sent any more
  const auto part = ask_branch(request("bytes=-10"));
  EXPECT_EQ(part.status, 206u);
  EXPECT_EQ(body_of(part), bytes.substr(bytes.size() - 10));
}

TEST_F(LargeFiles, StayOverARestartOfTheSbc) {
  connect();
  ASSERT_EQ(body_of(ask_branch(request())), bytes);
  branch->stop();
  branch.reset();
  connect();
  EXPECT_EQ(body_of(ask_branch(request())), bytes);
}

TEST_F(LargeFiles, ThatArentWhatTheyAreCalledAreKeptByNoSbc) {
  std::string other = bytes;
  other[5] = static_cast<char>(~other[5]);
  write(other);
  connect();
  EXPECT_EQ(body_of(ask_branch(request())), "") << "the last piece never comes";
  EXPECT_FALSE(std::filesystem::exists(dir / "firmware" / content.sha256));
  write(bytes);
  EXPECT_EQ(body_of(ask_branch(request())), bytes) << "and it is asked for again";
}

TEST_F(LargeFiles, EndWithTheLine) {
  connect();
  const auto answer = ask_branch(request());
  branch->stop();
  EXPECT_EQ(body_of(answer), "");
}

TEST_F(LargeFiles, AreSomeAtOnceForOneAddress) {
  std::vector<http::Response> held;
  for (int i = 0; i < 9; ++i) held.push_back(ask_core(request()));
  EXPECT_EQ(held[7].status, 200u);
  EXPECT_EQ(held[8].status, 503u);
  EXPECT_EQ(ask_core(request({}, 0x7f000133)).status, 200u) << "another one has its own";
  held.clear();
  EXPECT_EQ(ask_core(request()).status, 200u);
}

// An SBC that asks for what was never named to it.
TEST(RelayedContents, AreThoseThatWereNamedAlone) {
  std::string name = (std::filesystem::temp_directory_path() / "roamdesk_contents_XXXXXX").string();
  const std::filesystem::path folder = ::mkdtemp(name.data());
  const std::string text = "firmware", hash = crypto::sha256_hex(text);
  std::ofstream{folder / hash, std::ios::binary} << text;
  std::ofstream{folder / "authority.key", std::ios::binary} << "secret";
  asio::io_context io;
  const Contents contents{folder};
  std::vector<tunnel::Frame> sent;
  const auto relayed = std::make_shared<RelayedHttp>(
      io, SiteId{"branch-1"},
      [&](tunnel::Frame frame) {
        sent.push_back(std::move(frame));
        return true;
      },
      [&](const HttpRequest&, HttpReply reply) {
        HttpAnswer answer{200, "application/octet-stream", {}};
        answer.content = Content{hash, text.size()};
        reply(std::move(answer));
      },
      contents);
  std::uint32_t last = 0;
  const auto ask = [&](const std::string& path, bool keeps) {
    sent.clear();
    tunnel::HttpRequest frame;
    frame.id = tunnel::HttpId{++last};
    frame.method = "GET";
    frame.path = path;
    if (keeps) frame.headers.push_back({std::string{tunnel::content_header}, "1"});
    relayed->handle(std::move(frame));
    return std::get<tunnel::HttpHead>(sent.at(0));
  };
  EXPECT_EQ(ask("/content/" + hash, false).status, 404u) << "it wasn't named";
  EXPECT_EQ(ask("/provision/T/x.rom", false).status, 404u) << "an SBC of before";
  EXPECT_EQ(ask("/content/" + hash, false).status, 404u);
  const auto named = ask("/provision/T/x.rom", true);
  ASSERT_EQ(named.headers.size(), 2u);
  EXPECT_EQ(named.headers[0].value, hash + " 8");
  EXPECT_EQ(std::get<tunnel::HttpBody>(sent.at(1)).bytes, "");
  EXPECT_EQ(ask("/content/" + hash, false).status, 200u);
  EXPECT_EQ(std::get<tunnel::HttpBody>(sent.at(1)).bytes, text);
  for (const char* other : {"authority.key", "../store.sqlite", "", "%2e%2e"})
    EXPECT_EQ(ask(std::string{"/content/"} + other, false).status, 404u) << other;
  relayed->clear();
  EXPECT_EQ(ask("/content/" + hash, false).status, 404u) << "a new connection: nothing was named in it";
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace roamdesk::door
