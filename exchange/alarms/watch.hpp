#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/base/time.hpp"
#include "exchange/alarms/condition.hpp"
#include "exchange/model/alarm.hpp"

namespace roamdesk::alarms {

// How long a condition must hold for its alarm to be raised, and be gone for it to be cleared.
struct Times {
  Duration raise, clear;
};
Times times_of(AlarmKind kind);

// When alarms are raised and cleared. It is told every few seconds what is wrong, and keeps nothing but since when;
// which alarms there are is said by their records alone. README.md has the table.
class Watch {
 public:
  // Open, or about to be raised, of one kind; what finds no place shares an alarm without a subject.
  static constexpr std::size_t most_of_kind = 100;

  struct Changed {
    std::string id;  // of an alarm
    Condition now;
  };
  // What is to be done with the records.
  struct Verdict {
    std::vector<Condition> raise;
    // The severity has risen: people are told again. It never falls while the alarm is open.
    std::vector<Changed> worse;
    // It reads otherwise: the record says so, nobody is told.
    std::vector<Changed> differ;
    std::vector<std::string> clear;
    bool empty() const { return raise.empty() && worse.empty() && differ.empty() && clear.empty(); }
  };
  // `wrong`: all that is wrong now. `alarms`: all that are known, by id, cleared ones among them.
  Verdict look(std::vector<Condition> wrong, const std::map<std::string, Alarm>& alarms, TimePoint now);

  // What is remembered: bounded, as alarms and conditions are.
  std::size_t size() const { return suspected_.size() + recovering_.size(); }

 private:
  using Key = std::pair<AlarmKind, std::string>;
  std::map<Key, TimePoint> suspected_;   // since when it is wrong, of what isn't raised yet
  std::map<Key, TimePoint> recovering_;  // since when it is well, of what is open
};

// Records that may go, so that not more than `most` are kept: those that were cleared longest ago.
std::vector<std::string> to_forget(const std::map<std::string, Alarm>& alarms, std::size_t most);

}  // namespace roamdesk::alarms
