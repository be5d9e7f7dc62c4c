#include <map>

#include "pbx-core/api/desk_sheet.hpp"
#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"
#include "pbx-core/api/sheet_calls.hpp"
#include "pbx-core/api/sheet_job.hpp"
#include "pbx-core/api/sites.hpp"

namespace roamdesk::api {
namespace {

DeskWorld world_of(const Domain& domain) {
  DeskWorld world{domain.desks(), domain.models(), {}, {}};
  for (const auto& [name, sbc] : domain.directory().all<Sbc>()) world.sbcs.push_back(name);
  for (const auto& [name, location] : domain.directory().all<Location>()) world.locations.push_back(name);
  return world;
}

class DeskImport final : public SheetJob {
 public:
  DeskImport(Service& service, Actor actor, std::string id, DeskPlan plan)
      : SheetJob(service, std::move(actor), std::move(id)), rows_(std::move(plan.rows)) {}

 private:
  std::size_t rows() const override { return rows_.size(); }
  Row row(std::size_t at) const override { return {rows_[at].row.line, rows_[at].row.mac}; }
  void apply(std::size_t at) override {
    const DeskRow& row = rows_[at].row;
    if (row.made)
      return service_.command_of_job(
          actor_, {"hot_desk.created", row.mac, "import"},
          [made = *row.made](Domain& domain, const Actor& actor, Done done) {
            domain.create_desk(made, actor, std::move(done));
          },
          after());
    std::string names = "import:";
    for (const RowChange& change : rows_[at].changes) names += " " + change.field;
    service_.command_of_job(
        over(desk_version, row.mac, rows_[at].over), {"hot_desk.changed", row.mac, names},
        [mac = *Mac::parse(row.mac), patch = row.patch](Domain& domain, const Actor& actor, Done done) {
          domain.change_desk(mac, patch, actor, std::move(done));
        },
        after());
  }

  std::vector<Planned<DeskRow>> rows_;  // that change something
};

void start(Service& service, const CallPtr& call, DeskPlan plan) {
  std::erase_if(plan.rows, [](const auto& row) { return row.action == RowAction::unchanged; });
  const auto id = begin_sheet_job(service, call, JobKind::import_desks, plan.rows.size());
  if (!id.empty()) std::make_shared<DeskImport>(service, call->actor(), id, std::move(plan))->next();
}

}  // namespace

void export_desks(Service& service, const CallPtr& call) {
  const auto versions = wants_versions(call);
  if (!versions) return;
  service.read([](const Domain& domain) { return domain.desks(); },
               [call, versions](std::vector<DeskView> all) {
                 const auto tag = [](const HotDesk& desk) { return record_tag(desk); };
                 answer_sheet(call, "hot-desks.csv",
                              write_desks(desks_at(std::move(all), call->who), *versions ? +tag : nullptr));
               });
}

void import_desks(Service& service, const CallPtr& call) {
  const auto dry = wants_dry_run(call);
  if (!dry) return;
  auto sheet = read_desks(call->request.body);
  if (!sheet) return call->fail(sheet.error());
  service.read(world_of, [&service, call, sheet = std::move(*sheet), dry = *dry](const DeskWorld& world) mutable {
    DeskPlan plan = plan_desks(std::move(sheet), world);
    std::map<std::string, const HotDesk*> known;
    for (const DeskView& view : world.desks) known.emplace(view.record.mac.text(), &view.record);
    hold_against_versions(plan, names_plan(call), [&](const std::string& mac) {
      const auto desk = known.find(mac);
      return desk == known.end() ? std::string{} : record_tag(*desk->second);
    });
    if (dry) return answer_dry_run(call, to_json(plan));
    if (plan.errors > 0)
      return refuse_sheet(call, to_json(plan), plan.errors, plan.rows.size(), plan.errors == plan.stale);
    if (names_plan(call) && !is_plan_seen(call, to_json(plan))) return;
    start(service, call, std::move(plan));
  });
}

}  // namespace roamdesk::api
