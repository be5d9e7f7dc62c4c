#include "pbx-core/store/copy.hpp"

#include <fmt/format.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "pbx-core/store/migrations.hpp"
#include "pbx-core/store/open.hpp"

namespace roamdesk::store {
namespace {
std::string connection_to(const std::filesystem::path& file) {
  if (file.string().find('"') != std::string::npos)
    throw StoreError(file.string() + ": a quotation mark in the path isn't possible");
  return fmt::format("db=\"{}\" timeout=10", file.string());
}
}  // namespace

void copy_store(const std::filesystem::path& from, const std::filesystem::path& to) try {
  soci::session sql(soci::sqlite3, connection_to(from));
  check_identity(sql, from.string());
  // It reads one snapshot, without keeping the writer out.
  std::string quoted;
  for (const char c : to.string()) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  sql << "VACUUM INTO '" + quoted + "'";
  // Where phones were registered is of the moment. Restored, it would ring a desk for a person who has left it since.
  // So were the calls.
  soci::session copy(soci::sqlite3, connection_to(to));
  copy << "DELETE FROM bindings";
  copy << "DELETE FROM dialogs";
} catch (const soci::soci_error& error) {
  throw StoreError(fmt::format("{}: {}", from.string(), error.get_error_message()));
}

void check_store(const std::filesystem::path& file) try {
  soci::session sql(soci::sqlite3, connection_to(file));
  check_identity(sql, file.string());
  std::string answer;
  sql << "PRAGMA integrity_check(1)", soci::into(answer);
  if (answer != "ok") throw StoreError(fmt::format("{}: is damaged: {}", file.string(), answer));
  int version = 0;
  sql << "SELECT coalesce(max(version), 0) FROM schema_version", soci::into(version);
  if (version > migrations().back().version)
    throw StoreError(
        fmt::format("{}: its schema is version {}, this program knows {}; restore it with the newer program",
                    file.string(), version, migrations().back().version));
} catch (const soci::soci_error& error) {
  throw StoreError(fmt::format("{}: {}", file.string(), error.get_error_message()));
}

}  // namespace roamdesk::store
