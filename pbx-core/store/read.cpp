#include "pbx-core/store/read.hpp"

#include <algorithm>
#include <limits>

#include "pbx-core/store/codec.hpp"
#include "pbx-core/store/column.hpp"

namespace roamdesk::store {
namespace {
using soci::into;
using soci::statement;

Mac mac_of(const std::string& text) {
  const std::optional<Mac> mac = Mac::parse(text);
  if (!mac) throw StoreError("the database holds a MAC that is none: " + text);
  return *mac;
}

Endpoint endpoint_of(const std::string& text) {
  const std::optional<Endpoint> endpoint = parse_endpoint(text, true);
  if (!endpoint) throw StoreError("the database holds an address that is none: " + text);
  return *endpoint;
}

std::optional<WallTime> time_of(const NumberColumn& column) {
  return column.is == soci::i_ok ? std::optional(from_ms(column.value)) : std::nullopt;
}

void read_extensions(soci::session& sql, std::vector<Extension>& out) {
  std::string number, name, pin_hash, keys;
  int hot_desking = 0;
  statement st = (sql.prepare << "SELECT number, name, pin_hash, hot_desking, key_list FROM extensions ORDER BY number",
                  into(number), into(name), into(pin_hash), into(hot_desking), into(keys));
  st.execute();
  while (st.fetch()) {
    out.push_back({ExtensionNumber{number}, name, pin_hash, hot_desking != 0, decode_keys(keys)});
  }
}

void read_desks(soci::session& sql, std::vector<HotDesk>& out) {
  std::string id, mac, vendor, model, options, user, password;
  TextColumn sbc, address;
  statement st = (sql.prepare << "SELECT id, mac, vendor, model, sbc, sbc_address, options, idle_user, idle_password"
                                 " FROM desks ORDER BY id",
                  into(id), into(mac), into(vendor), into(model), into(sbc.value, sbc.is),
                  into(address.value, address.is), into(options), into(user), into(password));
  st.execute();
  while (st.fetch()) {
    const SiteId site = sbc.is == soci::i_ok ? SiteId{sbc.value} : local_site();
    const std::optional<Ipv4> at = address.is == soci::i_ok ? parse_ipv4(address.value) : std::nullopt;
    out.push_back({HotDeskId{id}, mac_of(mac), vendor, model, site, at, decode_options(options),
                   Credentials{user, Secret{password}}});
  }
}

void read_phones(soci::session& sql, std::vector<Phone>& out) {
  std::string mac, vendor, model, firmware, address, site, token, key, first_token, web_password;
  long long first_seen = 0, last_seen = 0, tokens_since = 0;
  int assigned = 0, needs_restart = 0, window_taken = 0;
  TextColumn extension, user, password;
  NumberColumn window;
  statement st =
      (sql.prepare << "SELECT mac, vendor, model, firmware, address, site, first_seen, last_seen, assigned, extension,"
                      " digest_user, digest_password, token, window_until, needs_restart, window_taken, token_key,"
                      " tokens_since, first_token, web_password FROM phones ORDER BY mac",
       into(mac), into(vendor), into(model), into(firmware), into(address), into(site), into(first_seen),
       into(last_seen), into(assigned), into(extension.value, extension.is), into(user.value, user.is),
       into(password.value, password.is), into(token), into(window.value, window.is), into(needs_restart),
       into(window_taken), into(key), into(tokens_since), into(first_token), into(web_password));
  st.execute();
  while (st.fetch()) {
    Phone p{mac_of(mac),        vendor,        model, firmware, address, SiteId{site},    from_ms(first_seen),
            from_ms(last_seen), assigned != 0, {},    {},       token,   time_of(window), needs_restart != 0};
    if (extension.is == soci::i_ok) p.extension = ExtensionNumber{extension.value};
    if (user.is == soci::i_ok) p.credentials = Credentials{user.value, Secret{password.value}};
    p.window_taken = window_taken != 0;
    p.token_key = Secret{key};
    p.tokens_since = from_ms(tokens_since);
    p.first_token = first_token;
    p.web_password = Secret{web_password};
    out.push_back(std::move(p));
  }
}

void read_sbcs(soci::session& sql, std::vector<Sbc>& out) {
  std::string name, zone, serial, next, secret;
  NumberColumn until;
  statement st = (sql.prepare << "SELECT name, time_zone, certificate_serial, enrolment_secret_hash, enrolment_until,"
                                 " next_certificate_serial FROM sbcs ORDER BY name",
                  into(name), into(zone), into(serial), into(secret), into(until.value, until.is), into(next));
  st.execute();
  while (st.fetch()) out.push_back({name, zone, serial, secret, time_of(until), next});
}

void read_sessions(soci::session& sql, Snapshot& out) {
  std::string id, desk, extension, user, password;
  long long since = 0;
  statement st = (sql.prepare << "SELECT id, desk, extension, digest_user, digest_password, since FROM sessions"
                                 " ORDER BY id",
                  into(id), into(desk), into(extension), into(user), into(password), into(since));
  st.execute();
  while (st.fetch())
    out.sessions.push_back({SessionId{id}, HotDeskId{desk}, ExtensionNumber{extension},
                            Credentials{user, Secret{password}}, from_ms(since)});

  statement old = (sql.prepare << "SELECT desk, extension, digest_user, digest_password, ended FROM old_credentials"
                                  " ORDER BY desk, ended, digest_user",
                   into(desk), into(extension), into(user), into(password), into(since));
  old.execute();
  while (old.fetch())
    out.old_credentials.push_back(
        {HotDeskId{desk}, ExtensionNumber{extension}, Credentials{user, Secret{password}}, from_ms(since)});
}

sip::FlowAddress flow_of(const std::string& site, const std::string& transport, const std::string& face,
                         const std::string& peer) {
  const sip::Transport t = transport == "tls"   ? sip::Transport::tls
                           : transport == "tcp" ? sip::Transport::tcp
                                                : sip::Transport::udp;
  return {SiteId{site}, t, endpoint_of(face), endpoint_of(peer)};
}

void read_dialogs(soci::session& sql, std::vector<StoredDialog>& out) {
  std::string tag, device, site, transport, face, peer, bye;
  statement st = (sql.prepare << "SELECT tag, device, site, transport, face, peer, bye FROM dialogs ORDER BY tag",
                  into(tag), into(device), into(site), into(transport), into(face), into(peer), into(bye));
  st.execute();
  while (st.fetch())
    out.push_back({tag, device.empty() ? std::nullopt : std::optional{mac_of(device)},
                   flow_of(site, transport, face, peer), bye});
}

void read_bindings(soci::session& sql, std::vector<StoredBinding>& out) {
  std::string mac, aor, digest_user, contact, site, transport, face, peer, call_id, agent;
  long long cseq = 0, expires = 0;
  statement st = (sql.prepare << "SELECT mac, aor_user, digest_user, contact, site, transport, face, peer, call_id,"
                                 " cseq, user_agent, expires FROM bindings ORDER BY mac, aor_user",
                  into(mac), into(aor), into(digest_user), into(contact), into(site), into(transport), into(face),
                  into(peer), into(call_id), into(cseq), into(agent), into(expires));
  st.execute();
  while (st.fetch()) {
    out.push_back({mac_of(mac), aor, digest_user, contact, flow_of(site, transport, face, peer), call_id,
                   static_cast<std::uint32_t>(cseq), agent, from_ms(expires)});
  }
}

void read_users(soci::session& sql, Snapshot& out) {
  std::string name, hash, role, sealed, recovery;
  int disabled = 0;
  long long step = 0;
  statement st = (sql.prepare << "SELECT name, password_hash, role, disabled, totp_secret, totp_step, recovery_hashes"
                                 " FROM users ORDER BY name",
                  into(name), into(hash), into(role), into(disabled), into(sealed), into(step), into(recovery));
  st.execute();
  while (st.fetch()) {
    User user{name, hash, role, disabled != 0, std::nullopt};
    if (!sealed.empty()) user.second_factor = User::SecondFactor{sealed, step, decode_strings(recovery)};
    out.users.push_back(std::move(user));
  }

  std::string id, user;
  NumberColumn expires;
  statement tokens = (sql.prepare << "SELECT id, name, user_name, token_hash, scope, expires FROM tokens ORDER BY id",
                      into(id), into(name), into(user), into(hash), into(role), into(expires.value, expires.is));
  tokens.execute();
  while (tokens.fetch()) out.tokens.push_back({id, name, user, hash, role, time_of(expires)});
}

void read_settings(soci::session& sql, std::optional<Settings>& out) {
  Settings s;
  TextColumn automatic;
  NumberColumn longest;
  int move = 0, audit_days = 0;
  std::string emergency;
  sql << "SELECT hot_desk_code, logout_code, automatic_logout, max_session, move_sessions, emergency_numbers,"
         " audit_days FROM settings",
      into(s.hot_desk_code), into(s.logout_code), into(automatic.value, automatic.is), into(longest.value, longest.is),
      into(move), into(emergency), into(audit_days);
  if (!sql.got_data()) return;
  s.automatic_logout = automatic.optional();
  s.max_session = longest.is == soci::i_ok ? std::optional(std::chrono::seconds{longest.value}) : std::nullopt;
  s.move_when_already_logged_in = move != 0;
  s.emergency_numbers = decode_strings(emergency);
  s.audit_days = static_cast<unsigned>(audit_days);
  out = s;
}

void read_pin_failures(soci::session& sql, std::vector<PutPinFailures>& out) {
  std::string extension, counts;
  statement st =
      (sql.prepare << "SELECT extension, counts FROM pin_failures ORDER BY extension", into(extension), into(counts));
  st.execute();
  while (st.fetch()) out.push_back({ExtensionNumber{extension}, decode_pin_failures(counts)});
}

}  // namespace

Snapshot read_all(soci::session& sql) {
  Snapshot all;
  read_extensions(sql, all.extensions);
  read_desks(sql, all.desks);
  read_phones(sql, all.phones);
  read_sbcs(sql, all.sbcs);
  read_sessions(sql, all);
  read_bindings(sql, all.bindings);
  read_dialogs(sql, all.dialogs);
  read_users(sql, all);
  read_settings(sql, all.settings);
  read_pin_failures(sql, all.pin_failures);
  long long highest = 0;
  sql << "SELECT coalesce(max(value), 0) FROM counters WHERE name = 'desk'", into(highest);
  all.highest_desk_number = static_cast<std::uint32_t>(highest);
  return all;
}

std::int64_t last_audit_id(soci::session& sql) {
  long long last = 0;
  sql << "SELECT coalesce(max(id), 0) FROM audit", into(last);
  return last;
}

AuditPage read_audit(soci::session& sql, const AuditQuery& query) {
  const long long before = query.before.value_or(std::numeric_limits<std::int64_t>::max());
  const long long limit = static_cast<long long>(std::clamp<std::size_t>(query.limit, 1, 1000));
  const long long one_more = limit + 1;
  const std::string dotted = query.action + ".";
  const long long dotted_size = static_cast<long long>(dotted.size());
  AuditPage page;
  AuditRecord r;
  long long id = 0, at = 0;
  statement st =
      (sql.prepare << "SELECT id, at_ms, actor, origin, action, subject, detail FROM audit WHERE id < :b"
                      " AND (:a = '' OR action = :a2 OR substr(action, 1, :n) = :a3)"
                      " AND (:s = '' OR subject = :s2) AND (:w = '' OR actor = :w2) ORDER BY id DESC LIMIT :l",
       into(id), into(at), into(r.actor), into(r.origin), into(r.action), into(r.subject), into(r.detail),
       soci::use(before), soci::use(query.action), soci::use(query.action), soci::use(dotted_size), soci::use(dotted),
       soci::use(query.subject), soci::use(query.subject), soci::use(query.actor), soci::use(query.actor),
       soci::use(one_more));
  st.execute();
  while (st.fetch()) {
    if (page.records.size() == static_cast<std::size_t>(limit)) {
      page.next = page.records.back().id;
      break;
    }
    r.id = id;
    r.at = from_ms(at);
    page.records.push_back(r);
  }
  return page;
}

CallPage read_call_records(soci::session& sql, const CallQuery& query) {
  const long long most = std::numeric_limits<std::int64_t>::max();
  const long long before = query.before.value_or(most);
  const long long limit = static_cast<long long>(std::clamp<std::size_t>(query.limit, 1, 50'000));
  const long long one_more = limit + 1;
  const long long since = query.since ? to_ms(*query.since) : 0, until = query.until ? to_ms(*query.until) : most;
  const std::string outcome = query.outcome ? to_string(*query.outcome) : "";
  CallPage page;
  CallRecord r;
  long long id = 0, started = 0, ended = 0;
  NumberColumn answered;
  std::string how, from_site, to_site, emergency;
  statement st =
      (sql.prepare << "SELECT id, call_id, from_number, from_name, to_number, to_name, started, answered, ended,"
                      " outcome, from_site, to_site, from_desk, to_desk, emergency FROM call_records"
                      " WHERE id < :b AND started >= :s AND started < :u"
                      " AND (:x = '' OR from_number = :x2 OR to_number = :x3) AND (:o = '' OR outcome = :o2)"
                      " ORDER BY id DESC LIMIT :l",
       into(id), into(r.call), into(r.from), into(r.from_name), into(r.to), into(r.to_name), into(started),
       into(answered.value, answered.is), into(ended), into(how), into(from_site), into(to_site), into(r.from_desk),
       into(r.to_desk), into(emergency), soci::use(before), soci::use(since), soci::use(until),
       soci::use(query.extension), soci::use(query.extension), soci::use(query.extension), soci::use(outcome),
       soci::use(outcome), soci::use(one_more));
  st.execute();
  while (st.fetch()) {
    if (page.records.size() == static_cast<std::size_t>(limit)) {
      page.next = page.records.back().id;
      break;
    }
    r.id = id;
    r.started = from_ms(started);
    r.ended = from_ms(ended);
    r.answered = answered.optional() ? std::optional{from_ms(*answered.optional())} : std::nullopt;
    r.outcome = call_outcome_of(how).value_or(CallOutcome::failed);
    r.from_site = SiteId{from_site};
    r.to_site = SiteId{to_site};
    r.emergency = decode_place(emergency);
    page.records.push_back(r);
  }
  return page;
}

}  // namespace roamdesk::store
