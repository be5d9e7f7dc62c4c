#pragma once
#include <functional>
#include <string>

#include "pbx-core/administration/administration.hpp"
#include "pbx-core/api/control.hpp"

namespace roamdesk::core {

// Carries out what came on the control socket; replies once, at once or later. `time_zone`: of an SBC that is made.
void run_control_command(const api::ControlRequest& request, const std::string& time_zone,
                         administration::Administration& administration, std::function<void(api::ControlReply)> reply);

}  // namespace roamdesk::core
