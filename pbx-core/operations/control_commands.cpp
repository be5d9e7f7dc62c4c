#include "pbx-core/operations/control_commands.hpp"

#include "pbx-core/api/validation.hpp"

namespace roamdesk::core {

void run_control_command(const api::ControlRequest& request, const std::string& time_zone,
                         administration::Administration& administration, std::function<void(api::ControlReply)> reply) {
  const auto name = request.arguments.find("name");
  if (request.command != "sbc.add" || name == request.arguments.end())
    return reply({false, "unknown command; expected sbc.add NAME"});
  if (const auto fault = api::check_sbc_name(name->second)) return reply({false, *fault});
  administration.create_sbc({name->second, time_zone}, {"console", "control socket", api::Surface::console},
                            [reply = std::move(reply)](const api::Answer& answer, const Secret& key) {
                              if (answer.outcome == api::Outcome::ok)
                                reply({true, key.reveal()});
                              else
                                reply({false, answer.message});
                            });
}

}  // namespace roamdesk::core
