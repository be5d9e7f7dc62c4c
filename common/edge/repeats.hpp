#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"
#include "common/sip/flow_table.hpp"

namespace roamdesk::edge {

// Tells a phone that repeats its request (RFC 3261 §17.1.1.2, timers A and E: after 0.5, 1 and 2 s) from a flood, whose
// sources say something new each time: the same bytes from the same flow, in that distance. Remembers what was heard in
// the last seconds, in a megabyte that is there while it is needed; under a flood the oldest is forgotten first.
class Repeats {
 public:
  struct Settings {
    std::size_t places = 1 << 17;  // a power of two
    std::chrono::milliseconds nearest{350}, farthest{2500};
  };
  explicit Repeats(Settings settings) : settings_(settings) {}
  // Remembers it. True: it was heard before, at the distance of a repetition.
  bool heard(const net::FlowKey& key, std::string_view message, TimePoint now);
  // To be called every few seconds. What was heard longer ago than a repetition can be says nothing any more.
  void handle_timeout(TimePoint now) {
    if (now - asked_ > settings_.farthest) places_ = std::vector<Place>{};
  }
  // That it takes.
  std::size_t bytes() const { return places_.capacity() * sizeof(Place); }

 private:
  static constexpr std::size_t ways = 4;
  struct Place {
    std::uint32_t print = 0;  // 0: free
    std::uint32_t at = 0;     // milliseconds, which wrap after 49 days
  };
  Settings settings_;
  std::vector<Place> places_;
  TimePoint asked_{};
};

}  // namespace roamdesk::edge
