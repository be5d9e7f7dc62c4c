#include "exchange/alarms/watch.hpp"

#include <algorithm>
#include <chrono>

namespace roamdesk::alarms {
namespace {

// Of what shares an alarm, so many are named.
constexpr std::size_t most_named = 10;

// Figures change at each look, and aren't written down each time; who else is meant is.
bool reads_alike(const Alarm& alarm, const Condition& condition) {
  return alarm.site == condition.site && (!alarm.subject.empty() || alarm.detail == condition.detail);
}

// Makes one of those that found no place.
Condition shared(AlarmKind kind, const std::vector<Condition>& others) {
  Condition one{.kind = kind};
  one.detail = std::to_string(others.size()) + " more:";
  for (std::size_t at = 0; at < others.size(); ++at) {
    one.severity = std::max(one.severity, others[at].severity);
    if (at < most_named) one.detail += (at ? ", " : " ") + others[at].subject;
  }
  if (others.size() > most_named) one.detail += ", …";
  return one;
}

}  // namespace

Times times_of(AlarmKind kind) {
  using namespace std::chrono_literals;
  switch (kind) {
    case AlarmKind::sbc_down:
      return {30s, 30s};
    case AlarmKind::line_bad:
      return {2min, 5min};
    case AlarmKind::phone_gone:
      return {5min, 1min};
    case AlarmKind::trunk_away:
    case AlarmKind::upstream_away:
      return {1min, 1min};
    // These are made of events, which come all at once: exchange/alarms/happenings says how long they hold.
    case AlarmKind::provisioning_refused:
    case AlarmKind::attack:
    case AlarmKind::password_guessing:
      return {0s, 1min};
    case AlarmKind::disk_full:
      return {1min, 5min};
    case AlarmKind::certificate_ends:
    case AlarmKind::backup_old:
      return {1min, 0s};
    case AlarmKind::update_failed:
    case AlarmKind::emergency_call:
      return {0s, 0s};
  }
  return {};
}

Watch::Verdict Watch::look(std::vector<Condition> wrong, const std::map<std::string, Alarm>& alarms, TimePoint now) {
  std::map<Key, const Alarm*> open;
  std::map<AlarmKind, std::size_t> taken;
  for (const auto& [id, alarm] : alarms)
    if (!alarm.cleared && open.emplace(Key{alarm.kind, alarm.subject}, &alarm).second && !alarm.subject.empty())
      ++taken[alarm.kind];

  std::map<Key, Condition> conditions;
  for (auto& one : wrong) conditions.insert_or_assign(Key{one.kind, one.subject}, std::move(one));
  for (const auto& [key, since] : suspected_)
    if (!key.second.empty() && conditions.contains(key) && !open.contains(key)) ++taken[key.first];

  // Those that are new take what places there are; the others share one.
  std::map<AlarmKind, std::vector<Condition>> others;
  for (auto one = conditions.begin(); one != conditions.end();) {
    const auto& [key, condition] = *one;
    if (key.second.empty() || open.contains(key) || suspected_.contains(key) || taken[key.first]++ < most_of_kind) {
      ++one;
      continue;
    }
    others[key.first].push_back(condition);
    one = conditions.erase(one);
  }
  for (const auto& [kind, all] : others) conditions.insert_or_assign(Key{kind, ""}, shared(kind, all));
  std::erase_if(suspected_,
                [&](const auto& one) { return !conditions.contains(one.first) || open.contains(one.first); });

  Verdict verdict;
  for (const auto& [key, condition] : conditions) {
    if (const auto alarm = open.find(key); alarm != open.end()) {
      recovering_.erase(key);
      if (condition.severity > alarm->second->severity)
        verdict.worse.push_back({alarm->second->id, condition});
      else if (!reads_alike(*alarm->second, condition))
        verdict.differ.push_back({alarm->second->id, condition});
      continue;
    }
    const auto since = suspected_.try_emplace(key, now).first->second;
    if (now - since >= times_of(key.first).raise) verdict.raise.push_back(condition);
  }

  std::erase_if(recovering_, [&](const auto& one) { return !open.contains(one.first); });
  for (const auto& [key, alarm] : open) {
    if (conditions.contains(key)) continue;
    const auto since = recovering_.try_emplace(key, now).first->second;
    if (now - since >= times_of(key.first).clear) verdict.clear.push_back(alarm->id);
  }
  return verdict;
}

std::vector<std::string> to_forget(const std::map<std::string, Alarm>& alarms, std::size_t most) {
  if (alarms.size() <= most) return {};
  std::vector<std::pair<WallTime, std::string>> cleared;
  for (const auto& [id, alarm] : alarms)
    if (alarm.cleared) cleared.emplace_back(*alarm.cleared, id);
  std::sort(cleared.begin(), cleared.end());
  cleared.resize(std::min(cleared.size(), alarms.size() - most));
  std::vector<std::string> ids;
  ids.reserve(cleared.size());
  for (auto& [when, id] : cleared) ids.push_back(std::move(id));
  return ids;
}

}  // namespace roamdesk::alarms
