#include <algorithm>

#include "pbx-core/api/site_parts.hpp"

// What calls name, for users who are bound to sites.
namespace roamdesk::api {
namespace {

Refusal not_here(const char* what, const char* field = "") {
  return Problem{404, std::string("There is no ") + what + " at your sites", field};
}

bool desk_elsewhere(const Domain& domain, const Mac& mac, const Sites& sites) {
  const auto desk = domain.desk(mac);
  return desk && !at(sites, desk->record.site.value());
}

bool phone_here(const Domain& domain, const Mac& mac, const Sites& sites) {
  const auto phone = domain.phone(mac);
  return phone && at(sites, phone->site.value());
}

}  // namespace

Refusal phone_seen(const Domain& domain, const Call& call) {
  const auto mac = Mac::parse(call.parameters[0]);
  if (!mac || phone_here(domain, *mac, call.who.sites)) return std::nullopt;
  return not_here("phone with this MAC", "mac");
}

namespace {

// Nothing of it may be at another site: not the desk that is defined for it, nor another device that says to be it.
bool phone_all_here(const Domain& domain, const Mac& mac, const Sites& sites) {
  const auto phone = domain.phone(mac);
  return phone && at(sites, phone->site.value()) && !desk_elsewhere(domain, mac, sites) &&
         std::all_of(phone->announced_by.begin(), phone->announced_by.end(),
                     [&](const auto& one) { return at(sites, one.site.value()); });
}

}  // namespace

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

namespace {

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

}  // namespace

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

}  // namespace roamdesk::api
