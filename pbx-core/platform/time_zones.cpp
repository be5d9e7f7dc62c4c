#include "pbx-core/platform/time_zones.hpp"

#include <date/tz.h>

#include "exchange/provisioning/files/zone.hpp"

namespace roamdesk::core {

element::Zone describe_zone(const std::string& name, WallTime now) {
  element::Zone zone{name, 0, false};
  const auto facts = provisioning::describe_zone(name, now);
  if (!facts) return {"UTC", 0, false};
  zone.utc_offset_minutes = facts->utc_offset_minutes;
  zone.daylight_saving = facts->clock_changes.has_value();
  zone.clock_changes = facts->clock_changes;
  return zone;
}

WallTime last_strike(const std::string& zone, config::TimeOfDay time, WallTime now) {
  const date::time_zone* found = nullptr;
  try {
    found = date::locate_zone(zone);
  } catch (const std::exception&) {
    found = date::locate_zone("UTC");
  }
  const auto local_day = std::chrono::floor<date::days>(found->to_local(now));
  const auto strike = [&](date::local_days day) {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(
        found->to_sys(day + time.since_midnight, date::choose::earliest));
  };
  const auto today = strike(local_day);
  return today <= now ? today : strike(local_day - date::days{1});
}

}  // namespace roamdesk::core
