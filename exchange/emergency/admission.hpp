#pragma once
#include <chrono>
#include <cstddef>
#include <map>
#include <set>
#include <string>

#include "common/base/ids.hpp"
#include "common/base/time.hpp"

namespace roamdesk::emergency {

// Where a call for help comes from. Nobody is asked for credentials, so that all that is known is the address.
struct Source {
  SiteId site;
  // The phone that is registered there, else the address.
  std::string name;
  // No phone is registered there: a phone that isn't known yet, or anyone who has forged an address.
  bool stranger = false;
};

// Which calls for help leave by a trunk, and for which another call ends where the trunk is full. A phone that is
// registered has room for its calls whatever others do; those that nobody knows share some for each site, which is
// enough for a person who dials again, and not for a flood to take a trunk's lines or its calls. What doesn't leave
// hears the announcement, as without a route.
class Admission {
 public:
  // At once, of one source; of all strangers at a site, and their calls within a minute.
  static constexpr std::size_t of_source = 4, strangers_of_site = 6, strangers_a_minute = 12;
  // Calls that end for those of one registered phone, and of all strangers at a site: one in so long.
  static constexpr std::chrono::seconds between_lines_taken{60};

  // What is taken must be given back by ended().
  struct Admitted {
    bool leaves = false;
    bool takes_line = false;
  };
  Admitted take(const Source& source, TimePoint now);
  void ended(const Source& source);
  // One that was admitted by the last process, and goes on.
  void adopt(const Source& source) {
    ++sources_[{source.site, source.name}].up;
    if (source.stranger) ++strangers_[source.site].up;
  }

 private:
  struct Site {
    std::size_t up = 0, begun = 0;
    TimePoint since{};
    TimePoint line_taken{};
    bool has_taken_line = false;
  };
  struct Phone {
    std::size_t up = 0;
    TimePoint line_taken{};
    bool has_taken_line = false;
  };
  void forget_old(TimePoint now);

  std::map<SiteId, Site> strangers_;
  std::map<std::pair<SiteId, std::string>, Phone> sources_;
};

}  // namespace roamdesk::emergency
