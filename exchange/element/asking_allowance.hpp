#pragma once
#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "common/base/endpoint.hpp"
#include "common/base/ids.hpp"
#include "common/base/time.hpp"

namespace roamdesk::element {

// Plug-and-play and DHCP option 66 ask for no credentials, so what one address and one site may ask is bounded: neither
// can take all others' place. A building whose power returns is within it; the rest asks again.
class AskingAllowance {
 public:
  static constexpr double site_at_once = 2000, site_per_second = 50;
  static constexpr double source_at_once = 100, source_per_second = 2;
  // Remembered at once; beyond them newcomers have the site's allowance only.
  static constexpr std::size_t most_sources = 4096;

  bool take(const SiteId& site, IpAddress source, TimePoint now) {
    // What an address asks beyond its share costs its site nothing.
    Bucket* own = bucket_of(site, source, now);
    if (own && own->fill(now, source_at_once, source_per_second) < 1) return false;
    Bucket& all = sites_.try_emplace(site, Bucket{site_at_once, now}).first->second;
    if (all.fill(now, site_at_once, site_per_second) < 1) return false;
    all.tokens -= 1;
    if (own) own->tokens -= 1;
    return true;
  }

 private:
  struct Bucket {
    double tokens = 0;
    TimePoint filled{};
    double level(TimePoint now, double most, double per_second) const {
      const std::chrono::duration<double> passed = now - filled;
      return std::min(most, tokens + passed.count() * per_second);
    }
    double fill(TimePoint now, double most, double per_second) {
      tokens = level(now, most, per_second);
      filled = now;
      return tokens;
    }
  };
  Bucket* bucket_of(const SiteId& site, IpAddress source, TimePoint now) {
    const auto key = std::pair{site, source.source()};
    if (const auto found = sources_.find(key); found != sources_.end()) return &found->second;
    if (sources_.size() >= most_sources && now >= swept_ + std::chrono::seconds{10}) {
      swept_ = now;
      std::erase_if(sources_, [&](const auto& entry) {
        return entry.second.level(now, source_at_once, source_per_second) >= source_at_once;
      });
    }
    if (sources_.size() >= most_sources) return nullptr;
    return &sources_.emplace(key, Bucket{source_at_once, now}).first->second;
  }

  std::map<SiteId, Bucket> sites_;
  std::map<std::pair<SiteId, IpAddress>, Bucket> sources_;  // not hashed: addresses may be forged to fall together
  TimePoint swept_{};
};

}  // namespace roamdesk::element
