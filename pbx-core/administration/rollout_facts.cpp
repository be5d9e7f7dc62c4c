#include <fmt/format.h>

#include "pbx-core/administration/administration.hpp"

// What is seen of branches that are being updated.
namespace roamdesk::administration {
namespace {

// What a branch's new program may be the reason of.
bool is_of_the_program(AlarmKind kind) {
  using enum AlarmKind;
  return kind == sbc_down || kind == line_bad || kind == phone_gone || kind == trunk_away || kind == upstream_away;
}

}  // namespace

std::map<std::string, Administration::SiteNow> Administration::sites_now() const {
  std::map<std::string, SiteNow> sites;
  for (const auto& call : element_.calls()) {
    ++sites[call.from_site.value()].calls;
    if (call.to_site != call.from_site) ++sites[call.to_site.value()].calls;
  }
  for (const auto& [mac, binding] : element_.registrar().all())
    if (element_.is_online(mac)) sites[binding.flow.site.value()].phones.push_back(mac.text());
  return sites;
}

rollout::Facts Administration::facts_of(const RolloutBranch& branch, const door::SbcInfo* info,
                                        const std::map<std::string, SiteNow>& sites) const {
  rollout::Facts facts;
  facts.exists = directory().sbc(branch.sbc) != nullptr;
  if (!info) return facts;
  facts.connected = info->connected;
  facts.connection = fmt::format("{} {}", info->since.time_since_epoch().count(), info->superseded);
  facts.instance = info->instance;
  facts.software = info->version;
  facts.package = info->package;
  facts.news = info->update;
  if (const auto site = sites.find(branch.sbc); site != sites.end()) {
    facts.calls = site->second.calls;
    facts.phones = site->second.phones;
  }
  if (const auto ended = ended_calls_.find(branch.sbc); ended != ended_calls_.end()) {
    facts.calls_failed = ended->second.failed;
    facts.calls_through = ended->second.through;
  }
  if (!branch.since) return facts;
  for (const auto& [id, alarm] : directory().all<Alarm>())
    if (!alarm.cleared && alarm.site == branch.sbc && is_of_the_program(alarm.kind) && alarm.raised >= *branch.since)
      facts.alarms.push_back(fmt::format("{} {}", word_of(alarm.kind), alarm.subject));
  return facts;
}

// It went through where a phone rang, or it was answered. Calls for help too.
void Administration::count_call(const element::CallChanged& call) {
  const bool through = call.call.answered || !call.call.to_site.value().empty();
  for (const SiteId& site : {call.call.from_site, call.call.to_site}) {
    if (!directory().sbc(site.value())) continue;
    Ended& ended = ended_calls_[site.value()];
    ++(through ? ended.through : ended.failed);
    if (call.call.from_site == call.call.to_site) break;
  }
}

void Administration::add_rollout(std::vector<alarms::Condition>& wrong) const {
  for (const auto& [id, rollout] : directory().all<Rollout>()) {
    if (!rollout.failed || rollout.state == RolloutState::ended) continue;
    for (const auto& [sbc, branch] : directory().all<RolloutBranch>())
      if (branch.step == RolloutStep::failed && rollout.why == sbc + ": " + branch.why)
        wrong.push_back({AlarmKind::update_failed, AlarmSeverity::warning, sbc, sbc, branch.why});
  }
}

}  // namespace roamdesk::administration
