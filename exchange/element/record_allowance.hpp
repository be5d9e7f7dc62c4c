#pragma once
#include <chrono>
#include <cstddef>
#include <map>
#include <string>

#include "common/base/time.hpp"
#include "exchange/calls/types.hpp"

namespace roamdesk::element {

// How many calls that nobody took are written down of one caller in a minute, and how many of their ladders are kept:
// more than anybody dials, so that a phone that dials on and on fills no disk, and drives nobody else's ladder out.
class RecordAllowance {
 public:
  static constexpr std::size_t most = 30;
  static constexpr std::chrono::seconds minute{60};

  // Whether this one is to be written down.
  bool take(const calls::CallInfo& call, TimePoint now) {
    if (now - since_ >= minute) {
      counts_.clear();
      since_ = now;
    }
    // Who isn't known has an address for a number.
    const auto who =
        call.from_peer ? std::to_string(call.from_peer->value()) : call.from_site.value() + ' ' + call.from.number;
    return ++counts_[who] <= most;
  }

 private:
  std::map<std::string, std::size_t> counts_;
  TimePoint since_{};
};

}  // namespace roamdesk::element
