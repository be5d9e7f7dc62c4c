#pragma once
#include "pbx-core/calls/types.hpp"
#include "pbx-core/model/records.hpp"

namespace roamdesk::element {

// What is kept of a call that has ended. `started`, `answered`: its times on the wall. Of a login's dialogue the number
// that was dialled ends behind the extension (`*77*101*`): what followed may have been a PIN.
CallRecord record_of(const calls::CallChanged& ended, WallTime started, std::optional<WallTime> answered, WallTime now);

}  // namespace roamdesk::element
