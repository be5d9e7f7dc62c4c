#pragma once
#include <optional>
#include <string>

#include "common/post/letter.hpp"
#include "exchange/alarms/gathering.hpp"
#include "exchange/model/alarm_receiver.hpp"
#include "pbx-core/notices/emergency_letters.hpp"

namespace roamdesk::notices {

// What the receiver is told of it: one letter for all that is as severe as it wants to hear; nullopt where nothing is.
// `unique`: names the letter.
std::optional<post::Letter> letter_of(const alarms::Bulletin& bulletin, const AlarmReceiver& receiver,
                                      const Sender& sender, const std::string& unique, WallTime now);

// One that an administrator asks for, to see whether it arrives.
post::Letter trial_letter(const AlarmReceiver& receiver, const Sender& sender, const std::string& unique, WallTime now);

}  // namespace roamdesk::notices
