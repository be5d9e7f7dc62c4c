#pragma once
#include <chrono>

#include "common/base/time.hpp"

namespace roamdesk {

// When a timer that serves many deadlines rings for this one: at once where it is due, else at the next whole hundredth
// of a second, so that it rings a hundred times a second at most, however many deadlines there are.
inline TimePoint ring_time(TimePoint deadline, TimePoint now) {
  using Hundredths = std::chrono::duration<std::int64_t, std::centi>;
  return deadline <= now ? deadline : TimePoint{std::chrono::ceil<Hundredths>(deadline.time_since_epoch())};
}

}  // namespace roamdesk
