#pragma once
#include <string>

#include "common/base/time.hpp"

namespace roamdesk::sip {

// The value of a Date header: "Sat, 28 Nov 2026 06:30:00 GMT" (RFC 3261 §20.17, RFC 1123).
std::string date(WallTime wall);

}  // namespace roamdesk::sip
