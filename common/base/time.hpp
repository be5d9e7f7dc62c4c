#pragma once
#include <chrono>

namespace roamdesk {

// Machines count in monotonic time; it is always an argument, never asked for in a pure folder.
using TimePoint = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

// What people and databases read: UTC, milliseconds.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

}  // namespace roamdesk
