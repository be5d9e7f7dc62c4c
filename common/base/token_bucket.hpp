#pragma once
#include <algorithm>
#include <chrono>

#include "common/base/time.hpp"

namespace roamdesk::net {

struct Rate {
  double per_second = 50;
  double burst = 100;
};

// Tokens that come back at a rate; full at first. Who asks brings the rate, so that ten thousand of them are small.
class TokenBucket {
 public:
  bool has(const Rate& rate, TimePoint now, double cost = 1) {
    fill(rate, now);
    return tokens_ >= cost;
  }
  bool take(const Rate& rate, TimePoint now, double cost = 1) {
    if (!has(rate, now, cost)) return false;
    tokens_ -= cost;
    return true;
  }
  bool is_full(const Rate& rate, TimePoint now) const { return tokens_at(rate, now) >= rate.burst; }

 private:
  double tokens_at(const Rate& rate, TimePoint now) const {
    if (tokens_ < 0) return rate.burst;
    const std::chrono::duration<double> passed = now - filled_;
    return std::min(rate.burst, tokens_ + std::max(0.0, passed.count()) * rate.per_second);
  }
  void fill(const Rate& rate, TimePoint now) {
    tokens_ = tokens_at(rate, now);
    filled_ = now;
  }
  double tokens_ = -1;  // not used yet
  TimePoint filled_{};
};

}  // namespace roamdesk::net
