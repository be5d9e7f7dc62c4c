#include "pbx-core/door/authority_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "common/crypto/random.hpp"

namespace roamdesk::door {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream stream{path, std::ios::binary};
  if (!stream) throw std::runtime_error(path.string() + " can't be read");
  return {std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
}

// Mode 0600 from its first byte, complete and on the disk before it has its name.
void write(const std::filesystem::path& path, const std::string& text) {
  const std::filesystem::path draft = path.string() + ".new";
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool good =
      fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!good) throw std::runtime_error(draft.string() + " can't be written: " + std::strerror(errno));
  std::filesystem::rename(draft, path);
}

}  // namespace

crypto::Authority load_or_make_authority(const std::filesystem::path& state_dir, WallTime now) {
  const auto certificate = state_dir / "authority.pem", key = state_dir / "authority.key";
  const bool has_certificate = std::filesystem::exists(certificate), has_key = std::filesystem::exists(key);
  // The certificate is written last: a key alone is a first start that was cut short.
  if (has_certificate && !has_key)
    throw std::runtime_error(key.string() + " is missing beside " + certificate.string() +
                             "; restore it from a backup: without it every SBC must be enrolled anew");
  if (!has_certificate) {
    std::filesystem::create_directories(state_dir);
    auto authority = crypto::Authority::create("Roamdesk", crypto::random_bytes(16), now);
    write(key, authority.key().reveal());
    write(certificate, authority.certificate());
    return authority;
  }
  auto authority = crypto::Authority::load(read(certificate), Secret{read(key)});
  if (!authority)
    throw std::runtime_error(certificate.string() +
                             " can't be used: " + std::string{crypto::describe(authority.error())});
  return std::move(*authority);
}

}  // namespace roamdesk::door
