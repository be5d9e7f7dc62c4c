#include <algorithm>

#include "exchange/routing/route.hpp"
#include "pbx-core/api/record_calls.hpp"

namespace roamdesk::api {
namespace {
namespace json = boost::json;

struct OutboundRules {
  using Record = OutboundRule;
  static constexpr const char *name = "outbound rule", *action = "outbound_rule", *path = "outbound-rules",
                              *key = "name";
  static constexpr std::size_t most = 500;
  // A new one, until it has its place.
  static constexpr unsigned last = 100'000;

  static OutboundRule fresh() {
    OutboundRule rule;
    rule.position = last;
    return rule;
  }
  static void complete(OutboundRule&) {}
  static OutboundRule placed(OutboundRule rule, const Directory& directory) {
    if (rule.position != last) return rule;
    rule.position = 1;
    for (const auto& [other_name, other] : directory.all<OutboundRule>())
      if (other_name != rule.name) rule.position = std::max(rule.position, other.position + 1);
    return rule;
  }
  static void more(json::object&, const OutboundRule&, const Domain&) {}
};

// All rules in a new order, named once each.
void reorder(Service& service, const CallPtr& call) {
  Reader reader(call->body, {"names"});
  const auto names = reader.texts("names", OutboundRules::most);
  if (!names) reader.malformed("names", "is missing; a list of all rules is expected, like [\"abroad\", \"home\"]");
  if (call->failed(reader)) return;
  service.command(
      call, {"outbound_rule.reordered", "", ""},
      [names](Domain& domain, const Actor& actor, Done done) {
        domain.change(
            [names](const Directory& directory) -> Domain::Decision {
              const auto& rules = directory.all<OutboundRule>();
              Changes changes;
              for (const std::string& name : *names) {
                const auto found = rules.find(name);
                const bool again = std::count(names->begin(), names->end(), name) > 1;
                if (found == rules.end() || again) break;
                OutboundRule rule = found->second;
                rule.position = static_cast<unsigned>(changes.size() + 1);
                changes.emplace_back(Put<OutboundRule>{std::move(rule)});
              }
              if (changes.size() != rules.size() || changes.size() != names->size())
                return Answer{Outcome::refused, "These aren't all rules; each rule that there is, once, is expected"};
              return changes;
            },
            actor, std::move(done));
      },
      [&service, call](Outcome) { RecordCalls<OutboundRules>::list(service, call); });
}

json::value outcome_of(const routing::Route& route) {
  struct Words {
    json::object operator()(const routing::ToDialogue&) const { return {{"leads_to", "dialogue"}}; }
    json::object operator()(const routing::ToEmergency& to) const {
      return {{"leads_to", "emergency"}, {"number", to.number}};
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
    json::object operator()(const routing::Refused& refused) const {
      return {{"leads_to", "refused"}, {"status", refused.status}, {"reason", refused.reason}};
    }
  };
  return std::visit(Words{}, route);
}

// What would happen, without a call.
void explain(Service& service, const CallPtr& call) {
  const std::string number = call->request.query("number").value_or("");
  const std::string extension = call->request.query("extension").value_or("");
  const std::string site = call->request.query("site").value_or("local");
  if (number.empty() || number.size() > 128)
    return call->fail(
        {400, "number in the query is missing or too long; expected what is dialled, like ?number=0301234", "number"});
  if (!extension.empty())
    if (const Fault fault = check_number(extension))
      return call->fail({422, "extension in the query " + *fault, "extension"});
  service.read(
      [number, extension, site](const Domain& domain) -> std::optional<json::object> {
        if (!extension.empty() && !domain.directory().extension(ExtensionNumber{extension})) return std::nullopt;
        const routing::Dialler dialler{
            true, extension.empty() ? std::nullopt : std::optional{ExtensionNumber{extension}}, SiteId{site}};
        routing::Steps steps;
        const routing::Route route =
            routing::route(number, dialler, routing::codes_of(domain.settings()), domain.directory(), 0, &steps);
        json::array said;
        for (const routing::Step& step : steps)
          said.push_back(json::object{{"step", word_of(step.kind)},
                                      {"subject", step.subject},
                                      {"detail", step.detail},
                                      {"text", routing::text_of(step)}});
        json::object answer = outcome_of(route).as_object();
        answer["steps"] = std::move(said);
        return answer;
      },
      [call, extension](std::optional<json::object> answer) {
        if (!answer) return call->fail({404, "There is no extension " + extension, "extension"});
        call->answer(200, std::move(*answer));
      });
}

}  // namespace

std::vector<Route> outbound_rule_routes() {
  using Calls = RecordCalls<OutboundRules>;
  return {{"GET", "/outbound-rules", Role::reader, Calls::list},
          {"POST", "/outbound-rules", Role::administrator, Calls::create},
          {"PUT", "/outbound-rules", Role::administrator, reorder},
          {"GET", "/outbound-rules/{name}", Role::reader, Calls::show},
          {"PATCH", "/outbound-rules/{name}", Role::administrator, Calls::change},
          {"DELETE", "/outbound-rules/{name}", Role::administrator, Calls::remove},
          {"GET", "/explain", Role::reader, explain}};
}

}  // namespace roamdesk::api
