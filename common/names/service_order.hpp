#pragma once
#include <functional>
#include <vector>

#include "common/names/records.hpp"

namespace roamdesk::names {

// A uniformly random number from 0 to `most`, from the shell.
using Chance = std::function<std::uint32_t(std::uint32_t most)>;

// In the order in which they should be tried (RFC 2782): by priority, and within one priority by chance, as their
// weights want it.
std::vector<ServiceRecord> in_order(std::vector<ServiceRecord> records, const Chance& chance);

}  // namespace roamdesk::names
