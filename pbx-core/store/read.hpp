#pragma once
#include <soci/soci.h>

#include "pbx-core/store/store.hpp"

namespace roamdesk::store {

// Throw soci::soci_error, and StoreError for rows that we can't have written.
Snapshot read_all(soci::session& sql);
AuditPage read_audit(soci::session& sql, const AuditQuery& query);
CallPage read_call_records(soci::session& sql, const CallQuery& query);
std::int64_t last_audit_id(soci::session& sql);

}  // namespace roamdesk::store
