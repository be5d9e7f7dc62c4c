#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/base/time.hpp"
#include "exchange/alarms/condition.hpp"

namespace roamdesk::alarms {

// What happens, as a condition: wrong passwords, packets of strangers. So many within a while are one, and it holds
// until none have come for a while.
class Happenings {
 public:
  // Subjects of one kind that are counted by themselves; the others are counted together, without a subject.
  static constexpr std::size_t most_of_kind = 200;

  struct Event {
    AlarmKind kind{};
    AlarmSeverity severity = AlarmSeverity::warning;
    std::string subject{}, site{}, detail{};
    // How many there were, and how many within five minutes are a condition.
    double count = 1, threshold = 1;
  };
  void note(Event event, TimePoint now);
  // Those that hold. What no longer counts is forgotten.
  std::vector<Condition> conditions(TimePoint now);
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    Condition condition;
    double level = 0;   // of the threshold 1; it drains within `window`
    TimePoint last{};   // when the level was computed
    TimePoint until{};  // the condition holds; the beginning of time where it doesn't
  };
  std::map<std::pair<AlarmKind, std::string>, Entry> entries_;
};

}  // namespace roamdesk::alarms
