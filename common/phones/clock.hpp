#pragma once
#include <optional>
#include <string_view>

namespace roamdesk::phones {

// When clocks change: the week of the month (5: the last) and the day (1: Monday, 7: Sunday), local wall clock.
struct ClockChange {
  unsigned month = 0, week = 0, weekday = 0, hour = 0;
  friend bool operator==(const ClockChange&, const ClockChange&) = default;
};
struct ClockChanges {
  ClockChange start, end;
  int minutes = 60;
  friend bool operator==(const ClockChanges&, const ClockChanges&) = default;
};

// A site's clock.
struct Zone {
  int utc_offset_minutes = 0;           // without daylight saving
  std::optional<ClockChanges> changes;  // of daylight saving; without them a phone shows standard time
  std::string_view name = "";           // "Europe/Berlin", for phones that know it; "" where nothing is known
};

}  // namespace roamdesk::phones
