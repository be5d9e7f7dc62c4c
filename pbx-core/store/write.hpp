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

// Writes and deletes dialogs, prepared once for the same reason: each call has two.
class DialogWriter {
 public:
  explicit DialogWriter(soci::session& sql);
  DialogWriter(const DialogWriter&) = delete;  // the statements have the members' addresses
  DialogWriter& operator=(const DialogWriter&) = delete;
  // Within the transaction that is open. Throw soci::soci_error.
  void write(const StoredDialog& dialog);
  void erase(const std::string& tag);

 private:
  std::string tag_, device_, site_, transport_, face_, peer_, bye_;
  soci::statement put_, delete_;
};

}  // namespace roamdesk::store
