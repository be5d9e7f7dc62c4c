#include "pbx-core/backup/scratch.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/crypto/hash.hpp"
#include "common/crypto/random.hpp"
#include "pbx-core/backup/archive.hpp"

namespace roamdesk::backup {
namespace {
namespace fs = std::filesystem;

constexpr std::string_view in_a_scratch_name = ".backup-";
constexpr std::size_t random_bytes_of_a_name = 6;

// Locked, or -1: another program has it. The lock ends with the program, whatever ends that.
int lock_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (fd >= 0 && ::flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
  if (fd >= 0) ::close(fd);
  return -1;
}

// Removes what is in `folder` under such a name; of folders those that nobody has locked.
void remove_halves(const fs::path& folder, const std::function<bool(std::string_view name)>& is_half) noexcept try {
  std::vector<fs::path> halves;
  std::error_code fault;
  for (auto at = fs::directory_iterator(folder, fault); !fault && at != fs::directory_iterator(); at.increment(fault))
    if (is_half(at->path().filename().string())) halves.push_back(at->path());
  for (const auto& path : halves) {
    std::error_code stays;
    if (!fs::is_directory(fs::symlink_status(path, stays))) {
      fs::remove(path, stays);
      continue;
    }
    const int ours = lock_folder(path);
    if (ours < 0) continue;
    fs::remove_all(path, stays);
    ::close(ours);
  }
} catch (const std::exception&) {
}

bool is_scratch_of(std::string_view neighbour, std::string_view name) {
  if (!name.starts_with(neighbour)) return false;
  name.remove_prefix(neighbour.size());
  if (!name.starts_with(in_a_scratch_name)) return false;
  name.remove_prefix(in_a_scratch_name.size());
  return name.size() == 2 * random_bytes_of_a_name &&
         name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

Scratch::Scratch(const fs::path& neighbour)
    : path_(neighbour.string() + std::string(in_a_scratch_name) +
            crypto::to_hex(crypto::random_bytes(random_bytes_of_a_name))) {
  remove_halves(neighbour.has_parent_path() ? neighbour.parent_path() : fs::path{"."},
                [of = neighbour.filename().string()](std::string_view name) { return is_scratch_of(of, name); });
  if (::mkdir(path_.c_str(), 0700) != 0) throw BackupError(fmt::format("{}: {}", path_.string(), std::strerror(errno)));
  lock_ = lock_folder(path_);
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  if (lock_ >= 0) ::close(lock_);
}

void clear_away_halves(const fs::path& state_dir, const fs::path& folder) noexcept {
  remove_halves(state_dir, [](std::string_view name) {
    return name == "store.backup" || name == "store.backup.part" || name.starts_with("store.backup-") ||
           name.starts_with("store.sftp-draft");
  });
  const auto is_draft = [](std::string_view name) { return name.starts_with(".draft"); };
  remove_halves(state_dir / "store.kept", is_draft);
  if (!folder.empty()) remove_halves(folder, is_draft);
}

}  // namespace roamdesk::backup
