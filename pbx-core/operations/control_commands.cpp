#include "pbx-core/operations/control_commands.hpp"

#include <string>
#include <utility>

#include "pbx-core/api/validation.hpp"

namespace roamdesk::core {
namespace {

// Replies once, at once or later. `time_zone`: of an SBC that is made.
void run_control_command(const api::ControlRequest& request, const std::string& time_zone,
                         administration::Administration& administration, api::Api& api,
                         std::function<void(api::ControlReply)> reply) {
  if (request.command == "health") return reply({true, "pbx-core " ROAMDESK_VERSION " runs"});
  const auto name = request.arguments.find("name");
  const bool named = name != request.arguments.end();
  if (named && request.command == "user.reset-password")
    return api.reset_password(name->second, [reply = std::move(reply)](const api::PasswordReset& reset) {
      reply({reset.fault.empty(), reset.fault.empty() ? reset.password.reveal() : reset.fault});
    });
  if (!named || request.command != "sbc.add")
    return reply({false, "unknown command; expected one of health, sbc.add NAME, user.reset-password NAME"});
  if (const auto fault = api::check_sbc_name(name->second)) return reply({false, *fault});
  administration.create_sbc({name->second, time_zone}, {"console", "control socket", api::Surface::console},
                            [reply = std::move(reply)](const api::Answer& answer, const Secret& key) {
                              if (answer.outcome == api::Outcome::ok)
                                reply({true, key.reveal()});
                              else
                                reply({false, answer.message});
                            });
}

}  // namespace

std::unique_ptr<api::ControlServer> open_control(const Config& config, std::function<void(std::function<void()>)> post,
                                                 administration::Administration& administration, api::Api& api) {
  return std::make_unique<api::ControlServer>(
      config.state_dir / "control.sock",
      [zone = config.time_zone.value(), post = std::move(post), &administration, &api](
          const api::ControlRequest& request, const std::function<void(api::ControlReply)>& reply) {
        post([=, &administration, &api] { run_control_command(request, zone, administration, api, reply); });
      });
}

}  // namespace roamdesk::core
