#include <map>

#include "exchange/routing/emergency_numbers.hpp"
#include "pbx-core/api/import_plan.hpp"
#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"
#include "pbx-core/api/sheet_calls.hpp"
#include "pbx-core/api/sheet_job.hpp"

namespace roamdesk::api {
namespace {
namespace json = boost::json;

// One PIN is hashed at a time, when no caller waits for another.
class Import final : public SheetJob {
 public:
  Import(Service& service, Actor actor, std::string id, std::vector<PlannedRow> rows)
      : SheetJob(service, std::move(actor), std::move(id)), rows_(std::move(rows)) {}

 private:
  std::size_t rows() const override { return rows_.size(); }
  Row row(std::size_t at) const override { return {rows_[at].row.line, rows_[at].row.number}; }
  void apply(std::size_t at) override {
    const SheetRow& row = rows_[at].row;
    if (!row.pin) return change(rows_[at], "");
    service_.hasher().hash(
        crypto::Kind::pin, *row.pin,
        [self = std::static_pointer_cast<Import>(shared_from_this()), at](std::string hash) {
          self->service_.on_api([self, at, hash = std::move(hash)]() mutable { self->hashed(at, std::move(hash)); });
        },
        Hasher::Urgency::in_bulk);
  }

  void hashed(std::size_t at, std::string hash) {
    if (!is_running()) return;
    if (hash.empty()) return fail();
    change(rows_[at], std::move(hash));
  }

  void change(const PlannedRow& planned, std::string hash) {
    const SheetRow& row = planned.row;
    const ExtensionNumber number{row.number};
    if (planned.action == RowAction::create) {
      const Extension made{number, row.name.value_or(""), std::move(hash), row.hot_desking.value_or(false),
                           row.keys.value_or(std::vector<Key>{})};
      return service_.command_of_job(
          actor_, {"extension.created", row.number, "import"},
          [made](Domain& domain, const Actor& actor, Done done) {
            domain.create_extension(made, actor, std::move(done));
          },
          after());
    }
    ExtensionPatch patch{.name = row.name, .pin_hash = {}, .hot_desking = row.hot_desking, .keys = row.keys};
    if (!hash.empty()) patch.pin_hash = std::move(hash);
    std::string names = "import:";
    for (const RowChange& change : planned.changes) names += " " + change.field;
    service_.command_of_job(
        over(extension_version, row.number, planned.over), {"extension.changed", row.number, names},
        [number, patch](Domain& domain, const Actor& actor, Done done) {
          domain.change_extension(number, patch, actor, std::move(done));
        },
        after());
  }

  std::vector<PlannedRow> rows_;  // that change something
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
  std::erase_if(plan.rows, [](const PlannedRow& row) { return row.action == RowAction::unchanged; });
  json::array pins = make_up_pins(plan.rows);
  const auto id = begin_sheet_job(service, call, JobKind::import_, plan.rows.size(), {{"pins", std::move(pins)}});
  if (!id.empty()) std::make_shared<Import>(service, call->actor(), id, std::move(plan.rows))->next();
}

}  // namespace

void export_extensions(Service& service, const CallPtr& call) {
  const auto versions = wants_versions(call);
  if (!versions) return;
  service.read([](const Domain& domain) { return domain.extensions(); },
               [call, versions](std::vector<ExtensionView> all) {
                 const auto tag = [](const Extension& extension) { return record_tag(extension); };
                 answer_sheet(call, "extensions.csv", write_people(std::move(all), *versions ? +tag : nullptr));
               });
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
        std::map<std::string, const Extension*> known;
        for (const ExtensionView& view : found.first) known.emplace(view.record.number.value(), &view.record);
        hold_against_versions(plan, names_plan(call), [&](const std::string& number) {
          const auto extension = known.find(number);
          return extension == known.end() ? std::string{} : record_tag(*extension->second);
        });
        if (dry) return answer_dry_run(call, to_json(plan));
        if (plan.errors > 0)
          return refuse_sheet(call, to_json(plan), plan.errors, plan.rows.size(), plan.errors == plan.stale);
        if (names_plan(call) && !is_plan_seen(call, to_json(plan))) return;
        start_import(service, call, std::move(plan));
      });
}

}  // namespace roamdesk::api
