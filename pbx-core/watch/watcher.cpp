#include "pbx-core/watch/watcher.hpp"

#include <iterator>
#include <memory>
#include <utility>

#include "common/log/log.hpp"

namespace roamdesk::watch {
namespace {

using alarms::News;
using alarms::Turn;

void log_news(const News& news) {
  const Alarm& alarm = news.alarm;
  const bool over = news.turn == Turn::cleared;
  log::write(over ? log::Level::info : log::Level::warning,
             over                        ? "alarm.cleared"
             : news.turn == Turn::raised ? "alarm.raised"
                                         : "alarm.worse",
             {{"kind", word_of(alarm.kind)},
              {"severity", word_of(alarm.severity)},
              {"subject", alarm.subject},
              {"detail", alarm.detail}});
}

// The records that the verdict asks for, as they are when it is its turn.
Changes changes_of(const alarms::Watch::Verdict& verdict, const Directory& directory,
                   const std::function<std::string()>& unique, WallTime wall, std::vector<News>& news) {
  Changes changes;
  const auto& all = directory.all<Alarm>();
  const auto open = [&all](const std::string& id) -> const Alarm* {
    const auto found = all.find(id);
    return found == all.end() || found->second.cleared ? nullptr : &found->second;
  };
  for (const auto& one : verdict.clear) {
    const Alarm* known = open(one);
    if (!known) continue;
    Alarm alarm = *known;
    alarm.cleared = wall;
    news.push_back({Turn::cleared, alarm});
    changes.push_back(Put<Alarm>{std::move(alarm)});
  }
  for (const auto& one : verdict.raise) {
    Alarm alarm{.id = unique(), .kind = one.kind, .severity = one.severity, .subject = one.subject};
    alarm.site = one.site;
    alarm.detail = one.detail;
    alarm.raised = wall;
    news.push_back({Turn::raised, alarm});
    changes.push_back(Put<Alarm>{std::move(alarm)});
  }
  const auto change = [&](const alarms::Watch::Changed& one, bool worse) {
    const Alarm* known = open(one.id);
    if (!known) return;
    Alarm alarm = *known;
    alarm.site = one.now.site;
    alarm.detail = one.now.detail;
    if (worse) {
      alarm.severity = one.now.severity;
      news.push_back({Turn::worse, alarm});
    }
    changes.push_back(Put<Alarm>{std::move(alarm)});
  };
  for (const auto& one : verdict.worse) change(one, true);
  for (const auto& one : verdict.differ) change(one, false);
  // What is raised now comes on top; it is made up for at the next change.
  for (auto& id : alarms::to_forget(all, Watcher::most_records)) changes.push_back(Delete<Alarm>{std::move(id)});
  return changes;
}

}  // namespace

void Watcher::look(std::vector<alarms::Condition> wrong, TimePoint now, WallTime wall) {
  auto happening = happenings_.conditions(now);
  wrong.insert(wrong.end(), std::make_move_iterator(happening.begin()), std::make_move_iterator(happening.end()));
  // What is being stored isn't in the records yet.
  if (!storing_) {
    auto verdict = watch_.look(std::move(wrong), parts_.domain.directory().all<Alarm>(), now);
    if (!verdict.empty()) store(std::move(verdict), now, wall);
  }
  if (const auto bulletin = gathering_.next(now)) parts_.tell(*bulletin);
}

void Watcher::store(alarms::Watch::Verdict verdict, TimePoint now, WallTime wall) {
  storing_ = true;
  const auto news = std::make_shared<std::vector<News>>();
  parts_.domain.change(
      [this, verdict = std::move(verdict), wall, news](const Directory& directory) -> api::Domain::Decision {
        return changes_of(verdict, directory, parts_.unique, wall, *news);
      },
      {},
      [this, news, now](const api::Answer& answer) {
        storing_ = false;
        if (answer.outcome != api::Outcome::ok) return;
        for (auto& one : *news) {
          log_news(one);
          parts_.changed(one.alarm);
          gathering_.add(std::move(one), now);
        }
      });
}

}  // namespace roamdesk::watch
