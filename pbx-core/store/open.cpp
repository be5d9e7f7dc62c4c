#include "pbx-core/store/open.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "pbx-core/store/joined_writes.hpp"
#include "pbx-core/store/migrations.hpp"

namespace roamdesk::store {
namespace {

constexpr int application_id = 0x526f616d;  // "Roam"

// SQLite gives its -wal and -shm files the mode of the database, so that this is all that it takes.
void make_private_file(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) throw StoreError(fmt::format("{}: {}", file.string(), std::strerror(errno)));
  const int mode_failed = ::fchmod(fd, 0600);
  ::close(fd);
  if (mode_failed) throw StoreError(fmt::format("{}: can't be given mode 0600", file.string()));
}

// A connection belongs to one thread at a time here, so that SQLite needs no mutex around each of its calls; nor one
// around each allocation, as nobody asks for its statistics of memory. SQLite takes this before its first use only, so
// once; where something else in the process used it earlier, its mutexes stay, which is slower and as right.
void use_without_mutexes() {
  static const bool once [[maybe_unused]] = [] {
    sqlite_api::sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite_api::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return true;
  }();
}

void migrate(soci::session& sql, const std::string& file, bool may_change) {
  sql << "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY)";
  int version = 0;
  sql << "SELECT coalesce(max(version), 0) FROM schema_version", soci::into(version);
  const int newest = migrations().back().version;
  if (version > newest)
    throw StoreError(fmt::format("{}: its schema is version {}, this program knows {}; run the newer program", file,
                                 version, newest));
  if (version < newest && !may_change)
    throw StoreError(
        fmt::format("{}: its schema is version {}, this program's is {}; start the core with this program "
                    "first, or use the program that runs it",
                    file, version, newest));
  for (const Migration& migration : migrations()) {
    if (migration.version <= version) continue;
    soci::transaction step(sql);
    for (const std::string& statement : migration.statements) sql << statement;
    sql << "INSERT INTO schema_version (version) VALUES (:v)", soci::use(migration.version, "v");
    step.commit();
  }
}

}  // namespace

void check_identity(soci::session& sql, const std::string& file) {
  int id = 0;
  sql << "PRAGMA application_id", soci::into(id);
  if (id != application_id) throw StoreError(file + ": is a database of something else than pbx-core");
}

void open_sqlite(soci::session& sql, const Store::Options& options) {
  const std::string file = options.file.string();
  if (file.find('"') != std::string::npos) throw StoreError(file + ": a quotation mark in the path isn't possible");
  make_private_file(options.file);
  use_without_mutexes();
  try {
    std::string connection = fmt::format("db=\"{}\" timeout=10", file);
    const std::string vfs = options.synchronous ? joined_writes_over(options.vfs) : options.vfs;
    if (!vfs.empty()) connection += " vfs=" + vfs;
    sql.open(soci::sqlite3, connection);
    int id = 0, tables = 0;
    sql << "PRAGMA application_id", soci::into(id);
    sql << "SELECT count(*) FROM sqlite_master", soci::into(tables);
    if (id != 0 || tables != 0) check_identity(sql, file);
    std::string answer;
    sql << "PRAGMA journal_mode = WAL", soci::into(answer);
    if (answer != "wal") throw StoreError(fmt::format("{}: no write-ahead log here (journal mode {})", file, answer));
    // FULL: in WAL mode a commit returns after the log's fsync. NORMAL would lose acknowledged commits in a power cut.
    sql << (options.synchronous ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF");
    sql << "PRAGMA foreign_keys = ON";
    sql << "PRAGMA application_id = " + std::to_string(application_id);
    sql << "PRAGMA quick_check(1)", soci::into(answer);
    if (answer != "ok") throw StoreError(fmt::format("{}: is damaged: {}", file, answer));
    migrate(sql, file, options.migrate);
  } catch (const soci::soci_error& error) {
    throw StoreError(fmt::format("{}: {}", file, error.get_error_message()));
  }
}

StoreFault fault_of(const soci::soci_error& error) {
  // The low byte is the primary result code, whether extended codes are on or off.
  if (const auto* e = dynamic_cast<const soci::sqlite3_soci_error*>(&error))
    if ((e->result() & 0xff) == SQLITE_CONSTRAINT) return StoreFault::constraint;
  return error.get_error_category() == soci::soci_error::constraint_violation ? StoreFault::constraint : StoreFault::io;
}

}  // namespace roamdesk::store
