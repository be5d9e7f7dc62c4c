#pragma once
#include <chrono>
#include <cstdint>

#include "common/base/time.hpp"

namespace roamdesk::tunnel {

// How long to wait before the next round of tries: doubling from `first` to `most`, each time 25 % more or less by
// chance, so that a hundred branches don't come back in one instant. `chance` is a uniformly random number, given by
// the shell.
class BackOff {
 public:
  struct Settings {
    Duration first = std::chrono::milliseconds{100};
    Duration most = std::chrono::seconds{3};  // 3.75 s with the jitter: a core that is back has its calls within 5 s
    Duration superseded = std::chrono::seconds{30};  // another box has our identity: don't fight for it
    Duration steady = std::chrono::seconds{10};      // a connection that lasted this long starts from `first` again
  };
  BackOff() = default;
  explicit BackOff(Settings settings) : settings_(settings) {}

  // A round over all addresses failed, or the connection was lost after `up` (zero: it never stood).
  Duration next(std::uint32_t chance, Duration up = {});
  Duration after_superseded(std::uint32_t chance) const;
  // The core said that it goes: an upgrade or a restart, after which it is there again. From `first`, however short the
  // connections before were.
  Duration after_shutdown(std::uint32_t chance);

 private:
  Duration jittered(Duration wait, std::uint32_t chance) const;
  Settings settings_;
  Duration wait_{};
};

}  // namespace roamdesk::tunnel
