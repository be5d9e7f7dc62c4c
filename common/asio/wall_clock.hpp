#pragma once
#include <chrono>

#include "common/base/time.hpp"

namespace roamdesk {

// The wall clock; for shells only, pure folders are told the time.
inline WallTime wall_now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

}  // namespace roamdesk
