#include "pbx-core/store/pepper.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "common/crypto/random.hpp"
#include "pbx-core/store/store.hpp"

namespace roamdesk::store {
namespace {

constexpr std::size_t hex_digits = 64;

struct File {
  int fd;
  ~File() {
    if (fd >= 0) ::close(fd);
  }
};

[[noreturn]] void fail(const std::filesystem::path& path) {
  throw StoreError(fmt::format("{}: {}", path.string(), std::strerror(errno)));
}

// Written aside and linked into place: a crash leaves no half a key, and of two processes one wins.
void make(const std::filesystem::path& path) {
  const std::filesystem::path aside = path.string() + "." + std::to_string(::getpid());
  const std::string text = crypto::random_hex(hex_digits / 2) + "\n";
  {
    const File file{::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (file.fd < 0 || ::write(file.fd, text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        ::fsync(file.fd) != 0)
      fail(aside);
  }
  const int linked = ::link(aside.c_str(), path.c_str());
  const int why = errno;
  ::unlink(aside.c_str());
  errno = why;
  if (linked != 0 && why != EEXIST) fail(path);
  const File directory{::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (directory.fd < 0 || ::fsync(directory.fd) != 0) fail(path);
}

}  // namespace

Secret load_or_make_pepper(const std::filesystem::path& state_dir) {
  const std::filesystem::path path = state_dir / "pepper.key";
  if (!std::filesystem::exists(path)) make(path);
  const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat about {};
  if (file.fd < 0 || ::fstat(file.fd, &about) != 0) fail(path);
  if (about.st_mode & 0077) throw StoreError(path.string() + ": others may read it; chmod 600 is expected");
  std::string text(hex_digits + 1, '\0');
  const ssize_t size = ::read(file.fd, text.data(), text.size());
  const bool whole = size >= static_cast<ssize_t>(hex_digits) &&
                     text.find_first_not_of("0123456789abcdef") == hex_digits && about.st_size <= 65;
  if (!whole)
    throw StoreError(path.string() + ": isn't 64 hexadecimal characters; without the right key no PIN can be checked");
  return Secret{text.substr(0, hex_digits)};
}

}  // namespace roamdesk::store
