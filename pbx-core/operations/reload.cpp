#include "pbx-core/operations/reload.hpp"

#include "common/log/log.hpp"
#include "exchange/provisioning/files/files.hpp"
#include "pbx-core/config.hpp"
#include "pbx-core/platform/share_directory.hpp"

namespace roamdesk::core {

provisioning::Provisioner load_provisioner(const std::filesystem::path& state_dir) {
  const auto share = share_directory();
  return {provisioning::load_models(share / "models"),
          provisioning::load_templates(share / "templates", state_dir / "templates")};
}

void reload(const std::filesystem::path& config_file, const std::filesystem::path& state_dir,
            provisioning::Provisioner& provisioner, HttpsCertificate& https) {
  try {
    const auto config = load_config(config_file);
    auto fresh = load_provisioner(state_dir);
    log::configure(config.log);
    provisioner = std::move(fresh);
    https.reload(config);
    log::info("config.reloaded");
  } catch (const std::exception& error) {
    log::error("config.kept", {{"why", error.what()}});
  }
}

}  // namespace roamdesk::core
