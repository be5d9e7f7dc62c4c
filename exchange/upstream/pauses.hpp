#pragma once
#include <algorithm>
#include <optional>
#include <string_view>

#include "common/base/time.hpp"

// How long what has failed waits, and what is next.
namespace roamdesk::upstream {

inline void earlier(std::optional<TimePoint>& earliest, const std::optional<TimePoint>& time) {
  if (time && (!earliest || *time < *earliest)) earliest = time;
}

// Twice as long each time, `longest` at most.
inline Duration doubled(Duration shortest, Duration longest, unsigned times) {
  return std::min(shortest * (1 << std::min(times, 8U)), longest);
}

// 0 to 1, of an unguessable token in hexadecimal digits.
inline double chance_of(std::string_view token) {
  unsigned value = 0;
  for (const char c : token.substr(0, 4))
    value = value * 16 + static_cast<unsigned>(c >= 'a' ? c - 'a' + 10 : c - '0') % 16;
  return value / 65536.0;
}

// A tenth more by chance, so that what began together doesn't stay so.
inline Duration spread(Duration time, double chance) {
  return time + std::chrono::duration_cast<Duration>(time / 10 * chance);
}

}  // namespace roamdesk::upstream
