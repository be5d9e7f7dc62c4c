#include <algorithm>

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

}  // namespace

std::vector<Route> outbound_rule_routes() {
  using Calls = RecordCalls<OutboundRules>;
  return {
      {"GET", "/outbound-rules", Role::reader, Calls::list, false, false, false, list_version<OutboundRule>},
      {"POST", "/outbound-rules", Role::administrator, Calls::create},
      {"PUT", "/outbound-rules", Role::administrator, reorder, false, false, false, list_version<OutboundRule>},
      {"GET", "/outbound-rules/{name}", Role::reader, Calls::show, false, false, false, Calls::version},
      {"PATCH", "/outbound-rules/{name}", Role::administrator, Calls::change, false, false, false, Calls::version},
      {"DELETE", "/outbound-rules/{name}", Role::administrator, Calls::remove, false, false, false, Calls::version}};
}

}  // namespace roamdesk::api
