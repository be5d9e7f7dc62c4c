#pragma once
#include "common/config/section.hpp"
#include "pbx-core/config.hpp"

namespace roamdesk::core {

// Adds a fault for each listener that has the address and port of one before it.
void check_listeners(const config::Section& root, const Config& config);

}  // namespace roamdesk::core
