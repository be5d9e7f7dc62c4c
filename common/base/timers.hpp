#pragma once
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "common/base/time.hpp"

namespace roamdesk {

// At most one deadline for each key, and the earliest of all at hand. One that is set to another time takes no memory.
template <class Key>
class Timers {
 public:
  Timers() = default;
  // The order points into what it orders, which stays where it is when it is moved.
  Timers(Timers&&) noexcept = default;
  Timers& operator=(Timers&&) noexcept = default;

  void set(const Key& key, std::optional<TimePoint> at) {
    const auto old = at_.find(key);
    if (old == at_.end()) {
      if (at) order_.insert(&*at_.emplace(key, *at).first);
      return;
    }
    if (at && old->second == *at) return;
    auto place = order_.extract(&*old);
    if (!at) {
      at_.erase(old);
      return;
    }
    old->second = *at;
    order_.insert(std::move(place));
  }
  void clear(const Key& key) { set(key, std::nullopt); }
  std::optional<TimePoint> of(const Key& key) const {
    const auto it = at_.find(key);
    return it == at_.end() ? std::nullopt : std::optional{it->second};
  }
  std::optional<TimePoint> earliest() const {
    return order_.empty() ? std::nullopt : std::optional{(*order_.begin())->second};
  }
  // The key whose deadline is the earliest that has come; its timer is cleared.
  std::optional<Key> pop_due(TimePoint now) {
    if (order_.empty() || (*order_.begin())->second > now) return std::nullopt;
    Key key = (*order_.begin())->first;
    clear(key);
    return key;
  }

 private:
  using Entry = std::pair<const Key, TimePoint>;
  struct Sooner {
    bool operator()(const Entry* a, const Entry* b) const {
      return a->second != b->second ? a->second < b->second : a->first < b->first;
    }
  };
  std::map<Key, TimePoint> at_;
  std::set<const Entry*, Sooner> order_;
};

}  // namespace roamdesk
