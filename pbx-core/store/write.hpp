#pragma once
#include <soci/soci.h>

#include <cstdint>
#include <memory>
#include <string>

#include "exchange/model/changes.hpp"
#include "pbx-core/store/store.hpp"

namespace roamdesk::store {

// Carries changes out within the transaction that is open. Its statements are parsed once: that costs more than to
// carry one out, and a binding is written for each refresh of each phone. All of it throws soci::soci_error.
class Writer {
 public:
  explicit Writer(soci::session& sql);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void write(const Change& change);
  void write(const StoredBinding& binding);
  void erase(const BindingKey& key);
  void write(const StoredDialog& dialog);
  void erase_dialog(const std::string& tag);

 private:
  struct Statements;
  std::unique_ptr<Statements> statements_;
};

}  // namespace roamdesk::store
