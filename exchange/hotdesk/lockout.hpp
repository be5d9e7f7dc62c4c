#pragma once
#include <deque>
#include <map>

#include "exchange/hotdesk/types.hpp"

namespace roamdesk::hotdesk {

// Contract §4, Login. A test may shorten them; the product never does.
struct LockoutRules {
  std::size_t desk_failures = 5;
  std::chrono::seconds desk_window{300};
  std::size_t everywhere_failures = 20;
  std::chrono::seconds everywhere_window{3600};
  std::chrono::seconds duration{900};
};

// Counts wrong PINs: for one extension at one desk, and for one extension anywhere. Holds at most the failures that can
// still lead to a lock, and only for extensions that exist (the machine asks for no others).
class Lockouts {
 public:
  enum class Locked : std::uint8_t { no, at_desk, everywhere };

  explicit Lockouts(LockoutRules rules) : rules_(rules) {}

  // Whether a try may be checked in earnest. `in_check_*` counts tries whose answer is still awaited: they may all
  // turn out wrong, so that many tries at once don't get past the limit.
  bool admits(const ExtensionNumber&, const HotDeskId&, std::size_t in_check_desk, std::size_t in_check_all,
              TimePoint now) const;
  // Says whether this failure locked anything. After a lock the count starts from 0.
  Locked failed(const ExtensionNumber&, const HotDeskId&, TimePoint now);
  void succeeded(const ExtensionNumber&, const HotDeskId&);  // clears the count of that desk
  void unlock(const ExtensionNumber&);                       // ends every lock and count; also for deleted extensions
  // The end of the longest lock in force, at a desk or everywhere.
  std::optional<TimePoint> locked_until(const ExtensionNumber&, TimePoint now) const;
  // What is to survive a restart; empty if nothing counts. A lock or a failure that is over may be among it.
  std::vector<FailureCount> counts(const ExtensionNumber&) const;
  void restore(const ExtensionNumber&, const std::vector<FailureCount>&);
  std::size_t size() const { return counts_.size(); }

 private:
  struct Count {
    std::deque<TimePoint> failures;
    TimePoint locked_until{TimePoint::min()};
  };
  struct Counts {
    Count everywhere;
    std::map<HotDeskId, Count> desks;
  };
  LockoutRules rules_;
  std::map<ExtensionNumber, Counts> counts_;
};

}  // namespace roamdesk::hotdesk
