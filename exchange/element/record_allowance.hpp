#pragma once
#include <chrono>
#include <cstddef>
#include <map>
#include <string>

#include "common/base/endpoint.hpp"
#include "common/base/time.hpp"
#include "exchange/calls/types.hpp"

namespace roamdesk::element {

// How many unanswered calls of one caller are written down in a minute, and how many of their ladders are kept: more
// than a person dials, so that a phone that dials without end fills no disk, and takes no other caller's place.
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
    // An unknown caller's number is its address.
    const auto address = call.from_peer ? std::nullopt : parse_ip(call.from.number);
    const auto who = call.from_peer
                         ? std::to_string(call.from_peer->value())
                         : call.from_site.value() + ' ' + (address ? to_string(address->source()) : call.from.number);
    return ++counts_[who] <= most;
  }

 private:
  std::map<std::string, std::size_t> counts_;
  TimePoint since_{};
};

}  // namespace roamdesk::element
