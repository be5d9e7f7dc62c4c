#pragma once
#include <filesystem>

#include "exchange/provisioning/provisioner.hpp"
#include "pbx-core/platform/https_certificate.hpp"

namespace roamdesk::core {

// Models and templates: the shipped ones, and the administrator's own in state_dir. Throws std::exception.
provisioning::Provisioner load_provisioner(const std::filesystem::path& state_dir);

// SIGHUP: what can be read again is; a fault is logged and leaves everything as it was.
// What hangs on state_dir stays where it was at the start.
void reload(const std::filesystem::path& config_file, const std::filesystem::path& state_dir,
            provisioning::Provisioner& provisioner, HttpsCertificate& https);

}  // namespace roamdesk::core
