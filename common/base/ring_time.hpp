#pragma once
#include <chrono>

#include "common/base/time.hpp"

namespace roamdesk {

// When a timer that serves many deadlines rings for this one: at once where it is due, else at the next whole fiftieth
// of a second, so that it rings fifty times a second at most, however many deadlines there are.
inline TimePoint ring_time(TimePoint deadline, TimePoint now) {
  using Fiftieths = std::chrono::duration<std::int64_t, std::ratio<1, 50>>;
  return deadline <= now ? deadline : TimePoint{std::chrono::ceil<Fiftieths>(deadline.time_since_epoch())};
}

}  // namespace roamdesk
