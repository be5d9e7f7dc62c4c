#pragma once
#include <chrono>
#include <cstdint>
#include <optional>

#include "common/base/time.hpp"
#include "common/log/log.hpp"

namespace roamdesk::core {

// Logs how many web clients were turned away for want of room, where there were any, once a minute at most.
class CrowdedLog {
 public:
  // `crowded_out`: since the start.
  void handle(std::uint64_t crowded_out, TimePoint now) {
    if (crowded_out == told_ || (told_at_ && now - *told_at_ < std::chrono::minutes{1})) return;
    log::warning("http.crowded", {{"connections_closed", crowded_out - told_}});
    told_ = crowded_out;
    told_at_ = now;
  }

 private:
  std::uint64_t told_ = 0;
  std::optional<TimePoint> told_at_;
};

}  // namespace roamdesk::core
