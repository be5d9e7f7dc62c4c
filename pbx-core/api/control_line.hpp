#pragma once
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

// Lines over UNIX sockets, for both ends of the control socket.
namespace roamdesk::api::control_line {

class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  ~Fd();
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }

 private:
  int fd_;
};

struct Connected {
  Fd fd;
  int error = 0;  // errno where fd isn't valid
};
Connected connect(const std::filesystem::path& path);
Fd listen(const std::filesystem::path& path);  // mode 0600; throws std::runtime_error

// A line of at most 64 KB without its end; nullopt at the connection's end, after `longest`, or once `wake` is
// readable.
std::optional<std::string> read_line(const Fd& fd, std::chrono::milliseconds longest, int wake = -1);
bool write_line(const Fd& fd, std::string text);

}  // namespace roamdesk::api::control_line
