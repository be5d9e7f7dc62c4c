#include "pbx-core/sftp/session.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

namespace roamdesk::sftp {
namespace {
using namespace std::chrono_literals;

// It takes a connection, as the kernel does, says `greeting` where there is one, and nothing more.
class SilentServer {
 public:
  explicit SilentServer(std::string greeting = {}) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    ::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(fd_, 8);
    socklen_t length = sizeof address;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &length);
    port = ::ntohs(address.sin_port);
    if (greeting.empty()) return;
    thread_ = std::thread([this, greeting = std::move(greeting)] {
      taken_ = ::accept(fd_, nullptr, nullptr);
      ::send(taken_, greeting.data(), greeting.size(), MSG_NOSIGNAL);
    });
  }
  ~SilentServer() {
    ::shutdown(fd_, SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
    if (taken_ >= 0) ::close(taken_);
    ::close(fd_);
  }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;

  std::uint16_t port = 0;

 private:
  int fd_, taken_ = -1;
  std::thread thread_;
};

Target target_at(const SilentServer& server) {
  Target target;
  target.host = "127.0.0.1";
  target.port = server.port;
  target.user = "keeper";
  target.password = Secret{"Open-sesame-9"};
  target.host_key = "SHA256:" + std::string(43, 'A');
  return target;
}

struct Heard {
  Kind kind = Kind::other;
  std::string words;
  std::chrono::steady_clock::duration took{};
};
Heard listed(const Target& target, const Patience& patience, std::stop_token stop = {}) {
  const auto began = std::chrono::steady_clock::now();
  Heard heard;
  try {
    Session{target, std::move(stop), patience}.list();
    ADD_FAILURE() << "listed";
  } catch (const SftpError& error) {
    heard.kind = error.kind;
    heard.words = error.what();
  }
  heard.took = std::chrono::steady_clock::now() - began;
  return heard;
}

TEST(SftpServerThatIsSilent, AheadOfItsGreetingIsGivenUpInWords) {
  const SilentServer server;
  const auto heard = listed(target_at(server), {.connect = 200ms});
  EXPECT_EQ(heard.kind, Kind::silent) << heard.words;
  EXPECT_THAT(heard.words, testing::HasSubstr("127.0.0.1"));
  EXPECT_THAT(heard.words, testing::HasSubstr("doesn't answer"));
  EXPECT_LT(heard.took, 3s);
}

TEST(SftpServerThatIsSilent, AfterItsGreetingIsGivenUpLikewise) {
  const SilentServer server{"SSH-2.0-silence\r\n"};
  const auto heard = listed(target_at(server), {.connect = 200ms});
  EXPECT_EQ(heard.kind, Kind::silent) << heard.words;
  EXPECT_LT(heard.took, 3s);
}

TEST(SftpServerThatIsSilent, HasABoundOfItsOwnAfterTheConnection) {
  const SilentServer server{"SSH-2.0-silence\r\n"};
  const auto heard = listed(target_at(server), {.connect = 60s, .silence = 200ms});
  EXPECT_EQ(heard.kind, Kind::silent) << heard.words;
  EXPECT_LT(heard.took, 3s);
}

TEST(SftpServerThatIsSilent, KeepsNobodyFromEnding) {
  const SilentServer server;
  std::stop_source stop;
  stop.request_stop();
  const auto heard = listed(target_at(server), {.connect = 60s, .silence = 60s}, stop.get_token());
  EXPECT_EQ(heard.kind, Kind::stopped) << heard.words;
  EXPECT_LT(heard.took, 3s);
}

}  // namespace
}  // namespace roamdesk::sftp
