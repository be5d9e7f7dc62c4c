#pragma once
#include "exchange/element/world.hpp"

namespace roamdesk::core {

// Writes what the element has to tell to the log, where an operator may want it there.
void log_notice(const element::Notice& notice);

}  // namespace roamdesk::core
