#include "pbx-core/store/write.hpp"

#include <charconv>

#include "pbx-core/store/read.hpp"
#include "pbx-core/store/rows.hpp"
#include "pbx-core/store/setting_rows.hpp"

namespace roamdesk::store {

using soci::use;

// Names every value, since SOCI binds addresses.
struct Writer::Statements {
  explicit Statements(soci::session& session) : sql(session) {}

  soci::session& sql;
  std::int64_t last_audit_id = store::last_audit_id(sql);
  Upsert<Extension> extensions{sql};
  Upsert<HotDesk> desks{sql};
  Upsert<Phone> phones{sql};
  template <class List>
  struct UpsertsOf;
  template <class... R>
  struct UpsertsOf<Records<R...>> {
    explicit UpsertsOf(soci::session& session) : all(session_for<R>(session)...) {}
    template <class>
    static soci::session& session_for(soci::session& session) {
      return session;
    }
    std::tuple<Upsert<R>...> all;
  };
  UpsertsOf<PlainRecords> plain{sql};
  Upsert<Session> sessions{sql};
  Upsert<User> users{sql};
  Upsert<ApiToken> tokens{sql};
  Upsert<AuditRecord> audit{sql};
  Upsert<CallRecord> calls{sql};
  Upsert<PutPinFailures> pin_failures{sql};
  Upsert<StoredBinding> bindings{sql};
  Upsert<StoredDialog> dialogs{sql};
  std::string erased, erased_user;
  soci::statement erase_binding{
      (sql.prepare << "DELETE FROM bindings WHERE mac = :m AND aor_user = :a", use(erased), use(erased_user))};
  soci::statement erase_dialog{(sql.prepare << "DELETE FROM dialogs WHERE tag = :g", use(erased))};

  void operator()(const PutExtension& change) { extensions(change.extension); }
  void operator()(const DeleteExtension& change) {
    sql << "DELETE FROM extensions WHERE number = :n", use(change.number.value());
    sql << "DELETE FROM pin_failures WHERE extension = :n", use(change.number.value());
  }
  void operator()(const PutDesk& change) {
    desks(change.desk);
    note_desk_number(change.desk.id.value());
  }
  void operator()(const DeleteDesk& change) { sql << "DELETE FROM desks WHERE id = :i", use(change.id.value()); }
  void operator()(const PutPhone& change) { phones(change.phone); }
  void operator()(const DeletePhone& change) {
    const std::string mac = change.mac.text();
    sql << "DELETE FROM phones WHERE mac = :m", use(mac);
  }
  template <class R>
  void operator()(const Put<R>& change) {
    std::get<Upsert<R>>(plain.all)(change.record);
  }
  template <class R>
  void operator()(const Delete<R>& change) {
    Cell key;
    put(key, change.key);
    sql << std::string("DELETE FROM ") + table<R>.name + " WHERE " + table<R>.key + " = :k", use(key.text);
  }
  void operator()(const StartSession& change) { sessions(change.session); }
  void operator()(const EndSession& change) {
    const long long ended = to_ms(change.ended);
    sql << "INSERT INTO old_credentials (digest_user, desk, extension, digest_password, ended)"
           " SELECT digest_user, desk, extension, digest_password, :t FROM sessions WHERE id = :i",
        use(ended), use(change.id.value());
    sql << "DELETE FROM sessions WHERE id = :i", use(change.id.value());
  }
  void operator()(const RenewIdle& change) {
    const long long at = to_ms(change.at);
    sql << "INSERT INTO old_credentials (digest_user, desk, extension, digest_password, ended)"
           " SELECT idle_user, id, '', idle_password, :t FROM desks WHERE id = :i",
        use(at), use(change.desk.value());
    const std::string user = change.credentials.user.str();
    sql << "UPDATE desks SET idle_user = :u, idle_password = :p WHERE id = :i", use(user),
        use(change.credentials.password.reveal()), use(change.desk.value());
  }
  void operator()(const ForgetOldCredentials& change) {
    if (change.user.empty())
      sql << "DELETE FROM old_credentials WHERE desk = :d", use(change.desk.value());
    else
      sql << "DELETE FROM old_credentials WHERE desk = :d AND digest_user = :u", use(change.desk.value()),
          use(change.user);
  }
  void operator()(const PutUser& change) { users(change.user); }
  void operator()(const DeleteUser& change) { sql << "DELETE FROM users WHERE name = :n", use(change.name); }
  void operator()(const PutToken& change) { tokens(change.token); }
  void operator()(const DeleteToken& change) { sql << "DELETE FROM tokens WHERE id = :i", use(change.id); }
  void operator()(const PutSettings& change) { write_settings(sql, change.settings); }
  void operator()(const AppendAudit& change) {
    AuditRecord record = change.record;
    record.id = last_audit_id + 1;
    audit(record);
    last_audit_id = record.id;  // a roll-back leaves a gap in the ids, which is no harm
  }
  void operator()(const TrimHistory& change) {
    const long long before = to_ms(change.before);
    sql << "DELETE FROM audit WHERE at_ms < :t AND id < (SELECT max(id) FROM audit)", use(before);
    sql << "DELETE FROM call_records WHERE started < :t", use(before);
  }
  void operator()(const AppendCallRecord& change) { calls(change.record); }
  void operator()(const PutPinFailures& change) {
    if (change.counts.empty())
      sql << "DELETE FROM pin_failures WHERE extension = :e", use(change.extension.value());
    else
      pin_failures(change);
  }

  // Remembers the highest number ever given, so that HD0007's next owner isn't mistaken for its last.
  void note_desk_number(const std::string& id) {
    long long number = 0;
    const char* end = id.data() + id.size();
    if (id.size() < 3 || std::from_chars(id.data() + 2, end, number).ptr != end) return;
    sql << "INSERT INTO counters (name, value) VALUES ('desk', :v)"
           " ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE excluded.value > counters.value",
        use(number);
  }
};

Writer::Writer(soci::session& sql) : statements_(std::make_unique<Statements>(sql)) {}
Writer::~Writer() = default;

void Writer::write(const Change& change) { std::visit(*statements_, change); }
void Writer::write(const StoredBinding& binding) { statements_->bindings(binding); }
void Writer::write(const StoredDialog& dialog) { statements_->dialogs(dialog); }

void Writer::erase(const BindingKey& key) {
  statements_->erased = key.mac.text();
  statements_->erased_user = key.aor_user;
  statements_->erase_binding.execute(true);
}

void Writer::erase_dialog(const std::string& tag) {
  statements_->erased = tag;
  statements_->erase_dialog.execute(true);
}

}  // namespace roamdesk::store
