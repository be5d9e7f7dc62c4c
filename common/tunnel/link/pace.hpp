#pragma once

#include <chrono>

#include "common/base/time.hpp"

// What both ends of the link go by.
namespace roamdesk::tunnel::link {

inline constexpr auto report_every = std::chrono::seconds{5};  // how it goes, to the other end

inline WallTime wall_now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

}  // namespace roamdesk::tunnel::link
