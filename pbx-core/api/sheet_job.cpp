#include "pbx-core/api/sheet_job.hpp"

#include <fmt/format.h>

#include "common/crypto/random.hpp"
#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"

namespace roamdesk::api {

void SheetJob::next() {
  if (!is_running()) return;
  if (at_ == rows()) return service_.end_job(id_, JobState::done, actor_);
  apply(at_);
}

bool SheetJob::is_running() const {
  const Job* job = service_.jobs().find(id_);
  return job && job->state == JobState::running;
}

Done SheetJob::after() {
  return [self = shared_from_this()](const Answer& answer) { self->applied(answer); };
}

Actor SheetJob::over(VersionOf version, const std::string& key, const std::string& seen) const {
  Actor actor = actor_;
  if (!seen.empty())
    actor.still = [version, key, seen](const Domain& domain) {
      const auto is = version(domain, key);
      return !is || *is == seen;  // what has gone is refused as such
    };
  return actor;
}

void SheetJob::applied(const Answer& answer) {
  const Row row = this->row(at_++);
  Job* job = service_.jobs().find(id_);
  if (!job) return;
  const bool fine = answer.outcome == Outcome::ok || answer.outcome == Outcome::later;
  const std::string why = answer.outcome == Outcome::stale
                              ? "Somebody else has changed this since the import began; it was left as it is."
                              : answer.message;
  job->step(fine ? std::nullopt : std::optional(JobProblem{row.line, row.about, why}));
  if (answer.outcome == Outcome::unavailable) return fail();
  // Cancelled meanwhile: this one is done nevertheless, and counted.
  service_.tell_of(*job);
  next();
}

std::string begin_sheet_job(Service& service, const CallPtr& call, JobKind kind, std::size_t rows,
                            boost::json::object told) {
  if (service.jobs().running(kind)) {
    call->fail({409, "An import is running; wait for its end, or cancel it", ""});
    return {};
  }
  const std::string id = crypto::random_hex(8);
  Job& job = service.jobs().begin(id, call->who.user, kind, rows, service.now());
  service.store().commit(
      {AppendAudit{service.audit_of(*call, {"job.started", id, fmt::format("import, {} rows", job.total)})}},
      [](auto) {});
  service.tell_of(job);
  boost::json::object answer = to_json(job);
  for (auto& [name, value] : told) answer[name] = std::move(value);
  http::Response response = json_response(202, answer);
  response.fields.push_back({"Location", "/api/v1/jobs/" + id});
  call->respond(std::move(response));
  return id;
}

}  // namespace roamdesk::api
