#pragma once
#include <map>
#include <string>
#include <vector>

#include "common/base/timers.hpp"

namespace roamdesk::element {

// How many audit records are written of events that a sender can cause without bound: emergency calls, which need no
// credentials, and tries that are refused. The first of each source at once, how many more came when its minute is
// over, and beyond `most_sources` in a minute all others as one.
class AuditAllowance {
 public:
  struct Repeats {
    std::string source;
    std::size_t more = 0;  // beyond the first
    friend bool operator==(const Repeats&, const Repeats&) = default;
  };
  static constexpr std::size_t most_sources = 100;
  static constexpr std::chrono::seconds minute{60};
  static constexpr const char* others = "other sources";

  // Whether this one is to be written down by itself.
  bool take(const std::string& source, TimePoint now) {
    const std::string key = counts_.contains(source) || counts_.size() < most_sources ? source : others;
    const auto [count, first] = counts_.try_emplace(key, 0);
    if (first) {
      minutes_.set(key, now + minute);
      return true;
    }
    ++count->second;
    return false;
  }
  // Sources whose minute is over and that came more than once in it.
  std::vector<Repeats> handle_timeout(TimePoint now) {
    std::vector<Repeats> over;
    while (const auto source = minutes_.pop_due(now)) {
      const auto count = counts_.find(*source);
      if (count->second > 0) over.push_back({*source, count->second});
      counts_.erase(count);
    }
    return over;
  }
  std::optional<TimePoint> deadline() const { return minutes_.earliest(); }

 private:
  std::map<std::string, std::size_t> counts_;
  Timers<std::string> minutes_;
};

}  // namespace roamdesk::element
