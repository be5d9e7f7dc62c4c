#include "exchange/alarms/happenings.hpp"

#include <algorithm>
#include <chrono>

namespace roamdesk::alarms {
namespace {

constexpr std::chrono::minutes window{5}, holds{15};

double drained(double level, Duration while_) {
  return std::max(0.0, level - std::chrono::duration<double>(while_) / std::chrono::duration<double>(window));
}

}  // namespace

void Happenings::note(Event event, TimePoint now) {
  std::pair key{event.kind, event.subject};
  if (!entries_.contains(key)) {
    const auto first = entries_.lower_bound({event.kind, ""});
    const auto of_kind =
        std::count_if(first, entries_.end(), [&](const auto& one) { return one.first.first == event.kind; });
    if (static_cast<std::size_t>(of_kind) >= most_of_kind) {
      // A flood from everywhere: who they are in detail is in the log.
      event.subject.clear();
      event.site.clear();
      event.detail = "many of them; the log has each";
      key.second.clear();
    }
  }
  auto& entry = entries_.try_emplace(key, Entry{.last = now, .until = {}}).first->second;
  entry.condition = {event.kind, event.severity, event.subject, std::move(event.site), std::move(event.detail)};
  // Of one that counts for less, the level would never stay: what has been reached is kept for the while.
  entry.level = drained(entry.level, now - entry.last) + event.count / event.threshold;
  entry.last = now;
  if (entry.level < 1) return;
  entry.level = 1;
  entry.until = now + holds;
}

std::vector<Condition> Happenings::conditions(TimePoint now) {
  std::vector<Condition> all;
  std::erase_if(entries_, [&](const auto& one) {
    const Entry& entry = one.second;
    if (now < entry.until) {
      all.push_back(entry.condition);
      return false;
    }
    return drained(entry.level, now - entry.last) <= 0;
  });
  return all;
}

}  // namespace roamdesk::alarms
