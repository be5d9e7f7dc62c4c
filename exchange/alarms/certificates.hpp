#pragma once
#include <optional>
#include <string>

#include "exchange/alarms/condition.hpp"

namespace roamdesk::alarms {

// A certificate that ends within so many days, or has ended; nullopt where it has longer.
std::optional<Condition> certificate_ends(const std::string& name, const std::string& site, WallTime until,
                                          unsigned days, WallTime now);

}  // namespace roamdesk::alarms
