#include "common/names/memory.hpp"

#include <algorithm>

namespace roamdesk::names {
namespace {

bool is_worse(const Located& found, const Located& before) {
  // What DNS says is gone must not be answered with what was there before (RFC 8767 §4).
  if (!found.problem || is_said(found.problem->fault) || before.targets.empty()) return false;
  return found.targets.empty() || found.targets.front().transport != before.targets.front().transport;
}

}  // namespace

std::optional<Located> Memory::recall(const Query& query, TimePoint now) const {
  const auto it = known_.find(query);
  if (it == known_.end() || now >= it->second.until) return std::nullopt;
  Located located = it->second.located;
  located.ttl = std::chrono::ceil<std::chrono::seconds>(it->second.until - now);
  return located;
}

Located Memory::learn(const Query& query, Located found, TimePoint now) {
  const auto it = known_.find(query);
  if (it != known_.end() && is_worse(found, it->second.located)) {
    const Located& before = it->second.located;
    found = {.targets = before.targets, .ttl = ask_again_after, .problem = std::move(found.problem), .stale = true};
  }
  const TimePoint until = now + found.ttl;
  if (it == known_.end() && known_.size() >= most_)
    known_.erase(std::min_element(known_.begin(), known_.end(),
                                  [](const auto& a, const auto& b) { return a.second.until < b.second.until; }));
  known_.insert_or_assign(query, Known{found, until});
  return found;
}

}  // namespace roamdesk::names
