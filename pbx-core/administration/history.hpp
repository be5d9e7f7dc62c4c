#pragma once
#include <cstdint>
#include <map>
#include <optional>

#include "pbx-core/api/statistics.hpp"

namespace roamdesk::administration {

// Calls, desks and logins of the last day, in memory, in steps of five minutes: 301 of them, so that a day of 25 hours
// is whole.
class History {
 public:
  static constexpr std::chrono::seconds step{300};

  void sample(WallTime at, std::size_t calls, std::size_t desks_in_use);
  // A login, also one from before the start (the audit knows).
  void login(WallTime at);

  std::size_t logins_since(WallTime since) const;
  // 288 steps, the last of them the one that holds `now`.
  api::Past last_day(WallTime now) const;

 private:
  static constexpr std::size_t kept = 301;
  static constexpr std::int64_t shown = 288;
  struct Step {
    std::optional<std::uint32_t> calls, desks_in_use;
    std::uint32_t logins = 0;
  };
  void trim();  // the newest stay, whatever order they came in

  std::map<std::int64_t, Step> steps_;
};

}  // namespace roamdesk::administration
