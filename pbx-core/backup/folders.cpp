#include "pbx-core/backup/folders.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "pbx-core/backup/archive.hpp"

namespace roamdesk::backup {
namespace fs = std::filesystem;

std::vector<fs::path> files_beside_store(const fs::path& state_dir) {
  std::vector<fs::path> files;
  for (auto at = fs::recursive_directory_iterator(state_dir); at != fs::recursive_directory_iterator(); ++at) {
    const std::string top = *fs::relative(at->path(), state_dir).begin();
    if (top.starts_with("store") || top.starts_with("handover") || top == "firmware") {
      at.disable_recursion_pending();
      continue;
    }
    if (at->is_regular_file() && !at->is_symlink()) files.push_back(at->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  const int why = errno;
  if (fd >= 0) ::close(fd);
  if (!synced) throw BackupError(fmt::format("{}: {}", folder.string(), std::strerror(why)));
}

void sync_folders(const fs::path& top) {
  sync_folder(top);
  for (const auto& entry : fs::recursive_directory_iterator(top))
    if (entry.is_directory()) sync_folder(entry.path());
}

}  // namespace roamdesk::backup
