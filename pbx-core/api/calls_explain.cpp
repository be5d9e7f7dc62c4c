#include "exchange/model/location_of.hpp"
#include "exchange/routing/emergency_numbers.hpp"
#include "exchange/routing/route.hpp"
#include "pbx-core/api/emergency_dry_run.hpp"
#include "pbx-core/api/routes.hpp"

// What would happen if a number was dialled, without a call.
namespace roamdesk::api {
namespace {
namespace json = boost::json;

json::value outcome_of(const routing::Route& route) {
  struct Words {
    json::object operator()(const routing::ToDialogue&) const { return {{"leads_to", "dialogue"}}; }
    json::object operator()(const routing::ToEmergency& to) const {
      return {{"leads_to", "emergency"}, {"number", to.number}, {"test", to.test}};
    }
    json::object operator()(const routing::ToExtension& to) const {
      return {{"leads_to", "extension"}, {"number", to.number.value()}};
    }
    json::object operator()(const routing::ToOutside& to) const {
      json::array attempts;
      for (const auto& [trunk, called] : to.attempts)
        attempts.push_back(json::object{{"trunk", trunk}, {"called", called}});
      return {{"leads_to", "outside"},
              {"number", to.number.e164.empty() ? to.number.dialled : to.number.e164},
              {"attempts", attempts},
              {"hidden", to.hide}};
    }
    json::object operator()(const routing::ToUpstream& to) const {
      return {{"leads_to", "upstream"},
              {"attempts", json::array{json::object{{"trunk", to.trunk}, {"called", to.called}}}},
              {"hidden", to.hide}};
    }
    json::object operator()(const routing::Refused& refused) const {
      return {{"leads_to", "refused"}, {"status", refused.status}, {"reason", refused.reason}};
    }
  };
  return std::visit(Words{}, route);
}

// Who dials, and where, as the query says.
struct Asked {
  std::string number, extension, hot_desk, phone, site;
};

struct Dialling {
  routing::Dialler dialler;
  std::optional<Mac> device{};
  const HotDesk* desk = nullptr;
};

// Or what isn't there.
std::variant<Dialling, Problem> find_dialler(const Asked& asked, const Domain& domain) {
  const Directory& directory = domain.directory();
  Dialling found{{true, {}, SiteId{asked.site.empty() ? local_site().value() : asked.site}}, {}, nullptr};
  if (!asked.extension.empty()) {
    found.dialler.extension = ExtensionNumber{asked.extension};
    if (!directory.extension(*found.dialler.extension))
      return Problem{404, "There is no extension " + asked.extension, "extension"};
  }
  if (!asked.hot_desk.empty()) {
    found.desk = directory.desk(HotDeskId{asked.hot_desk});
    if (!found.desk) return Problem{404, "There is no hot desk " + asked.hot_desk, "hot_desk"};
    found.device = found.desk->mac;
    found.dialler.site = found.desk->site;
    if (const Session* session = directory.session_at(found.desk->id); session && asked.extension.empty())
      found.dialler.extension = session->extension;
  } else if (!asked.phone.empty()) {
    const auto mac = Mac::parse(asked.phone);
    const Phone* phone = mac ? directory.phone(*mac) : nullptr;
    if (!phone || !phone->extension) return Problem{404, "There is no dedicated phone " + asked.phone, "phone"};
    found.device = mac;
    found.dialler.site = phone->site;
    found.dialler.hot_desk = false;
    if (asked.extension.empty()) found.dialler.extension = phone->extension;
  }
  found.dialler.location = location_of(directory, domain.settings(), found.dialler.site, found.device);
  return found;
}

std::variant<json::object, Problem> explained(const Asked& asked, const std::string& domain_name, WallTime now,
                                              const Domain& domain) {
  auto found = find_dialler(asked, domain);
  if (auto* problem = std::get_if<Problem>(&found)) return std::move(*problem);
  const auto& dialling = std::get<Dialling>(found);
  routing::Steps steps;
  const routing::Route route = routing::route(asked.number, dialling.dialler, routing::codes_of(domain.settings()),
                                              domain.directory(), 0, &steps);
  json::array said;
  for (const routing::Step& step : steps)
    said.push_back(json::object{{"step", word_of(step.kind)},
                                {"subject", step.subject},
                                {"detail", step.detail},
                                {"text", routing::text_of(step)}});
  json::object answer = outcome_of(route).as_object();
  answer["steps"] = std::move(said);
  if (const auto* to = std::get_if<routing::ToEmergency>(&route))
    answer["emergency"] =
        emergency_dry_run({to->number, dialling.dialler.site, dialling.device, domain_name, now}, domain);
  return answer;
}

void explain(Service& service, const CallPtr& call) {
  const auto in_query = [&](const char* name) { return call->request.query(name).value_or(""); };
  const Asked asked{in_query("number"), in_query("extension"), in_query("hot_desk"), in_query("phone"),
                    in_query("site")};
  if (asked.number.empty() || asked.number.size() > 128)
    return call->fail(
        {400, "number in the query is missing or too long; expected what is dialled, like ?number=0301234", "number"});
  if (!asked.extension.empty())
    if (const Fault fault = check_number(asked.extension))
      return call->fail({422, "extension in the query " + *fault, "extension"});
  service.read([asked, name = service.domain_name(),
                now = service.now()](const Domain& domain) { return explained(asked, name, now, domain); },
               [call](std::variant<json::object, Problem> answer) {
                 if (auto* problem = std::get_if<Problem>(&answer)) return call->fail(std::move(*problem));
                 call->answer(200, std::move(std::get<json::object>(answer)));
               });
}

}  // namespace

std::vector<Route> explain_routes() { return {{"GET", "/explain", Role::reader, explain}}; }

}  // namespace roamdesk::api
