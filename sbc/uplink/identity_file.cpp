#include "sbc/uplink/identity_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace roamdesk::sbc {
namespace {

constexpr std::string_view key_mark = "# key\n", certificate_mark = "# certificate\n", authority_mark = "# authority\n";

bool sync_directory(const std::filesystem::path& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool good = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  return good;
}

}  // namespace

std::filesystem::path identity_file(const std::filesystem::path& state_dir) { return state_dir / "identity.pem"; }

std::optional<crypto::Identity> load_identity(const std::filesystem::path& state_dir) {
  const auto path = identity_file(state_dir);
  if (!std::filesystem::exists(path)) return std::nullopt;
  std::ifstream stream{path, std::ios::binary};
  if (!stream) throw std::runtime_error(path.string() + " can't be read");
  const std::string text{std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
  const auto certificate = text.find(certificate_mark), authority = text.find(authority_mark);
  if (!text.starts_with(key_mark) || certificate == text.npos || authority == text.npos || authority < certificate)
    throw std::runtime_error(path.string() + " isn't an identity; remove it and enrol anew");
  crypto::Identity identity;
  identity.key = Secret{text.substr(key_mark.size(), certificate - key_mark.size())};
  const auto begin = certificate + certificate_mark.size();
  identity.certificate = text.substr(begin, authority - begin);
  identity.authority = text.substr(authority + authority_mark.size());
  if (!crypto::belongs_together(identity.key, identity.certificate))
    throw std::runtime_error(path.string() + ": key and certificate don't belong together; remove it and enrol anew");
  return identity;
}

void store_identity(const std::filesystem::path& state_dir, const crypto::Identity& identity) {
  std::filesystem::create_directories(state_dir);
  const auto path = identity_file(state_dir);
  const auto draft = path.string() + ".new";
  std::string text;
  text.append(key_mark).append(identity.key.reveal());
  text.append(certificate_mark).append(identity.certificate);
  text.append(authority_mark).append(identity.authority);
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool good =
      fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  const int why = errno;
  if (fd >= 0) ::close(fd);
  if (!good) throw std::runtime_error(draft + " can't be written: " + std::strerror(why));
  std::filesystem::rename(draft, path);
  if (!sync_directory(state_dir)) throw std::runtime_error(state_dir.string() + " can't be synced");
}

}  // namespace roamdesk::sbc
