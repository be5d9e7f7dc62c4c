#include "pbx-core/administration/history.hpp"

#include <algorithm>

namespace roamdesk::administration {
namespace {

std::int64_t index_of(WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()) / History::step;
}

}  // namespace

void History::sample(WallTime time, std::size_t calls, std::size_t desks_in_use) {
  Step& current = steps_[index_of(time)];
  current.calls = std::max(current.calls.value_or(0), static_cast<std::uint32_t>(calls));
  current.desks_in_use = std::max(current.desks_in_use.value_or(0), static_cast<std::uint32_t>(desks_in_use));
  trim();
}

void History::login(WallTime time) {
  ++steps_[index_of(time)].logins;
  trim();
}

void History::trim() {
  while (steps_.size() > kept) steps_.erase(steps_.begin());
}

std::size_t History::logins_since(WallTime since) const {
  std::size_t sum = 0;
  for (auto it = steps_.lower_bound(index_of(since)); it != steps_.end(); ++it) sum += it->second.logins;
  return sum;
}

api::Past History::last_day(WallTime now) const {
  const auto first = index_of(now) - shown + 1;
  api::Past past;
  past.step_s = static_cast<std::uint32_t>(step.count());
  past.from = WallTime{first * step};
  for (auto index = first; index < first + shown; ++index) {
    const auto found = steps_.find(index);
    const Step empty;
    const Step& sampled = found == steps_.end() ? empty : found->second;
    past.calls.push_back(sampled.calls);
    past.desks_in_use.push_back(sampled.desks_in_use);
    past.logins.push_back(sampled.logins);
  }
  return past;
}

}  // namespace roamdesk::administration
