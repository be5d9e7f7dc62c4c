#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "common/base/ids.hpp"
#include "common/base/timers.hpp"
#include "common/phones/mac.hpp"

namespace roamdesk::element {

// The lines to other sites: which are down, until when the calls that cross them wait, and which phones are to be asked
// whether they know of their calls when a line is back.
class Lines {
 public:
  // Calls that cross a line end when it has been down for so long; those at home go on.
  static constexpr std::chrono::seconds patience{60};

  // False if it was down already.
  bool went_down(const SiteId& site, TimePoint now) {
    if (!down_.insert(site).second) return false;
    deadlines_.set(site, now + patience);
    return true;
  }
  struct Back {
    bool was_down = false;
    std::vector<Mac> to_ask;
  };
  Back came_back(const SiteId& site);
  // Behind a dead line silence means nothing: this phone is in the next came_back().
  void ask_later(const Mac& phone, const SiteId& site) { to_ask_.emplace(phone, site); }

  bool is_down(const SiteId& site) const { return down_.contains(site); }
  bool all_up() const { return down_.empty(); }
  // The next site whose line has been down for `patience`, each once.
  std::optional<SiteId> pop_given_up(TimePoint now) { return deadlines_.pop_due(now); }
  std::optional<TimePoint> deadline() const { return deadlines_.earliest(); }

 private:
  std::set<SiteId> down_;
  std::map<Mac, SiteId> to_ask_;
  Timers<SiteId> deadlines_;
};

inline Lines::Back Lines::came_back(const SiteId& site) {
  Back back;
  deadlines_.clear(site);
  back.was_down = down_.erase(site) > 0;
  std::erase_if(to_ask_, [&](const auto& entry) {
    if (entry.second != site) return false;
    back.to_ask.push_back(entry.first);
    return true;
  });
  return back;
}

}  // namespace roamdesk::element
