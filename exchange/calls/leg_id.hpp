#pragma once
#include <cstdint>

#include "common/base/ids.hpp"

// Names that only calls use among themselves. None is ever used again.
namespace roamdesk::calls {

using LegId = Strong<struct LegTag, std::uint64_t>;
using Serial = Strong<struct SerialTag, std::uint64_t>;  // a call; 0: none
using ExchangeId = Strong<struct ExchangeTag, std::uint64_t>;

}  // namespace roamdesk::calls
