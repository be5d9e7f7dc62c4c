#include "pbx-core/operations/rollouts.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/log/log.hpp"

namespace roamdesk::core {
namespace {

void send(door::Door& door, const std::vector<rollout::Order>& orders) {
  for (const auto& one : orders) {
    tunnel::UpdateOrder order;
    order.order = one.order;
    order.version = one.version;
    door.update(one.sbc, std::move(order));
  }
}

void log_all(const rollout::Verdict& verdict) {
  for (const auto& branch : verdict.branches)
    log::write(branch.step == RolloutStep::failed ? log::Level::warning : log::Level::info, "rollout.branch",
               {{"sbc", branch.sbc}, {"step", word_of(branch.step)}, {"to", branch.to}, {"why", branch.why}});
  if (!verdict.rollout) return;
  log::write(verdict.rollout->failed ? log::Level::warning : log::Level::info, "rollout.changed",
             {{"state", word_of(verdict.rollout->state)},
              {"wave", word_of(verdict.rollout->wave)},
              {"why", verdict.rollout->why}});
}

// How it ended, or that it was stopped, is said beside who started it.
Changes changes_of(const Rollout& seen, const rollout::Verdict& verdict, WallTime wall) {
  Changes changes;
  for (const auto& branch : verdict.branches) changes.push_back(Put<RolloutBranch>{branch});
  if (!verdict.rollout) return changes;
  changes.push_back(Put<Rollout>{*verdict.rollout});
  if (verdict.rollout->state != seen.state) {
    const bool ended = verdict.rollout->state == RolloutState::ended;
    changes.push_back(AppendAudit{
        {0, wall, "pbx-core", "clock", ended ? "rollout.ended" : "rollout.stopped", "", verdict.rollout->why}});
  }
  return changes;
}

}  // namespace

void Rollouts::look(door::Door& door, element::Now now) {
  const auto& all = administration_.directory().all<Rollout>();
  // What is being stored isn't in the records yet.
  if (all.empty() || storing_) return;
  const Rollout& rollout = all.rbegin()->second;
  if (rollout.state == RolloutState::ended) return;
  std::map<std::string, door::SbcInfo> infos;
  for (auto& info : door.sbcs()) infos.emplace(info.name, std::move(info));
  auto verdict = machine_.look(
      rollout, administration_.directory().all<RolloutBranch>(),
      [this, &infos, sites = administration_.sites_now()](const RolloutBranch& branch) {
        const auto info = infos.find(branch.sbc);
        return administration_.facts_of(branch, info == infos.end() ? nullptr : &info->second, sites);
      },
      now.mono, now.wall);
  if (!verdict.rollout && verdict.branches.empty()) return send(door, verdict.orders);
  store(door, rollout, std::move(verdict), now.wall);
}

void Rollouts::store(door::Door& door, const Rollout& seen, rollout::Verdict verdict, WallTime wall) {
  storing_ = true;
  administration_.change(
      [seen, verdict, wall](const Directory& directory) -> api::Domain::Decision {
        // An administrator may have stopped it, or begun another one, since it was looked at.
        const auto& records = directory.all<Rollout>();
        const auto known = records.find(seen.id);
        if (known == records.end() || !(known->second == seen))
          return api::Answer{api::Outcome::clash, "it is another one"};
        return changes_of(seen, verdict, wall);
      },
      {},
      [this, &door, verdict, state = seen.state](const api::Answer& answer) {
        storing_ = false;
        if (answer.outcome != api::Outcome::ok) return;
        log_all(verdict);
        api_.post_event(api::RolloutChanged{verdict.rollout ? verdict.rollout->state : state});
        send(door, verdict.orders);
      });
}

}  // namespace roamdesk::core
