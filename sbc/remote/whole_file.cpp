#include "sbc/remote/whole_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace roamdesk::sbc {
namespace {

// Its entries: a new name is one, too.
bool sync_folder_of(const std::filesystem::path& path) {
  const int fd = ::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool good = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  return good;
}

}  // namespace

bool write_whole(const std::filesystem::path& path, std::string_view text, const std::function<void(WriteStep)>& told) {
  const auto tell = [&](WriteStep step) {
    if (told) told(step);
  };
  if (text.empty()) {
    if (::unlink(path.c_str()) != 0) return errno == ENOENT;
    tell(WriteStep::named);
    return sync_folder_of(path);
  }
  const auto draft = path.string() + ".new";
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  bool good = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  tell(WriteStep::drafted);
  // Ahead of the name: a name that is on the disk before what it stands for would lead to an empty file.
  good = good && ::fsync(fd) == 0;
  ::close(fd);
  if (!good) return false;
  tell(WriteStep::on_the_disk);
  if (::rename(draft.c_str(), path.c_str()) != 0) return false;
  tell(WriteStep::named);
  return sync_folder_of(path);
}

}  // namespace roamdesk::sbc
