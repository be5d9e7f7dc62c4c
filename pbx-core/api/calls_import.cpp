#include <fmt/format.h>

#include "common/crypto/random.hpp"
#include "exchange/routing/emergency_numbers.hpp"
#include "pbx-core/api/import_plan.hpp"
#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"
#include "pbx-core/api/sheet_calls.hpp"

namespace roamdesk::api {
namespace {
namespace json = boost::json;

// A sheet on its way into the store, a row after the other: one PIN is hashed at a time, when no caller waits for
// another, and one change at a time waits for the disk, so that a log-in never finds more than one before it.
class Import : public std::enable_shared_from_this<Import> {
 public:
  Import(Service& service, Actor actor, std::string id, std::vector<PlannedRow> rows)
      : service_(service),
        alive_(service.shared_from_this()),
        actor_(std::move(actor)),
        id_(std::move(id)),
        rows_(std::move(rows)) {}

  void next() {
    if (!running()) return;
    if (at_ == rows_.size()) return service_.end_job(id_, JobState::done, actor_);
    const SheetRow& row = rows_[at_].row;
    if (!row.pin) return apply("");
    service_.hasher().hash(
        crypto::Kind::pin, *row.pin,
        [self = shared_from_this()](std::string hash) {
          self->service_.on_api([self, hash = std::move(hash)]() mutable { self->hashed(std::move(hash)); });
        },
        Hasher::Urgency::in_bulk);
  }

 private:
  bool running() const {
    const Job* job = service_.jobs().find(id_);
    return job && job->state == JobState::running;
  }

  void hashed(std::string hash) {
    if (!running()) return;
    if (hash.empty()) return service_.end_job(id_, JobState::failed, actor_);
    apply(std::move(hash));
  }

  void apply(std::string hash) {
    const SheetRow& row = rows_[at_].row;
    const ExtensionNumber number{row.number};
    const auto then = [self = shared_from_this()](const Answer& answer) { self->applied(answer); };
    if (rows_[at_].action == RowAction::create) {
      const Extension made{number, row.name.value_or(""), std::move(hash), row.hot_desking.value_or(false),
                           row.keys.value_or(std::vector<Key>{})};
      return service_.command_of_job(
          actor_, {"extension.created", row.number, "import"},
          [made](Domain& domain, const Actor& actor, Done done) {
            domain.create_extension(made, actor, std::move(done));
          },
          then);
    }
    ExtensionPatch patch{.name = row.name, .pin_hash = {}, .hot_desking = row.hot_desking, .keys = row.keys};
    if (!hash.empty()) patch.pin_hash = std::move(hash);
    std::string names = "import:";
    for (const RowChange& change : rows_[at_].changes) names += " " + change.field;
    service_.command_of_job(
        actor_, {"extension.changed", row.number, names},
        [number, patch](Domain& domain, const Actor& actor, Done done) {
          domain.change_extension(number, patch, actor, std::move(done));
        },
        then);
  }

  void applied(const Answer& answer) {
    const SheetRow& row = rows_[at_++].row;
    Job* job = service_.jobs().find(id_);
    if (!job) return;
    const bool fine = answer.outcome == Outcome::ok || answer.outcome == Outcome::later;
    job->step(fine ? std::nullopt : std::optional(JobProblem{row.line, row.number, answer.message}));
    if (answer.outcome == Outcome::unavailable) return service_.end_job(id_, JobState::failed, actor_);
    // Cancelled meanwhile: this one is done nevertheless, and counted.
    service_.tell_of(*job);
    next();
  }

  Service& service_;
  std::shared_ptr<Service> alive_;
  const Actor actor_;
  const std::string id_;
  std::vector<PlannedRow> rows_;  // that change something
  std::size_t at_ = 0;
};

// Gives a PIN to each new extension for which the sheet has none: nobody else knows it, so the answer tells it.
json::array make_up_pins(std::vector<PlannedRow>& rows) {
  json::array made;
  for (PlannedRow& planned : rows) {
    if (planned.action != RowAction::create || planned.row.pin) continue;
    planned.row.pin = random_pin(planned.row.number);
    made.push_back(json::object{{"number", planned.row.number},
                                {"name", planned.row.name.value_or("")},
                                {"voicemail_pin", planned.row.pin->reveal()}});
  }
  return made;
}

void start_import(Service& service, const CallPtr& call, ImportPlan plan) {
  if (service.jobs().running(JobKind::import_))
    return call->fail({409, "An import is running; wait for its end, or cancel it", ""});
  std::erase_if(plan.rows, [](const PlannedRow& row) { return row.action == RowAction::unchanged; });
  json::array pins = make_up_pins(plan.rows);
  const std::string id = crypto::random_hex(8);
  Job& job = service.jobs().begin(id, JobKind::import_, plan.rows.size(), service.now());
  service.store().commit(
      {AppendAudit{service.audit_of(*call, {"job.started", id, fmt::format("import, {} rows", job.total)})}},
      [](auto) {});
  service.tell_of(job);
  json::object answer = to_json(job);
  answer["pins"] = std::move(pins);
  http::Response response = json_response(202, answer);
  response.fields.push_back({"Location", "/api/v1/jobs/" + id});
  call->respond(std::move(response));
  std::make_shared<Import>(service, call->actor(), id, std::move(plan.rows))->next();
}

}  // namespace

void export_extensions(Service& service, const CallPtr& call) {
  service.read(
      [](const Domain& domain) { return domain.extensions(); },
      [call](std::vector<ExtensionView> all) { answer_sheet(call, "extensions.csv", write_people(std::move(all))); });
}

void import_extensions(Service& service, const CallPtr& call) {
  const auto dry = wants_dry_run(call);
  if (!dry) return;
  auto people = read_people(call->request.body);
  if (!people) return call->fail(people.error());
  service.read(
      [](const Domain& domain) {
        return std::make_pair(domain.extensions(), routing::codes_anywhere(domain.settings(), domain.directory()));
      },
      [&service, call, people = std::move(*people),
       dry = *dry](const std::pair<std::vector<ExtensionView>, routing::Codes>& found) mutable {
        ImportPlan plan = plan_import(std::move(people), found.first, found.second);
        if (dry) return call->answer(200, to_json(plan));
        if (plan.errors > 0) return refuse_sheet(call, to_json(plan), plan.errors, plan.rows.size());
        start_import(service, call, std::move(plan));
      });
}

}  // namespace roamdesk::api
