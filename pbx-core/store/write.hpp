#pragma once
#include <soci/soci.h>

#include <cstdint>

#include "exchange/model/changes.hpp"
#include "pbx-core/store/store.hpp"

namespace roamdesk::store {

// Carries a change out within the transaction that is open. Throws soci::soci_error. `last_audit_id` is the newest
// record's.
void write(soci::session& sql, const Change& change, std::int64_t& last_audit_id);

// Writes bindings with one statement, prepared once: to parse it costs more than to carry it out, and a binding is
// written for each refresh of each phone.
class BindingWriter {
 public:
  explicit BindingWriter(soci::session& sql);
  BindingWriter(const BindingWriter&) = delete;  // the statement has the members' addresses
  BindingWriter& operator=(const BindingWriter&) = delete;
  // Within the transaction that is open. Throws soci::soci_error.
  void write(const StoredBinding& binding);

 private:
  std::string mac_, aor_user_, digest_user_, contact_, site_, transport_, face_, peer_, call_id_, user_agent_;
  long long cseq_ = 0, expires_ = 0;
  soci::statement put_;
};
void delete_binding(soci::session& sql, const BindingKey& key);
void write_dialog(soci::session& sql, const StoredDialog& dialog);
void delete_dialog(soci::session& sql, const std::string& tag);

}  // namespace roamdesk::store
