#include "common/net/rate_limit.hpp"

#include <algorithm>

namespace roamdesk::net {

bool RateLimit::allow(Ipv4 source, TimePoint now, double cost) {
  auto found = buckets_.find(source.value);
  if (found == buckets_.end()) {
    // Sweeping is paid for at most once a second, however many newcomers there are.
    if (buckets_.size() >= settings_.sources && now - swept_ >= std::chrono::seconds{1}) forget_full(now);
    if (buckets_.size() >= settings_.sources) {
      if (!newcomers_used_) newcomers_ = {settings_.burst, now};
      newcomers_used_ = true;
      return take(newcomers_, now, cost);
    }
    found = buckets_.emplace(source.value, Bucket{settings_.burst, now}).first;
  }
  return take(found->second, now, cost);
}

bool RateLimit::take(Bucket& bucket, TimePoint now, double cost) const {
  const std::chrono::duration<double> passed = now - bucket.filled;
  bucket.tokens = std::min(settings_.burst, bucket.tokens + std::max(0.0, passed.count()) * settings_.per_second);
  bucket.filled = now;
  if (bucket.tokens < cost) return false;
  bucket.tokens -= cost;
  return true;
}

// A bucket that is full again says no more than no bucket.
void RateLimit::forget_full(TimePoint now) {
  swept_ = now;
  std::erase_if(buckets_, [&](const auto& entry) {
    const std::chrono::duration<double> passed = now - entry.second.filled;
    return entry.second.tokens + passed.count() * settings_.per_second >= settings_.burst;
  });
}

}  // namespace roamdesk::net
