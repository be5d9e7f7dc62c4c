#include "exchange/provisioning/files/zone.hpp"

#include <date/tz.h>

#include <chrono>
#include <stdexcept>
#include <vector>

namespace roamdesk::provisioning {
namespace {

using Seconds = std::chrono::sys_seconds;

// How phones name a change: the clock as it stood before it, and which of the month's Sundays (say) it was.
ClockChange change_at(Seconds at, std::chrono::seconds offset_before) {
  const auto local = date::local_days{} + (at.time_since_epoch() + offset_before);
  const auto day = date::floor<date::days>(local);
  const date::year_month_day date{day};
  ClockChange change;
  change.month = static_cast<unsigned>(date.month());
  change.weekday = date::weekday{day}.iso_encoding();
  const auto last =
      static_cast<unsigned>(date::year_month_day_last{date.year(), date::month_day_last{date.month()}}.day());
  const auto of_month = static_cast<unsigned>(date.day());
  change.week = of_month + 7 > last ? 5 : (of_month - 1) / 7 + 1;
  change.hour = static_cast<unsigned>(date::floor<std::chrono::hours>(local - day).count());
  return change;
}

}  // namespace

std::optional<ZoneFacts> describe_zone(const std::string& name, WallTime now) {
  const date::time_zone* zone = nullptr;
  try {
    zone = date::locate_zone(name);
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
  auto info = zone->get_info(std::chrono::time_point_cast<std::chrono::seconds>(now));
  const auto minutes = [](std::chrono::seconds offset) {
    return static_cast<int>(std::chrono::duration_cast<std::chrono::minutes>(offset).count());
  };
  const Seconds year_end = std::chrono::time_point_cast<std::chrono::seconds>(now) + std::chrono::hours{366 * 24};
  std::optional<ClockChange> start, end;
  std::chrono::seconds standard = info.offset, summer = info.offset;
  while (info.end < year_end) {
    const auto before = info.offset;
    const Seconds at = info.end;
    info = zone->get_info(at);
    if (info.offset > before) {
      start = change_at(at, before);
      summer = info.offset;
      standard = before;
    } else if (info.offset < before) {
      end = change_at(at, before);
      summer = before;
      standard = info.offset;
    }
  }
  // Dublin's law calls winter the exception; what phones want is the smaller offset, whatever its name.
  ZoneFacts facts;
  facts.utc_offset_minutes = minutes(standard);
  if (start && end) facts.clock_changes = ClockChanges{*start, *end, minutes(summer - standard)};
  return facts;
}

}  // namespace roamdesk::provisioning
