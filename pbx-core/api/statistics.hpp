#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "exchange/model/emergency_place.hpp"
#include "exchange/model/emergency_route.hpp"

namespace roamdesk::api {

// What the console's first page shows.
struct Numbers {
  std::size_t sites = 0, sites_up = 0;  // the core's own networks are one of them
  std::size_t desks = 0, desks_in_use = 0;
  std::size_t phones = 0, phones_online = 0;
  std::size_t extensions = 0, calls = 0;
  std::size_t logins_today = 0;  // since midnight, local time
  // What waits to be done, though nothing is broken: phones that are nobody's, desks whose phone was never seen, SBCs
  // that were never there.
  std::size_t phones_unassigned = 0, desks_without_phone = 0, sbcs_not_enrolled = 0;
  friend bool operator==(const Numbers&, const Numbers&) = default;
};

// Something that an administrator should look at. One of mac, sbc and extension is there; hot_desk where the phone is
// one's.
struct Attention {
  std::string kind;  // "firmware_outdated", "needs_restart", "line_loss", "sbc_down", "locked", "emergency_call",
                     // "desk_…" (hotdesk::DeskProblem)
  std::string mac{}, hot_desk{}, sbc{}, extension{};
  std::optional<double> value{};    // line_loss: 0..1
  std::optional<WallTime> until{};  // locked: until then
  // emergency_call: which one, when, and where it came from; in the last 24 hours
  std::string call{};
  std::optional<WallTime> at{};
  std::optional<EmergencyPlace> emergency{};
  // Who has said to have seen it, and when; "" where nobody has, or nobody was asked.
  std::string acknowledged_by{};
  std::optional<WallTime> acknowledged{};
};

// The last 24 hours, oldest first, in steps that begin at multiples of step_s. No value: the core wasn't running.
struct Past {
  std::uint32_t step_s = 0;
  WallTime from{};
  std::vector<std::optional<std::uint32_t>> calls, desks_in_use;  // the most in the step
  std::vector<std::uint32_t> logins;
};

struct Statistics {
  Numbers now;
  std::vector<Attention> attention;  // at most 200, of `attention_total`
  std::size_t attention_total = 0;
  // Places from which no call for help can leave: at most 50, of `without_route_total`.
  std::vector<WithoutRoute> without_route;
  std::size_t without_route_total = 0;
  Past history;
};

// How an SBC's line was.
struct LinePast {
  std::chrono::seconds step{};
  // The oldest first; steps of which nothing is known are left out.
  struct Point {
    WallTime from{};
    double up = 0;  // for how much of it the SBC was connected, 0..1
    // Means, milliseconds and 0..1, and the worst loss; nullopt where nothing was measured.
    std::optional<double> rtt_ms{}, jitter_ms{}, loss{}, worst_loss{};
    std::optional<double> mos{};  // of a call in G.711, 1 to 4.5
  };
  std::vector<Point> points{};
};

}  // namespace roamdesk::api
