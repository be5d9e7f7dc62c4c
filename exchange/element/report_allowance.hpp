#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/base/timers.hpp"
#include "exchange/element/discoveries.hpp"

namespace roamdesk::element {

// How much is written down of requests that were refused and that any sender can make: in a minute each thing once for
// each source, up to a bound for a source and one for a site; of the rest its number, when the minute is over.
class ReportAllowance {
 public:
  static constexpr std::size_t of_source = 8, of_site = 60;
  static constexpr std::chrono::seconds minute{60};
  struct More {
    SiteId site;
    std::size_t count = 0;
  };

  // Whether this one is to be written down by itself. `what` names the thing, such as a MAC and the reason.
  bool take(const Source& source, const std::string& what, TimePoint now) {
    const auto [entry, first] = sites_.try_emplace(source.site);
    if (first) minutes_.set(source.site, now + minute);
    Minute& site = entry->second;
    const auto known = site.said.find(source.ip.source());
    const bool full = site.count >= of_site || (known != site.said.end() && known->second.size() >= of_source);
    if ((known != site.said.end() && known->second.contains(what)) || full) {
      ++site.more;
      return false;
    }
    site.said[source.ip.source()].insert(what);
    ++site.count;
    return true;
  }
  std::vector<More> handle_timeout(TimePoint now) {
    std::vector<More> over;
    while (const auto site = minutes_.pop_due(now)) {
      const auto found = sites_.find(*site);
      if (found->second.more > 0) over.push_back({*site, found->second.more});
      sites_.erase(found);
    }
    return over;
  }
  std::optional<TimePoint> deadline() const { return minutes_.earliest(); }

 private:
  struct Minute {
    std::map<IpAddress, std::set<std::string>> said;
    std::size_t count = 0, more = 0;
  };
  std::map<SiteId, Minute> sites_;
  Timers<SiteId> minutes_;
};

}  // namespace roamdesk::element
