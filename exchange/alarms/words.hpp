#pragma once
#include <string>
#include <string_view>

#include "exchange/model/alarm.hpp"

namespace roamdesk::alarms {

// What is wrong, in one line: "The SBC berlin is down (no tunnel since 12:00)".
std::string headline(const Alarm& alarm);
// What to do about it: a sentence or two.
std::string_view advice(AlarmKind kind);

}  // namespace roamdesk::alarms
