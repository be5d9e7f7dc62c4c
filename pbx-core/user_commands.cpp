#include "pbx-core/user_commands.hpp"

#include <cstdio>
#include <functional>

#include "common/asio/wall_clock.hpp"
#include "common/config/owner.hpp"
#include "pbx-core/api/control.hpp"
#include "pbx-core/api/password_reset.hpp"
#include "pbx-core/config.hpp"
#include "pbx-core/store/pepper.hpp"

namespace roamdesk::core {
namespace {

// Of a stopped core. Nobody starts one meanwhile: whose control socket is taken refuses to.
api::ControlReply reset_in_store(const std::filesystem::path& state_dir, const std::string& name) {
  const auto file = state_dir / "store.sqlite";
  std::error_code why;
  if (!std::filesystem::exists(file, why))
    return {false, file.string() + (why ? ": " + why.message() : ": isn't there; no core has run with this state_dir")};
  const api::ControlServer taken{state_dir / "control.sock", [](const api::ControlRequest&, const auto& reply) {
                                   reply({false, "a password is being reset; try again"});
                                 }};
  store::Store store{{.file = file, .vfs = {}, .migrate = false}};
  const api::Hasher hasher{api::Hasher::Options{.pepper = store::load_or_make_pepper(state_dir), .threads = 1}};
  const auto reset = api::reset_password(store, hasher, name, wall_now());
  return {reset.fault.empty(), reset.fault.empty() ? reset.password.reveal() : reset.fault};
}

}  // namespace

int reset_password_command(const std::filesystem::path& config, const std::string& name) {
  const auto settings = load_config(config);
  config::act_as_owner_of(settings.state_dir);
  api::ControlRequest request;
  request.command = "user.reset-password";
  request.arguments["name"] = name;
  const auto running = api::control(settings.state_dir / "control.sock", request);
  api::ControlReply reply;
  if (running)
    reply = *running;
  else if (running.error() == api::ControlFault::not_running)
    reply = reset_in_store(settings.state_dir, name);
  else
    reply.text = api::to_string(running.error());
  std::fprintf(reply.ok ? stdout : stderr, "%s\n", reply.text.c_str());
  if (reply.ok && name == "admin") {  // what it had is dead
    std::error_code ignored;
    std::filesystem::remove(settings.state_dir / "initial-admin-password", ignored);
  }
  return reply.ok ? 0 : 1;
}

}  // namespace roamdesk::core
