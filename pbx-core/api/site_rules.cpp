#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "pbx-core/api/render.hpp"
#include "pbx-core/api/sites.hpp"

// What each call is to a user who is bound to sites. A call that isn't here is refused to them.
namespace roamdesk::api {
namespace {
namespace json = boost::json;
using Refusal = std::optional<Problem>;

Refusal not_here(const char* what, const char* field = "") {
  return Problem{404, std::string("There is no ") + what + " at your sites", field};
}

// ---- what a call names

bool desk_elsewhere(const Domain& domain, const Mac& mac, const Sites& sites) {
  const auto desk = domain.desk(mac);
  return desk && !at(sites, desk->record.site.value());
}

bool phone_here(const Domain& domain, const Mac& mac, const Sites& sites) {
  const auto phone = domain.phone(mac);
  return phone && at(sites, phone->site.value());
}

Refusal phone_seen(const Domain& domain, const Call& call) {
  const auto mac = Mac::parse(call.parameters[0]);
  if (!mac || phone_here(domain, *mac, call.who.sites)) return std::nullopt;
  return not_here("phone with this MAC", "mac");
}

// Nothing of it may be at another site: not the desk that is defined for it, nor another device that says to be it.
bool phone_all_here(const Domain& domain, const Mac& mac, const Sites& sites) {
  const auto phone = domain.phone(mac);
  return phone && at(sites, phone->site.value()) && !desk_elsewhere(domain, mac, sites) &&
         std::all_of(phone->announced_by.begin(), phone->announced_by.end(),
                     [&](const auto& one) { return at(sites, one.site.value()); });
}

Refusal phone_changed(const Domain& domain, const Call& call) {
  const auto mac = Mac::parse(call.parameters[0]);
  if (!mac || phone_all_here(domain, *mac, call.who.sites)) return std::nullopt;
  return not_here("phone with this MAC", "mac");
}

Refusal phone_assigned(const Domain& domain, const Call& call) {
  if (auto refusal = phone_changed(domain, call)) return refusal;
  const auto* site = call.body.if_contains("site");
  if (site && site->is_string() && !at(call.who.sites, site->as_string())) return not_here("such site", "site");
  return std::nullopt;
}

Refusal phones_cleared(const Domain&, const Call& call) {
  const auto site = call.request.query("site");
  if (site && at(call.who.sites, *site)) return std::nullopt;
  return Problem{403, "You are bound to sites; site in the query names one of them", "site"};
}

Refusal phones_provisioned(const Domain& domain, const Call& call) {
  const auto* macs = call.body.if_contains("macs");
  if (macs && macs->is_array()) {
    for (const auto& text : macs->as_array()) {
      const auto mac = text.is_string() ? Mac::parse(std::string(text.as_string())) : std::nullopt;
      if (mac && !phone_all_here(domain, *mac, call.who.sites)) return not_here("phone with one of these MACs", "macs");
    }
    return std::nullopt;
  }
  const auto* site = call.body.if_contains("site");
  if (site && site->is_string() && at(call.who.sites, site->as_string())) return std::nullopt;
  return Problem{403, "You are bound to sites; site names one of them, or macs the phones", "site"};
}

Refusal desk_named(const Domain& domain, const Call& call) {
  const auto mac = Mac::parse(call.parameters[0]);
  const auto desk = mac ? domain.desk(*mac) : std::nullopt;
  if (!mac || (desk && at(call.who.sites, desk->record.site.value()))) return std::nullopt;
  return not_here("hot desk for this MAC", "mac");
}

// Where the body would have the desk be.
Refusal place_elsewhere(const Call& call, bool given) {
  const auto* place = call.body.if_contains("provisioning");
  std::string site = local_site().value();
  if (place && place->is_object()) {
    if (const auto* sbc = place->as_object().if_contains("sbc"); sbc && sbc->is_string()) site = sbc->as_string();
  } else if (given) {
    return std::nullopt;  // it stays where it is
  }
  if (at(call.who.sites, site)) return std::nullopt;
  return Problem{403, "You are bound to sites; provisioning names one of them", "provisioning"};
}

Refusal desk_made(const Domain& domain, const Call& call) {
  if (auto refusal = place_elsewhere(call, false)) return refusal;
  const auto* text = call.body.if_contains("mac");
  const auto mac = text && text->is_string() ? Mac::parse(std::string(text->as_string())) : std::nullopt;
  const auto phone = mac ? domain.phone(*mac) : std::nullopt;
  if ((phone && !at(call.who.sites, phone->site.value())) || (mac && desk_elsewhere(domain, *mac, call.who.sites)))
    return Problem{403, "This MAC is known at a site that isn't yours", "mac"};
  return std::nullopt;
}

Refusal desk_changed(const Domain& domain, const Call& call) {
  if (auto refusal = desk_named(domain, call)) return refusal;
  return place_elsewhere(call, true);
}

// A log-in here would be a log-out there.
Refusal session_begun(const Domain& domain, const Call& call) {
  if (auto refusal = desk_named(domain, call)) return refusal;
  const auto* text = call.body.if_contains("extension");
  const auto person =
      text && text->is_string() ? domain.extension(ExtensionNumber{std::string(text->as_string())}) : std::nullopt;
  if (!person) return std::nullopt;
  for (const HotDeskId& id : person->logged_in_at) {
    const HotDesk* desk = domain.directory().desk(id);
    if (!desk || !at(call.who.sites, desk->site.value()))
      return Problem{403, "This person is logged in at a site that isn't yours", "extension"};
  }
  return std::nullopt;
}

Refusal sbc_named(const Domain& domain, const Call& call) {
  if (at(call.who.sites, call.parameters[0]) && domain.sbc(call.parameters[0])) return std::nullopt;
  return not_here("SBC of this name", "name");
}

Refusal call_named(const Domain& domain, const Call& call) {
  for (const CallView& one : domain.calls())
    if (one.id == call.parameters[0] && std::any_of(one.sites.begin(), one.sites.end(), [&](const SiteId& site) {
          return at(call.who.sites, site.value());
        }))
      return std::nullopt;
  return not_here("such call", "id");
}

// Its messages say how each party is reached.
Refusal sip_named(const Domain& domain, const Call& call) {
  const auto trace = domain.call_trace(call.parameters[0]);
  const bool here = trace && !trace->sip.parties.empty() &&
                    std::all_of(trace->sip.parties.begin(), trace->sip.parties.end(),
                                [&](const auto& party) { return at(call.who.sites, party.site.value()); });
  if (here) return std::nullopt;
  return not_here("call whose parties are all there and whose messages are kept", "id");
}

Refusal alarm_named(const Domain& domain, const Call& call) {
  const auto& all = domain.directory().all<Alarm>();
  const auto found = all.find(call.parameters[0]);
  if (found != all.end() && at(call.who.sites, found->second.site)) return std::nullopt;
  return not_here("such alarm");
}

Refusal emergency_named(const Domain& domain, const Call& call) {
  const auto& all = domain.directory().all<Emergency>();
  const auto found = all.find(call.parameters[0]);
  if (found != all.end() && at(call.who.sites, found->second.place.site.value())) return std::nullopt;
  return not_here("such emergency call");
}

// Who would dial has to be at a site of the caller's: what comes of it says where help would come to.
Refusal explained(const Domain& domain, const Call& call) {
  const auto in_query = [&](const char* name) { return call.request.query(name).value_or(""); };
  const HotDesk* desk = domain.directory().desk(HotDeskId{in_query("hot_desk")});
  const auto phone = Mac::parse(in_query("phone"));
  const std::string site = in_query("site");
  const bool here = !in_query("hot_desk").empty() ? desk && at(call.who.sites, desk->site.value())
                    : !in_query("phone").empty()  ? phone && phone_here(domain, *phone, call.who.sites)
                                                  : at(call.who.sites, site.empty() ? local_site().value() : site);
  if (here) return std::nullopt;
  return Problem{403, "You are bound to sites; hot_desk, phone or site in the query is expected, of one of them",
                 "site"};
}

// ---- what an answer shows

std::string_view text_in(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(json::string_view(name.data(), name.size()));
  return value && value->is_string() ? std::string_view(value->as_string().data(), value->as_string().size())
                                     : std::string_view{};
}

template <class Keep>
void keep(json::array& all, const Keep& kept) {
  all.erase(std::remove_if(all.begin(), all.end(), [&](const json::value& one) { return !kept(one); }), all.end());
}
template <class Keep>
bool keep_objects(json::value& answer, const Keep& kept) {
  if (answer.is_array()) keep(answer.as_array(), [&](const json::value& one) { return kept(one.as_object()); });
  return true;
}
// Of a list or of one record.
template <class Change>
bool each(json::value& answer, const Change& change) {
  if (answer.is_array())
    for (auto& one : answer.as_array()) change(one.as_object());
  else if (answer.is_object())
    change(answer.as_object());
  return true;
}

bool cut_phones(json::value& answer, const AtSites& here) {
  keep_objects(answer, [&](const json::object& phone) { return at(here.who.sites, text_in(phone, "site")); });
  return each(answer, [&](json::object& phone) {
    keep(phone["announced_by"].as_array(),
         [&](const json::value& one) { return at(here.who.sites, text_in(one.as_object(), "site")); });
    auto& assigned = phone["assigned_to"];
    if (assigned.is_object() && assigned.as_object().contains("hot_desk") &&
        !here.desks.contains(text_in(assigned.as_object(), "hot_desk")))
      assigned = nullptr;
  });
}

bool cut_desks(json::value& answer, const AtSites& here) {
  return keep_objects(answer, [&](const json::object& desk) { return here.desks.contains(text_in(desk, "id")); });
}

bool cut_sbcs(json::value& answer, const AtSites& here) {
  return keep_objects(answer, [&](const json::object& sbc) { return at(here.who.sites, text_in(sbc, "name")); });
}

bool cut_extensions(json::value& answer, const AtSites& here) {
  return each(answer, [&](json::object& extension) {
    keep(extension["logged_in_at"].as_array(),
         [&](const json::value& id) { return here.desks.contains(std::string(id.as_string())); });
  });
}

bool emergency_elsewhere(const json::object& object, const Sites& sites) {
  const auto* place = object.if_contains("emergency");
  return place && place->is_object() && place->as_object().contains("site") &&
         !at(sites, text_in(place->as_object(), "site"));
}

bool cut_calls(json::value& answer, const AtSites& here) {
  keep_objects(answer, [&](const json::object& call) { return here.calls.contains(text_in(call, "id")); });
  return each(answer, [&](json::object& call) {
    if (emergency_elsewhere(call, here.who.sites)) call.erase("emergency");
  });
}

bool cut_alarms(json::value& answer, const AtSites& here) {
  return keep_objects(answer, [&](const json::object& alarm) { return at(here.who.sites, text_in(alarm, "site")); });
}

bool cut_emergencies(json::value& answer, const AtSites& here) {
  return keep_objects(answer, [&](const json::object& one) {
    return at(here.who.sites, text_in(one.at("place").as_object(), "site"));
  });
}

bool cut_jobs(json::value& answer, const AtSites& here) {
  if (answer.is_object()) return text_in(answer.as_object(), "by") == here.who.user;
  return keep_objects(answer, [&](const json::object& job) { return text_in(job, "by") == here.who.user; });
}

bool cut_locations(json::value& answer, const AtSites& here) {
  return each(answer, [&](json::object& location) {
    auto& used = location["used_by"].as_object();
    const auto only = [&used](const char* which, const auto& kept) {
      keep(used[which].as_array(), [&](const json::value& one) { return kept(std::string(one.as_string())); });
    };
    only("hot_desks", [&](const std::string& id) { return here.desks.contains(id); });
    only("phones", [&](const std::string& mac) { return here.macs.contains(mac); });
    only("sites", [&](const std::string& site) { return at(here.who.sites, site); });
  });
}

bool cut_pins(json::value& answer, const AtSites& here) {
  return each(answer, [&](json::object& pin) {
    keep(pin["state"].as_object()["failed"].as_array(),
         [&](const json::value& one) { return here.macs.contains(text_in(one.as_object(), "mac")); });
  });
}

bool cut_rollout(json::value& answer, const AtSites& here) {
  auto& object = answer.as_object();
  const auto named = [&](const json::value& one) { return at(here.who.sites, text_in(one.as_object(), "sbc")); };
  keep(object["sbcs"].as_array(), named);
  if (!object["rollout"].is_object()) return true;
  auto& rollout = object["rollout"].as_object();
  keep(rollout["branches"].as_array(), named);
  // "berlin: …" says why it has stopped.
  const std::string_view why = text_in(rollout, "why");
  if (!at(here.who.sites, why.substr(0, why.find(':')))) rollout["why"] = "";
  return true;
}

// Those of one's own sites; what was isn't counted by site.
bool cut_statistics(json::value& answer, const AtSites& here) {
  auto& all = answer.as_object();
  all["now"] = to_json(here.numbers);
  auto& attention = all["attention"].as_array();
  keep(attention, [&](const json::value& value) {
    const auto& one = value.as_object();
    if (one.contains("emergency")) return !emergency_elsewhere(one, here.who.sites);
    return here.macs.contains(text_in(one, "mac")) || here.desks.contains(text_in(one, "hot_desk")) ||
           at(here.who.sites, text_in(one, "sbc"));
  });
  all["attention_total"] = attention.size();
  auto& without = all["without_emergency_route"].as_array();
  keep(without, [&](const json::value& value) {
    const auto& place = value.as_object();
    const auto name = text_in(place, "name"), kind = text_in(place, "kind");
    return kind == "site" ? at(here.who.sites, name)
                          : (kind == "hot_desk" ? here.desks.contains(name) : here.macs.contains(name));
  });
  all["without_emergency_route_total"] = without.size();
  all["emergency_route"] = without.empty();
  auto& history = all["history"].as_object();
  for (const char* member : {"calls", "desks_in_use", "logins"}) history[member] = json::array{};
  return true;
}

}  // namespace

const std::vector<SiteRule>& site_rules() {
  using enum Reach;
  static const std::vector<SiteRule> all = {
      {"GET /openapi.json", self},
      {"POST /login", self},
      {"POST /logout", self},
      {"GET /me", self},
      {"POST /me/totp", self},
      {"POST /me/totp/confirm", self},
      {"DELETE /me/totp", self},
      {"GET /sessions", self},
      {"DELETE /sessions/{id}", self},
      {"PATCH /users/{name}", self},  // the own password; the rest is refused by the call
      {"GET /tokens", self},
      {"POST /tokens", self},
      {"DELETE /tokens/{id}", self},
      {"POST /models/{vendor}/{model}/keys", self},  // draws what the body has

      {"GET /phones", sites, nullptr, cut_phones},
      {"GET /phones/{mac}", sites, phone_seen, cut_phones},
      {"DELETE /phones", sites, phones_cleared},
      {"POST /phones/provision", sites, phones_provisioned},
      {"POST /phones/{mac}/assign", sites, phone_assigned, cut_phones},
      {"DELETE /phones/{mac}/assign", sites, phone_changed},
      {"POST /phones/{mac}/provision", sites, phone_changed, cut_phones},
      {"GET /phones/{mac}/web-password", sites, phone_changed},
      {"PATCH /phones/{mac}", sites, phone_changed, cut_phones},
      {"DELETE /phones/{mac}", sites, phone_changed},
      {"GET /hot-desks", sites, nullptr, cut_desks},
      {"GET /hot-desks.csv", sites},  // its rows are chosen by the call (desks_at)
      {"POST /hot-desks", sites, desk_made},
      {"GET /hot-desks/{mac}", sites, desk_named},
      {"PATCH /hot-desks/{mac}", sites, desk_changed},
      {"DELETE /hot-desks/{mac}", sites, desk_named},
      {"POST /hot-desks/{mac}/session", sites, session_begun},
      {"DELETE /hot-desks/{mac}/session", sites, desk_named},
      {"GET /sbcs", sites, nullptr, cut_sbcs},
      {"GET /sbcs/{name}", sites, sbc_named},
      {"PATCH /sbcs/{name}", sites, sbc_named},
      {"POST /sbcs/{name}/enrolment-key", sites, sbc_named},
      {"GET /calls", sites, nullptr, cut_calls},
      {"DELETE /calls/{id}", sites, call_named},
      {"GET /calls/{id}/ladder", sites, sip_named},
      {"GET /calls/{id}/pcap", sites, sip_named},
      {"GET /call-records", sites},      // chosen by the store, cut by the call (cut_record)
      {"GET /call-records.csv", sites},  // likewise
      {"GET /alarms", sites, nullptr, cut_alarms},
      {"POST /alarms/{id}/acknowledge", sites, alarm_named},
      {"GET /emergencies", sites, nullptr, cut_emergencies},
      {"POST /emergencies/{id}/acknowledge", sites, emergency_named},
      {"GET /audit", sites},  // chosen by the store
      {"GET /stats", sites, nullptr, cut_statistics},
      {"GET /events", sites},  // each event has its audience
      {"GET /explain", sites, explained},
      {"GET /jobs", sites, nullptr, cut_jobs},  // a user's own
      {"GET /jobs/{id}", sites, nullptr, cut_jobs},
      {"DELETE /jobs/{id}", sites},  // looked at where jobs are (within_sites)
      {"GET /rollout", sites, nullptr, cut_rollout},

      {"GET /extensions", company, nullptr, cut_extensions},
      {"GET /extensions/{number}", company, nullptr, cut_extensions},
      {"GET /locations", company, nullptr, cut_locations},
      {"GET /locations/{name}", company, nullptr, cut_locations},
      {"GET /firmware-pins", company, nullptr, cut_pins},
      {"GET /firmware-pins/{model}", company, nullptr, cut_pins},
      {"POST /extensions", company},
      {"PATCH /extensions", company},
      {"GET /extensions.csv", company},
      {"POST /extensions/import", company},
      {"PATCH /extensions/{number}", company},
      {"DELETE /extensions/{number}", company},
      {"POST /extensions/{number}/unlock", company},
      {"POST /hot-desks/import", company},
      {"POST /sbcs", company},
      {"DELETE /sbcs/{name}", company},
      {"GET /trunks", company},
      {"POST /trunks", company},
      {"GET /trunks/{name}", company},
      {"PATCH /trunks/{name}", company},
      {"DELETE /trunks/{name}", company},
      {"POST /trunks/{name}/test-call", company},
      {"GET /trunks/{name}/test-call", company},
      {"GET /trunks/{name}/registration", company},
      {"GET /trunk-presets", company},
      {"GET /outbound-rules", company},
      {"POST /outbound-rules", company},
      {"PUT /outbound-rules", company},
      {"GET /outbound-rules/{name}", company},
      {"PATCH /outbound-rules/{name}", company},
      {"DELETE /outbound-rules/{name}", company},
      {"GET /inbound-numbers", company},
      {"POST /inbound-numbers", company},
      {"GET /inbound-numbers/{number}", company},
      {"PATCH /inbound-numbers/{number}", company},
      {"DELETE /inbound-numbers/{number}", company},
      {"GET /upstream-accounts", company},
      {"POST /upstream-accounts", company},
      {"GET /upstream-accounts.csv", company},
      {"POST /upstream-accounts/import", company},
      {"GET /upstream-accounts/{extension}", company},
      {"PATCH /upstream-accounts/{extension}", company},
      {"DELETE /upstream-accounts/{extension}", company},
      {"POST /locations", company},
      {"PATCH /locations/{name}", company},
      {"DELETE /locations/{name}", company},
      {"POST /backup", company},
      {"GET /backups", company},
      {"GET /backups/{name}", company},
      {"GET /system", company},
      {"GET /models", company},
      {"GET /models/{vendor}/{model}/keys", company},
      {"GET /users", company},
      {"POST /users", company},
      {"GET /users/{name}", company},
      {"DELETE /users/{name}", company},
      {"DELETE /users/{name}/totp", company},
      {"GET /settings", company},
      {"PATCH /settings", company},
      {"GET /firmware", company},
      {"GET /firmware/{sha256}", company},
      {"DELETE /firmware/{sha256}", company},
      {"POST /firmware-uploads", company},
      {"PUT /firmware-uploads/{id}", company},
      {"DELETE /firmware-uploads/{id}", company},
      {"POST /firmware-pins", company},
      {"PATCH /firmware-pins/{model}", company},
      {"DELETE /firmware-pins/{model}", company},
      {"POST /firmware-pins/{model}/retry", company},
      {"GET /alarm-receivers", company},
      {"POST /alarm-receivers", company},
      {"GET /alarm-receivers/{name}", company},
      {"PATCH /alarm-receivers/{name}", company},
      {"DELETE /alarm-receivers/{name}", company},
      {"POST /alarm-receivers/{name}/test", company},
      {"POST /rollout", company},
      {"DELETE /rollout", company},
      {"POST /rollout/stop", company},
      {"POST /rollout/resume", company},
      {"GET /installer", company},
      {"GET /notices", company},
      {"POST /notices/test", company},
  };
  return all;
}

}  // namespace roamdesk::api
