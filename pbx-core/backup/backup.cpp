#include "pbx-core/backup/backup.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>

#include "pbx-core/backup/folders.hpp"
#include "pbx-core/backup/room.hpp"
#include "pbx-core/backup/scratch.hpp"
#include "pbx-core/store/copy.hpp"
#include "pbx-core/store/store.hpp"

namespace roamdesk::backup {
namespace {
namespace fs = std::filesystem;

constexpr std::uint64_t most_bytes = std::uint64_t{64} << 30;

// The state belongs to whom it belonged to: restore may run as root, the core doesn't.
void give_to_owner_of(const fs::path& model, const fs::path& top) {
  struct stat status {};
  if (::stat(model.c_str(), &status) != 0 || ::geteuid() != 0) return;
  const auto give = [&](const fs::path& path) {
    if (::lchown(path.c_str(), status.st_uid, status.st_gid) != 0)
      throw BackupError(fmt::format("{}: {}", path.string(), std::strerror(errno)));
  };
  give(top);
  for (const auto& entry : fs::recursive_directory_iterator(top)) give(entry.path());
}

Summary summary_of(const Manifest& manifest) {
  Summary summary{manifest.members.size(), 0, manifest.version, manifest.made_at};
  for (const Member& member : manifest.members) summary.bytes += member.size;
  return summary;
}

// What `file` holds, unpacked into the empty folder `into` and found whole.
Manifest unpack_state(const fs::path& file, const fs::path& into, const std::stop_token& stop = {},
                      std::uint64_t limit = most_bytes) {
  auto manifest = unpack(file, into, limit, stop);
  if (!fs::exists(into / store_name)) throw BackupError(file.string() + ": there is no store in it");
  store::check_store(into / store_name, stop);
  return manifest;
}

std::string without_colons(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), ':'), text.end());
  return text;
}

// What stands for the moment: how old it is is read from it, whatever it holds. No part of the state: it begins with
// the store's name.
constexpr const char* made_name = "store.last-backup";

}  // namespace

void note_made(const fs::path& state_dir) {
  const auto file = state_dir / made_name;
  // The last one may be root's, who made a backup by hand: the folder is ours, the file isn't.
  std::error_code ignored;
  fs::remove(file, ignored);
  std::ofstream{file, std::ios::trunc} << "made\n";
}

std::optional<WallTime> last_made(const fs::path& state_dir) {
  struct stat status {};
  if (::stat((state_dir / made_name).c_str(), &status) != 0) return std::nullopt;
  return WallTime{std::chrono::seconds{status.st_mtim.tv_sec}};
}

Summary make(const fs::path& state_dir, const fs::path& file, const std::string& made_at, Counts counts,
             const std::stop_token& stop) try {
  if (!fs::exists(state_dir / store_name))
    throw BackupError(state_dir.string() + ": there is no pbx-core state here (no " + store_name + ")");
  check_room(state_dir, file.has_parent_path() ? file.parent_path() : fs::path{"."}, false);
  const Scratch scratch(state_dir / "store");
  const fs::path copy = scratch.path() / store_name;
  store::copy_store(state_dir / store_name, copy, stop);

  ArchiveWriter archive(file, stop);
  archive.add(store_name, copy);
  for (const fs::path& path : files_beside_store(state_dir))
    if (!fs::equivalent(path, file.string() + ".part"))
      archive.add(fs::relative(path, state_dir).generic_string(), path);
  const auto manifest = archive.finish(ROAMDESK_VERSION, made_at);
  if (counts == Counts::at_once) note_made(state_dir);
  return summary_of(manifest);
} catch (const fs::filesystem_error& error) {
  throw BackupError(error.what());
} catch (const store::StoreError& error) {
  if (stop.stop_requested()) throw BackupStopped();
  throw BackupError(error.what());
}

Summary check(const fs::path& file, const std::stop_token& stop) try {
  const Scratch scratch(file);
  return summary_of(unpack_state(file, scratch.path(), stop));
} catch (const fs::filesystem_error& error) {
  throw BackupError(error.what());
} catch (const store::StoreError& error) {
  if (stop.stop_requested()) throw BackupStopped();
  throw BackupError(error.what());
}

Summary unpack_checked(const fs::path& file, const fs::path& into, std::uint64_t limit, const std::stop_token& stop) {
  return summary_of(unpack_state(file, into, stop, std::min(limit, most_bytes)));
}

Restored restore(const fs::path& file, const fs::path& state_dir, const std::string& now) try {
  const fs::path target = fs::absolute(state_dir).lexically_normal();
  const fs::path place = target.has_filename() ? target : target.parent_path();
  const Scratch scratch(place);
  Restored restored;
  restored.summary = summary_of(unpack_state(file, scratch.path()));
  sync_folders(scratch.path());
  if (fs::exists(place)) {
    give_to_owner_of(place, scratch.path());
    // One step: there is always a whole state under this name, the old one or the new one.
    if (::renameat2(AT_FDCWD, scratch.path().c_str(), AT_FDCWD, place.c_str(), RENAME_EXCHANGE) != 0)
      throw BackupError(
          fmt::format("{}: can't be exchanged for the restored state: {}", place.string(), std::strerror(errno)));
    restored.before = place.string() + ".before-restore-" + without_colons(now);
    fs::rename(scratch.path(), restored.before);
  } else {
    fs::rename(scratch.path(), place);
  }
  sync_folder(place.parent_path());
  return restored;
} catch (const fs::filesystem_error& error) {
  throw BackupError(error.what());
} catch (const store::StoreError& error) {
  throw BackupError(error.what());
}

}  // namespace roamdesk::backup
