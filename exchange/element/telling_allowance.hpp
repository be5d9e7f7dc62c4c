#pragma once
#include <cstddef>
#include <map>
#include <string>

#include "common/base/time.hpp"

namespace roamdesk::element {

// How often people are told that somebody calls for help. The same caller within a minute is told of once, unless the
// first telling was acknowledged meanwhile. Phones of strangers' making: three in a minute make phones ring, whatever
// addresses they come from; the others are recorded, and told without ringing.
class TellingAllowance {
 public:
  static constexpr std::size_t most_rings_of_strangers = 3;
  static constexpr std::size_t most_sources = 1000;
  static constexpr std::chrono::seconds minute{60};

  // The emergency of this source that was told within the last minute; nullptr: none, and it is to be told.
  const std::string* told(const std::string& source, TimePoint now) const {
    const auto found = told_.find(source);
    return found != told_.end() && now - found->second.at < minute ? &found->second.emergency : nullptr;
  }
  void note(const std::string& source, std::string emergency, TimePoint now) {
    std::erase_if(told_, [&](const auto& one) { return now - one.second.at >= minute; });
    if (told_.size() >= most_sources) return;  // then it is told again: more is no harm, nothing would be
    told_.insert_or_assign(source, Told{std::move(emergency), now});
  }
  bool may_ring(bool stranger, TimePoint now) {
    if (!stranger) return true;
    if (now - since_ >= minute) {
      since_ = now;
      rings_ = 0;
    }
    return ++rings_ <= most_rings_of_strangers;
  }

 private:
  struct Told {
    std::string emergency;
    TimePoint at;
  };
  std::map<std::string, Told> told_;
  std::size_t rings_ = 0;
  TimePoint since_{};
};

}  // namespace roamdesk::element
