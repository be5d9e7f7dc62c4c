#include "common/base/rate_limit.hpp"

#include <chrono>

namespace roamdesk::net {

bool RateLimit::allow(IpAddress source, TimePoint now, double cost) {
  auto found = buckets_.find(source.source());
  if (found == buckets_.end()) {
    // Sweeping is paid for at most once a second, however many newcomers there are.
    if (buckets_.size() >= settings_.sources && now - swept_ >= std::chrono::seconds{1}) forget_full(now);
    if (buckets_.size() >= settings_.sources) return newcomers_.take(rate_, now, cost);
    found = buckets_.emplace(source.source(), TokenBucket{}).first;
  }
  return found->second.take(rate_, now, cost);
}

bool RateLimit::would_allow(IpAddress source, TimePoint now, double cost) {
  const auto found = buckets_.find(source.source());
  if (found != buckets_.end()) return found->second.has(rate_, now, cost);
  return buckets_.size() < settings_.sources || now - swept_ >= std::chrono::seconds{1} ||
         newcomers_.has(rate_, now, cost);
}

// A bucket that is full again says no more than no bucket.
void RateLimit::forget_full(TimePoint now) {
  swept_ = now;
  std::erase_if(buckets_, [&](auto& entry) { return entry.second.is_full(rate_, now); });
}

}  // namespace roamdesk::net
