#pragma once
#include <string_view>
#include <type_traits>

#include "exchange/model/changes.hpp"
#include "exchange/model/describe.hpp"
#include "exchange/model/records.hpp"

// Each record described once: its table, its key and its fields, in the order of the table's columns. The store writes,
// reads and deletes by it, the API shows records by it. A visitor is called with a Field and the member, for each.
namespace roamdesk {

template <>
inline constexpr Table table<Extension>{"extensions", "number", "number"};
template <>
inline constexpr Table table<HotDesk>{"desks", "id", "id"};
template <>
inline constexpr Table table<Phone>{"phones", "mac", "mac"};
template <>
inline constexpr Table table<Sbc>{"sbcs", "name", "name"};
template <>
inline constexpr Table table<Session>{"sessions", "", "id"};
template <>
inline constexpr Table table<OldCredentials>{"old_credentials", "", "desk, ended, digest_user"};
template <>
inline constexpr Table table<StoredBinding>{"bindings", "mac, aor_user", "mac, aor_user"};
template <>
inline constexpr Table table<StoredDialog>{"dialogs", "tag", "tag"};
template <>
inline constexpr Table table<PutPinFailures>{"pin_failures", "extension", "extension"};
template <>
inline constexpr Table table<User>{"users", "name", "name"};
template <>
inline constexpr Table table<ApiToken>{"tokens", "id", "id"};
template <>
inline constexpr Table table<CallRecord>{"call_records", "", "id DESC"};
template <>
inline constexpr Table table<AuditRecord>{"audit", "", "id DESC"};

// One to be filled; a MAC can't be empty, so that it is zeros.
template <class T>
T blank() {
  if constexpr (std::is_same_v<T, Mac>)
    return *Mac::parse("000000000000");
  else if constexpr (std::is_default_constructible_v<T>)
    return T{};
  else
    return T{.mac = blank<Mac>()};
}

template <class V, Is<Extension> R>
void fields(V& v, R& e) {
  v("number", e.number), v("name", e.name), v(Field("pin_hash").hidden(), e.pin_hash);
  v("hot_desking", e.hot_desking), v(Field("key_list").shown_as("keys"), e.keys);
  v("outside_number", e.outside_number), v("hide_number", e.hide_number), v("may_call", e.may_call);
}

template <class V, Is<DeskOptions> R>
void fields(V& v, R& o) {
  v("language", o.language), v("time_zone", o.time_zone), v("codecs", o.codecs), v("transport", o.transport);
  v("ring_tone", o.ring_tone), v("backlight", o.backlight), v("name", o.name), v("location", o.location);
  v("srtp", o.srtp);
}

template <class V, Is<HotDesk> R>
void fields(V& v, R& d) {
  v("id", d.id), v("mac", d.mac), v("vendor", d.vendor), v("model", d.model);
  v(Field("sbc").hidden(), LocalIsNull{d.site}), v(Field("sbc_address").hidden(), d.sbc_address);
  v("options", d.options), v(Field("idle_user").hidden().fixed(), d.idle.user);
  v(Field("idle_password").fixed(), d.idle.password), v("emergency_location", d.emergency_location);
}

template <class V, Is<Phone> R>
void fields(V& v, R& p) {
  v("mac", p.mac), v("vendor", p.vendor), v("model", p.model), v("firmware", p.firmware), v("address", p.address);
  v("site", p.site), v("first_seen", p.first_seen), v("last_seen", p.last_seen), v("assigned", p.assigned);
  v("extension", p.extension);
  v.optional(p.credentials, [&v](auto& credentials) {
    v(Field("digest_user").hidden(), credentials.user), v("digest_password", credentials.password);
  });
  v(Field("token").hidden(), p.token), v("window_until", p.window_until), v("needs_restart", p.needs_restart);
  v("window_taken", p.window_taken), v("token_key", p.token_key), v("tokens_since", p.tokens_since);
  v(Field("first_token").hidden(), p.first_token), v("web_password", p.web_password);
  v("emergency_location", p.emergency_location), v("srtp", p.srtp), v("https", p.https);
}

template <class V, Is<Sbc> R>
void fields(V& v, R& s) {
  v("name", s.name), v("time_zone", s.time_zone), v(Field("certificate_serial").hidden(), s.certificate_serial);
  v(Field("enrolment_secret_hash").hidden(), s.enrolment_secret_hash);
  v(Field("enrolment_until").hidden(), s.enrolment_until);
  v(Field("next_certificate_serial").hidden(), s.next_certificate_serial);
  v("emergency_location", s.emergency_location), v("srtp", s.srtp), v("provisioning", s.provisioning);
  v("log_level", s.wishes.log_level), v("sip_dscp", s.wishes.sip_dscp), v("rtp_dscp", s.wishes.rtp_dscp);
}

template <class V, Is<Session> R>
void fields(V& v, R& s) {
  v("id", s.id), v("desk", s.desk), v("extension", s.extension), v(Field("digest_user").hidden(), s.credentials.user);
  v("digest_password", s.credentials.password), v("since", s.since);
}

template <class V, Is<OldCredentials> R>
void fields(V& v, R& o) {
  v("desk", o.desk), v("extension", o.extension), v(Field("digest_user").hidden(), o.credentials.user);
  v("digest_password", o.credentials.password), v("ended", o.ended);
}

template <class V, Is<sip::FlowAddress> R>
void fields(V& v, R& f) {
  v("site", f.site), v("transport", f.transport), v("face", f.face), v("peer", f.peer);
}

template <class V, Is<StoredBinding> R>
void fields(V& v, R& b) {
  v("mac", b.mac), v("aor_user", b.aor_user), v("digest_user", b.digest_user), v("contact", b.contact);
  fields(v, b.flow);
  v("call_id", b.call_id), v("cseq", b.cseq), v("user_agent", b.user_agent), v("expires", b.expires);
}

template <class V, Is<StoredDialog> R>
void fields(V& v, R& d) {
  v("tag", d.tag), v("device", EmptyIsNone{d.device});
  fields(v, d.flow);
  v("bye", d.bye);
}

template <class V, Is<PinFailures> R>
void fields(V& v, R& f) {
  v("desk", f.desk), v("failures", f.failures), v("locked_until", f.locked_until);
}

template <class V, Is<PutPinFailures> R>
void fields(V& v, R& p) {
  v("extension", p.extension), v("counts", p.counts);
}

template <class V, Is<User> R>
void fields(V& v, R& u) {
  v("name", u.name), v(Field("password_hash").hidden(), u.password_hash), v("role", u.role), v("disabled", u.disabled);
  v.optional(u.second_factor, [&v](auto& factor) {
    v(Field("totp_secret").hidden(), factor.sealed_secret), v(Field("totp_step").hidden(), factor.last_step);
    v(Field("recovery_hashes").hidden(), factor.recovery_hashes);
  });
  v("must_change_password", u.must_change_password), v("sites", u.sites);
}

template <class V, Is<ApiToken> R>
void fields(V& v, R& t) {
  v("id", t.id), v("name", t.name), v(Field("user_name").shown_as("user"), t.user);
  v(Field("token_hash").hidden(), t.token_hash), v("scope", t.scope), v("expires", t.expires);
}

template <class V, Is<EmergencyPlace> R>
void fields(V& v, R& p) {
  v("number", p.number), v("site", p.site), v("address", p.address);
  v(Field("phone").shown_as("mac"), p.phone), v(Field("desk").shown_as("hot_desk").or_null(), p.desk);
  v(Field("location").or_null(), p.location), v(Field("extension").or_null(), p.extension);
  v(Field("name").or_null(), p.name);
}

template <class V, Is<CallRecord> R>
void fields(V& v, R& r) {
  v("id", GivenByTable{r.id});
  v(Field("call_id").shown_as("call"), r.call), v(Field("from_number").shown_as("from"), r.from);
  v("from_name", r.from_name), v(Field("to_number").shown_as("to"), r.to), v("to_name", r.to_name);
  v("started", r.started), v("answered", r.answered), v("ended", r.ended), v("outcome", r.outcome);
  v(Field("from_site").or_null(), r.from_site), v(Field("to_site").or_null(), r.to_site);
  v(Field("from_desk").or_null(), r.from_desk), v(Field("to_desk").or_null(), r.to_desk);
  v("emergency", EmptyIsNone{r.emergency}), v(Field("trunk").or_null(), r.trunk);
  v(Field("sites").hidden(), r.sites);
}

template <class V, Is<FieldChange> R>
void fields(V& v, R& c) {
  v("field", c.field), v("from", c.from), v("to", c.to);
}

template <class V, Is<AuditRecord> R>
void fields(V& v, R& r) {
  v("id", r.id), v(Field("at_ms").shown_as("at"), r.at), v("actor", r.actor), v("origin", r.origin);
  v("action", r.action), v("subject", r.subject), v("detail", r.detail);
  v(Field("again").hidden(), r.again), v("changes", r.changes), v(Field("site").hidden(), r.site);
}

}  // namespace roamdesk
