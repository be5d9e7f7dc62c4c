#include "pbx-core/store/write.hpp"

#include <charconv>

#include "common/base/endpoint.hpp"
#include "pbx-core/store/codec.hpp"
#include "pbx-core/store/column.hpp"

namespace roamdesk::store {
namespace {
using soci::use;

// Names every value, since SOCI binds addresses; a converting copy is made where the record holds another type.
struct Writer {
  soci::session& sql;
  std::int64_t& last_audit_id;

  void operator()(const PutExtension& change) {
    const Extension& e = change.extension;
    const std::string keys = encode_keys(e.keys);
    const int hot_desking = e.hot_desking;
    sql << "INSERT INTO extensions (number, name, pin_hash, hot_desking, key_list) VALUES (:n, :m, :p, :h, :k)"
           " ON CONFLICT (number) DO UPDATE SET name = excluded.name, pin_hash = excluded.pin_hash,"
           " hot_desking = excluded.hot_desking, key_list = excluded.key_list",
        use(e.number.value()), use(e.name), use(e.pin_hash), use(hot_desking), use(keys);
  }

  void operator()(const DeleteExtension& change) {
    sql << "DELETE FROM extensions WHERE number = :n", use(change.number.value());
    sql << "DELETE FROM pin_failures WHERE extension = :n", use(change.number.value());
  }

  void operator()(const PutDesk& change) {
    const HotDesk& d = change.desk;
    const std::string mac = d.mac.text();
    TextColumn sbc(d.site == local_site() ? std::nullopt : std::optional(d.site.value()));
    TextColumn address(d.sbc_address ? std::optional(to_string(*d.sbc_address)) : std::nullopt);
    const std::string options = encode_options(d.options);
    sql << "INSERT INTO desks (id, mac, vendor, model, sbc, sbc_address, options, idle_user, idle_password)"
           " VALUES (:i, :m, :v, :o, :s, :a, :p, :u, :w)"
           " ON CONFLICT (id) DO UPDATE SET mac = excluded.mac, vendor = excluded.vendor, model = excluded.model,"
           " sbc = excluded.sbc, sbc_address = excluded.sbc_address, options = excluded.options",
        use(d.id.value()), use(mac), use(d.vendor), use(d.model), use(sbc.value, sbc.is),
        use(address.value, address.is), use(options), use(d.idle.user), use(d.idle.password.reveal());
    note_desk_number(d.id.value());
  }

  void operator()(const DeleteDesk& change) { sql << "DELETE FROM desks WHERE id = :i", use(change.id.value()); }

  void operator()(const PutPhone& change) {
    const Phone& p = change.phone;
    const std::string mac = p.mac.text();
    const long long first_seen = to_ms(p.first_seen), last_seen = to_ms(p.last_seen);
    const int assigned = p.assigned, needs_restart = p.needs_restart, window_taken = p.window_taken;
    const long long tokens_since = to_ms(p.tokens_since);
    TextColumn extension(p.extension ? std::optional(p.extension->value()) : std::nullopt);
    TextColumn user(p.credentials ? std::optional(p.credentials->user) : std::nullopt);
    TextColumn password(p.credentials ? std::optional(p.credentials->password.reveal()) : std::nullopt);
    NumberColumn window(p.window_until ? std::optional<long long>(to_ms(*p.window_until)) : std::nullopt);
    sql << "INSERT INTO phones (mac, vendor, model, firmware, address, site, first_seen, last_seen, assigned, "
           "extension,"
           " digest_user, digest_password, token, window_until, needs_restart, window_taken, token_key, tokens_since,"
           " first_token, web_password)"
           " VALUES (:m, :v, :o, :f, :a, :s, :fs, :ls, :as, :e, :u, :p, :t, :w, :n, :wt, :tk, :ts, :ft, :wp)"
           " ON CONFLICT (mac) DO UPDATE SET vendor = excluded.vendor, model = excluded.model,"
           " firmware = excluded.firmware, address = excluded.address, site = excluded.site,"
           " first_seen = excluded.first_seen, last_seen = excluded.last_seen, assigned = excluded.assigned,"
           " extension = excluded.extension, digest_user = excluded.digest_user,"
           " digest_password = excluded.digest_password, token = excluded.token,"
           " window_until = excluded.window_until, needs_restart = excluded.needs_restart,"
           " window_taken = excluded.window_taken, token_key = excluded.token_key,"
           " tokens_since = excluded.tokens_since, first_token = excluded.first_token,"
           " web_password = excluded.web_password",
        use(mac), use(p.vendor.str()), use(p.model.str()), use(p.firmware.str()), use(p.address), use(p.site.value()),
        use(first_seen), use(last_seen), use(assigned), use(extension.value, extension.is), use(user.value, user.is),
        use(password.value, password.is), use(p.token), use(window.value, window.is), use(needs_restart),
        use(window_taken), use(p.token_key.reveal()), use(tokens_since), use(p.first_token),
        use(p.web_password.reveal());
  }

  void operator()(const DeletePhone& change) {
    const std::string mac = change.mac.text();
    sql << "DELETE FROM phones WHERE mac = :m", use(mac);
  }

  void operator()(const PutSbc& change) {
    const Sbc& s = change.sbc;
    NumberColumn until(s.enrolment_until ? std::optional<long long>(to_ms(*s.enrolment_until)) : std::nullopt);
    sql << "INSERT INTO sbcs (name, time_zone, certificate_serial, enrolment_secret_hash, enrolment_until,"
           " next_certificate_serial) VALUES (:n, :t, :c, :h, :u, :x)"
           " ON CONFLICT (name) DO UPDATE SET time_zone = excluded.time_zone,"
           " certificate_serial = excluded.certificate_serial,"
           " enrolment_secret_hash = excluded.enrolment_secret_hash, enrolment_until = excluded.enrolment_until,"
           " next_certificate_serial = excluded.next_certificate_serial",
        use(s.name), use(s.time_zone), use(s.certificate_serial), use(s.enrolment_secret_hash),
        use(until.value, until.is), use(s.next_certificate_serial);
  }

  void operator()(const DeleteSbc& change) { sql << "DELETE FROM sbcs WHERE name = :n", use(change.name); }

  void operator()(const StartSession& change) {
    const Session& s = change.session;
    const long long since = to_ms(s.since);
    sql << "INSERT INTO sessions (id, desk, extension, digest_user, digest_password, since)"
           " VALUES (:i, :d, :e, :u, :p, :s)",
        use(s.id.value()), use(s.desk.value()), use(s.extension.value()), use(s.credentials.user),
        use(s.credentials.password.reveal()), use(since);
  }

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
    sql << "UPDATE desks SET idle_user = :u, idle_password = :p WHERE id = :i", use(change.credentials.user),
        use(change.credentials.password.reveal()), use(change.desk.value());
  }

  void operator()(const ForgetOldCredentials& change) {
    if (change.user.empty())
      sql << "DELETE FROM old_credentials WHERE desk = :d", use(change.desk.value());
    else
      sql << "DELETE FROM old_credentials WHERE desk = :d AND digest_user = :u", use(change.desk.value()),
          use(change.user);
  }

  void operator()(const PutUser& change) {
    const User& u = change.user;
    const int disabled = u.disabled;
    const User::SecondFactor factor = u.second_factor.value_or(User::SecondFactor{});
    const long long step = factor.last_step;
    const std::string recovery = encode_strings(factor.recovery_hashes);
    sql << "INSERT INTO users (name, password_hash, role, disabled, totp_secret, totp_step, recovery_hashes)"
           " VALUES (:n, :p, :r, :d, :s, :t, :c)"
           " ON CONFLICT (name) DO UPDATE SET password_hash = excluded.password_hash, role = excluded.role,"
           " disabled = excluded.disabled, totp_secret = excluded.totp_secret, totp_step = excluded.totp_step,"
           " recovery_hashes = excluded.recovery_hashes",
        use(u.name), use(u.password_hash), use(u.role), use(disabled), use(factor.sealed_secret), use(step),
        use(recovery);
  }

  void operator()(const DeleteUser& change) { sql << "DELETE FROM users WHERE name = :n", use(change.name); }

  void operator()(const PutToken& change) {
    const ApiToken& t = change.token;
    NumberColumn expires(t.expires ? std::optional<long long>(to_ms(*t.expires)) : std::nullopt);
    sql << "INSERT INTO tokens (id, name, user_name, token_hash, scope, expires) VALUES (:i, :n, :u, :h, :s, :e)"
           " ON CONFLICT (id) DO UPDATE SET name = excluded.name, user_name = excluded.user_name,"
           " token_hash = excluded.token_hash, scope = excluded.scope, expires = excluded.expires",
        use(t.id), use(t.name), use(t.user), use(t.token_hash), use(t.scope), use(expires.value, expires.is);
  }

  void operator()(const DeleteToken& change) { sql << "DELETE FROM tokens WHERE id = :i", use(change.id); }

  void operator()(const PutSettings& change) {
    const Settings& s = change.settings;
    TextColumn automatic(s.automatic_logout);
    NumberColumn longest(s.max_session ? std::optional<long long>(s.max_session->count()) : std::nullopt);
    const int move = s.move_when_already_logged_in;
    const std::string emergency = encode_strings(s.emergency_numbers);
    const int audit_days = static_cast<int>(s.audit_days);
    sql << "INSERT INTO settings (id, hot_desk_code, logout_code, automatic_logout, max_session, move_sessions,"
           " emergency_numbers, audit_days) VALUES (1, :h, :l, :a, :m, :o, :e, :d)"
           " ON CONFLICT (id) DO UPDATE SET hot_desk_code = excluded.hot_desk_code,"
           " logout_code = excluded.logout_code, automatic_logout = excluded.automatic_logout,"
           " max_session = excluded.max_session, move_sessions = excluded.move_sessions,"
           " emergency_numbers = excluded.emergency_numbers, audit_days = excluded.audit_days",
        use(s.hot_desk_code), use(s.logout_code), use(automatic.value, automatic.is), use(longest.value, longest.is),
        use(move), use(emergency), use(audit_days);
  }

  void operator()(const AppendAudit& change) {
    const AuditRecord& r = change.record;
    const long long id = last_audit_id + 1, at = to_ms(r.at);
    sql << "INSERT INTO audit (id, at_ms, actor, origin, action, subject, detail) VALUES (:i, :t, :a, :o, :c, :s, :d)",
        use(id), use(at), use(r.actor), use(r.origin), use(r.action), use(r.subject), use(r.detail);
    last_audit_id = id;  // a roll-back leaves a gap in the ids, which is no harm
  }

  void operator()(const TrimHistory& change) {
    const long long before = to_ms(change.before);
    sql << "DELETE FROM audit WHERE at_ms < :t AND id < (SELECT max(id) FROM audit)", use(before);
    sql << "DELETE FROM call_records WHERE started < :t", use(before);
  }

  void operator()(const AppendCallRecord& change) {
    const CallRecord& r = change.record;
    const long long started = to_ms(r.started), ended = to_ms(r.ended);
    NumberColumn answered(r.answered ? std::optional<long long>(to_ms(*r.answered)) : std::nullopt);
    const std::string outcome = to_string(r.outcome), from_site = r.from_site.value(), to_site = r.to_site.value();
    const std::string emergency = encode_place(r.emergency);
    sql << "INSERT INTO call_records (call_id, from_number, from_name, to_number, to_name, started, answered, ended,"
           " outcome, from_site, to_site, from_desk, to_desk, emergency)"
           " VALUES (:c, :f, :fn, :t, :tn, :s, :a, :e, :o, :fs, :ts, :fd, :td, :em)",
        use(r.call), use(r.from), use(r.from_name), use(r.to), use(r.to_name), use(started),
        use(answered.value, answered.is), use(ended), use(outcome), use(from_site), use(to_site), use(r.from_desk),
        use(r.to_desk), use(emergency);
  }

  void operator()(const PutPinFailures& change) {
    const std::string counts = encode_pin_failures(change.counts);
    if (change.counts.empty())
      sql << "DELETE FROM pin_failures WHERE extension = :e", use(change.extension.value());
    else
      sql << "INSERT INTO pin_failures (extension, counts) VALUES (:e, :c)"
             " ON CONFLICT (extension) DO UPDATE SET counts = excluded.counts",
          use(change.extension.value()), use(counts);
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

const char* transport_name(sip::Transport transport) {
  switch (transport) {
    case sip::Transport::udp:
      return "udp";
    case sip::Transport::tcp:
      return "tcp";
    case sip::Transport::tls:
      return "tls";
  }
  return "udp";
}

}  // namespace

void write(soci::session& sql, const Change& change, std::int64_t& last_audit_id) {
  std::visit(Writer{sql, last_audit_id}, change);
}

BindingWriter::BindingWriter(soci::session& sql)
    : put_((sql.prepare
                << "INSERT INTO bindings (mac, aor_user, digest_user, contact, site, transport, face, peer, call_id, "
                   "cseq,"
                   " user_agent, expires) VALUES (:m, :a, :d, :c, :s, :t, :f, :p, :i, :q, :u, :e)"
                   " ON CONFLICT (mac, aor_user) DO UPDATE SET digest_user = excluded.digest_user,"
                   " contact = excluded.contact, site = excluded.site, transport = excluded.transport,"
                   " face = excluded.face, peer = excluded.peer, call_id = excluded.call_id, cseq = excluded.cseq,"
                   " user_agent = excluded.user_agent, expires = excluded.expires",
            use(mac_), use(aor_user_), use(digest_user_), use(contact_), use(site_), use(transport_), use(face_),
            use(peer_), use(call_id_), use(cseq_), use(user_agent_), use(expires_))) {}

void BindingWriter::write(const StoredBinding& b) {
  mac_ = b.mac.text();
  aor_user_ = b.aor_user;
  digest_user_ = b.digest_user;
  contact_ = b.contact;
  site_ = b.flow.site.value();
  transport_ = transport_name(b.flow.transport);
  face_ = to_string(b.flow.face);
  peer_ = to_string(b.flow.peer);
  call_id_ = b.call_id;
  cseq_ = b.cseq;
  user_agent_ = b.user_agent;
  expires_ = to_ms(b.expires);
  put_.execute(true);
}

DialogWriter::DialogWriter(soci::session& sql)
    : put_((sql.prepare << "INSERT INTO dialogs (tag, device, site, transport, face, peer, bye)"
                           " VALUES (:g, :d, :s, :t, :f, :p, :b)"
                           " ON CONFLICT (tag) DO UPDATE SET device = excluded.device, site = excluded.site,"
                           " transport = excluded.transport, face = excluded.face, peer = excluded.peer,"
                           " bye = excluded.bye",
            use(tag_), use(device_), use(site_), use(transport_), use(face_), use(peer_), use(bye_))),
      delete_((sql.prepare << "DELETE FROM dialogs WHERE tag = :g", use(tag_))) {}

void DialogWriter::write(const StoredDialog& dialog) {
  tag_ = dialog.tag;
  device_ = dialog.device ? dialog.device->text() : std::string{};
  site_ = dialog.flow.site.value();
  transport_ = transport_name(dialog.flow.transport);
  face_ = to_string(dialog.flow.face);
  peer_ = to_string(dialog.flow.peer);
  bye_ = dialog.bye;
  put_.execute(true);
}

void DialogWriter::erase(const std::string& tag) {
  tag_ = tag;
  delete_.execute(true);
}

void delete_binding(soci::session& sql, const BindingKey& key) {
  const std::string mac = key.mac.text();
  sql << "DELETE FROM bindings WHERE mac = :m AND aor_user = :a", use(mac), use(key.aor_user);
}

}  // namespace roamdesk::store
