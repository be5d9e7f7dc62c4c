#pragma once
#include <string>

#include "common/base/time.hpp"
#include "pbx-core/provisioning/phone_view.hpp"

namespace roamdesk::provisioning {

// Fills the view's offset and daylight saving from the zone database (shell: reads /usr/share/zoneinfo), by the year
// that begins at `now`. False, and UTC, where the zone isn't known. A zone whose clocks don't change by a rule of weeks
// (twice in that year) has no daylight saving.
bool set_time_zone(PhoneView& view, const std::string& zone, WallTime now);

}  // namespace roamdesk::provisioning
