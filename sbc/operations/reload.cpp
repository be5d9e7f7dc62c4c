#include "sbc/operations/reload.hpp"

#include "common/config/fault.hpp"
#include "common/log/log.hpp"

namespace roamdesk::sbc {

void reload(const std::filesystem::path& config_file, Branch& branch) {
  try {
    const Config config = load_config(config_file);
    branch.use(config);
    log::info("config.reloaded");
  } catch (const config::ConfigError& error) {
    for (const auto& line : error.lines()) log::error("config.kept", {{"why", line}});
  }
}

}  // namespace roamdesk::sbc
