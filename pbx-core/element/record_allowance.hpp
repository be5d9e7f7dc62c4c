#pragma once
#include <chrono>
#include <cstddef>
#include <map>

#include "common/base/time.hpp"
#include "common/phones/mac.hpp"

namespace roamdesk::element {

// How many calls that nobody took are written down of one phone in a minute: more than anybody dials, so that a phone
// that dials on and on doesn't fill the disk.
class RecordAllowance {
 public:
  static constexpr std::size_t most = 30;
  static constexpr std::chrono::seconds minute{60};

  // Whether this one is to be written down.
  bool take(const Mac& phone, TimePoint now) {
    if (now - since_ >= minute) {
      counts_.clear();
      since_ = now;
    }
    return ++counts_[phone] <= most;
  }

 private:
  std::map<Mac, std::size_t> counts_;
  TimePoint since_{};
};

}  // namespace roamdesk::element
