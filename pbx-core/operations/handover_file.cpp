#include "pbx-core/operations/handover_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

#include "common/base/secret.hpp"
#include "common/log/log.hpp"
#include "exchange/element/handover_text.hpp"

namespace roamdesk::core {
namespace {

constexpr const char* handover_name = "handover";
constexpr off_t largest = 256'000'000;

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  operator int() const { return fd_; }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

// "" where it is what we have written ourselves, or could have.
std::string_view objection(const struct stat& status) {
  if (!S_ISREG(status.st_mode)) return "it is no file";
  if (status.st_uid != ::geteuid()) return "it is another user's";
  if ((status.st_mode & 0077) != 0) return "others may read or write it";
  if (status.st_size > largest) return "it is too large";
  return {};
}

element::Handover refused(std::string_view why) {
  log::warning("core.handover_refused", {{"why", why}, {"detail", "the calls of before the start are ended"}});
  return {};
}

}  // namespace

bool write_handover(const std::filesystem::path& state_dir, const element::Handover& handover) {
  const auto path = state_dir / handover_name, part = state_dir / (std::string{handover_name} + ".part");
  const Secret text{element::to_text(handover)};
  ::unlink(part.c_str());
  {
    const File file{::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (file >= 0 && write_all(file, text.reveal()) && ::rename(part.c_str(), path.c_str()) == 0) return true;
  }
  log::error("core.handover_not_written", {{"why", std::strerror(errno)}});
  ::unlink(part.c_str());
  return false;
}

element::Handover take_handover(const std::filesystem::path& state_dir, WallTime now) {
  const auto path = state_dir / handover_name;
  const File file{::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
  if (file < 0) return errno == ENOENT ? element::Handover{} : refused(std::strerror(errno));
  ::unlink(path.c_str());
  struct stat status {};
  if (::fstat(file, &status) != 0) return refused(std::strerror(errno));
  if (const auto why = objection(status); !why.empty()) return refused(why);
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t size = 0;
  for (ssize_t count = 1; count > 0 && size < bytes.size(); size += static_cast<std::size_t>(count)) {
    count = ::read(file, bytes.data() + size, bytes.size() - size);
    if (count < 0) return refused(std::strerror(errno));
  }
  const Secret text{std::move(bytes)};
  auto handover = element::read_handover(text.reveal());
  if (!handover) return refused(element::explain(handover.error()));
  if (!handover->is_fresh(now)) return refused("it is too old");
  return std::move(*handover);
}

}  // namespace roamdesk::core
