#pragma once
#include <string>

#include "common/base/time.hpp"
#include "common/config/types.hpp"
#include "exchange/element/world.hpp"

namespace roamdesk::core {

// What phones are told of a zone; UTC where the name isn't known.
element::Zone describe_zone(const std::string& name, WallTime now);
// When `time` struck last in the zone, at or before `now`.
WallTime last_strike(const std::string& zone, config::TimeOfDay time, WallTime now);

}  // namespace roamdesk::core
