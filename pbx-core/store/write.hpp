#pragma once
#include <soci/soci.h>

#include <cstdint>

#include "pbx-core/model/changes.hpp"
#include "pbx-core/store/store.hpp"

namespace roamdesk::store {

// Carries a change out within the transaction that is open. Throws soci::soci_error. `last_audit_id` is the newest
// record's.
void write(soci::session& sql, const Change& change, std::int64_t& last_audit_id);

void write_binding(soci::session& sql, const StoredBinding& binding);
void delete_binding(soci::session& sql, const BindingKey& key);

}  // namespace roamdesk::store
