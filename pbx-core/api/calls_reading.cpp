#include "pbx-core/api/query.hpp"
#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"

namespace roamdesk::api {
void list_calls(Service& service, const CallPtr& call) {
  service.read([](const Domain& domain) { return domain.calls(); },
               [call](std::vector<CallView> all) { call->answer(200, to_json(all)); });
}

void hang_up_call(Service& service, const CallPtr& call) {
  service.command(
      call, {"call.hung_up", "", ""},
      [id = call->parameters[0]](Domain& domain, const Actor& actor, Done done) {
        domain.hang_up(id, actor, std::move(done));
      },
      [call](Outcome) { call->no_content(); });
}

void show_system(Service& service, const CallPtr& call) {
  if (!service.options().system) return call->fail({503, "Nothing is known of this system", ""});
  call->answer(200, service.options().system());
}

void list_models(Service& service, const CallPtr& call) {
  service.read([](const Domain& domain) { return domain.models(); },
               [call](std::vector<ModelView> all) { call->answer(200, to_json(all)); });
}

void show_statistics(Service& service, const CallPtr& call) {
  service.read([](const Domain& domain) { return domain.statistics(); },
               [call](const Statistics& statistics) { call->answer(200, to_json(statistics)); });
}

void show_audit(Service& service, const CallPtr& call) {
  std::optional<Problem> problem;
  store::AuditQuery query;
  query.before = number_in(call->request, "before", problem);
  const std::int64_t limit = number_in(call->request, "limit", problem).value_or(100);
  query.since = time_in(call->request, "since", problem);
  query.until = time_in(call->request, "until", problem);
  if (problem) return call->fail(*problem);
  if (limit > 1000) return call->fail({422, "limit in the query is too large; 1 to 1000 is expected", "limit"});
  query.limit = static_cast<std::size_t>(limit);
  query.action = call->request.query("action").value_or("");
  query.subject = call->request.query("subject").value_or("");
  query.actor = call->request.query("actor").value_or("");
  query.sites = call->who.sites;
  service.store().audit(query, [self = service.shared_from_this(), call](store::AuditPage page) {
    self->on_api([call, page = std::move(page)] { call->answer(200, to_json(page)); });
  });
}

}  // namespace roamdesk::api
