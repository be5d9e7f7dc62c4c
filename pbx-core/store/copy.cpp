#include "pbx-core/store/copy.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "pbx-core/store/migrations.hpp"
#include "pbx-core/store/open.hpp"

namespace roamdesk::store {
namespace {
std::string connection_to(const std::filesystem::path& file) {
  if (file.string().find('"') != std::string::npos)
    throw StoreError(file.string() + ": a quotation mark in the path isn't possible");
  return fmt::format("db=\"{}\" timeout=10", file.string());
}

// SQLite asks every so many steps of its machine, some milliseconds apart, whether to go on.
class Interruptible {
 public:
  Interruptible(soci::session& sql, const std::stop_token& stop)
      : connection_(static_cast<soci::sqlite3_session_backend*>(sql.get_backend())->conn_), stop_(stop) {
    sqlite_api::sqlite3_progress_handler(connection_, 10'000, &asked, this);
  }
  ~Interruptible() { sqlite_api::sqlite3_progress_handler(connection_, 0, nullptr, nullptr); }
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  static int asked(void* self) { return static_cast<Interruptible*>(self)->stop_.stop_requested() ? 1 : 0; }
  sqlite_api::sqlite3* connection_;
  const std::stop_token& stop_;
};

void copy_as_it_is(soci::session& sql, const std::filesystem::path& to) {
  std::string quoted;
  for (const char c : to.string()) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  sql << "VACUUM INTO '" + quoted + "'";
}

int version_in(soci::session& sql) {
  int version = 0;
  sql << "SELECT coalesce(max(version), 0) FROM schema_version", soci::into(version);
  return version;
}

void sync(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  const int why = errno;
  if (fd >= 0) ::close(fd);
  if (!synced) throw StoreError(fmt::format("{}: {}", path.string(), std::strerror(why)));
}
}  // namespace

void copy_store(const std::filesystem::path& from, const std::filesystem::path& to, const std::stop_token& stop) try {
  soci::session sql(soci::sqlite3, connection_to(from));
  check_identity(sql, from.string());
  const Interruptible ends(sql, stop);
  copy_as_it_is(sql, to);  // it reads one snapshot, without keeping the writer out
  // Where phones were registered is of the moment. Restored, it would ring a desk for a person who has left it since.
  // So were the calls.
  soci::session copy(soci::sqlite3, connection_to(to));
  copy << "DELETE FROM bindings";
  copy << "DELETE FROM dialogs";
} catch (const soci::soci_error& error) {
  throw StoreError(fmt::format("{}: {}", from.string(), error.get_error_message()));
}

void keep_store(const std::filesystem::path& from, const std::filesystem::path& to) {
  auto part = to;
  part += ".part";
  try {
    std::filesystem::remove(part);
    soci::session sql(soci::sqlite3, connection_to(from));
    check_identity(sql, from.string());
    copy_as_it_is(sql, part);
    std::filesystem::permissions(part, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    sync(part);
    std::filesystem::rename(part, to);
    sync(to.parent_path());
  } catch (const std::exception& error) {
    std::error_code ignored;
    std::filesystem::remove(part, ignored);
    throw StoreError(fmt::format("{}: {}", from.string(), error.what()));
  }
}

Schemas schemas_of(const std::filesystem::path& file) try {
  Schemas schemas{0, migrations().back().version};
  if (!std::filesystem::exists(file)) return schemas;
  soci::session sql(soci::sqlite3, connection_to(file));
  check_identity(sql, file.string());
  schemas.stored = version_in(sql);
  return schemas;
} catch (const soci::soci_error& error) {
  throw StoreError(fmt::format("{}: {}", file.string(), error.get_error_message()));
}

void check_store(const std::filesystem::path& file, const std::stop_token& stop) try {
  soci::session sql(soci::sqlite3, connection_to(file));
  check_identity(sql, file.string());
  const Interruptible ends(sql, stop);
  std::string answer;
  sql << "PRAGMA integrity_check(1)", soci::into(answer);
  if (answer != "ok") throw StoreError(fmt::format("{}: is damaged: {}", file.string(), answer));
  const int version = version_in(sql);
  if (version > migrations().back().version)
    throw StoreError(
        fmt::format("{}: its schema is version {}, this program knows {}; restore it with the newer program",
                    file.string(), version, migrations().back().version));
} catch (const soci::soci_error& error) {
  throw StoreError(fmt::format("{}: {}", file.string(), error.get_error_message()));
}

}  // namespace roamdesk::store
