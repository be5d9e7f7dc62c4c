#include "pbx-core/api/control_line.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace roamdesk::api::control_line {
namespace {

std::optional<sockaddr_un> address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string text = path.string();
  if (text.size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, text.c_str(), text.size() + 1);
  return address;
}

}  // namespace

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

Connected connect(const std::filesystem::path& path) {
  Connected result;
  const auto address = address_of(path);
  if (!address) {
    result.error = ENAMETOOLONG;
    return result;
  }
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd.valid() || ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0)
    result.error = errno;
  else
    result.fd = std::move(fd);
  return result;
}

Fd listen(const std::filesystem::path& path) {
  const auto address = address_of(path);
  if (!address)
    throw std::runtime_error(path.string() + ": is too long for a socket; 107 characters at most are expected");
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  // The mode before the listening: no other user slips in between.
  const bool made = fd.valid() &&
                    ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) == 0 &&
                    ::chmod(path.c_str(), 0600) == 0 && ::listen(fd.get(), 4) == 0;
  if (!made) throw std::runtime_error(fmt::format("{}: {}", path.string(), std::strerror(errno)));
  return fd;
}

std::optional<std::string> read_line(const Fd& fd, std::chrono::milliseconds longest, int wake) {
  const auto until = std::chrono::steady_clock::now() + longest;
  std::string text;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd ready[2] = {{fd.get(), POLLIN, 0}, {wake, POLLIN, 0}};
    if (left.count() <= 0 || ::poll(ready, 2, static_cast<int>(left.count())) <= 0 || ready[1].revents)
      return std::nullopt;
    char piece[4096];
    const ssize_t n = ::recv(fd.get(), piece, sizeof piece, 0);
    if (n <= 0 || text.size() + static_cast<std::size_t>(n) > 65536) return std::nullopt;
    text.append(piece, static_cast<std::size_t>(n));
    if (const std::size_t end = text.find('\n'); end != std::string::npos) return text.substr(0, end);
  }
}

bool write_line(const Fd& fd, std::string text) {
  text += '\n';
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t n = ::send(fd.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace roamdesk::api::control_line
