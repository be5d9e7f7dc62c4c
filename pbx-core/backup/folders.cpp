#include "pbx-core/backup/folders.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "pbx-core/backup/archive.hpp"

namespace roamdesk::backup {
namespace fs = std::filesystem;

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
