#include <fmt/format.h>

#include <chrono>

#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"
#include "pbx-core/api/sites.hpp"

namespace roamdesk::api {

void Service::command_of_job(const Actor& actor, Trace trace, Command change, std::function<void(Answer)> then) {
  options_.post_domain([self = shared_from_this(), actor = with_record(actor, trace), change = std::move(change),
                        then = std::move(then)] {
    change(self->domain_, actor,
           [self, then](const Answer& answer) { self->on_api([then, answer] { then(answer); }); });
  });
}

void Service::end_job(const std::string& id, JobState how, const Actor& by) {
  Job* job = jobs_.find(id);
  if (!job || job->state != JobState::running) return;
  job->state = how;
  job->ended = now();
  store_.commit(
      {AppendAudit{audit_of(by, {"job." + std::string(word_of(how)), id,
                                 fmt::format("{} of {}, {} problems", job->done, job->total, job->problems.size())})}},
      [](auto) {});
  tell("job.changed", to_json(*job), {Audience::Who::user, {}, job->by});
  // Once for all of them: thousands of events would have every console read thousands of extensions.
  if (job->kind == JobKind::import_ && job->done > 0) tell_change("extension.changed", "");
  if (job->kind == JobKind::import_desks && job->done > 0)
    tell("changed", {{"action", "hot_desk.changed"}, {"subject", ""}}, {});
}

void Service::tell_of(Job& job) {
  const bool running = job.state == JobState::running;
  if (running && job.told && now() - *job.told < std::chrono::milliseconds(500)) return;
  job.told = now();
  tell("job.changed", to_json(job), {Audience::Who::user, {}, job.by});
}

void list_jobs(Service& service, const CallPtr& call) {
  boost::json::array all;
  for (const Job& job : service.jobs().all()) all.push_back(to_json(job));
  call->answer(200, all);
}

void show_job(Service& service, const CallPtr& call) {
  const Job* job = service.jobs().find(call->parameters[0]);
  if (!job) return call->fail({404, "There is no such job; GET /jobs lists them", "id"});
  call->answer(200, to_json(*job));
}

void cancel_job(Service& service, const CallPtr& call) {
  const Job* job = service.jobs().find(call->parameters[0]);
  if (!job) return call->fail({404, "There is no such job; GET /jobs lists them", "id"});
  if (job->kind != JobKind::provision && !call->who.administers_all())
    return call->fail({403, "An administrator has started it; an administrator may cancel it", ""});
  if (job->state != JobState::running)
    return call->fail({409, fmt::format("It has ended already: {}", word_of(job->state)), ""});
  service.end_job(call->parameters[0], JobState::cancelled, call->actor());
  call->no_content();
}

}  // namespace roamdesk::api
