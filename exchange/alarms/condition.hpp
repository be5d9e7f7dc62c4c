#pragma once
#include <string>

#include "exchange/model/alarm.hpp"

namespace roamdesk::alarms {

// Something that is wrong at this moment. Of each kind and subject there is one at most.
struct Condition {
  AlarmKind kind{};
  AlarmSeverity severity{};
  std::string subject{};  // as Alarm::subject
  std::string site{};
  std::string detail{};
  friend bool operator==(const Condition&, const Condition&) = default;
};

}  // namespace roamdesk::alarms
