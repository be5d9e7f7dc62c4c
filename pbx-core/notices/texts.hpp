#pragma once
#include <boost/json/value.hpp>
#include <string>

#include "common/base/time.hpp"

namespace roamdesk::notices {

// RFC 3339, UTC, whole seconds.
std::string moment_text(WallTime time);
// null where it is empty.
boost::json::value text_or_null(const std::string& text);

}  // namespace roamdesk::notices
