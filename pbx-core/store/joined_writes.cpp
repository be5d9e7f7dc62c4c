#include "pbx-core/store/joined_writes.hpp"

#include <sqlite3.h>

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <string>

namespace roamdesk::store {
namespace {

// A larger piece leaves at once, and its memory is given up behind it.
constexpr std::size_t largest_piece = 64 * 1024;

struct JoiningVfs : sqlite3_vfs {
  sqlite3_vfs* below = nullptr;
  std::string name;
};

// The file below follows it in the same allocation.
struct JoiningFile {
  sqlite3_file head{};
  bool is_log = false;
  std::string piece{};      // what wasn't written yet, of the log
  sqlite3_int64 begin = 0;  // where it belongs

  sqlite3_file* below() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  const sqlite3_io_methods& methods() { return *below()->pMethods; }
  // An SQLite result. What can't be written is forgotten: the transaction that it was of ends.
  int write_piece() {
    if (piece.empty()) return SQLITE_OK;
    const int rc = methods().xWrite(below(), piece.data(), static_cast<int>(piece.size()), begin);
    piece.clear();
    if (piece.capacity() > largest_piece) piece.shrink_to_fit();
    return rc;
  }
};

JoiningFile& of(sqlite3_file* file) { return *reinterpret_cast<JoiningFile*>(file); }

// What is asked of a file is asked of the one below, after what wasn't written yet.
template <auto method, class... Arguments>
int ask(sqlite3_file* file, Arguments... arguments) {
  JoiningFile& f = of(file);
  if (const int rc = f.write_piece(); rc != SQLITE_OK) return rc;
  return (f.methods().*method)(f.below(), arguments...);
}

int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  JoiningFile& f = of(file);
  if (!f.is_log) return f.methods().xWrite(f.below(), from, size, at);
  if (at != f.begin + static_cast<sqlite3_int64>(f.piece.size()))
    if (const int rc = f.write_piece(); rc != SQLITE_OK) return rc;
  if (f.piece.empty()) f.begin = at;
  f.piece.append(static_cast<const char*>(from), static_cast<std::size_t>(size));
  return f.piece.size() < largest_piece ? SQLITE_OK : f.write_piece();
}

int close(sqlite3_file* file) {
  JoiningFile& f = of(file);
  const int written = f.write_piece(), closed = f.methods().xClose(f.below());
  f.~JoiningFile();
  return written != SQLITE_OK ? written : closed;
}

int sector_size(sqlite3_file* file) { return of(file).methods().xSectorSize(of(file).below()); }
int characteristics(sqlite3_file* file) { return of(file).methods().xDeviceCharacteristics(of(file).below()); }
void barrier(sqlite3_file* file) { of(file).methods().xShmBarrier(of(file).below()); }

using Io = sqlite3_io_methods;
const Io joining_methods = {.iVersion = 2,  // no memory-mapped files
                            .xClose = close,
                            .xRead = ask<&Io::xRead>,
                            .xWrite = write,
                            .xTruncate = ask<&Io::xTruncate>,
                            .xSync = ask<&Io::xSync>,
                            .xFileSize = ask<&Io::xFileSize>,
                            .xLock = ask<&Io::xLock>,
                            .xUnlock = ask<&Io::xUnlock>,
                            .xCheckReservedLock = ask<&Io::xCheckReservedLock>,
                            .xFileControl = ask<&Io::xFileControl>,
                            .xSectorSize = sector_size,
                            .xDeviceCharacteristics = characteristics,
                            .xShmMap = ask<&Io::xShmMap>,
                            .xShmLock = ask<&Io::xShmLock>,
                            .xShmBarrier = barrier,
                            .xShmUnmap = ask<&Io::xShmUnmap>,
                            .xFetch = nullptr,
                            .xUnfetch = nullptr};

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto* f = new (file) JoiningFile;
  sqlite3_vfs* const below = static_cast<JoiningVfs*>(vfs)->below;
  const int rc = below->xOpen(below, name, f->below(), flags, out_flags);
  if (!f->below()->pMethods) {
    f->~JoiningFile();
    file->pMethods = nullptr;  // SQLite doesn't close it then
    return rc;
  }
  f->is_log = (flags & SQLITE_OPEN_WAL) != 0;
  f->head.pMethods = &joining_methods;
  return rc;
}

}  // namespace

std::string joined_writes_over(const std::string& vfs) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<JoiningVfs>> all;
  const std::lock_guard lock{mutex};
  auto& joining = all[vfs];
  if (joining) return joining->name;
  sqlite3_vfs* const below = sqlite3_vfs_find(vfs.empty() ? nullptr : vfs.c_str());
  if (!below) return vfs;  // SQLite will say that there is none
  joining = std::make_unique<JoiningVfs>();
  static_cast<sqlite3_vfs&>(*joining) = *below;  // all but opening is the same
  joining->below = below;
  joining->name = vfs.empty() ? "joined" : "joined-" + vfs;
  joining->zName = joining->name.c_str();
  joining->szOsFile = static_cast<int>(sizeof(JoiningFile)) + below->szOsFile;
  joining->pNext = nullptr;
  joining->xOpen = open;
  if (sqlite3_vfs_register(joining.get(), 0) != SQLITE_OK) return vfs;
  return joining->name;
}

}  // namespace roamdesk::store
