#pragma once
#include "exchange/model/alarm_receiver.hpp"
#include "exchange/model/directory.hpp"
#include "exchange/routing/dial_codes.hpp"
#include "pbx-core/api/reader.hpp"

// What receivers of alarms may be; pure. As outside_rules.hpp has it.
namespace roamdesk::api {

void check_record(Reader& reader, const AlarmReceiver& receiver);
inline Fault clash(const AlarmReceiver&, const Directory&, const routing::Codes&) { return std::nullopt; }
inline Fault still_used(const AlarmReceiver&, const Directory&, const Settings&) { return std::nullopt; }

}  // namespace roamdesk::api
