#pragma once
#include <optional>

#include "exchange/element/desks.hpp"

namespace roamdesk::element {

// What the time of day does: the automatic logout, in each site's own time zone, and once an hour the history is cut to
// what the settings keep. A clock that jumps is followed.
class DailyClock {
 public:
  DailyClock(Context& context, Desks& desks) : context_(context), desks_(desks) {}

  // After the sessions were restored: who should have been logged out while we were down is, at the next check, and
  // no other.
  void start();
  // To be called every few seconds.
  void check();

 private:
  void trim_history();

  Context& context_;
  Desks& desks_;
  std::optional<WallTime> history_trimmed_;
  WallTime checked_{};  // until then the clock's logouts have happened
};

}  // namespace roamdesk::element
