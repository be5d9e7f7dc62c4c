#include "pbx-core/api/sites.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <utility>

#include "exchange/model/site_of.hpp"
#include "pbx-core/api/render.hpp"

namespace roamdesk::api {
namespace {
namespace json = boost::json;

Problem of_the_company(const Principal& who) {
  return {403,
          fmt::format("This is the whole company's; {} is bound to sites ({})", who.user, fmt::join(who.sites, ", ")),
          ""};
}

bool any_at(const Sites& sites, const std::vector<SiteId>& of) {
  return std::any_of(of.begin(), of.end(), [&](const SiteId& site) { return at(sites, site.value()); });
}

AtSites look(const Domain& domain, const Principal& who) {
  AtSites here{who, {}, {}, {}, {}};
  Numbers& n = here.numbers;
  std::set<std::string> seen;
  for (const PhoneView& phone : domain.phones()) {
    seen.insert(phone.mac.text());
    if (!at(who.sites, phone.site.value())) continue;
    here.macs.insert(phone.mac.text());
    ++n.phones;
    if (phone.state == PhoneState::online) ++n.phones_online;
    if (std::holds_alternative<std::monostate>(phone.assigned_to)) ++n.phones_unassigned;
  }
  for (const DeskView& desk : domain.desks()) {
    if (!at(who.sites, desk.record.site.value())) continue;
    here.desks.insert(desk.record.id.value());
    here.macs.insert(desk.record.mac.text());
    ++n.desks;
    if (desk.extension) ++n.desks_in_use;
    if (!seen.contains(desk.record.mac.text())) ++n.desks_without_phone;
  }
  for (const SbcView& sbc : domain.sbcs()) {
    if (!at(who.sites, sbc.record.name)) continue;
    if (sbc.record.certificate_serial.empty()) {
      ++n.sbcs_not_enrolled;
      continue;
    }
    ++n.sites;
    if (sbc.connected) ++n.sites_up;
  }
  if (at(who.sites, local_site().value())) ++n.sites, ++n.sites_up;
  for (const CallView& call : domain.calls())
    if (any_at(who.sites, call.sites)) here.calls.insert(call.id);
  n.calls = here.calls.size();
  n.extensions = domain.extensions().size();
  return here;
}

// What the handler answers is shown by `rule` of what was there before it.
void cut_answers(const CallPtr& call, const SiteRule& rule, AtSites here) {
  call->respond = [respond = std::move(call->respond), cut = rule.cut, call = std::weak_ptr(call),
                   kept = std::make_shared<const AtSites>(std::move(here))](http::Response response) {
    if (response.status >= 300 || response.body.empty()) return respond(std::move(response));
    boost::system::error_code failed;
    json::value answer = json::parse(std::string_view(response.body), failed);
    const auto alive = call.lock();
    if (failed || !alive || !cut(answer, *kept))
      return respond(to_response({404, "There is no such thing at your sites", ""}));
    response.body = json::serialize(answer);
    respond(std::move(response));
  };
}

struct Finding {
  std::optional<Problem> refusal;
  std::optional<AtSites> here;
};

}  // namespace

bool at(const Sites& sites, std::string_view site) {
  return !site.empty() && std::find(sites.begin(), sites.end(), site) != sites.end();
}

const SiteRule* site_rule(const Route& route) {
  static const std::map<std::string_view, const SiteRule*> all = [] {
    std::map<std::string_view, const SiteRule*> by_call;
    for (const SiteRule& rule : site_rules()) by_call.emplace(rule.call, &rule);
    return by_call;
  }();
  const auto found = all.find(fmt::format("{} {}", route.method, route.path));
  return found == all.end() ? nullptr : found->second;
}

void within_sites(Service& service, const CallPtr& call, const Route& route, std::function<void()> then) {
  if (!call->who.is_bound()) return then();
  const SiteRule* rule = site_rule(route);
  if (!rule) return call->fail(of_the_company(call->who));
  if (rule->reach == Reach::company && !(route.method == "GET" && route.role == Role::reader))
    return call->fail(of_the_company(call->who));
  if (rule->call == "DELETE /jobs/{id}") {
    const Job* job = service.jobs().find(call->parameters[0]);
    if (job && job->by != call->who.user) return call->fail({404, "There is no such job of yours", "id"});
  }
  if (!rule->refuse && !rule->cut) return then();
  const auto find = [call, rule](const Domain& domain) {
    Finding finding;
    if (rule->refuse) finding.refusal = rule->refuse(domain, *call);
    if (!finding.refusal && rule->cut) finding.here = look(domain, call->who);
    return finding;
  };
  // Asked again when a change has its turn: meanwhile what it names may have gone to another site.
  if (rule->refuse && route.method != "GET")
    call->still = [who = std::weak_ptr(call), refuse = rule->refuse](const Domain& domain) {
      const auto alive = who.lock();
      return alive && !refuse(domain, *alive);
    };
  service.read(find, [call, rule, then = std::move(then)](Finding finding) {
    if (finding.refusal) return call->fail(std::move(*finding.refusal));
    if (finding.here) cut_answers(call, *rule, std::move(*finding.here));
    then();
  });
}

bool hears(const Audience& audience, const Principal& who) {
  using enum Audience::Who;
  if (!who.is_bound() || audience.who == everybody) return true;
  if (audience.who == user) return audience.user == who.user;
  return audience.who == at_sites && std::any_of(audience.sites.begin(), audience.sites.end(),
                                                 [&](const std::string& site) { return at(who.sites, site); });
}

namespace {

struct AudienceOf {
  static Audience only(std::string site) { return {Audience::Who::at_sites, {std::move(site)}, {}}; }
  static Audience of(const CallView& call) {
    Audience audience{Audience::Who::at_sites, {}, {}};
    for (const SiteId& site : call.sites) audience.sites.push_back(site.value());
    return audience;
  }
  Audience operator()(const PhoneDiscovered& e) const { return only(e.phone.site.value()); }
  Audience operator()(const PhoneChanged& e) const { return only(e.phone.site.value()); }
  Audience operator()(const HotDeskChanged& e) const { return only(e.desk.record.site.value()); }
  Audience operator()(const SessionStarted& e) const { return only(e.site.value()); }
  Audience operator()(const SessionEnded& e) const { return only(e.site.value()); }
  Audience operator()(const LoginFailed& e) const { return only(e.site.value()); }
  Audience operator()(const PhoneImpostor& e) const { return only(e.site.value()); }
  Audience operator()(const ProvisioningSuspicious& e) const { return only(e.site.value()); }
  Audience operator()(const SbcConnected& e) const { return only(e.name); }
  Audience operator()(const SbcDisconnected& e) const { return only(e.name); }
  Audience operator()(const SbcChanged& e) const { return only(e.sbc.record.name); }
  Audience operator()(const CallStarted& e) const { return of(e.call); }
  Audience operator()(const CallChanged& e) const { return of(e.call); }
  Audience operator()(const CallEnded& e) const { return of(e.call); }
  Audience operator()(const EmergencyCalled& e) const { return only(e.emergency.place.site.value()); }
  Audience operator()(const AlarmChanged& e) const { return only(e.alarm.site); }
  Audience operator()(const RolloutChanged&) const { return {}; }
  Audience operator()(const TrunkChanged&) const { return {}; }
  Audience operator()(const StatsChanged&) const { return {}; }
};

}  // namespace

Audience audience_of(const Event& event) { return std::visit(AudienceOf{}, event); }

Audience audience_of_change(std::string_view action, const std::string& site) {
  if (!site.empty()) return {Audience::Who::at_sites, {site}, {}};
  // What everybody may read.
  constexpr std::string_view read[] = {"extension", "trunk",    "outbound_rule", "inbound_number", "upstream_account",
                                       "location",  "settings", "firmware",      "firmware_pin",   "rollout"};
  const auto kind = action.substr(0, action.find('.'));
  const bool known = std::find(std::begin(read), std::end(read), kind) != std::end(read);
  return {known ? Audience::Who::everybody : Audience::Who::not_bound, {}, {}};
}

json::object cut_event(std::string_view name, json::object data, const Principal& who) {
  // Numbers of the whole company: that they are other ones is enough to read anew.
  if (name == "stats.changed") return {};
  if (auto* place = data.if_contains("emergency"); place && place->is_object()) {
    const auto* site = place->as_object().if_contains("site");
    if (site && site->is_string() && !at(who.sites, site->as_string())) data.erase("emergency");
  }
  if (auto* announced = data.if_contains("announced_by"); announced && announced->is_array()) {
    json::array here;
    for (const auto& one : announced->as_array())
      if (at(who.sites, one.as_object().at("site").as_string())) here.push_back(one);
    *announced = std::move(here);
  }
  return data;
}

CallRecord cut_record(CallRecord record, const Principal& who) {
  if (!who.is_bound()) return record;
  const auto hide = [&](SiteId& site, std::string& desk) {
    if (at(who.sites, site.value())) return;
    site = SiteId{};
    desk.clear();
  };
  hide(record.from_site, record.from_desk);
  hide(record.to_site, record.to_desk);
  if (record.emergency && !at(who.sites, record.emergency->site.value())) record.emergency.reset();
  return record;
}

std::vector<DeskView> desks_at(std::vector<DeskView> all, const Principal& who) {
  if (who.is_bound())
    std::erase_if(all, [&](const DeskView& desk) { return !at(who.sites, desk.record.site.value()); });
  return all;
}

}  // namespace roamdesk::api
