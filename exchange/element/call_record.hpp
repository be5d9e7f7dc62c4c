#pragma once
#include <string>
#include <string_view>

#include "exchange/calls/types.hpp"
#include "exchange/model/records.hpp"

namespace roamdesk::element {

// A number as it was dialled, without what may have been a PIN: it ends at the third star (`*77*101*`). Unescaped; at
// most 64 characters; what isn't printable ASCII is a question mark.
std::string shown_number(std::string_view user);

// What is kept of a call that has ended. `started`, `answered`: its times on the wall.
CallRecord record_of(const calls::CallChanged& ended, WallTime started, std::optional<WallTime> answered, WallTime now);

}  // namespace roamdesk::element
