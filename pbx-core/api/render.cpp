#include "pbx-core/api/render.hpp"

#include "pbx-core/api/render_alarms.hpp"

#include "common/base/endpoint.hpp"
#include "pbx-core/api/shown.hpp"
#include "pbx-core/api/versions.hpp"

namespace roamdesk::api {
namespace {
namespace json = boost::json;

json::value time_or_null(const std::optional<WallTime>& time) {
  return time ? json::value(to_rfc3339(*time)) : json::value(nullptr);
}
json::value number_or_null(const std::optional<double>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}
json::value text_or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

json::array strings(const std::vector<std::string>& texts) {
  json::array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

template <Worded E>
json::value word_or_null(const std::optional<E>& value) {
  return value ? json::value(std::string{word_of(*value)}) : json::value(nullptr);
}

json::array keys(const std::vector<Key>& list) {
  json::array array;
  for (const Key& key : list) array.push_back(shown(key));
  return array;
}

json::object emergency_of(const EmergencyView& emergency) {
  return {{"location", text_or_null(emergency.location)},
          {"given_by", word_of(emergency.by)},
          {"route", word_of(emergency.route)}};
}

// Those that are set.
json::object options_of(const DeskOptions& options) {
  json::object set;
  for (const auto& [name, value] : shown(options))
    if (!value.is_null() && !(value.is_array() && value.as_array().empty())) set[name] = value;
  return set;
}

json::object provisioning_of(const HotDesk& desk) {
  if (desk.site == local_site()) return {{"method", "local"}};
  json::object object{{"method", "sbc"}, {"sbc", desk.site.value()}};
  if (desk.sbc_address) object["sbc_address"] = to_string(*desk.sbc_address);
  return object;
}

}  // namespace

json::object to_json(const ExtensionView& e) {
  json::array at;
  for (const HotDeskId& id : e.logged_in_at) at.emplace_back(id.value());
  json::array classes;
  for (const NumberClass kind : e.record.may_call) classes.emplace_back(word_of(kind));
  return {{"number", e.record.number.value()},
          {"name", e.record.name},
          {"hot_desking", e.record.hot_desking},
          {"keys", keys(e.record.keys)},
          {"logged_in_at", at},
          {"locked_until", time_or_null(e.locked_until)},
          {"outside_number", text_or_null(e.record.outside_number)},
          {"hide_number", e.record.hide_number},
          {"may_call", std::move(classes)},
          {"version", record_tag(e.record)}};
}

json::object to_json(const PhoneView& p) {
  json::value assigned = nullptr;
  if (const auto* desk = std::get_if<HotDeskId>(&p.assigned_to)) assigned = json::object{{"hot_desk", desk->value()}};
  if (const auto* person = std::get_if<ExtensionNumber>(&p.assigned_to))
    assigned = json::object{{"extension", person->value()}};
  json::array announced_by;
  for (const auto& [address, site] : p.announced_by)
    announced_by.push_back(json::object{{"address", address}, {"site", site.value()}});
  return {{"mac", p.mac.text()},
          {"vendor", phones::to_string(p.vendor)},
          {"model", p.model},
          {"firmware", p.firmware},
          {"firmware_ok", p.firmware_ok},
          {"address", p.address},
          {"ip", p.ip},
          {"site", p.site.value()},
          {"state", word_of(p.state)},
          {"assigned_to", assigned},
          {"srtp", word_or_null(p.srtp)},
          {"https", word_or_null(p.https)},
          {"conflict", p.conflict()},
          {"announced_by", announced_by},
          {"emergency_location", text_or_null(p.emergency_location)},
          {"emergency", emergency_of(p.emergency)}};
}

json::object to_json(const DeskView& d) {
  return {{"id", d.record.id.value()},
          {"mac", d.record.mac.text()},
          {"vendor", phones::to_string(d.record.vendor)},
          {"model", d.record.model},
          {"provisioning", provisioning_of(d.record)},
          {"options", options_of(d.record.options)},
          {"state", word_of(d.state)},
          {"extension", d.extension ? json::value(d.extension->value()) : json::value(nullptr)},
          {"since", time_or_null(d.since)},
          {"registered", d.registered},
          {"registered_as", text_or_null(d.registered_as)},
          {"settled", d.settled},
          {"keys_not_shown", keys(d.keys_not_shown)},
          {"emergency_location", text_or_null(d.record.emergency_location)},
          {"emergency", emergency_of(d.emergency)},
          {"version", record_tag(d.record)}};
}

namespace {
json::value uses_of(const SbcView& s) {
  if (!s.uses) return nullptr;
  return json::object{{"log_level", word_of(s.uses->log_level)},
                      {"sip_dscp", s.uses->sip_dscp},
                      {"rtp_dscp", s.uses->rtp_dscp},
                      {"why", text_or_null(s.uses->why)}};
}
json::value dscp_or_null(const std::optional<std::uint8_t>& dscp) { return dscp ? json::value(*dscp) : nullptr; }
}  // namespace

json::object to_json(const SbcView& s) {
  return {{"name", s.record.name},
          {"time_zone", s.record.time_zone},
          {"since", time_or_null(s.since)},
          {"srtp", word_or_null(s.record.srtp)},
          {"provisioning", word_or_null(s.record.provisioning)},
          {"log_level", word_or_null(s.record.wishes.log_level)},
          {"sip_dscp", dscp_or_null(s.record.wishes.sip_dscp)},
          {"rtp_dscp", dscp_or_null(s.record.wishes.rtp_dscp)},
          {"uses", uses_of(s)},
          {"remote", s.is_run_from_core},
          {"enrolled", !s.record.certificate_serial.empty()},
          {"connected", s.connected},
          {"lan", strings(s.lan)},
          {"version", text_or_null(s.version)},
          {"package", text_or_null(s.package ? to_string(*s.package) : "")},
          {"phones", s.phones},
          {"streams", s.streams},
          {"rtt_ms", number_or_null(s.rtt_ms)},
          {"loss", number_or_null(s.loss)},
          {"jitter_ms", number_or_null(s.jitter_ms)},
          {"mos", number_or_null(s.mos)},
          {"emergency_location", text_or_null(s.record.emergency_location)},
          {"emergency", emergency_of(s.emergency)}};
}

json::object to_json(const EmergencyPlace& place) { return shown(place); }

json::object to_json(const CallView& c) {
  json::object object{{"id", c.id},
                      {"from", c.from},
                      {"to", c.to},
                      {"state", word_of(c.state)},
                      {"since", to_rfc3339(c.since)},
                      {"media", c.media_at_site ? "site" : "core"}};
  if (c.emergency) object["emergency"] = to_json(*c.emergency);
  return object;
}

json::object to_json(const ModelView& m) {
  json::array key_types;
  for (const KeyType type : m.key_types) key_types.emplace_back(word_of(type));
  return {{"vendor", phones::to_string(m.vendor)},
          {"model", m.model},
          {"lines", m.lines},
          {"keys", m.keys},
          {"firmware", strings(m.firmware)},
          {"current_firmware", text_or_null(m.current_firmware)},
          {"key_types", std::move(key_types)},
          {"limits", strings(m.limits)}};
}

json::object to_json(const store::AuditPage& page) {
  json::array records;
  for (const AuditRecord& record : page.records) records.push_back(shown(record));
  return {{"records", records}, {"next", page.next ? json::value(*page.next) : json::value(nullptr)}};
}

namespace {

struct EventRenderer {
  RenderedEvent operator()(const PhoneDiscovered& e) const { return {"phone.discovered", to_json(e.phone)}; }
  RenderedEvent operator()(const PhoneChanged& e) const { return {"phone.changed", to_json(e.phone)}; }
  RenderedEvent operator()(const HotDeskChanged& e) const { return {"hot_desk.changed", to_json(e.desk)}; }
  RenderedEvent operator()(const SessionStarted& e) const {
    return {"session.started",
            {{"id", e.id.value()},
             {"hot_desk", e.desk.value()},
             {"mac", e.mac.text()},
             {"extension", e.extension.value()},
             {"since", to_rfc3339(e.since)}}};
  }
  RenderedEvent operator()(const SessionEnded& e) const {
    return {"session.ended",
            {{"id", e.id.value()},
             {"hot_desk", e.desk.value()},
             {"mac", e.mac.text()},
             {"extension", e.extension.value()},
             {"reason", e.reason}}};
  }
  RenderedEvent operator()(const LoginFailed& e) const {
    return {"login.failed", {{"hot_desk", e.desk.value()}, {"locked", e.locked}}};
  }
  RenderedEvent operator()(const PhoneImpostor& e) const {
    return {"phone.impostor",
            {{"mac", e.mac.text()},
             {"hot_desk", e.desk.value()},
             {"site", e.site.value()},
             {"ip", e.ip},
             {"what", e.what}}};
  }
  RenderedEvent operator()(const ProvisioningSuspicious& e) const {
    return {
        "provisioning.suspicious",
        {{"mac", text_or_null(e.mac ? e.mac->text() : "")}, {"site", e.site.value()}, {"ip", e.ip}, {"why", e.why}}};
  }
  RenderedEvent operator()(const SbcConnected& e) const { return {"sbc.connected", {{"name", e.name}}}; }
  RenderedEvent operator()(const SbcDisconnected& e) const {
    return {"sbc.disconnected", {{"name", e.name}, {"reason", e.reason}}};
  }
  RenderedEvent operator()(const CallStarted& e) const { return {"call.started", to_json(e.call)}; }
  RenderedEvent operator()(const CallChanged& e) const { return {"call.changed", to_json(e.call)}; }
  RenderedEvent operator()(const CallEnded& e) const { return {"call.ended", to_json(e.call)}; }
  RenderedEvent operator()(const EmergencyCalled& e) const { return {"emergency.called", shown(e.emergency)}; }
  RenderedEvent operator()(const AlarmChanged& e) const { return {"alarm.changed", shown_alarm(e.alarm)}; }
  RenderedEvent operator()(const RolloutChanged& e) const { return {"rollout.changed", {{"state", word_of(e.state)}}}; }
  RenderedEvent operator()(const SbcChanged& e) const { return {"sbc.changed", to_json(e.sbc)}; }
  RenderedEvent operator()(const TrunkChanged& e) const { return {"trunk.changed", {{"name", e.name}}}; }
  RenderedEvent operator()(const StatsChanged& e) const { return {"stats.changed", {{"now", to_json(e.now)}}}; }
};

}  // namespace

RenderedEvent to_json(const Event& event) { return std::visit(EventRenderer{}, event); }

}  // namespace roamdesk::api
