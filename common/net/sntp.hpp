#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "common/base/time.hpp"

namespace roamdesk::net {

inline constexpr std::size_t sntp_size = 48;

// Our own clock's state, as the kernel tells it (adjtimex).
struct ClockState {
  bool synchronised = false;
  std::chrono::microseconds max_error{};
};
ClockState kernel_clock_state();

// RFC 4330 §6: the answer to a client's request, or to a peer's that takes us for one of its own (symmetric active);
// nullopt for everything else (answers, other versions and sizes: a server that answers what isn't asked is an
// amplifier). Stratum 3 while our clock is synchronised, else 10 (local clock), so
// that phones take it and better servers stay better.
std::optional<std::array<std::uint8_t, sntp_size>> answer_sntp(std::span<const std::uint8_t> request, WallTime now,
                                                               ClockState clock);

}  // namespace roamdesk::net
