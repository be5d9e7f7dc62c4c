#include "common/tunnel/back_off.hpp"

#include <algorithm>

namespace roamdesk::tunnel {

Duration BackOff::next(std::uint32_t chance, Duration up) {
  wait_ = up >= settings_.steady || wait_ == Duration{} ? settings_.first : std::min(wait_ * 2, settings_.most);
  return jittered(wait_, chance);
}

Duration BackOff::after_superseded(std::uint32_t chance) const { return jittered(settings_.superseded, chance); }

Duration BackOff::after_shutdown(std::uint32_t chance) {
  wait_ = settings_.first;
  return jittered(wait_, chance);
}

Duration BackOff::jittered(Duration wait, std::uint32_t chance) const {
  const double share = static_cast<double>(chance) / 4294967295.0;  // 0..1
  return std::chrono::duration_cast<Duration>(wait * (0.75 + 0.5 * share));
}

}  // namespace roamdesk::tunnel
