#pragma once
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "common/base/time.hpp"

namespace roamdesk {

// At most one deadline for each key, and the earliest of all at hand.
template <class Key>
class Timers {
 public:
  void set(const Key& key, std::optional<TimePoint> at) {
    const auto old = at_.find(key);
    if (old != at_.end()) {
      if (at && old->second == *at) return;
      order_.erase({old->second, key});
      at_.erase(old);
    }
    if (!at) return;
    at_.emplace(key, *at);
    order_.emplace(*at, key);
  }
  void clear(const Key& key) { set(key, std::nullopt); }
  std::optional<TimePoint> of(const Key& key) const {
    const auto it = at_.find(key);
    return it == at_.end() ? std::nullopt : std::optional{it->second};
  }
  std::optional<TimePoint> earliest() const {
    return order_.empty() ? std::nullopt : std::optional{order_.begin()->first};
  }
  // The key whose deadline is the earliest that has come; its timer is cleared.
  std::optional<Key> pop_due(TimePoint now) {
    if (order_.empty() || order_.begin()->first > now) return std::nullopt;
    Key key = order_.begin()->second;
    clear(key);
    return key;
  }

 private:
  std::map<Key, TimePoint> at_;
  std::set<std::pair<TimePoint, Key>> order_;
};

}  // namespace roamdesk
