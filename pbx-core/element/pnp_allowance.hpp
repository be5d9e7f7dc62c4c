#pragma once
#include <algorithm>
#include <chrono>
#include <map>

#include "common/base/ids.hpp"
#include "common/base/time.hpp"

namespace roamdesk::element {

// Plug-and-play asks for no credentials, and its answers are kept until timer J (RFC 3261 §17.2.2): what one site may
// ask is bounded, so that it can't take all others' place. A building whose power returns is within it; the rest asks
// again.
class PnpAllowance {
 public:
  static constexpr double at_once = 2000, per_second = 50;

  bool take(const SiteId& site, TimePoint now) {
    Bucket& bucket = sites_.try_emplace(site, Bucket{at_once, now}).first->second;
    const std::chrono::duration<double> passed = now - bucket.filled;
    bucket.tokens = std::min(at_once, bucket.tokens + passed.count() * per_second);
    bucket.filled = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

 private:
  struct Bucket {
    double tokens = 0;
    TimePoint filled{};
  };
  std::map<SiteId, Bucket> sites_;
};

}  // namespace roamdesk::element
