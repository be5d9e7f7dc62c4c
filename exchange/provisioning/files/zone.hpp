#pragma once
#include <optional>
#include <string>

#include "common/base/time.hpp"
#include "exchange/provisioning/phone_view.hpp"

namespace roamdesk::provisioning {

struct ZoneFacts {
  int utc_offset_minutes = 0;  // without daylight saving
  std::optional<ClockChanges> clock_changes = std::nullopt;
};

// From the zone database (shell: reads /usr/share/zoneinfo), by the year that begins at `now`. nullopt where the zone
// isn't known. A zone whose clocks don't change to and fro in that year has no changes.
std::optional<ZoneFacts> describe_zone(const std::string& zone, WallTime now);

}  // namespace roamdesk::provisioning
