#include <fmt/format.h>

#include "common/crypto/random.hpp"
#include "pbx-core/api/desk_sheet.hpp"
#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"
#include "pbx-core/api/sheet_calls.hpp"

namespace roamdesk::api {
namespace {
namespace json = boost::json;

DeskWorld world_of(const Domain& domain) {
  DeskWorld world{domain.desks(), domain.models(), {}, {}};
  for (const auto& [name, sbc] : domain.directory().all<Sbc>()) world.sbcs.push_back(name);
  for (const auto& [name, location] : domain.directory().all<Location>()) world.locations.push_back(name);
  return world;
}

// A sheet on its way into the store, a desk after the other.
class DeskImport : public std::enable_shared_from_this<DeskImport> {
 public:
  DeskImport(Service& service, Actor actor, std::string id, DeskPlan plan)
      : service_(service),
        alive_(service.shared_from_this()),
        actor_(std::move(actor)),
        id_(std::move(id)),
        rows_(std::move(plan.rows)) {}

  void next() {
    const Job* job = service_.jobs().find(id_);
    if (!job || job->state != JobState::running) return;
    if (at_ == rows_.size()) return service_.end_job(id_, JobState::done, actor_);
    const DeskRow& row = rows_[at_].row;
    const auto then = [self = shared_from_this()](const Answer& answer) { self->applied(answer); };
    if (row.made)
      return service_.command_of_job(
          actor_, {"hot_desk.created", row.mac, "import"},
          [made = *row.made](Domain& domain, const Actor& actor, Done done) {
            domain.create_desk(made, actor, std::move(done));
          },
          then);
    std::string names = "import:";
    for (const RowChange& change : rows_[at_].changes) names += " " + change.field;
    service_.command_of_job(
        actor_, {"hot_desk.changed", row.mac, names},
        [mac = *Mac::parse(row.mac), patch = row.patch](Domain& domain, const Actor& actor, Done done) {
          domain.change_desk(mac, patch, actor, std::move(done));
        },
        then);
  }

 private:
  void applied(const Answer& answer) {
    const DeskRow& row = rows_[at_++].row;
    Job* job = service_.jobs().find(id_);
    if (!job) return;
    const bool fine = answer.outcome == Outcome::ok || answer.outcome == Outcome::later;
    job->step(fine ? std::nullopt : std::optional(JobProblem{row.line, row.mac, answer.message}));
    if (answer.outcome == Outcome::unavailable) return service_.end_job(id_, JobState::failed, actor_);
    service_.tell_of(*job);
    next();
  }

  Service& service_;
  std::shared_ptr<Service> alive_;
  const Actor actor_;
  const std::string id_;
  std::vector<Planned<DeskRow>> rows_;  // that change something
  std::size_t at_ = 0;
};

void start(Service& service, const CallPtr& call, DeskPlan plan) {
  if (service.jobs().running(JobKind::import_desks))
    return call->fail({409, "An import is running; wait for its end, or cancel it", ""});
  std::erase_if(plan.rows, [](const auto& row) { return row.action == RowAction::unchanged; });
  const std::string id = crypto::random_hex(8);
  Job& job = service.jobs().begin(id, JobKind::import_desks, plan.rows.size(), service.now());
  service.store().commit(
      {AppendAudit{service.audit_of(*call, {"job.started", id, fmt::format("import, {} rows", job.total)})}},
      [](auto) {});
  service.tell_of(job);
  http::Response response = json_response(202, to_json(job));
  response.fields.push_back({"Location", "/api/v1/jobs/" + id});
  call->respond(std::move(response));
  std::make_shared<DeskImport>(service, call->actor(), id, std::move(plan))->next();
}

}  // namespace

void export_desks(Service& service, const CallPtr& call) {
  service.read([](const Domain& domain) { return domain.desks(); },
               [call](std::vector<DeskView> all) { answer_sheet(call, "hot-desks.csv", write_desks(std::move(all))); });
}

void import_desks(Service& service, const CallPtr& call) {
  const auto dry = wants_dry_run(call);
  if (!dry) return;
  auto sheet = read_desks(call->request.body);
  if (!sheet) return call->fail(sheet.error());
  service.read(world_of, [&service, call, sheet = std::move(*sheet), dry = *dry](const DeskWorld& world) mutable {
    DeskPlan plan = plan_desks(std::move(sheet), world);
    if (dry) return call->answer(200, to_json(plan));
    if (plan.errors > 0) return refuse_sheet(call, to_json(plan), plan.errors, plan.rows.size());
    start(service, call, std::move(plan));
  });
}

}  // namespace roamdesk::api
