#pragma once
#include <compare>
#include <cstdint>

namespace roamdesk {

// Both ends included; first <= last. {0, 0}: no ports.
struct PortRange {
  std::uint16_t first = 0, last = 0;
  friend auto operator<=>(const PortRange&, const PortRange&) = default;
};

}  // namespace roamdesk
