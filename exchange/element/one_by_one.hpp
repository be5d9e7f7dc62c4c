#pragma once
#include <deque>
#include <optional>
#include <set>
#include <vector>

#include "common/base/time.hpp"
#include "common/phones/mac.hpp"

namespace roamdesk::element {

// Phones that have something to learn which is no hurry, such as lines for all of a vendor's: one after the other, so
// that thousands don't fetch at once. Lost at a restart; a phone fetches every hour by itself.
class OneByOne {
 public:
  static constexpr std::chrono::milliseconds pace{100};

  void add(const std::vector<Mac>& macs, TimePoint now) {
    for (const Mac& mac : macs)
      if (waiting_.insert(mac).second) order_.push_back(mac);
    if (!next_ && !order_.empty()) next_ = now;
  }
  // Whose turn it is; nullopt: nobody's yet.
  std::optional<Mac> pop(TimePoint now) {
    if (!next_ || now < *next_) return std::nullopt;
    const Mac mac = order_.front();
    order_.pop_front();
    waiting_.erase(mac);
    next_.reset();
    if (!order_.empty()) next_ = now + pace;
    return mac;
  }
  std::optional<TimePoint> deadline() const { return next_; }

 private:
  std::deque<Mac> order_;
  std::set<Mac> waiting_;
  std::optional<TimePoint> next_;
};

}  // namespace roamdesk::element
