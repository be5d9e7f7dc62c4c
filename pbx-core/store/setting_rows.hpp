#pragma once
#include <soci/soci.h>

#include <optional>

#include "exchange/model/settings.hpp"

namespace roamdesk::store {

// A row a setting, by its path. Throws soci::soci_error.
void write_settings(soci::session& sql, const Settings& settings);
// nullopt: none was ever stored. One that has no row has its default: it is younger than the others. Throws StoreError
// too.
std::optional<Settings> read_settings(soci::session& sql);

}  // namespace roamdesk::store
