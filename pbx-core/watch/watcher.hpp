#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "exchange/alarms/gathering.hpp"
#include "exchange/alarms/happenings.hpp"
#include "exchange/alarms/watch.hpp"
#include "pbx-core/api/domain.hpp"

namespace roamdesk::watch {

// Keeps the alarms: looks at what is wrong, has it stored, tells of it.
class Watcher {
 public:
  // Records that are kept, cleared ones among them.
  static constexpr std::size_t most_records = 1000;

  struct Parts {
    api::Domain& domain;
    std::function<std::string()> unique;                // 128 random bits as text
    std::function<void(const alarms::Bulletin&)> tell;  // people outside
    std::function<void(const Alarm&)> changed;          // who looks at the console
  };
  explicit Watcher(Parts parts) : parts_(std::move(parts)) {}

  // Every few seconds, with all that is wrong but what has been noted.
  void look(std::vector<alarms::Condition> wrong, TimePoint now, WallTime wall);
  // Something has happened that is wrong where it happens often.
  void note(alarms::Happenings::Event event, TimePoint now) { happenings_.note(std::move(event), now); }

 private:
  void store(alarms::Watch::Verdict verdict, TimePoint now, WallTime wall);

  Parts parts_;
  alarms::Watch watch_;
  alarms::Happenings happenings_;
  alarms::Gathering gathering_;
  bool storing_ = false;
};

}  // namespace roamdesk::watch
