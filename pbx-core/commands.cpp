#include "pbx-core/commands.hpp"

#include <cstdio>

#include "pbx-core/api/control.hpp"
#include "pbx-core/config.hpp"

namespace roamdesk::core {

int check_command(const std::filesystem::path& config) {
  load_config(config);  // throws with all faults; main prints them and exits with 2
  std::puts("configuration ok");
  return 0;
}

int sbc_add_command(const std::filesystem::path& config, const std::string& name) {
  const auto settings = load_config(config);
  api::ControlRequest request;
  request.command = "sbc.add";
  request.arguments["name"] = name;
  const auto reply = api::control(settings.state_dir / "control.sock", request);
  if (!reply) {
    std::fprintf(stderr, "%s\n", api::to_string(reply.error()).c_str());
    return 1;
  }
  std::fprintf(reply->ok ? stdout : stderr, "%s\n", reply->text.c_str());
  return reply->ok ? 0 : 1;
}

}  // namespace roamdesk::core
