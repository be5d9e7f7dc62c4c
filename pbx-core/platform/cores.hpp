#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

namespace roamdesk {

// What a cgroup's `cpu.max` ("200000 100000": 200 ms in every 100 ms) is worth in cores, rounded up; nullopt: no limit
// ("max 100000"), or not to be understood.
std::optional<std::size_t> cores_of_quota(std::string_view cpu_max);

// How many cores this process may use: its affinity, and the limits of its cgroups (version 2). At least 1.
std::size_t cores_allowed();

}  // namespace roamdesk
