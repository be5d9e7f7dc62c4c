#pragma once
#include <boost/json/object.hpp>

#include "exchange/model/alarm.hpp"

namespace roamdesk::api {

// With what it says, and what to do about it, in English.
boost::json::object shown_alarm(const Alarm& alarm);

}  // namespace roamdesk::api
