#pragma once
#include <cstddef>
#include <cstdint>
#include <map>

#include "common/base/endpoint.hpp"
#include "common/base/time.hpp"
#include "common/base/token_bucket.hpp"

namespace roamdesk::net {

// A token bucket for each source (IpAddress::source), in bounded memory: where the table is full of active sources,
// newcomers share one bucket, so that a flood of forged addresses costs known ones nothing.
class RateLimit {
 public:
  struct Settings {
    double per_second = 50;
    double burst = 100;
    std::size_t sources = 4096;
  };
  explicit RateLimit(Settings settings) : settings_(settings), rate_{settings.per_second, settings.burst} {}
  // True: let it through.
  bool allow(IpAddress source, TimePoint now, double cost = 1);
  // Whether allow() would: asked first where something else may refuse as well, so that what doesn't pass costs its
  // source nothing, and takes no place here.
  bool would_allow(IpAddress source, TimePoint now, double cost = 1);
  // To be called every few seconds: a source that was quiet for long enough takes no memory.
  void handle_timeout(TimePoint now) { forget_full(now); }
  std::size_t size() const { return buckets_.size(); }

 private:
  void forget_full(TimePoint now);
  Settings settings_;
  Rate rate_;
  std::map<IpAddress, TokenBucket> buckets_;  // not hashed: sources may be forged to fall together
  TokenBucket newcomers_;
  TimePoint swept_{};
};

}  // namespace roamdesk::net
