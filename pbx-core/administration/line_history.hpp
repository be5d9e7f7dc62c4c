#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pbx-core/api/statistics.hpp"

namespace roamdesk::administration {

// How one line was: the last day in steps of five minutes, in memory; the last 31 days in steps of two hours, which are
// kept as text. A step has the means of its samples, and the worst loss. Pure; the time is an argument.
class LineHistory {
 public:
  static constexpr std::chrono::minutes fine{5};
  static constexpr std::chrono::hours coarse{2};
  static constexpr std::size_t kept_fine = 288, kept_coarse = 372;

  struct Sample {
    bool up = false;
    // Of a line that is up, milliseconds and 0..1; rtt 0: not measured yet.
    double rtt_ms = 0, jitter_ms = 0, loss = 0;
  };
  // Every few seconds. True: a step of two hours has ended, and text() is to be kept.
  bool take(WallTime at, const Sample& sample);
  // The steps that there are, the oldest first, the last one the one that holds `now`.
  api::LinePast day(WallTime now) const;
  api::LinePast month(WallTime now) const;

  // Of the month: a line for each step, "FROM UP DOWN RTT JITTER LOSS WORST": seconds since 1970 divided by 7,200,
  // samples with and without the line, hundredths of milliseconds, millionths.
  std::string text() const;
  // What of it isn't of that grammar is passed over.
  static LineHistory parse(std::string_view text);

 private:
  struct Step {
    std::uint32_t up = 0, down = 0, measured = 0;
    double rtt_ms = 0, jitter_ms = 0, loss = 0, worst_loss = 0;  // sums, but the last
    void add(const Sample& sample);
  };
  using Steps = std::map<std::int64_t, Step>;
  static api::LinePast past(const Steps& steps, std::chrono::seconds step, std::size_t kept, WallTime now);
  static void add(Steps& steps, std::chrono::seconds step, std::size_t kept, WallTime at, const Sample& sample);

  Steps fine_, coarse_;
};

}  // namespace roamdesk::administration
