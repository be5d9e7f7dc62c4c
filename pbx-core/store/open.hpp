#pragma once
#include <soci/soci.h>

#include "pbx-core/store/store.hpp"

// What is SQLite's own: how the file is opened and what its errors mean. The SQL elsewhere is portable.
namespace roamdesk::store {

// Opens or makes the file (0600), checks that it is ours and whole, migrates. Throws StoreError.
void open_sqlite(soci::session& sql, const Store::Options& options);

// Throws StoreError where the file isn't a store of ours.
void check_identity(soci::session& sql, const std::string& file);

StoreFault fault_of(const soci::soci_error& error);

}  // namespace roamdesk::store
