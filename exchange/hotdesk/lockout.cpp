#include "exchange/hotdesk/lockout.hpp"

#include <algorithm>

namespace roamdesk::hotdesk {
namespace {

std::size_t within(const std::deque<TimePoint>& failures, Duration window, TimePoint now) {
  const auto first = std::find_if(failures.begin(), failures.end(), [&](TimePoint at) { return now - at < window; });
  return static_cast<std::size_t>(failures.end() - first);
}

}  // namespace

bool Lockouts::admits(const ExtensionNumber& extension, const HotDeskId& desk, std::size_t in_check_desk,
                      std::size_t in_check_all, TimePoint now) const {
  std::size_t at_desk = in_check_desk, anywhere = in_check_all;
  if (const auto it = counts_.find(extension); it != counts_.end()) {
    if (now < it->second.everywhere.locked_until) return false;
    anywhere += within(it->second.everywhere.failures, rules_.everywhere_window, now);
    if (const auto count = it->second.desks.find(desk); count != it->second.desks.end()) {
      if (now < count->second.locked_until) return false;
      at_desk += within(count->second.failures, rules_.desk_window, now);
    }
  }
  return at_desk < rules_.desk_failures && anywhere < rules_.everywhere_failures;
}

Lockouts::Locked Lockouts::failed(const ExtensionNumber& extension, const HotDeskId& desk, TimePoint now) {
  const auto count = [now, this](Count& c, std::size_t limit, Duration window) {
    while (!c.failures.empty() && now - c.failures.front() >= window) c.failures.pop_front();
    c.failures.push_back(now);
    if (c.failures.size() < limit) return false;
    c.failures.clear();
    c.locked_until = now + rules_.duration;
    return true;
  };
  Counts& counts = counts_[extension];
  // A person may have failed at many desks in a year; what can't lead to a lock any more goes.
  std::erase_if(counts.desks, [&](const auto& entry) {
    const Count& c = entry.second;
    return c.locked_until <= now && (c.failures.empty() || now - c.failures.back() >= rules_.desk_window);
  });
  const bool at_desk = count(counts.desks[desk], rules_.desk_failures, rules_.desk_window);
  const bool everywhere = count(counts.everywhere, rules_.everywhere_failures, rules_.everywhere_window);
  return everywhere ? Locked::everywhere : at_desk ? Locked::at_desk : Locked::no;
}

void Lockouts::succeeded(const ExtensionNumber& extension, const HotDeskId& desk) {
  const auto it = counts_.find(extension);
  if (it == counts_.end()) return;
  it->second.desks.erase(desk);
  if (it->second.desks.empty() && it->second.everywhere.failures.empty()) counts_.erase(it);
}

void Lockouts::unlock(const ExtensionNumber& extension) { counts_.erase(extension); }

std::vector<FailureCount> Lockouts::counts(const ExtensionNumber& extension) const {
  std::vector<FailureCount> result;
  const auto it = counts_.find(extension);
  if (it == counts_.end()) return result;
  const auto add = [&](std::optional<HotDeskId> desk, const Count& count) {
    const bool locked = count.locked_until != TimePoint::min();
    if (count.failures.empty() && !locked) return;
    result.push_back({std::move(desk),
                      {count.failures.begin(), count.failures.end()},
                      locked ? std::optional{count.locked_until} : std::nullopt});
  };
  add(std::nullopt, it->second.everywhere);
  for (const auto& [desk, count] : it->second.desks) add(desk, count);
  return result;
}

void Lockouts::restore(const ExtensionNumber& extension, const std::vector<FailureCount>& counts) {
  for (const FailureCount& stored : counts) {
    Count& count = stored.desk ? counts_[extension].desks[*stored.desk] : counts_[extension].everywhere;
    count.failures.assign(stored.failures.begin(), stored.failures.end());
    count.locked_until = stored.locked_until.value_or(TimePoint::min());
  }
}

std::optional<TimePoint> Lockouts::locked_until(const ExtensionNumber& extension, TimePoint now) const {
  const auto it = counts_.find(extension);
  if (it == counts_.end()) return std::nullopt;
  TimePoint latest = it->second.everywhere.locked_until;
  for (const auto& [desk, count] : it->second.desks) latest = std::max(latest, count.locked_until);
  return latest > now ? std::optional{latest} : std::nullopt;
}

}  // namespace roamdesk::hotdesk
