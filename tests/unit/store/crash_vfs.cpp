#include "crash_vfs.hpp"

#include <sqlite3.h>

#include <cstring>
#include <fstream>
#include <mutex>
#include <new>
#include <random>

namespace roamdesk::test {
namespace {

constexpr std::size_t sector = 512;

struct FileState {
  std::string current;  // as a running program reads it
  std::string synced;   // as it was at the last sync
};

struct Disk {
  std::recursive_mutex mutex;
  std::map<std::string, FileState> files;
  std::optional<CrashDisk::Image> image;  // set: the power is off
  std::uint64_t operations = 0, cut_at = 0;
  std::mt19937 random;

  void cut() {
    if (image) return;
    image.emplace();
    std::bernoulli_distribution lives(0.5);
    for (const auto& [path, file] : files) {
      std::string content = file.synced;
      for (std::size_t at = 0; at < file.current.size(); at += sector) {
        const std::string_view now = std::string_view(file.current).substr(at, sector);
        if (at < content.size() && std::string_view(content).substr(at, now.size()) == now) continue;
        if (!lives(random)) continue;
        if (content.size() < at + now.size()) content.resize(at + now.size());
        content.replace(at, now.size(), now);
      }
      (*image)[path] = std::move(content);
    }
  }

  void count() {
    if (++operations == cut_at) cut();
  }
};

Disk& disk() {
  static Disk the_disk;
  return the_disk;
}

sqlite3_vfs* base() {
  static sqlite3_vfs* vfs = sqlite3_vfs_find("unix");
  return vfs;
}

// Our file; SQLite's own follows it in the same allocation.
struct CrashFile {
  sqlite3_file head;
  bool tracked;
  char path[1024];
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
CrashFile* of(sqlite3_file* file) { return reinterpret_cast<CrashFile*>(file); }
sqlite3_file* real(sqlite3_file* file) { return of(file)->real(); }

int x_close(sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); }
int x_read(sqlite3_file* f, void* to, int n, sqlite3_int64 at) { return real(f)->pMethods->xRead(real(f), to, n, at); }
int x_write(sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
  if (of(f)->tracked) {
    const std::lock_guard lock(disk().mutex);
    disk().count();
    std::string& content = disk().files[of(f)->path].current;
    const auto end = static_cast<std::size_t>(at) + static_cast<std::size_t>(n);
    if (content.size() < end) content.resize(end);
    std::memcpy(content.data() + at, from, static_cast<std::size_t>(n));
  }
  return real(f)->pMethods->xWrite(real(f), from, n, at);
}
int x_truncate(sqlite3_file* f, sqlite3_int64 size) {
  if (of(f)->tracked) {
    const std::lock_guard lock(disk().mutex);
    disk().count();
    disk().files[of(f)->path].current.resize(static_cast<std::size_t>(size));
  }
  return real(f)->pMethods->xTruncate(real(f), size);
}
int x_sync(sqlite3_file* f, int) {
  // The page cache below us outlives this test: no need to burden the real disk.
  if (of(f)->tracked) {
    const std::lock_guard lock(disk().mutex);
    disk().count();
    FileState& file = disk().files[of(f)->path];
    file.synced = file.current;
  }
  return SQLITE_OK;
}
int x_size(sqlite3_file* f, sqlite3_int64* size) { return real(f)->pMethods->xFileSize(real(f), size); }
int x_lock(sqlite3_file* f, int level) { return real(f)->pMethods->xLock(real(f), level); }
int x_unlock(sqlite3_file* f, int level) { return real(f)->pMethods->xUnlock(real(f), level); }
int x_reserved(sqlite3_file* f, int* out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); }
int x_control(sqlite3_file* f, int op, void* arg) { return real(f)->pMethods->xFileControl(real(f), op, arg); }
int x_sector(sqlite3_file*) { return static_cast<int>(sector); }
// No promises: neither power-safe overwrite nor atomic writes.
int x_device(sqlite3_file*) { return 0; }
int x_shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
  return real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
}
int x_shm_lock(sqlite3_file* f, int at, int n, int flags) { return real(f)->pMethods->xShmLock(real(f), at, n, flags); }
void x_shm_barrier(sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); }
int x_shm_unmap(sqlite3_file* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); }

const sqlite3_io_methods methods = {2,          x_close,       x_read,      x_write,   x_truncate, x_sync,   x_size,
                                    x_lock,     x_unlock,      x_reserved,  x_control, x_sector,   x_device, x_shm_map,
                                    x_shm_lock, x_shm_barrier, x_shm_unmap, nullptr,   nullptr};

int x_open(sqlite3_vfs*, const char* name, sqlite3_file* f, int flags, int* out_flags) {
  auto* file = new (f) CrashFile{};
  const int rc = base()->xOpen(base(), name, file->real(), flags, out_flags);
  if (rc != SQLITE_OK || !file->real()->pMethods) return rc;
  file->head.pMethods = &methods;
  file->tracked = name && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL));
  if (!file->tracked) return rc;
  std::strncpy(file->path, name, sizeof file->path - 1);
  const std::lock_guard lock(disk().mutex);
  if (!disk().files.contains(name)) {
    std::ifstream in(name, std::ios::binary);
    std::string content((std::istreambuf_iterator<char>(in)), {});
    disk().files[name] = {content, content};
  }
  return rc;
}

int x_delete(sqlite3_vfs*, const char* name, int sync_directory) {
  {
    const std::lock_guard lock(disk().mutex);
    disk().count();
    disk().files.erase(name);
  }
  return base()->xDelete(base(), name, sync_directory);
}

}  // namespace

CrashDisk& CrashDisk::instance() {
  static CrashDisk one;
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs copy = *base();  // all but opening and deleting is the system's
    copy.zName = "crash";
    copy.szOsFile = static_cast<int>(sizeof(CrashFile)) + base()->szOsFile;
    copy.xOpen = x_open;
    copy.xDelete = x_delete;
    copy.pNext = nullptr;
    return copy;
  }();
  static const int registered = sqlite3_vfs_register(&vfs, 0);
  (void)registered;
  return one;
}

void CrashDisk::reset(std::uint32_t seed) {
  const std::lock_guard lock(disk().mutex);
  disk().files.clear();
  disk().image.reset();
  disk().operations = disk().cut_at = 0;
  disk().random.seed(seed);
}
void CrashDisk::cut_before_operation(std::uint64_t n) {
  const std::lock_guard lock(disk().mutex);
  disk().cut_at = disk().operations + n;
}
void CrashDisk::cut() {
  const std::lock_guard lock(disk().mutex);
  disk().cut();
}
bool CrashDisk::dead() const {
  const std::lock_guard lock(disk().mutex);
  return disk().image.has_value();
}
std::uint64_t CrashDisk::operations() const {
  const std::lock_guard lock(disk().mutex);
  return disk().operations;
}
void CrashDisk::restore(const std::filesystem::path& directory) const {
  const std::lock_guard lock(disk().mutex);
  for (const auto& [path, content] : disk().image.value()) {
    std::ofstream out(directory / std::filesystem::path(path).filename(), std::ios::binary);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
  }
}

}  // namespace roamdesk::test
