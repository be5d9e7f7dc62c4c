#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>

#include "common/base/endpoint.hpp"
#include "common/base/time.hpp"

namespace roamdesk::net {

// A token bucket for each source address, in bounded memory: where the table is full of active sources, newcomers share
// one bucket, so that a flood of forged addresses costs known ones nothing.
class RateLimit {
 public:
  struct Settings {
    double per_second = 50;
    double burst = 100;
    std::size_t sources = 4096;
  };
  explicit RateLimit(Settings settings) : settings_(settings) {}
  // True: let it through.
  bool allow(Ipv4 source, TimePoint now, double cost = 1);
  std::size_t size() const { return buckets_.size(); }

 private:
  struct Bucket {
    double tokens = 0;
    TimePoint filled{};
  };
  bool take(Bucket& bucket, TimePoint now, double cost) const;
  void forget_full(TimePoint now);
  Settings settings_;
  std::map<std::uint32_t, Bucket> buckets_;  // not hashed: sources may be forged to fall together
  Bucket newcomers_;
  bool newcomers_used_ = false;
  TimePoint swept_{};
};

}  // namespace roamdesk::net
