#pragma once
#include <chrono>
#include <optional>

#include "common/base/time.hpp"

namespace roamdesk::media {

// When the media thread asks the kernel again for packets. At low load at once: nothing waits. At high load it leaves
// some time for packets to gather, since what a turn costs by itself is then shared by several.
class Pace {
 public:
  // At high load a packet waits so long at most at each end, so that both together add below 1 ms to half of them.
  static constexpr std::chrono::microseconds longest{700};
  // The load is high after a window with that many packets: 3,000 in a second.
  static constexpr std::chrono::milliseconds window{10};
  static constexpr unsigned busy = 30;

  // The turn that asked at `now` has found `packets`. Until when to pause; nullopt: not at all.
  std::optional<TimePoint> next(TimePoint now, unsigned packets) {
    if (now >= window_end_) {
      // After a gap the last window says nothing.
      busy_ = count_ >= busy && now < window_end_ + window;
      count_ = 0;
      window_end_ = now + window;
    }
    count_ += packets;
    if (packets == 0 || !busy_) return std::nullopt;
    return now + longest;
  }

 private:
  TimePoint window_end_{};
  unsigned count_ = 0;
  bool busy_ = false;
};

}  // namespace roamdesk::media
